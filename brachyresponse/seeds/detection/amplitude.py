"""How bright seeds are beside their model: metal of another kind is brighter or fainter."""

from __future__ import annotations

import numpy as np

from brachyresponse.seeds.detection.fitting import Patch, PoseFit
from brachyresponse.types import FloatArray

LEAST_METAL_HU = 100.0
PLAUSIBLE = (0.6, 1.6)
"""Seeds of one image lie well within this factor of each other, also where they touch."""


def amplitudes(patch: Patch, fit: PoseFit) -> FloatArray:
    """Return the scales of the seeds' images that together fit best, (K,), over voxels that are not clipped."""
    free = (patch.values_hu < patch.ceiling_hu - 1) & (fit.each_hu.sum(axis=0) > LEAST_METAL_HU)
    images = fit.each_hu[:, free]
    rest = (patch.values_hu - patch.other_hu - fit.tissue_hu)[free] - images.sum(axis=0)
    correlation = images @ images.T
    stiffness = 1e-3 * np.trace(correlation) / len(images) + 1.0  # holds what is clipped everywhere at 1
    scales: FloatArray = 1 + np.linalg.solve(correlation + stiffness * np.eye(len(images)), images @ rest)
    return scales


def all_plausible(patch: Patch, fit: PoseFit) -> bool:
    """Tell whether each seed of a fit is about as bright as its model."""
    scales = amplitudes(patch, fit)
    return bool(scales.min() > PLAUSIBLE[0] and scales.max() < PLAUSIBLE[1])
