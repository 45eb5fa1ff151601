"""The brain round a click: what hangs together with it when the thin bridges through the skull are cut."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.lesions.morphology import distance_mm, fill_enclosed
from brachyresponse.types import AnyArray, BoolArray, IntArray

DARK_SHARE = 0.3
"""Below so much of an enhancing lesion is air, skull, fluid or flowing blood, and above it brain."""
BRIDGE_MM = 4.0
"""Half the thickness of what is cut: veins and dura between brain and scalp."""


def brain_round(values: AnyArray, grid: Grid, start_kji: IntArray, lesion_level: float) -> BoolArray:
    """Return the brain to which a voxel belongs, with the dark it encloses, [k, j, i].

    Parameters
    ----------
    values
        [k, j, i]; head MRI, any part of it.
    start_kji
        Voxel in the brain.
    lesion_level
        Value of an enhancing lesion in it.
    """
    from scipy.ndimage import label

    tissue = values > DARK_SHARE * lesion_level
    tissue = fill_enclosed(tissue, grid)  # a necrotic core and ventricles are brain
    core = distance_mm(~tissue, grid, BRIDGE_MM) > BRIDGE_MM
    parts, count = label(core)
    if count == 0:
        return tissue
    kji = np.argwhere(core)
    away = np.sum(((kji - start_kji) * grid.spacing_ijk_mm[::-1]) ** 2, axis=1)
    brain = parts == parts[tuple(kji[np.argmin(away)])]
    voxel_mm = float(grid.spacing_ijk_mm.min())
    grown: BoolArray = tissue & (distance_mm(brain, grid, BRIDGE_MM) <= BRIDGE_MM + voxel_mm)
    return grown
