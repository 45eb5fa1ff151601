"""The bolus in a mean curve: baseline, arrival between frames, peak and end, or why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif import parker_aif
from brachyresponse.perfusion.dsc import Bolus, find_bolus
from brachyresponse.perfusion.dsc.bolus import noise_of
from dsc_curves import brain_curve, gamma_bolus

TIME_S = 1.5 * np.arange(80)
TE_S = 0.03


def signal_of(delta_r2s: np.ndarray, noise: float = 0.0) -> np.ndarray:
    return 1000 * np.exp(-TE_S * delta_r2s) + np.random.default_rng(0).normal(scale=noise, size=len(delta_r2s))


def test_a_falling_signal_gives_baseline_arrival_peak_and_end() -> None:
    bolus = find_bolus(signal_of(brain_curve(TIME_S), noise=2), TIME_S, "dsc")
    assert bolus.baseline == slice(0, 14)
    assert bolus.arrival_s == pytest.approx(20.5, abs=1.5)  # a gamma variate leaves its baseline softly
    assert bolus.peak_s == pytest.approx(24.5, abs=0.8)
    assert 32 < bolus.end_s < 45
    assert bolus.first_pass == slice(14, bolus.end_frame + 1)
    assert bolus.warnings == ()
    assert "after 14 baseline frames" in bolus.sentence


@given(arrival_s=st.floats(10, 60), step_s=st.floats(1, 4))
def test_the_arrival_of_a_rising_curve_is_found_between_frames(arrival_s: float, step_s: float) -> None:
    time_s = step_s * np.arange(int(150 / step_s))
    bolus = find_bolus(parker_aif(time_s, arrival_s=arrival_s), time_s, "dce")
    assert bolus.arrival_s == pytest.approx(arrival_s, abs=step_s)  # Parker starts softly


@given(arrival_s=st.floats(6, 60), slope=st.floats(0.1, 10))
def test_the_arrival_of_a_straight_rise_is_found_to_a_tenth_of_a_frame(arrival_s: float, slope: float) -> None:
    rise = slope * np.clip(TIME_S - arrival_s, 0, 10)
    bolus = find_bolus(rise - rise.max() * np.clip((TIME_S - arrival_s - 10) / 20, 0, 0.9), TIME_S, "dce")
    assert bolus.arrival_s == pytest.approx(arrival_s, abs=0.15)


def test_the_baseline_ends_before_the_arrival_and_uneven_times_are_heeded() -> None:
    time_s = np.concatenate([[0, 5, 11, 14], 20 + 1.5 * np.arange(60)])
    bolus = find_bolus(parker_aif(time_s, arrival_s=27.3), time_s, "dce")
    assert bolus.arrival_s == pytest.approx(27.3, abs=0.8)
    assert (time_s[bolus.baseline] <= bolus.arrival_s).all()
    assert time_s[bolus.baseline.stop] > bolus.arrival_s - 1e-6


@pytest.mark.parametrize("kind", ["dce", "dsc"])
def test_frames_before_the_steady_state_are_left_out_and_said(kind: str) -> None:
    curve = parker_aif(TIME_S, arrival_s=20.0) if kind == "dce" else signal_of(brain_curve(TIME_S))
    curve = curve + np.random.default_rng(0).normal(scale=0.002 * np.ptp(curve), size=len(curve))
    curve[:2] += np.ptp(curve) * np.array([2.0, 0.3])
    bolus = find_bolus(curve, TIME_S, kind)
    assert bolus.baseline.start == 2
    assert "The first 2 frames are left out" in bolus.warnings[0]


def test_a_short_baseline_and_an_open_end_are_said() -> None:
    short = find_bolus(parker_aif(TIME_S, arrival_s=4.5), TIME_S, "dce")
    assert any("baseline has only 3 frames" in each for each in short.warnings)
    rising = 1 - np.exp(-np.maximum(TIME_S - 30, 0) / 30)
    assert any("highest in the last frame" in each for each in find_bolus(rising, TIME_S, "dce").warnings)
    plateau = np.maximum(gamma_bolus(TIME_S, 30), 0.8 * (TIME_S > 34))
    assert any("The first pass does not end" in each for each in find_bolus(plateau, TIME_S, "dce").warnings)


@pytest.mark.parametrize("kind", ["dce", "dsc"])
@pytest.mark.parametrize("curve", [np.full(80, 7.0), np.zeros(80), np.random.default_rng(3).normal(size=80)])
def test_a_curve_without_a_bolus_is_refused(curve: np.ndarray, kind: str) -> None:
    with pytest.raises(PerfusionError, match="The curve has no bolus: it does not rise above its noise"):
        find_bolus(curve, TIME_S, kind)


@pytest.mark.parametrize("missed_s", [6.0, 12.0, 40.0])
@pytest.mark.parametrize("kind", ["dce", "dsc"])
def test_a_bolus_before_the_first_frame_is_refused(missed_s: float, kind: str) -> None:
    blood = parker_aif(TIME_S + missed_s)
    noise = np.random.default_rng(0).normal(scale=0.01, size=80)
    with pytest.raises(PerfusionError, match="before the first frame"):
        find_bolus(blood + noise if kind == "dce" else signal_of(5 * (blood + noise)), TIME_S, kind)


def test_a_drift_and_a_curve_that_goes_the_other_way_are_refused() -> None:
    drift = np.linspace(5, 9, 80) + np.random.default_rng(0).normal(scale=0.05, size=80)
    with pytest.raises(PerfusionError, match="it drifts from the first frame to the last"):
        find_bolus(drift, TIME_S, "dce")
    with pytest.raises(PerfusionError, match="bolus"):
        find_bolus(signal_of(parker_aif(TIME_S + 12)), TIME_S, "dce")


def test_curves_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(PerfusionError, match="not defined at 1 of 80 frames"):
        find_bolus(np.where(TIME_S == 30, np.nan, 1.0), TIME_S, "dce")
    with pytest.raises(PerfusionError, match="give one value a frame"):
        find_bolus(np.ones(7), TIME_S, "dce")
    with pytest.raises(PerfusionError, match="cannot be found in fewer than 5"):
        find_bolus(np.ones(3), TIME_S[:3], "dce")


def test_the_noise_of_a_curve_does_not_see_its_bolus() -> None:
    noise = np.random.default_rng(0).normal(scale=0.2, size=(200, 80))
    assert noise_of(noise + brain_curve(TIME_S)).mean() == pytest.approx(0.2, rel=0.15)


def test_a_bolus_says_what_it_is() -> None:
    bolus = Bolus(slice(2, 12), 18.25, 25.0, 40.0, 16, 26, 30.0)
    assert bolus.baseline_frames == 10
    assert bolus.sentence.startswith("The bolus arrives at 18.2 s, after 10 baseline frames, peaks at 25.0 s")
