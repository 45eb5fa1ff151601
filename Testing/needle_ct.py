"""A CT of soft tissue with steel needles and seeds whose places are known: bright rods, blurred and clipped."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import FloatArray

TISSUE_HU, CLIPPED_HU, NOISE_HU = 40.0, 3071.0, 15.0
NEEDLE_HU, SEED_HU = 14_000.0, 9_000.0
"""Of the metal itself, before it is blurred over the voxels."""
STEP_MM, BLUR_MM = 0.4, 0.7
SEED_ROD_MM = 3.0


def needle_ct(
    grid: Grid, needles_mm: FloatArray, seeds_mm: FloatArray, directions: FloatArray, *, random_seed: int = 0
) -> np.ndarray:
    """Return the CT [k, j, i] in HU with needles from entry to tip (M, 2, 3) and seeds (N, 3) along directions."""
    from scipy.ndimage import gaussian_filter

    metal = np.zeros(grid.shape_kji)
    for entry, tip in needles_mm:
        length_mm = float(np.linalg.norm(tip - entry))
        share = np.arange(0, length_mm, STEP_MM)[:, None] / length_mm
        _add(metal, grid, entry + share * (tip - entry), NEEDLE_HU)
    along = np.arange(-SEED_ROD_MM / 2, SEED_ROD_MM / 2 + 1e-6, STEP_MM)[:, None]
    for centre, direction in zip(seeds_mm, directions, strict=True):
        _add(metal, grid, centre + along * direction, SEED_HU)
    blurred = gaussian_filter(metal, BLUR_MM / grid.spacing_ijk_mm[::-1])
    noise = np.random.default_rng(random_seed).normal(0, NOISE_HU, grid.shape_kji)
    return np.clip(TISSUE_HU + blurred + noise, -1024, CLIPPED_HU).astype(np.int16)


def _add(metal: np.ndarray, grid: Grid, points: FloatArray, hu: float) -> None:
    """Share the metal of points among the nearest voxels, so that a rod is as bright in any direction."""
    points = points[grid.contains(points)]
    kji = np.rint(grid.to_ijk(points)).astype(int)[:, ::-1]
    kji = np.clip(kji, 0, np.array(grid.shape_kji) - 1)
    np.add.at(metal, tuple(kji.T), hu * STEP_MM / (grid.voxel_cc * 1000))
