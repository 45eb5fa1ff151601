"""Spectra that cannot be fitted get a sentence that says what to do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import SpectroscopyError
from brachyresponse.spectroscopy import fit_spectrum
from simulated_spectra import ACQUISITION, disturbed, fitted

GOOD = disturbed("white matter", seed=0, snr=30)


def fit(fid: np.ndarray = GOOD.fid, **changes: Any) -> None:
    fit_spectrum(fid, **{**ACQUISITION, "echo_time_ms": 144.0, **changes})


def with_a_nan() -> np.ndarray:
    fid = GOOD.fid.copy()
    fid[100:103] = np.nan
    return fid


@pytest.mark.parametrize(
    ("fid", "sentence"),
    [
        (GOOD.fid.real, "The decay is real, expected complex points"),
        (GOOD.fid[:100], r"The decay has 100 points, expected at least 200 \(0.1 s\): give the whole decay"),
        (GOOD.fid[None], r"The decay has the shape \(1, 1024\), expected \(points,\): give one voxel"),
        (np.zeros(1024, complex), "All points of the decay are zero: leave this voxel out"),
        (with_a_nan(), "3 of 1024 points are not numbers: export the spectrum again"),
        (GOOD.fid.conj(), "the spectrum is conjugated, or its ppm axis is reversed. Pass the complex conjugate"),
    ],
)
def test_a_decay_that_cannot_be_fitted_is_refused(fid: np.ndarray, sentence: str) -> None:
    with pytest.raises(SpectroscopyError, match=sentence):
        fit(fid)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"echo_time_ms": 0}, "The echo time is 0 ms, expected 1 to 2000 ms: give it in milliseconds"),
        ({"echo_time_ms": -30}, "The echo time is -30 ms"),
        ({"echo_time_ms": 0.144}, "The echo time is 0.144 ms"),
        ({"echo_time_ms": float("nan")}, "The echo time is nan ms"),
        ({"transmitter_mhz": 123.25e6}, r"The transmitter frequency is 1.2325e\+08 MHz, expected 20 to 1000 MHz"),
        ({"transmitter_mhz": 0}, "The transmitter frequency is 0 MHz"),
        ({"dwell_time_s": 0.5}, "The dwell time is 0.5 s, expected above 0 and at most 0.005 s"),
        ({"dwell_time_s": -0.0005}, "The dwell time is -0.0005 s"),
        ({"transmitter_mhz": 63.9}, r"lines of metabolites explain \d+% of the spectrum.*check the transmitter"),
        ({"reference_ppm": 3.0}, r"lines of metabolites explain \d+% of the spectrum.*chemical shift of the reference"),
    ],
)
def test_numbers_of_the_acquisition_that_cannot_be_are_refused(changes: dict[str, float], sentence: str) -> None:
    with pytest.raises(SpectroscopyError, match=sentence):
        fit(**changes)


@pytest.mark.parametrize("reference_ppm", [4.6, 4.65, 4.7])
def test_water_at_another_temperature_is_no_error(reference_ppm: float) -> None:
    fit(reference_ppm=reference_ppm)


@pytest.mark.parametrize("tissue", ["white matter", "tumour", "necrosis"])
def test_a_conjugated_spectrum_is_known_in_every_tissue_and_a_right_one_is_not_refused(tissue: str) -> None:
    simulated = disturbed(tissue, seed=1, snr=15)
    fit(simulated.fid)
    with pytest.raises(SpectroscopyError, match="conjugated"):
        fit(simulated.fid.conj())


def test_unsuppressed_water_is_refused_and_badly_suppressed_water_is_not() -> None:
    fit(disturbed("white matter", seed=1, water=40).fid)
    with pytest.raises(SpectroscopyError, match=r"The water is \d+ times as high .* at most 60: it is not suppressed"):
        fit(disturbed("white matter", seed=1, water=1500).fid)


def test_noise_alone_gives_no_ratio() -> None:
    parts = np.random.default_rng(0).standard_normal((2, 1024))
    found = fit_spectrum(parts[0] + 1j * parts[1], **ACQUISITION, echo_time_ms=144.0)
    assert not found.quality.is_good
    assert all(ratio.value is None for ratio in found.ratios.values())


def test_a_frequency_that_is_a_few_percent_wrong_is_seen_by_where_the_lines_lie() -> None:
    wrong = fitted(disturbed("white matter", seed=2, snr=25), transmitter_mhz=127.7)
    assert not wrong.quality.is_good
    assert any("Choline and NAA lie 0.0" in reason and "nearer" in reason for reason in wrong.quality.reasons)
