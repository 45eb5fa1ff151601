"""What the voxels of a segment hold: mean, spread, percentiles and histogram of a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Structure
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

PERCENTS = (5, 25, 75, 95)


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many voxels lie between neighbouring edges.

    Parameters
    ----------
    edges
        (B + 1,) rising, in the map's unit.
    counts
        (B,) voxels from each edge up to the next one, the last edge included.
    """

    edges: FloatArray
    counts: IntArray

    @property
    def centres(self) -> FloatArray:
        """(B,) middle of each bin."""
        return (self.edges[1:] + self.edges[:-1]) / 2

    @property
    def density(self) -> FloatArray:
        """(B,) share of the voxels per unit of the map: the bins' area is 1."""
        return np.asarray(self.counts / (self.counts.sum() * np.diff(self.edges)))


@dataclass(frozen=True, eq=False)
class SegmentStatistics:
    """Values of a map in a segment; where no voxel is valid, every figure is None and the reason is said.

    Parameters
    ----------
    voxels, count
        Voxels of the segment, and those with a valid value.
    mean, median, standard_deviation
        Of the valid values; the deviation is that of a sample (n - 1), None with one voxel.
    percentiles
        The 5th, 25th, 75th and 95th, by percent.
    histogram
        Of the valid values.
    """

    voxels: int
    count: int
    mean: float | None
    median: float | None
    standard_deviation: float | None
    percentiles: Mapping[int, float]
    histogram: Histogram | None

    @property
    def valid_share(self) -> float:
        """Share of the segment's voxels that have a valid value."""
        return self.count / self.voxels

    @property
    def reason(self) -> str:
        """Why there are no figures; empty where there are."""
        return "" if self.count else f"None of the segment's {self.voxels} voxels has a valid value."


def segment_statistics(
    values: AnyArray,
    segment: Structure | BoolArray,
    *,
    valid: BoolArray | None = None,
    bins: int = 32,
    value_range: tuple[float, float] | None = None,
) -> SegmentStatistics:
    """Return the statistics and the histogram of a map within a segment.

    Parameters
    ----------
    values
        [k, j, i]; NaN where there is no value.
    segment
        On the map's grid: a structure (voxels of which at least half belong to it), or a mask [k, j, i].
    valid
        [k, j, i] bool: voxels that count; all with a finite value by default.
    bins, value_range
        Of the histogram; the range is that of the valid values by default, so that none is left out.

    Raises
    ------
    StructureError
        Shapes that differ, or an empty segment.
    """
    mask = segment.mask if isinstance(segment, Structure) else np.asarray(segment, bool)
    if mask.shape != np.shape(values):
        raise StructureError(
            f"The segment has shape {mask.shape}, the map {np.shape(values)}: bring it to the map's grid."
        )
    voxels = int(np.count_nonzero(mask))
    if not voxels:
        raise StructureError("The segment is empty: draw it, or choose another one.")
    usable = mask & np.isfinite(values) if valid is None else mask & np.isfinite(values) & valid
    found = np.asarray(values, np.float64)[usable]
    if not found.size:
        return SegmentStatistics(voxels, 0, None, None, None, {}, None)
    counts, edges = np.histogram(found, bins, value_range)
    return SegmentStatistics(
        voxels,
        found.size,
        float(found.mean()),
        float(np.median(found)),
        float(found.std(ddof=1)) if found.size > 1 else None,
        {percent: float(np.percentile(found, percent)) for percent in PERCENTS},
        Histogram(edges, counts.astype(np.int64)),
    )
