"""CTs with seeds in them for tests of the adapters: rods of metal, blurred, in a ball of tissue with a little noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray

PEAK_HU, TISSUE_HU, AIR_HU, NOISE_HU = 5000.0, 40.0, -1000.0, 10.0
BLUR_MM, BODY_MM, SEED_LENGTH_MM = 0.7, 40.0, 4.5
POINTS = 31


def seeds_ct(centres_mm: AnyArray, axes: AnyArray, grid: Grid) -> AnyArray:
    """HU [k, j, i], int16, of seeds at some centres (N, 3) with unit axes (N, 3), in RAS."""
    points_mm = grid.points_mm().reshape(-1, 3)
    values = np.where(np.linalg.norm(points_mm, axis=1) < BODY_MM, TISSUE_HU, AIR_HU)
    along = np.linspace(-SEED_LENGTH_MM / 2, SEED_LENGTH_MM / 2, POINTS)
    for centre, axis in zip(np.atleast_2d(centres_mm), np.atleast_2d(axes), strict=True):
        near = np.flatnonzero(np.linalg.norm(points_mm - centre, axis=1) < SEED_LENGTH_MM / 2 + 4 * BLUR_MM)
        away = points_mm[near, None] - (centre + along[:, None] * axis)
        glow = np.exp(-(away**2).sum(axis=-1) / (2 * BLUR_MM**2)).sum(axis=1)
        values[near] += PEAK_HU * glow / _peak(along)
    noise = np.random.default_rng(7).normal(0, NOISE_HU, len(values))
    return np.clip(values + noise, -1024, 3071).astype(np.int16).reshape(grid.shape_kji)


def ct_grid(size_mm: float = 90.0, spacing_mm: float = 0.8) -> Grid:
    """A grid of cubes round the origin, turned by 10 degrees about the body's axis."""
    turn, count = np.deg2rad(10), round(size_mm / spacing_mm)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    matrix[:3, :3] *= spacing_mm
    matrix[:3, 3] = -matrix[:3, :3] @ np.full(3, (count - 1) / 2)
    return Grid((count, count, count), matrix)


def add_ct(centres_mm: AnyArray, axes: AnyArray, grid: Grid | None = None, name: str = "Implant CT") -> Any:
    """A volume node of a CT with seeds."""
    import slicer.util

    grid = grid or ct_grid()
    return slicer.util.addVolumeFromArray(seeds_ct(centres_mm, axes, grid), ijkToRAS=grid.ijk_to_ras, name=name)


def _peak(along_mm: AnyArray) -> float:
    return float(np.exp(-(along_mm**2) / (2 * BLUR_MM**2)).sum())
