"""Where voxels lie, as corners and faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy.voxels.shares import Voxel, check_voxel
from brachyresponse.types import FloatArray, IntArray

CORNERS = np.array([[i, j, k] for k in (-0.5, 0.5) for j in (-0.5, 0.5) for i in (-0.5, 0.5)])
FACES = np.array([[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]])
"""Corners of each face, in turn; seen from outside anticlockwise where the grid is right-handed."""


@dataclass(frozen=True, eq=False)
class VoxelOutline:
    """Boxes as a surface.

    Parameters
    ----------
    corners_mm
        RAS, (8 a voxel, 3).
    faces
        Four corners each, (6 a voxel, 4).
    """

    corners_mm: FloatArray
    faces: IntArray


def voxel_outline(spectra_grid: Grid, voxel: Voxel) -> VoxelOutline:
    """Return a voxel as a closed box.

    Raises
    ------
    SpectroscopyError
        There is no such voxel.
    """
    check_voxel(spectra_grid, voxel)
    return _boxes(spectra_grid, np.array([voxel]))


def grid_outline(spectra_grid: Grid) -> VoxelOutline:
    """Return all voxels of a grid as boxes."""
    k, j, i = np.indices(spectra_grid.shape_kji).reshape(3, -1)
    return _boxes(spectra_grid, np.column_stack([i, j, k]))


def _boxes(grid: Grid, voxels_ijk: IntArray) -> VoxelOutline:
    corners = grid.to_ras((voxels_ijk[:, None] + CORNERS).reshape(-1, 3))
    faces = FACES if np.linalg.det(grid.ijk_to_ras[:3, :3]) > 0 else FACES[:, ::-1]
    every = (8 * np.arange(len(voxels_ijk))[:, None, None] + faces).reshape(-1, 4)
    return VoxelOutline(corners, every.astype(np.int64))
