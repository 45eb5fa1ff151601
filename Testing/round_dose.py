"""A dose that falls with the distance from a point by a known law, on oblique grids, and motions to move it by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.transform import Rotation

from brachyresponse.geometry import Volume
from solids import grid_round

PRESCRIPTION_GY = 120.0
PRESCRIPTION_RADIUS_MM = 15.0
FALL_MM = 20.0
"""Distance over which the dose falls to 1/e: linear enough between voxels of 2 mm."""


def dose_round(centre_mm: ArrayLike = (0, 0, 0), *, half_mm: float = 34.0) -> Volume:
    """The dose round a point on an oblique grid round it, Gy."""
    grid = grid_round(half_mm, 2.0, shift_mm=centre_mm, turned_deg=(20, 10))
    distance_mm = np.linalg.norm(grid.points_mm() - np.asarray(centre_mm, float), axis=-1)
    dose_gy = PRESCRIPTION_GY * np.exp((PRESCRIPTION_RADIUS_MM - distance_mm) / FALL_MM)
    return Volume("dose", dose_gy.astype(np.float32), grid, "Gy")


def radius_mm(level_gy: float) -> float:
    """Where the dose falls below a level."""
    return PRESCRIPTION_RADIUS_MM - FALL_MM * float(np.log(level_gy / PRESCRIPTION_GY))


def motion(shift_mm: ArrayLike, *, turn_deg: float = 0.0) -> NDArray[Any]:
    """A rigid motion, (4, 4): a turn about an oblique axis through the origin, and a shift."""
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_rotvec(np.deg2rad(turn_deg) * np.array([1, 2, 2]) / 3).as_matrix()
    matrix[:3, 3] = shift_mm
    return matrix
