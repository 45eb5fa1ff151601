"""Lesions as balls on small grids, where and as a test needs them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.geometry import Grid, Structure


def ball(
    centre_mm: ArrayLike, radius_mm: float, *, spacing_mm: float = 1.0, turn: np.ndarray | None = None
) -> Structure:
    """A ball on a grid of its own, which may be turned about the ball's centre by a rotation (3, 3)."""
    centre = np.asarray(centre_mm, float)
    around = Grid.covering(centre - radius_mm - 2, centre + radius_mm + 2, spacing_mm)
    motion = np.eye(4)
    if turn is not None:
        motion[:3, :3] = turn
        motion[:3, 3] = centre - turn @ centre
    grid = Grid(around.shape_kji, motion @ around.ijk_to_ras)
    depth_mm = radius_mm - np.linalg.norm(grid.points_mm() - centre, axis=-1)
    return Structure("ball", np.clip(depth_mm / spacing_mm + 0.5, 0, 1), grid)
