"""What lies round the metal of a patch where it is not plain soft tissue: bone nearby, dark streaks."""

from __future__ import annotations

import numpy as np

from brachyresponse.seeds.detection.fitting import Patch, PoseFit
from brachyresponse.types import BoolArray, FloatArray

SMOOTH_MM = 1.5
METAL_FREE_HU = 250.0
"""Where the model has less metal than this, what is left over is tissue."""
RANGE_HU = (-400.0, 1000.0)
LEAST_WEIGHT = 0.03


def uneven_tissue(patch: Patch, fit: PoseFit, near: BoolArray, spacing_mm: FloatArray, level_hu: float) -> FloatArray:
    """Return how far the tissue of a patch differs from its mean, HU, (N,), smoothed and carried on under the metal.

    Parameters
    ----------
    near
        The voxels of the patch in their box, [slice, second, first].
    spacing_mm
        Along first, second and slice axis, (3,).
    level_hu
        Brighter voxels are never tissue.
    """
    from scipy.ndimage import gaussian_filter

    metal = fit.each_hu.sum(axis=0) + patch.neighbours_hu
    left = patch.values_hu - metal - fit.tissue_hu
    free = (metal < METAL_FREE_HU) & (patch.values_hu < level_hu)
    width = SMOOTH_MM / spacing_mm[::-1]
    amount, weight = np.zeros(near.shape), np.zeros(near.shape)
    amount[near], weight[near] = np.where(free, left, 0), free
    amount, weight = (gaussian_filter(part, width, mode="constant") for part in (amount, weight))
    smoothed: FloatArray = np.clip(amount / (weight + LEAST_WEIGHT), *RANGE_HU)[near]
    return smoothed
