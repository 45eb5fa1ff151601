"""The surface of an isodose as points between voxels, and distances from it."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, Volume, sample
from brachyresponse.types import AnyArray, BoolArray, FloatArray


def isodose_box(values: AnyArray, level: float) -> tuple[slice, slice, slice] | None:
    """Return the index box (k, j, i) of the voxels at or above a level with one to spare on every side; None: none."""
    above = values >= level
    box = []
    for axis, size in enumerate(values.shape):
        found = np.flatnonzero(above.any(axis=tuple({0, 1, 2} - {axis})))
        if not len(found):
            return None
        box.append(slice(max(int(found[0]) - 1, 0), min(int(found[-1]) + 2, size)))
    return box[0], box[1], box[2]


def reaches_edge(values: AnyArray, level: float) -> bool:
    """Tell whether an isodose is cut off by the edge of its array, so that nobody knows how far it goes on."""
    return any(bool((np.take(values, end, axis) >= level).any()) for axis in range(3) for end in (0, -1))


def isodose_points_mm(dose: Volume, level: float) -> FloatArray:
    """Return the points, (N, 3) RAS, where an isodose crosses the lines between neighbouring voxel centres.

    An isodose that is cut off by the edge of the dose is closed there.
    """
    box = isodose_box(dose.values, level)
    if box is None:
        return np.empty((0, 3))
    near = np.pad(np.asarray(dose.values[box], float), 1)
    first_kji = np.array([part.start for part in box], float) - 1
    crossed = [_crossings_kji(near, level, axis) for axis in range(3)]
    return dose.grid.to_ras((np.concatenate(crossed) + first_kji)[:, ::-1])


def signed_distance_mm(points_mm: FloatArray, surface_mm: FloatArray, is_inside: BoolArray) -> FloatArray:
    """Return the distance of points (N, 3) from a surface (M, 3), (N,), negative inside.

    As fine as the surface's points lie: half a voxel of the dose at the surface itself, better farther away.
    """
    from scipy.spatial import KDTree

    distance_mm: FloatArray = KDTree(surface_mm).query(points_mm)[0]
    return np.where(is_inside, -distance_mm, distance_mm)


def dose_at(points_mm: FloatArray, values: AnyArray, grid: Grid) -> FloatArray:
    """Return the dose at points (N, 3), (N,), as ``values`` on ``grid``; 0 outside the grid.

    Between the outermost voxel centres and the edge of their voxels it is that of the nearest centre.
    """
    last_ijk = np.array(grid.size_ijk) - 1
    clamped_mm = grid.to_ras(np.clip(grid.to_ijk(points_mm), 0, last_ijk))
    return np.where(grid.contains(points_mm), sample(values, grid, clamped_mm), 0.0)


def _crossings_kji(values: FloatArray, level: float, axis: int) -> FloatArray:
    """Fractional indices (N, 3) of the crossings along one axis, by linear interpolation."""
    along = np.moveaxis(values, axis, 0)
    low, high = along[:-1], along[1:]
    places = np.argwhere((low >= level) != (high >= level))
    first, second = low[tuple(places.T)], high[tuple(places.T)]
    kji = places.astype(float)
    kji[:, 0] += (level - first) / (second - first)
    return np.insert(kji[:, 1:], axis, kji[:, 0], axis=1)
