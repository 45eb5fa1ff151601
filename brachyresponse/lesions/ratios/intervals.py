"""Intervals from resampled figures."""

from __future__ import annotations

import numpy as np

from brachyresponse.types import FloatArray


def expanded_interval(resampled: FloatArray, count: float, level: float) -> tuple[float, float]:
    """Return the expanded percentile interval of resampled figures.

    A plain percentile interval of few independent units is too narrow, as an interval with the normal distribution in
    place of Student's t and n in place of n - 1 would be; the percentiles are moved outwards by as much.

    Parameters
    ----------
    resampled
        (samples,)
    count
        Number of independent units drawn from; it need not be whole.

    References
    ----------
    Hesterberg 2015, What teachers should know about the bootstrap, Am Stat 69:371, section 4.1.
    """
    from scipy.special import ndtr, stdtrit

    count = max(count, 2.0)
    tail = float(ndtr(np.sqrt(count / (count - 1)) * stdtrit(count - 1, (1 - level) / 2)))
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return float(low), float(high)
