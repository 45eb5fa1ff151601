"""Signal to concentration: OSIPI's curves, stated values, the way there and back, and what is undefined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import osipi
from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import concentration_to_signal, convert_signal, signal_to_concentration
from osipi import needs_osipi

FILE = "signal_to_concentration/SI2Conc_data.csv"
SCAN = {"tr_s": 0.005, "flip_angle_deg": 15.0, "relaxivity_per_s_per_mmol_l": 4.5}
SATURATED = (1 - np.cos(np.deg2rad(15)) * np.exp(-0.005)) / (1 - np.exp(-0.005))
"""Signal over baseline that an infinite R1 makes at T1 of 1 s: X is 1 there."""


@needs_osipi(FILE)
def test_every_curve_of_osipi_is_within_a_thousandth_of_its_tolerance() -> None:
    for row in osipi.rows(FILE):
        found = signal_to_concentration(
            osipi.curve(row["s"]),
            tr_s=float(row["TR"]),
            flip_angle_deg=float(row["FA"]),
            t10_s=float(row["T1base"]),
            relaxivity_per_s_per_mmol_l=float(row["r1"]),
            baseline=slice(1, int(row["numbaselinepts"])),
        )
        # the same algebra: only rounding may differ
        shares = osipi.CONCENTRATION_MMOL_L.shares(found[1:], osipi.curve(row["conc"])[1:])
        assert shares.max() <= 1e-3


def test_the_stated_signals_belong_to_half_and_one_mmol_l() -> None:
    # computed beside the library: TR 5 ms, 15 degrees, T1 1 s, r1 4.5; not 5.5 at 1 mmol/L, as a linear rise would be
    stated = np.array([1.0, 2.53185, 3.50921])
    np.testing.assert_allclose(concentration_to_signal(np.array([0, 0.5, 1]), t10_s=1.0, **SCAN), stated, atol=5e-6)
    found = signal_to_concentration(stated, t10_s=1.0, baseline=slice(0, 1), **SCAN)
    np.testing.assert_allclose(found, [0, 0.5, 1], atol=1e-5)  # the stated signals have six digits


@given(
    peak=st.floats(0, 8),
    t10_s=st.floats(0.2, 4),
    tr_s=st.floats(0.002, 0.02),
    flip_angle_deg=st.floats(5, 60),
    relaxivity=st.floats(2, 8),
    baseline_signal=st.floats(1e-3, 1e6),
)
def test_concentration_to_signal_and_back_is_the_same(
    peak: float, t10_s: float, tr_s: float, flip_angle_deg: float, relaxivity: float, baseline_signal: float
) -> None:
    scan = {"tr_s": tr_s, "flip_angle_deg": flip_angle_deg, "relaxivity_per_s_per_mmol_l": relaxivity}
    concentration = np.concatenate([np.zeros(4), np.linspace(0, peak, 6)])
    signal = concentration_to_signal(concentration, t10_s=t10_s, baseline_signal=baseline_signal, **scan)
    found = signal_to_concentration(signal, t10_s=t10_s, baseline=slice(0, 4), **scan)
    np.testing.assert_allclose(found, concentration, atol=1e-7)  # rounding, grown by the flat end of the signal's rise


def test_each_curve_may_have_its_own_t1() -> None:
    t10_s = np.array([[0.5, 1.0, 2.0], [0.8, 1.2, 3.0]])
    concentration = np.broadcast_to([0.0, 0.0, 1.0, 0.4], (2, 3, 4))
    signal = concentration_to_signal(concentration, t10_s=t10_s, baseline_signal=np.full((2, 3), 70.0), **SCAN)
    found = signal_to_concentration(signal, t10_s=t10_s, baseline=slice(0, 2), **SCAN)
    assert found.shape == (2, 3, 4)
    np.testing.assert_allclose(found, concentration, atol=1e-9)


def test_brighter_than_any_t1_is_undefined_and_just_below_is_not() -> None:
    signal = np.array([[1.0, 1.0, 0.999999 * SATURATED], [1.0, 1.0, 1.000001 * SATURATED]])
    found = convert_signal(signal, t10_s=1.0, baseline=slice(0, 2), **SCAN)
    assert np.isfinite(found.mmol_l[0]).all()
    assert np.isnan(found.mmol_l[1]).tolist() == [False, False, True]
    assert found.invalid.tolist() == [False, True]


def test_undefined_curves_are_counted_and_never_clipped() -> None:
    signal = np.ones((5, 3))
    signal[1, 2] = 0.0  # no signal needs an infinite T1
    signal[2, 2] = -1.0
    signal[3, :2] = 0.0  # no baseline
    signal[4, 2] = np.nan
    found = convert_signal(signal, t10_s=1.0, baseline=slice(0, 2), **SCAN)
    assert found.invalid.tolist() == [False, True, True, True, True]
    assert found.invalid_count == 4
    assert found.invalid_share == pytest.approx(0.8)
    assert np.isnan(found.mmol_l[3]).all()


def test_a_voxel_without_t1_is_undefined() -> None:
    found = convert_signal(np.ones((3, 4)), t10_s=np.array([1.0, np.nan, -1.0]), baseline=slice(0, 2), **SCAN)
    assert found.invalid.tolist() == [False, True, True]


def test_darker_than_the_baseline_is_a_negative_concentration_not_zero() -> None:
    found = signal_to_concentration(np.array([1.0, 1.0, 0.9]), t10_s=1.0, baseline=slice(0, 2), **SCAN)
    assert found[2] < -0.01


def test_many_curves_in_float32_agree_with_one_in_float64() -> None:
    random = np.random.default_rng(0)
    concentration = np.concatenate([np.zeros((9000, 3)), random.uniform(0, 3, (9000, 5))], axis=1)
    signal = concentration_to_signal(concentration, t10_s=1.2, baseline_signal=500.0, **SCAN).astype(np.float32)
    found = signal_to_concentration(signal, t10_s=1.2, baseline=slice(0, 3), **SCAN)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, concentration, atol=2e-5)  # seven digits of the signal, grown by its flat rise


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"tr_s": 5.0}, "repetition time is 5 s, .* give 0.005 s"),
        ({"flip_angle_deg": 0.0}, "flip angle is 0 degrees"),
        ({"relaxivity_per_s_per_mmol_l": 0.0}, r"relaxivity is 0 L/\(mmol s\)"),
        ({"t10_s": 0.0}, "T1 before contrast is 0 s"),
        ({"t10_s": np.ones(3)}, r"T1 map has shape \(3,\), the signal \(2,\) curves"),
        ({"baseline": slice(4, 9)}, "baseline, frames 4 to 9 of 4, holds no frame"),
    ],
)
def test_what_allows_no_concentration_is_refused(changed: dict[str, object], message: str) -> None:
    settings = {**SCAN, "t10_s": 1.0, "baseline": slice(0, 2), **changed}
    with pytest.raises(PerfusionError, match=message):
        signal_to_concentration(np.ones((2, 4)), **settings)
