"""The surface of an isodose as points between voxels, and distances from it."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, Volume, sample
from brachyresponse.types import AnyArray, BoolArray, FloatArray

SURFACE_MM = 0.5
MOST_VOXELS = 3_000_000
"""A large isodose is left coarser: about so many voxels at most."""
THINNED = 8
NEAR_MM = 6.0
ROUNDING = 1e-6


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

    An isodose that is cut off by the edge of the dose is closed there. A coarse dose is interpolated to
    :data:`SURFACE_MM` first, so that the surface's points lie dense enough to measure distances from.
    """
    box = isodose_box(dose.values, level)
    if box is None:
        return np.empty((0, 3))
    near = np.pad(np.asarray(dose.values[box], float), 1)
    first_kji = np.array([part.start for part in box], float) - 1
    steps = _steps(near.shape, dose.grid.spacing_ijk_mm[::-1])
    for axis, count in enumerate(steps):
        near = _finer(near, axis, count)
    crossed = [_crossings_kji(near, level, axis) for axis in range(3)]
    return dose.grid.to_ras((np.concatenate(crossed) / steps + first_kji)[:, ::-1])


def signed_distance_mm(points_mm: FloatArray, surface_mm: FloatArray, is_inside: BoolArray) -> FloatArray:
    """Return the distance of points (N, 3) from a surface (M, 3), (N,), negative inside.

    As fine as the surface's points lie: about half of :data:`SURFACE_MM` at the surface itself, better farther away.
    """
    from scipy.spatial import KDTree

    distance_mm: FloatArray = KDTree(surface_mm[::THINNED]).query(points_mm)[0]
    is_near = distance_mm < NEAR_MM  # farther away a thinner surface tells the same, in a tenth of the time
    distance_mm[is_near] = KDTree(surface_mm).query(points_mm[is_near])[0]
    return np.where(is_inside, -distance_mm, distance_mm)


def dose_at(points_mm: FloatArray, values: AnyArray, grid: Grid) -> FloatArray:
    """Return the dose at points (N, 3), (N,), as ``values`` on ``grid``; 0 outside the grid.

    Between the outermost voxel centres and the edge of their voxels it is that of the nearest centre.
    """
    last_ijk = np.array(grid.size_ijk) - 1
    clamped_mm = grid.to_ras(np.clip(grid.to_ijk(points_mm), 0, last_ijk))
    return np.where(grid.contains(points_mm), sample(values, grid, clamped_mm), 0.0)


def _steps(shape: tuple[int, ...], spacing_kji_mm: FloatArray) -> list[int]:
    """Into how many steps a voxel is divided along each axis."""
    volume_mm3 = np.prod(shape) * np.prod(spacing_kji_mm)
    wanted_mm = max(SURFACE_MM, float(np.cbrt(volume_mm3 / MOST_VOXELS)))
    return [max(int(np.ceil(spacing_mm / wanted_mm - ROUNDING)), 1) for spacing_mm in spacing_kji_mm.tolist()]


def _finer(values: FloatArray, axis: int, count: int) -> FloatArray:
    """The values at so many steps a voxel along an axis, by linear interpolation."""
    if count == 1:
        return values
    along = np.moveaxis(values, axis, 0)
    place, step = np.divmod(np.arange((len(along) - 1) * count), count)
    share = (step / count)[:, None, None]
    finer = (1 - share) * along[place] + share * along[place + 1]
    return np.moveaxis(np.concatenate([finer, along[-1:]]), 0, axis)


def _crossings_kji(values: FloatArray, level: float, axis: int) -> FloatArray:
    """Fractional indices (N, 3) of the crossings along one axis, by linear interpolation."""
    along = np.moveaxis(values, axis, 0)
    low, high = along[:-1], along[1:]
    places = np.argwhere((low >= level) != (high >= level))
    first, second = low[tuple(places.T)], high[tuple(places.T)]
    kji = places.astype(float)
    kji[:, 0] += (level - first) / (second - first)
    return np.insert(kji[:, 1:], axis, kji[:, 0], axis=1)
