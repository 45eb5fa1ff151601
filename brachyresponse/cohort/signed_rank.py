"""The Wilcoxon signed-rank test with its exact distribution, and the estimate and interval that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np

from brachyresponse.errors import CohortError
from brachyresponse.types import FloatArray

MOST_FOR_EXACT = 300
"""Pairs up to which the distribution is counted out; beyond it the normal approximation is as good."""
SAME = 1e-12


@dataclass(frozen=True)
class SignedRank:
    """Result of the test.

    Parameters
    ----------
    positive_ranks, negative_ranks
        Sums of the ranks of differences above and below zero, W+ and W-.
    count
        Differences that are not zero.
    p
        Two-sided.
    is_exact
        Whether ``p`` was counted out; ties are heeded either way.
    """

    positive_ranks: float
    negative_ranks: float
    count: int
    p: float
    is_exact: bool

    @property
    def rank_biserial(self) -> float:
        """Matched-pairs rank-biserial correlation, -1 to 1: (W+ - W-) / (W+ + W-) (Kerby 2014)."""
        total = self.positive_ranks + self.negative_ranks
        return (self.positive_ranks - self.negative_ranks) / total if total else 0.0


@dataclass(frozen=True)
class ShiftEstimate:
    """Hodges-Lehmann estimate of the shift, and its interval with the confidence that it really has."""

    shift: float
    interval: tuple[float, float] | None
    confidence: float | None


def signed_rank_test(differences: FloatArray) -> SignedRank:
    """Return the two-sided Wilcoxon signed-rank test of differences (N,) against zero.

    Zeros are left out. p is that of the exact distribution of the rank sum given the ties (each difference as likely
    above as below zero), twice the smaller tail.

    References
    ----------
    Wilcoxon 1945, Biometrics Bull 1:80; Hollander and Wolfe, Nonparametric Statistical Methods, chapter 3.
    """
    from scipy.stats import rankdata

    kept = differences[np.abs(differences) > SAME * np.abs(differences).max(initial=1.0)]
    if not kept.size:
        return SignedRank(0.0, 0.0, 0, 1.0, True)
    ranks = rankdata(_rounded(np.abs(kept)))
    positive = float(ranks[kept > 0].sum())
    negative = float(ranks[kept < 0].sum())
    is_exact = kept.size <= MOST_FOR_EXACT
    p = _exact_p(ranks, positive) if is_exact else _normal_p(ranks, positive)
    return SignedRank(positive, negative, int(kept.size), p, is_exact)


def hodges_lehmann(differences: FloatArray, confidence: float = 0.95) -> ShiftEstimate:
    """Return the median of the Walsh averages, and the exact interval for it from their order.

    The interval is the narrowest of that kind that has at least the confidence asked for; the distribution has steps,
    so that it usually has more. With fewer than 6 differences none has 95 %.

    Raises
    ------
    CohortError
        There are no differences, or the confidence is not between 0 and 1.

    References
    ----------
    Hodges and Lehmann 1963, Ann Math Stat 34:598; Hollander and Wolfe, section 3.2 and 3.3.
    """
    if not differences.size or not 0 < confidence < 1:
        raise CohortError(
            f"A shift cannot be estimated from {differences.size} differences with confidence {confidence:g}."
        )
    first, second = np.triu_indices(differences.size)
    walsh = np.sort((differences[first] + differences[second]) / 2)
    left_out, reached = _walsh_left_out(differences.size, confidence)
    interval = None if reached is None else (float(walsh[left_out]), float(walsh[-1 - left_out]))
    return ShiftEstimate(float(np.median(walsh)), interval, reached)


def _exact_p(ranks: FloatArray, positive: float) -> float:
    """Twice the smaller tail of the rank sum when each sign is a fair coin; midranks doubled to be whole."""
    doubled = np.rint(2 * ranks).astype(int)
    probability = _sum_distribution(tuple(doubled.tolist()))
    at = round(2 * positive)
    smaller = min(probability[: at + 1].sum(), probability[at:].sum())
    return float(min(1.0, 2 * smaller))


def _sum_distribution(weights: tuple[int, ...]) -> FloatArray:
    """Probability of each sum 0, 1, 2 ... of weights, each taken or not with equal chance."""
    probability = np.zeros(sum(weights) + 1)
    probability[0] = 1.0
    for weight in weights:
        with_it = np.zeros_like(probability)
        with_it[weight:] = probability[: len(probability) - weight]
        probability = (probability + with_it) / 2
    return probability


def _normal_p(ranks: FloatArray, positive: float) -> float:
    """Normal approximation with the ties in its variance and a correction for continuity."""
    from scipy.stats import norm

    expected, sd = ranks.sum() / 2, sqrt(float(np.sum(ranks**2)) / 4)
    distance = max(0.0, abs(positive - expected) - 0.5)
    return float(2 * norm.sf(distance / sd))


@cache
def _walsh_left_out(count: int, confidence: float) -> tuple[int, float | None]:
    """How many Walsh averages lie beyond each end of the interval, and its confidence; None where there is no such."""
    if count > MOST_FOR_EXACT:
        return _walsh_left_out_normal(count, confidence)
    tail = np.cumsum(_sum_distribution(tuple(range(1, count + 1))))
    possible = np.flatnonzero(tail <= (1 - confidence) / 2 + SAME)
    if not possible.size:
        return 0, None
    most = int(possible[-1])
    return most, float(1 - 2 * tail[most])


def _walsh_left_out_normal(count: int, confidence: float) -> tuple[int, float]:
    from scipy.stats import norm

    expected, sd = count * (count + 1) / 4, sqrt(count * (count + 1) * (2 * count + 1) / 24)
    return int(expected - norm.isf((1 - confidence) / 2) * sd), confidence


def _rounded(sizes: FloatArray) -> FloatArray:
    """Sizes in which those that differ by rounding only are the same, so that they are ties."""
    ordered = np.sort(sizes)
    start = np.concatenate([[True], np.diff(ordered) > SAME * ordered[-1]])
    values = ordered[start]
    return np.asarray(values[np.searchsorted(values, sizes, side="right") - 1])
