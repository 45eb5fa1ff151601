"""What is done to a decay before and beside the fit."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.spectroscopy.preparation import (
    apodise,
    noise_of,
    ppm_axis,
    remove_water,
    shift_frequency,
    spectrum_of,
    turn_phase,
)
from simulated_spectra import ACQUISITION, POINTS, disturbed, fitted, line

DWELL_S, MHZ = ACQUISITION["dwell_time_s"], ACQUISITION["transmitter_mhz"]
PPM = ppm_axis(POINTS, DWELL_S, MHZ)


def width_hz(fid: np.ndarray) -> float:
    spectrum = np.fft.fft(fid, 32 * POINTS).real
    return float(np.count_nonzero(spectrum > spectrum.max() / 2) / (32 * POINTS * DWELL_S))


def noise(seed: int, sd: float = 1.0) -> np.ndarray:
    """Return a decay of noise whose spectrum has this SD in its real part."""
    parts = np.random.default_rng(seed).standard_normal((2, POINTS)) * sd / np.sqrt(POINTS)
    return parts[0] + 1j * parts[1]


@pytest.mark.parametrize("ppm", [0.9, 2.01, 3.21, 6.0])
def test_a_line_stands_at_its_chemical_shift(ppm: float) -> None:
    assert PPM[np.argmax(spectrum_of(line(ppm, 1.0)).real)] == pytest.approx(ppm, abs=0.009)  # half a bin
    assert (np.diff(PPM) > 0).all()


@pytest.mark.parametrize(("kind", "expected_hz"), [("lorentz_hz", 9.0), ("gauss_hz", 7.30)])
def test_apodisation_widens_a_line_by_what_it_says(kind: str, expected_hz: float) -> None:
    wider = apodise(line(2.01, 1.0), DWELL_S, **{kind: 4.0})
    # a Lorentzian adds up; a Voigt of 5 and 4 Hz is 0.5346 * 5 + sqrt(0.2166 * 25 + 16) Hz wide
    assert width_hz(wider) == pytest.approx(expected_hz, abs=0.15)  # a sample is 0.06 Hz


def test_phase_and_frequency_are_changed_and_changed_back() -> None:
    fid = line(2.01, 1.0)
    np.testing.assert_allclose(turn_phase(turn_phase(fid, 70), -70), fid, atol=1e-12)
    moved = shift_frequency(fid, DWELL_S, 0.5 * MHZ)
    assert PPM[np.argmax(spectrum_of(moved).real)] == pytest.approx(2.51, abs=0.009)
    np.testing.assert_allclose(shift_frequency(moved, DWELL_S, -0.5 * MHZ), fid, atol=1e-12)


def test_the_foot_of_a_line_is_at_zero() -> None:
    far = np.abs(PPM - 2.01) > 4
    spectrum = spectrum_of(line(2.01, 1.0)).real
    assert np.abs(spectrum[far]).max() < 1e-3 * spectrum.max()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("signal", [0.0, 3.0])
def test_the_noise_is_found_with_and_without_lines(seed: int, signal: float) -> None:
    lines = signal * (line(2.01, 1.0, 4) + line(1.3, 4.0, 20))
    assert noise_of(lines + noise(seed)) == pytest.approx(1, rel=0.2)  # medians of some 130 and 200 values


def test_residual_water_is_taken_away_and_the_metabolites_stay() -> None:
    metabolites = line(3.21, 1.0) + line(3.03, 0.8) + line(2.01, 1.5)
    water = line(4.68, 30.0, 6) * np.exp(0.7j) + line(4.60, -20.0, 9) + line(4.75, 10, 14)
    left = spectrum_of(remove_water(metabolites + water + noise(0), DWELL_S, MHZ))
    window = (PPM > 0.5) & (PPM < 4.0)
    changed = np.abs(left - spectrum_of(metabolites + noise(0)))[window]
    assert changed.max() < 3  # three times the noise; the water is 4000 times
    assert np.sqrt(np.mean(changed**2)) < 1.5


def test_without_water_nothing_is_taken_away() -> None:
    fid = line(3.21, 1.0) + line(2.01, 1.5)
    np.testing.assert_allclose(remove_water(fid, DWELL_S, MHZ), fid, atol=0.01)


@pytest.mark.parametrize("seed", [15, 55, 80])
def test_no_seed_of_water_noise_and_metabolites_leaves_a_tail(seed: int) -> None:
    with_water, without = (disturbed("tumour", seed=seed, snr=40, line_width_hz=8, water=w) for w in (5.0, 0.0))
    left = spectrum_of(remove_water(with_water.fid, DWELL_S, MHZ)) - spectrum_of(without.fid)
    assert np.abs(left[(PPM > 0.5) & (PPM < 3.6)]).max() < 5 * without.noise  # and it is smooth


def test_noise_alone_has_no_water() -> None:
    np.testing.assert_array_equal(remove_water(np.zeros(512, complex), DWELL_S, MHZ), 0)


def test_water_of_forty_times_the_metabolites_changes_no_amplitude() -> None:
    little, much = (fitted(disturbed("tumour", seed=2, water=water)) for water in (0.0, 40.0))
    for name in ("Cho", "Cr"):
        assert much.amplitude[name] == pytest.approx(little.amplitude[name], rel=0.05)  # a third of the bound or less
