"""Coupled spins through the echo, beside what textbooks say of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.spectroscopy.basis import SpinSystem, components, echo_lines

MHZ, REFERENCE_PPM = 123.25, 4.65
LACTATE = next(each for each in components() if each.name == "Lac").systems[0]
J_HZ = 6.933


def lines(system: SpinSystem, echo_time_ms: float) -> tuple[np.ndarray, np.ndarray]:
    return echo_lines(system, transmitter_mhz=MHZ, reference_ppm=REFERENCE_PPM, echo_time_ms=echo_time_ms)


def methyl(echo_time_ms: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the lines of lactate's doublet."""
    hz, area = lines(LACTATE, echo_time_ms)
    doublet = np.abs(hz - (1.3142 - REFERENCE_PPM) * MHZ) < 10
    return hz[doublet], area[doublet]


@settings(max_examples=20)
@given(ppm=st.floats(0.5, 8), protons=st.integers(1, 9), echo_time_ms=st.floats(1, 500))
def test_an_uncoupled_line_is_where_its_shift_puts_it_and_counts_its_protons(
    ppm: float, protons: int, echo_time_ms: float
) -> None:
    hz, area = lines(SpinSystem((ppm,), protons=protons), echo_time_ms)
    assert hz == pytest.approx([(ppm - REFERENCE_PPM) * MHZ])
    np.testing.assert_allclose(area, [protons], atol=1e-9)  # rounding of the propagators


@pytest.mark.parametrize(("echo_time_ms", "upright"), [(144, -1), (288, 1), (72, 0), (36, np.sqrt(0.5))])
def test_lactates_doublet_turns_with_the_echo_time(echo_time_ms: float, upright: float) -> None:
    _, area = methyl(echo_time_ms)
    assert area.sum().real == pytest.approx(3 * upright, abs=0.06)  # 144 ms is 1/J within 0.2 %
    assert area.sum().real == pytest.approx(
        3 * np.cos(np.pi * J_HZ * echo_time_ms / 1000), abs=0.06
    )  # J is 2 % of the distance


def test_lactates_doublet_is_split_by_its_coupling() -> None:
    hz, area = methyl(144)
    high, low = (np.average(hz[part], weights=np.abs(area[part])) for part in (hz > hz.mean(), hz < hz.mean()))
    assert high - low == pytest.approx(J_HZ, abs=0.1)  # the outer lines roof a little
    assert (high + low) / 2 == pytest.approx((1.3142 - REFERENCE_PPM) * MHZ, abs=0.1)


@pytest.mark.parametrize("apart_hz", [5.0, 20.0, 200.0])
def test_two_strongly_coupled_protons_make_the_textbooks_quartet(apart_hz: float) -> None:
    j_hz = 10.0
    half_ppm = apart_hz / MHZ / 2
    hz, area = lines(SpinSystem((4.65 + half_ppm, 4.65 - half_ppm), ((0, 1, j_hz),)), 1e-6)
    root = np.hypot(apart_hz, j_hz)
    expected = sorted([(s * root + t * j_hz) / 2 for s in (1, -1) for t in (1, -1)])
    np.testing.assert_allclose(hz, expected, atol=0.02)  # lines nearer than 0.02 Hz are one
    inner, outer = (1 + j_hz / root) / 2, (1 - j_hz / root) / 2
    np.testing.assert_allclose(area.real, [outer, inner, inner, outer], atol=1e-4)


def test_phosphorus_splits_a_proton_and_is_refocused() -> None:
    hz, area = lines(SpinSystem((3.0, None), ((0, 1, 6.0),)), 90)
    np.testing.assert_allclose(np.diff(hz), [6.0], atol=1e-6)
    np.testing.assert_allclose(area, [0.5, 0.5], atol=1e-9)  # both upright at any echo time


def test_no_proton_is_lost_without_an_echo() -> None:
    for component in components():
        for system in component.systems:
            protons = system.protons * sum(shift is not None for shift in system.shifts_ppm)
            assert lines(system, 1e-6)[1].sum().real == pytest.approx(
                protons, rel=1e-3
            )  # lines below 1e-6 are left out
