"""A map with two balls in it: a lesion of twice the value of its reference, under noise of a stated smoothness."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid

GRID = Grid((20, 30, 70), np.diag([2.0, 2.0, 3.0, 1.0]))
POINTS_MM = GRID.points_mm()
LESION = np.linalg.norm(POINTS_MM - [35, 29, 28], axis=-1) < 10
REFERENCE = np.linalg.norm(POINTS_MM - [90, 29, 28], axis=-1) < 11
RATIO = 2.0


def a_map(*, noise: float = 0.4, width_mm: float = 0.0, random_seed: int = 0) -> np.ndarray:
    """The balls under noise of a standard deviation; ``width_mm`` is the full width at half maximum of its grain."""
    from scipy.ndimage import gaussian_filter

    grain = np.random.default_rng(random_seed).normal(size=GRID.shape_kji)
    if width_mm:
        grain = gaussian_filter(grain, width_mm / 2.355 / GRID.spacing_ijk_mm[::-1])
        grain /= grain.std()
    return 1.0 + (RATIO - 1) * LESION + noise * grain
