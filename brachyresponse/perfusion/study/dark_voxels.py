"""Voxels too dark before the bolus to be blood."""

from __future__ import annotations

import numpy as np

from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.types import AnyArray, BoolArray

DARK_SHARE = 0.6
"""Of the median tissue's signal. Arterial blood has 0.7 of it in DCE and 1.4 in DSC of the digital patient, and inflow
makes it brighter; a convention of this software."""


def dark_voxels(signal: AnyArray, baseline: slice) -> BoolArray:
    """Return which voxels (N,) hold air, bone or a void for a large part, by their signal (N, T) before the bolus.

    What little vessel such a voxel holds makes a high curve over a low baseline, above all where motion was corrected
    by interpolation.
    """
    before = np.concatenate([signal[rows, baseline].mean(axis=1) for rows in row_blocks(len(signal))])
    dark: BoolArray = ~(before >= DARK_SHARE * np.nanmedian(before))
    return dark
