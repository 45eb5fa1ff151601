"""One column of numbers described: mean and standard deviation, median and real quartiles, and whether it is normal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import CohortError
from brachyresponse.types import FloatArray

NORMALITY_ALPHA = 0.05
LEAST_FOR_NORMALITY = 3
MOST_FOR_NORMALITY = 5000
"""Beyond it the p of the Shapiro-Wilk test is not accurate."""


@dataclass(frozen=True)
class Summary:
    """Numbers of a sample in a few figures.

    Parameters
    ----------
    sd
        Sample standard deviation (n - 1); None of one value.
    lower_quartile, upper_quartile
        25th and 75th percentile, interpolated linearly between order statistics (Hyndman and Fan 1996, type 7).
    normality_p
        Of the Shapiro-Wilk test; None where it cannot be made: fewer than 3 values, or all the same.
    """

    count: int
    mean: float
    sd: float | None
    median: float
    lower_quartile: float
    upper_quartile: float
    least: float
    largest: float
    normality_p: float | None

    @property
    def is_normal(self) -> bool:
        """Whether the Shapiro-Wilk test was made and does not speak against a normal distribution, p >= 0.05."""
        return self.normality_p is not None and self.normality_p >= NORMALITY_ALPHA


def summarise(values: ArrayLike) -> Summary:
    """Return a sample (N,) in a few figures.

    Raises
    ------
    CohortError
        The sample is empty or holds NaN or infinity.
    """
    sample = np.asarray(values, float)
    if sample.ndim != 1 or not sample.size or not np.isfinite(sample).all():
        raise CohortError(f"A sample of shape {sample.shape} cannot be summarised: give finite numbers, at least one.")
    lower, median, upper = np.percentile(sample, [25, 50, 75])
    return Summary(
        count=sample.size,
        mean=float(sample.mean()),
        sd=float(sample.std(ddof=1)) if sample.size > 1 else None,
        median=float(median),
        lower_quartile=float(lower),
        upper_quartile=float(upper),
        least=float(sample.min()),
        largest=float(sample.max()),
        normality_p=normality_p(sample),
    )


def normality_p(sample: FloatArray) -> float | None:
    """Return p of the Shapiro-Wilk test; None where it cannot be made.

    References
    ----------
    Shapiro and Wilk 1965, Biometrika 52:591; Royston 1995, Appl Stat 44:547 (algorithm AS R94).
    """
    from scipy.stats import shapiro

    if not LEAST_FOR_NORMALITY <= sample.size <= MOST_FOR_NORMALITY or is_constant(sample):
        return None
    return float(shapiro(sample).pvalue)


def is_constant(sample: FloatArray) -> bool:
    """Tell whether all values are the same but for rounding."""
    return bool(np.ptp(sample) <= 1e-12 * max(1.0, float(np.abs(sample).max())))
