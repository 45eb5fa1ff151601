"""Values of an image between its voxel centres."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import GeometryError
from brachyresponse.geometry.grid import Grid
from brachyresponse.types import AnyArray, FloatArray


def sample(array: AnyArray, grid: Grid, points_mm: ArrayLike, *, outside: float = 0.0) -> FloatArray:
    """Return the trilinearly interpolated values of an image at RAS positions.

    Parameters
    ----------
    array
        [k, j, i] on ``grid``.
    points_mm
        (..., 3) RAS, mm.
    outside
        Value of points beyond the outermost voxel centres.

    Returns
    -------
    FloatArray
        (...,)

    Raises
    ------
    GeometryError
        The array's shape is not the grid's.
    """
    from scipy.ndimage import map_coordinates

    if array.shape != grid.shape_kji:
        raise GeometryError(f"The array has shape {array.shape}, its grid {grid.shape_kji}: they must agree.")
    ijk = grid.to_ijk(points_mm)
    kji = ijk.reshape(-1, 3)[:, ::-1].T
    last_kji = np.array(grid.shape_kji, float)[:, None] - 1
    rounding = 1e-6  # of a voxel: a point on the border stays inside after the change of coordinates
    kji = np.where((kji < 0) & (kji > -rounding), 0, kji)
    kji = np.where((kji > last_kji) & (kji < last_kji + rounding), last_kji, kji)
    values = array.astype(np.uint8) if array.dtype == bool else array
    sampled: FloatArray = map_coordinates(values, kji, output=np.float64, order=1, mode="constant", cval=outside)
    return sampled.reshape(ijk.shape[:-1])
