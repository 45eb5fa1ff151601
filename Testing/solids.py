"""Grids, balls and dose fields whose volumes and dose-volume histograms are known in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.transform import Rotation

from brachyresponse.geometry import Grid, Structure

PARTS = 6


def grid_round(
    half_mm: float, spacing_mm: ArrayLike = 1.0, *, shift_mm: ArrayLike = 0.0, turned_deg: tuple[float, float] = (0, 0)
) -> Grid:
    """Grid whose centre is ``shift_mm``, reaching ``half_mm`` along its axes, turned about z and then about x."""
    spacing = np.broadcast_to(np.asarray(spacing_mm, float), 3)
    count = 2 * np.ceil(half_mm / spacing).astype(int) + 1
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_euler("zx", turned_deg, degrees=True).as_matrix() * spacing
    matrix[:3, 3] = np.broadcast_to(shift_mm, 3) - matrix[:3, :3] @ (count - 1) / 2
    return Grid(tuple(int(n) for n in count[::-1]), matrix)


def ball(grid: Grid, radius_mm: float, *, centre_mm: ArrayLike = (0, 0, 0), partial: bool = True) -> Structure:
    """A ball with partial voxels (counted on 6 x 6 x 6 points), or as the mask of voxel centres inside."""
    centre = np.asarray(centre_mm, float)
    if not partial:
        return Structure("ball", np.linalg.norm(grid.points_mm() - centre, axis=-1) <= radius_mm, grid)
    distance_mm = np.linalg.norm(grid.points_mm() - centre, axis=-1)
    half_diagonal_mm = np.linalg.norm(grid.spacing_ijk_mm) / 2
    share = (distance_mm <= radius_mm).astype(float)
    edge = np.abs(distance_mm - radius_mm) < half_diagonal_mm
    within = (np.arange(PARTS) + 0.5) / PARTS - 0.5
    offsets_ijk = np.stack(np.meshgrid(within, within, within), axis=-1).reshape(-1, 1, 3)
    points_mm = grid.to_ras(np.argwhere(edge)[:, ::-1] + offsets_ijk)
    share[edge] = np.mean(np.linalg.norm(points_mm - centre, axis=-1) <= radius_mm, axis=0)
    return Structure("ball", share, grid)


def radius_of(volume_cc: float) -> float:
    """Radius, mm, of a ball of this volume."""
    return float(np.cbrt(volume_cc * 1000 * 3 / 4 / np.pi))


def seeds_dose(grid: Grid, positions_mm: ArrayLike, *, at_1_cm_gy: float = 20.0) -> NDArray[np.float32]:
    """Dose round point sources: inverse square, 10 % attenuation a cm, capped at 0.4 mm as in a capsule."""
    dose: NDArray[Any] = np.zeros(grid.shape_kji)
    for position in np.atleast_2d(np.asarray(positions_mm, float)):
        radius_cm = np.maximum(np.linalg.norm(grid.points_mm() - position, axis=-1), 0.4) / 10
        dose += at_1_cm_gy * np.exp(-0.1 * radius_cm) / radius_cm**2
    return dose.astype(np.float32)
