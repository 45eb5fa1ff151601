"""One figure for the voxels of a lesion, and the same figure where each voxel counts several times."""

from __future__ import annotations

from enum import StrEnum
from typing import Never

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.types import AnyArray, FloatArray

PERCENTILES = {"median": 50.0, "p95": 95.0, "p5": 5.0, "p10": 10.0, "p25": 25.0}
VALUES_AT_A_TIME = 4_000_000
"""Weights held at once while a percentile is resampled: 32 MB."""


class RatioStatistic(StrEnum):
    """What stands for a lesion; published cut-offs are bound to theirs. An unknown word is a StructureError."""

    MEAN = "mean"
    MEDIAN = "median"
    P95 = "p95"
    """95th percentile."""
    HOT_SPOT = "hot_spot"
    """Mean of the compact part of a stated volume where it is highest."""
    P5 = "p5"
    """5th percentile; likewise the 10th and the 25th."""
    P10 = "p10"
    P25 = "p25"
    COLD_SPOT = "cold_spot"
    """Mean of the compact part of a stated volume where it is lowest: a minimum that no single voxel decides."""

    @classmethod
    def _missing_(cls, value: object) -> Never:
        raise StructureError(f"There is no ratio statistic {value!r}: choose one of {', '.join(cls)}.")

    @property
    def label(self) -> str:
        """The statistic's name for people."""
        return LABELS[self]


LABELS = {
    RatioStatistic.MEAN: "mean",
    RatioStatistic.MEDIAN: "median",
    RatioStatistic.P95: "95th percentile",
    RatioStatistic.HOT_SPOT: "hot-spot mean",
    RatioStatistic.P5: "5th percentile",
    RatioStatistic.P10: "10th percentile",
    RatioStatistic.P25: "25th percentile",
    RatioStatistic.COLD_SPOT: "cold-spot mean",
}
HIGH_STATISTICS = (RatioStatistic.MEAN, RatioStatistic.MEDIAN, RatioStatistic.P95, RatioStatistic.HOT_SPOT)
"""Of maps whose high values tell of tumour: perfusion."""
LOW_STATISTICS = (
    RatioStatistic.MEAN,
    RatioStatistic.MEDIAN,
    RatioStatistic.P5,
    RatioStatistic.P10,
    RatioStatistic.P25,
    RatioStatistic.COLD_SPOT,
)
"""Of maps whose low values tell of tumour: diffusion."""


def statistic_of(values: AnyArray, statistic: RatioStatistic) -> float:
    """Return the statistic of the values (N,) of a lesion, or of its hot spot."""
    if statistic in PERCENTILES:
        return percentile_of(values, PERCENTILES[statistic])
    return float(np.mean(values, dtype=np.float64))


def percentile_of(values: AnyArray, percent: float) -> float:
    """Return a percentile of values (N,), by the one rule that can be resampled as well."""
    return float(np.percentile(values, percent, method="averaged_inverted_cdf"))


def resampled(values: AnyArray, block: AnyArray, weights: AnyArray, statistic: RatioStatistic) -> FloatArray:
    """Return the statistic of resampled values, (samples,).

    Parameters
    ----------
    values, block
        (N,) each: the values, and the number of the block in which each lies.
    weights
        (samples, blocks): how often each block was drawn.
    """
    if statistic in PERCENTILES:
        return _percentiles(values, block, weights, PERCENTILES[statistic] / 100)
    count = np.bincount(block, minlength=weights.shape[1])
    total = np.bincount(block, values, minlength=weights.shape[1])
    means: FloatArray = (weights @ total) / (weights @ count)
    return means


def _percentiles(values: AnyArray, block: AnyArray, weights: AnyArray, share: float) -> FloatArray:
    """Percentile of values of which each counts as often as its block was drawn."""
    order = np.argsort(values, kind="stable")
    rising, block_of = values[order], block[order]
    at_a_time = max(VALUES_AT_A_TIME // len(values), 1)
    parts = []
    for first in range(0, len(weights), at_a_time):
        reached = np.cumsum(weights[first : first + at_a_time, block_of], axis=1)
        parts.append(rising[np.argmax(reached >= share * reached[:, -1:], axis=1)])
    return np.concatenate(parts).astype(np.float64)
