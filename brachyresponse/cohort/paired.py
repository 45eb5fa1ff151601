"""Plan against implant over many cases: the test that the differences allow, its effect size and its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.cohort.signed_rank import hodges_lehmann, signed_rank_test
from brachyresponse.cohort.summary import NORMALITY_ALPHA, Summary, is_constant, summarise
from brachyresponse.errors import CohortError
from brachyresponse.types import FloatArray

LEAST_FOR_TEST = 3
CONFIDENCE = 0.95
FEW = 10
"""Below it the Shapiro-Wilk test has little power: that it is silent says little."""


class PairedTest(StrEnum):
    """How plan and implant were compared."""

    PAIRED_T = "paired t test"
    WILCOXON = "Wilcoxon signed-rank test"
    NONE = "none"


class Spread(StrEnum):
    """How the columns are described."""

    MEAN_SD = "mean ± SD"
    MEDIAN_QUARTILES = "median (quartiles)"


@dataclass(frozen=True)
class PairedComparison:
    """One metric, planned and implanted, over N cases.

    Parameters
    ----------
    differences
        Of implant minus plan.
    spread
        Mean and SD when both columns are normal by Shapiro-Wilk, else median and quartiles.
    reason
        Why this test, in a sentence.
    statistic
        t, or W+; None without a test.
    p
        Two-sided.
    effect
        Paired d (mean difference over its SD), or the rank-biserial correlation.
    shift, interval
        Mean difference with its t interval, or the Hodges-Lehmann estimate with its exact one.
    confidence
        What the interval really has; exact intervals have steps. None without an interval.
    p_holm
        p for the number of metrics tested together; None before that is known.
    """

    plan: Summary
    implant: Summary
    differences: Summary
    spread: Spread
    test: PairedTest
    reason: str
    statistic: float | None = None
    p: float | None = None
    effect: float | None = None
    shift: float | None = None
    interval: tuple[float, float] | None = None
    confidence: float | None = None
    p_holm: float | None = None

    @property
    def count(self) -> int:
        """Number of pairs."""
        return self.differences.count

    @property
    def effect_name(self) -> str:
        """What the effect size is."""
        return {PairedTest.PAIRED_T: "d", PairedTest.WILCOXON: "r"}.get(self.test, "")


def compare_paired(plan: ArrayLike, implant: ArrayLike) -> PairedComparison:
    """Return the comparison of planned and implanted values (N,) of the same cases, in the same order.

    The paired t test is used when the differences are normal by Shapiro-Wilk (p >= 0.05), else the Wilcoxon
    signed-rank test; fewer than 3 pairs are described but not tested.

    Raises
    ------
    CohortError
        The columns are not of the same length, empty, or hold NaN.
    """
    before, after = np.asarray(plan, float), np.asarray(implant, float)
    if before.shape != after.shape:
        raise CohortError(f"{before.size} planned but {after.size} implanted values: give both of every case.")
    differences = after - before
    summaries = summarise(before), summarise(after), summarise(differences)
    spread = Spread.MEAN_SD if summaries[0].is_normal and summaries[1].is_normal else Spread.MEDIAN_QUARTILES
    test, reason = _choose_test(differences, summaries[2])
    result = PairedComparison(*summaries, spread, test, reason)
    if test is PairedTest.PAIRED_T:
        return _with_t_test(result, differences)
    return _with_wilcoxon(result, differences) if test is PairedTest.WILCOXON else result


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p values adjusted for their number, in their order.

    References
    ----------
    Holm 1979, Scand J Stat 6:65.
    """
    p = np.asarray(p_values, float)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return tuple(adjusted.tolist())


def with_holm(comparisons: Sequence[PairedComparison]) -> tuple[PairedComparison, ...]:
    """Return the comparisons with p adjusted for all that were tested together."""
    tested = [place for place, one in enumerate(comparisons) if one.p is not None]
    adjusted = dict(zip(tested, holm([float(comparisons[place].p or 0.0) for place in tested]), strict=True))
    return tuple(replace(one, p_holm=adjusted.get(place)) for place, one in enumerate(comparisons))


def _choose_test(differences: FloatArray, summary: Summary) -> tuple[PairedTest, str]:
    if summary.count < LEAST_FOR_TEST:
        return PairedTest.NONE, f"{summary.count} pairs are too few to test"
    if is_constant(differences):
        return PairedTest.WILCOXON, "all differences are the same"
    normality = f"Shapiro-Wilk p = {summary.normality_p:.2g} of the differences"
    if summary.is_normal:
        doubt = f", which says little of {summary.count} pairs" if summary.count < FEW else ""
        return PairedTest.PAIRED_T, normality + doubt
    return PairedTest.WILCOXON, f"{normality}, below {NORMALITY_ALPHA:g}"


def _with_t_test(result: PairedComparison, differences: FloatArray) -> PairedComparison:
    """Student 1908; d is the mean difference in units of its standard deviation (Cohen's d_z)."""
    from scipy.stats import t

    mean, sd, count = result.differences.mean, float(differences.std(ddof=1)), result.count
    statistic = mean / (sd / sqrt(count))
    half = float(t.isf((1 - CONFIDENCE) / 2, count - 1)) * sd / sqrt(count)
    return replace(
        result,
        statistic=statistic,
        p=float(2 * t.sf(abs(statistic), count - 1)),
        effect=mean / sd,
        shift=mean,
        interval=(mean - half, mean + half),
        confidence=CONFIDENCE,
    )


def _with_wilcoxon(result: PairedComparison, differences: FloatArray) -> PairedComparison:
    tested, estimate = signed_rank_test(differences), hodges_lehmann(differences, CONFIDENCE)
    notes = [result.reason]
    if tested.count < result.count:
        notes.append(f"{result.count - tested.count} differences of zero left out of the ranks")
    notes.append("exact" if tested.is_exact else "normal approximation")
    if estimate.interval is None:
        notes.append(f"{result.count} pairs are too few for a {CONFIDENCE:.0%} interval")
    return replace(
        result,
        reason="; ".join(notes),
        statistic=tested.positive_ranks,
        p=tested.p,
        effect=tested.rank_biserial,
        shift=estimate.shift,
        interval=estimate.interval,
        confidence=estimate.confidence,
    )
