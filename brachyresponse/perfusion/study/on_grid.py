"""Structures and images brought to the grid of a series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError, StructureError
from brachyresponse.geometry import Grid, Structure, Volume, sample
from brachyresponse.geometry.resampling import resample_structure
from brachyresponse.perfusion.series import DynamicSeries
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

WHOLE = 0.98
"""Share of a structure's volume that has to lie in the field of view, else it is said that it is cut off."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A structure on the grid of a series, [k, j, i]: its voxels, its share of each, and what has to be said of it."""

    mask: BoolArray
    share: AnyArray
    warnings: tuple[str, ...] = ()


def mask_on_grid(structure: Structure, series: DynamicSeries, what: str) -> Placed:
    """Return the voxels of a series of which a structure fills at least half.

    Parameters
    ----------
    what
        What the structure is, as ``lesion``, for the sentences.

    Raises
    ------
    PerfusionError
        The structure lies outside the field of view, or is smaller than a voxel.
    """
    if structure.grid == series.grid:
        return Placed(np.asarray(structure.mask, bool), structure.occupancy)
    called = f"{what} {structure.name!r}"
    try:
        placed = resample_structure(structure, series.grid)
    except StructureError as error:
        raise PerfusionError(
            f"The {called} lies outside the field of view of series {series.name!r}: it is drawn on another visit's "
            "images, or they have to be registered first."
        ) from error
    mask = np.asarray(placed.mask, bool)
    if not mask.any():
        raise PerfusionError(
            f"The {called} fills no voxel of series {series.name!r} by half: it has {structure.volume_cc:.3f} cc, a "
            f"voxel {series.grid.voxel_cc:.3f} cc; draw it larger."
        )
    inside = placed.volume_cc / structure.volume_cc
    if inside >= WHOLE:
        return Placed(mask, placed.occupancy)
    return Placed(
        mask, placed.occupancy, (f"Only {inside:.0%} of the {called} lie in the field of view of the series.",)
    )


def values_at(volume: Volume, points_mm: FloatArray) -> FloatArray:
    """Return a volume's values at positions (N, 3), interpolated; NaN outside it."""
    return sample(volume.values, volume.grid, points_mm, outside=np.nan)


def positions_of(mask: BoolArray, grid: Grid) -> FloatArray:
    """Return the positions of a mask's voxels in RAS, (N, 3), in the order of the mask."""
    return grid.to_ras(np.argwhere(mask)[:, ::-1].astype(float))


def curves_at(series: DynamicSeries, kji: IntArray) -> AnyArray:
    """Return the signal of some voxels, (N, 3) kji, as float32 (N, T)."""
    k, j, i = kji.T
    curves = np.empty((len(kji), series.frame_count), np.float32)
    for number, frame in enumerate(series.frames):
        curves[:, number] = frame[k, j, i]
    return curves


def to_map(values: AnyArray, mask: BoolArray) -> AnyArray:
    """Return values (N,) of a mask's voxels as a map [k, j, i], float32, NaN elsewhere."""
    filled = np.full(mask.shape, np.nan, np.float32)
    filled[mask] = values
    return filled
