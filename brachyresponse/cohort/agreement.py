"""How far implants agree with their plans: Bland and Altman's bias and limits of agreement."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.cohort.summary import normality_p
from brachyresponse.errors import CohortError
from brachyresponse.types import FloatArray

WITHIN = 1.96
"""Standard deviations to either side within which 95 % of normal differences lie."""
CONFIDENCE = 0.95
LEAST_PAIRS = 3


@dataclass(frozen=True, eq=False)
class Agreement:
    """Differences against means.

    Parameters
    ----------
    means, differences
        (plan + implant) / 2 and implant minus plan of each case, (N,).
    bias, lower_limit, upper_limit
        Mean difference, and the limits between which 95 % of the differences are expected.
    bias_interval, lower_limit_interval, upper_limit_interval
        95 % confidence intervals.
    normality_p
        Of the differences; the limits suppose that they are normal.
    """

    means: FloatArray
    differences: FloatArray
    sd: float
    bias: float
    bias_interval: tuple[float, float]
    lower_limit: float
    lower_limit_interval: tuple[float, float]
    upper_limit: float
    upper_limit_interval: tuple[float, float]
    normality_p: float | None


def bland_altman(plan: ArrayLike, implant: ArrayLike) -> Agreement:
    """Return the agreement of planned and implanted values (N,) of the same cases.

    Raises
    ------
    CohortError
        The columns are not of the same length, hold NaN, or have fewer than 3 pairs.

    References
    ----------
    Bland and Altman 1986, Lancet 327:307; 1999, Stat Methods Med Res 8:135 (variance of the limits, section 2.1).
    """
    from scipy.stats import t

    before, after = np.asarray(plan, float), np.asarray(implant, float)
    if before.shape != after.shape or before.size < LEAST_PAIRS or not np.isfinite([before, after]).all():
        raise CohortError(
            f"{before.size} planned and {after.size} implanted values: limits of agreement need at least "
            f"{LEAST_PAIRS} pairs of finite numbers."
        )
    differences = after - before
    count, bias, sd = differences.size, float(differences.mean()), float(differences.std(ddof=1))
    quantile = float(t.isf((1 - CONFIDENCE) / 2, count - 1))
    of_bias = quantile * sd / sqrt(count)
    of_limit = quantile * sd * sqrt(1 / count + WITHIN**2 / (2 * (count - 1)))
    lower, upper = bias - WITHIN * sd, bias + WITHIN * sd
    return Agreement(
        means=(before + after) / 2,
        differences=differences,
        sd=sd,
        bias=bias,
        bias_interval=(bias - of_bias, bias + of_bias),
        lower_limit=lower,
        lower_limit_interval=(lower - of_limit, lower + of_limit),
        upper_limit=upper,
        upper_limit_interval=(upper - of_limit, upper + of_limit),
        normality_p=normality_p(differences),
    )
