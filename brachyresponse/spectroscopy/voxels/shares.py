"""How much of a spectroscopy voxel is lesion, ventricle or bone."""

from __future__ import annotations

from functools import cache

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.types import FloatArray, IntArray

POINTS = 30_000
"""In a voxel, by which its share is exact to 1 %; of a regular grid of as many, whole layers would lie on faces."""
SPREAD = 1.2207440846057596 ** -np.arange(1, 4)
"""Steps along i, j and k of points that fill a box evenly; the root of x^4 = x + 1 to the power -1, -2, -3."""
Voxel = tuple[int, int, int]
"""Index (i, j, k) of a voxel."""


def lesion_share(spectra_grid: Grid, voxel: Voxel, lesion: Structure) -> float:
    """Return the share of a voxel that a structure fills, 0 to 1.

    The structure's occupancy is summed over the voxel where it lies, oblique as it was measured: 30,000 points spread
    evenly in it, each with the share of the structure's voxel round it.

    Raises
    ------
    SpectroscopyError
        There is no such voxel.
    """
    check_voxel(spectra_grid, voxel)
    points_mm = spectra_grid.to_ras(np.array(voxel) + _points_in_box())
    return float(_occupancy_at(lesion, points_mm).sum()) / POINTS


def shares_on_grid(spectra_grid: Grid, structure: Structure) -> FloatArray:
    """Return the share of every voxel that a structure fills, [k, j, i], as :func:`lesion_share`."""
    shares = np.zeros(spectra_grid.shape_kji)
    lower, upper = _reached(spectra_grid, structure)
    for i, j, k in np.ndindex(*np.maximum(upper - lower, 0)):
        voxel = (int(lower[0]) + i, int(lower[1]) + j, int(lower[2]) + k)
        shares[voxel[::-1]] = lesion_share(spectra_grid, voxel, structure)
    return shares


def distance_to_voxel_mm(spectra_grid: Grid, voxel: Voxel, points_mm: FloatArray) -> FloatArray:
    """Return how far points (M, 3), RAS mm, lie from a voxel's box, mm; 0 within it.

    Raises
    ------
    SpectroscopyError
        There is no such voxel.
    """
    check_voxel(spectra_grid, voxel)
    beyond = np.maximum(np.abs(spectra_grid.to_ijk(points_mm) - np.array(voxel)) - 0.5, 0)
    distance: FloatArray = np.linalg.norm(beyond * spectra_grid.spacing_ijk_mm, axis=-1)
    return distance


def check_voxel(spectra_grid: Grid, voxel: Voxel) -> None:
    """Refuse a voxel that the grid does not have.

    Raises
    ------
    SpectroscopyError
        It does not.
    """
    if len(voxel) != 3 or not all(0 <= at < size for at, size in zip(voxel, spectra_grid.size_ijk, strict=True)):
        size = " x ".join(map(str, spectra_grid.size_ijk))
        raise SpectroscopyError(f"There is no voxel {voxel} (i, j, k, from 0): the spectra are {size} voxels.")


@cache
def _points_in_box() -> FloatArray:
    """Points spread evenly over a box of size 1 about the origin, (points, 3): a Kronecker sequence."""
    points: FloatArray = (np.arange(1, POINTS + 1)[:, None] * SPREAD) % 1 - 0.5
    points.setflags(write=False)
    return points


def _occupancy_at(structure: Structure, points_mm: FloatArray) -> FloatArray:
    """Occupancy of the structure's voxel round each point, (N,); 0 beyond its grid."""
    nearest: IntArray = np.rint(structure.grid.to_ijk(points_mm)).astype(np.int64)
    inside = np.all((nearest >= 0) & (nearest < np.array(structure.grid.size_ijk)), axis=-1)
    i, j, k = nearest[inside].T
    return np.asarray(structure.occupancy[k, j, i], float)


def _reached(grid: Grid, structure: Structure) -> tuple[IntArray, IntArray]:
    """First and last-but-one index (i, j, k) of the voxels that the box round a structure may touch."""
    lower_kji, upper_kji = structure.index_box()
    ends = np.stack([lower_kji[::-1] - 0.5, upper_kji[::-1] + 0.5])
    corners = ends[np.array(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij")).reshape(3, -1).T, [0, 1, 2]]
    reached = grid.to_ijk(structure.grid.to_ras(corners))
    size = np.array(grid.size_ijk)
    lower = np.clip(np.floor(reached.min(axis=0) + 0.5).astype(np.int64), 0, size)
    upper = np.clip(np.floor(reached.max(axis=0) + 0.5).astype(np.int64) + 1, 0, size)
    return lower, upper
