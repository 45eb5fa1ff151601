"""Which voxels are too dark before the bolus to be blood."""

from __future__ import annotations

import numpy as np

from brachyresponse.perfusion.study.dark_voxels import DARK_SHARE, dark_voxels


def test_voxels_well_below_the_median_before_the_bolus_are_dark_whatever_they_do_later() -> None:
    signal = np.full((5, 8), 100.0, np.float32)
    signal[3, :4], signal[4, :4] = DARK_SHARE * 100 - 1, DARK_SHARE * 100 + 1
    signal[:, 4:] = 900.0
    assert dark_voxels(signal, slice(0, 4)).tolist() == [False, False, False, True, False]


def test_a_voxel_without_a_baseline_is_dark() -> None:
    signal = np.ones((4, 6), np.float32)
    signal[1, 2] = np.nan
    assert dark_voxels(signal, slice(0, 4)).tolist() == [False, True, False, False]
