"""Structures and images brought to the grid of a series."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import PerfusionError, StructureError
from brachyresponse.geometry import Grid, Structure, Volume, sample
from brachyresponse.lesions.placing import Placed, place_structure
from brachyresponse.perfusion.series import DynamicSeries
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray


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
    try:
        return place_structure(structure, series.grid, what=what, image=f"series {series.name!r}")
    except StructureError as error:
        raise PerfusionError(str(error)) from error


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
