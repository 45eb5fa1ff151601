"""Ratios of a grid of voxels as images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.geometry import Grid, Volume
from brachyresponse.spectroscopy.study.ratio_facts import ratio_facts
from brachyresponse.spectroscopy.study.record import VoxelEntry
from brachyresponse.spectroscopy.vocabulary import RatioName

NO_VALUE = 0.0
"""What a voxel holds whose ratio is not evaluable: a ratio that was measured is above 0."""


def ratio_map(voxels: Sequence[VoxelEntry], grid: Grid, ratio: RatioName | str) -> Volume:
    """Return a ratio on the grid of the spectra, [k, j, i]; 0 where it is not evaluable."""
    name = RatioName(ratio)
    values = np.full(grid.shape_kji, NO_VALUE, np.float32)
    for each in voxels:
        found = each.ratio(name)
        if found is not None and found.value is not None:
            values[each.k, each.j, each.i] = found.value
    return Volume(ratio_facts()[name].label, values, grid, "1")
