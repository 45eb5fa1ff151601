"""Points moved by a rigid motion, and how far it turns."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.types import FloatArray


def moved_points(points_mm: ArrayLike, motion: FloatArray) -> FloatArray:
    """Return points (..., 3) where a motion (4, 4) brings them."""
    moved: FloatArray = np.asarray(points_mm, float) @ motion[:3, :3].T + motion[:3, 3]
    return moved


def turn_deg(motion: FloatArray) -> float:
    """Return the angle by which a motion, (4, 4) or its rotation (3, 3), turns."""
    return float(np.rad2deg(np.arccos(np.clip((np.trace(motion[:3, :3]) - 1) / 2, -1, 1))))
