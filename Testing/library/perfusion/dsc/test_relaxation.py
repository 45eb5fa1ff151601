"""From the DSC signal to dR2*, its recovery and its fall."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dsc import (
    find_bolus,
    relative_peak_height,
    relaxation_rate_change,
    saturated_voxels,
    signal_recovery,
)
from dsc_curves import brain_curve

TIME_S = 1.5 * np.arange(60)
TE_S = 0.03
BASELINE = slice(0, 13)
CURVE = brain_curve(TIME_S)
SIGNAL = 800 * np.exp(-TE_S * CURVE)
BOLUS = find_bolus(SIGNAL, TIME_S, "dsc")


@given(s0=st.floats(1, 1e4), te_s=st.floats(0.005, 0.1))
def test_the_change_of_relaxation_is_recovered_at_any_scale(s0: float, te_s: float) -> None:
    signal = s0 * np.exp(-te_s * CURVE)
    np.testing.assert_allclose(relaxation_rate_change(signal, te_s, BASELINE), CURVE, atol=1e-9 / te_s)


def test_single_precision_stays_and_integers_become_it() -> None:
    signal = np.rint(SIGNAL)
    for dtype in (np.float32, np.int16, np.uint16):
        change = relaxation_rate_change(signal.astype(dtype), TE_S, BASELINE)
        assert change.dtype == np.float32
        np.testing.assert_allclose(change, CURVE, atol=0.1)  # whole numbers of 800


def test_what_is_not_defined_is_not_a_number_and_nothing_is_clipped() -> None:
    signals = np.tile(SIGNAL, (5, 1))
    signals[1, 20] = 0
    signals[2, 21] = -3
    signals[3, :13] = -1
    signals[4, 25] = np.nan
    change = relaxation_rate_change(signals, TE_S, BASELINE)
    assert np.isfinite(change[0]).all()
    for voxel, frame in ((1, 20), (2, 21), (4, 25)):
        assert np.flatnonzero(np.isnan(change[voxel])).tolist() == [frame]
    assert np.isnan(change[3]).all()
    assert signals[1, 20] == 0  # the input is left as it was


@pytest.mark.parametrize("te_s", [0.0, -0.03, 30.0, float("nan")])
def test_an_echo_time_in_milliseconds_is_refused(te_s: float) -> None:
    with pytest.raises(PerfusionError, match="give it in seconds, as 0.03 for 30 ms"):  # noqa: RUF043 - a sentence
        relaxation_rate_change(SIGNAL, te_s, BASELINE)


def test_a_baseline_without_frames_is_refused() -> None:
    with pytest.raises(PerfusionError, match="frames 70 to 80, has no frame of 60"):
        relaxation_rate_change(SIGNAL, TE_S, slice(70, 80))


def test_voxels_at_the_noise_are_saturated() -> None:
    signals = np.stack([SIGNAL, SIGNAL - SIGNAL.min() + 12, np.full(60, np.nan)])
    signals[2, 0] = 500
    np.testing.assert_array_equal(saturated_voxels(signals, noise_sd=5.0), [False, True, False])


@pytest.mark.parametrize(("late", "percent"), [(800, 100.0), (700, 80.0), (900, 120.0)])
def test_recovery_is_the_share_of_the_fall_that_comes_back(late: float, percent: float) -> None:
    signal = np.where(TIME_S < 20, 800.0, late)
    signal[BOLUS.peak_frame] = 300.0
    assert signal_recovery(signal, BASELINE, BOLUS) == pytest.approx(percent, rel=1e-6)


def test_a_voxel_that_hardly_falls_has_no_recovery() -> None:
    signals = np.stack([SIGNAL, np.full(60, 800.0), np.full(60, -1.0), np.full(60, np.nan)])
    recovery = signal_recovery(signals, BASELINE, BOLUS)
    assert recovery[0] == pytest.approx(90, abs=8)
    assert np.isnan(recovery[1:]).all()


def test_peak_height_is_relative_to_white_matter() -> None:
    lesion = 800 - 2 * (800 - SIGNAL)
    heights = relative_peak_height(np.stack([SIGNAL, lesion]), BASELINE, BOLUS, reference=np.stack([SIGNAL, SIGNAL]))
    np.testing.assert_allclose(heights, [1.0, 2.0], rtol=1e-6)


def test_a_series_that_ends_too_early_and_a_flat_reference_are_refused() -> None:
    ends = slice(0, BOLUS.end_frame + 1)
    with pytest.raises(PerfusionError, match="ends with the first pass of the bolus"):
        signal_recovery(SIGNAL[ends], BASELINE, BOLUS)
    with pytest.raises(PerfusionError, match="does not fall with the bolus"):
        relative_peak_height(SIGNAL, BASELINE, BOLUS, reference=np.full((3, 60), 800.0))
