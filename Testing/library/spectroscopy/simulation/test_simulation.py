"""Simulated spectra: what is asked for is in them, and they are not made by the fit's own means."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.digital_patient.spectroscopy import TissueKind, press, simulate_spectrum, tissue_amplitudes
from brachyresponse.spectroscopy import Metabolite
from brachyresponse.spectroscopy.basis import components, echo_lines
from brachyresponse.spectroscopy.basis.spin_system import FIRST_ECHO_MS
from brachyresponse.spectroscopy.preparation import ppm_axis, spectrum_of
from simulated_spectra import disturbed


def spectrum(simulated: object) -> tuple[np.ndarray, np.ndarray]:
    under = simulated.conditions
    return ppm_axis(under.points, under.dwell_time_s, under.transmitter_mhz), spectrum_of(simulated.fid)


@pytest.mark.parametrize("width_hz", [4.0, 8.0])
def test_creatines_line_is_as_wide_as_asked_for(width_hz: float) -> None:
    only = simulate_spectrum({"Cr": 1.0}, snr=1e6, line_width_hz=width_hz, macromolecules=0, points=2048)
    decay = only.fid * np.exp(-2j * np.pi * only.conditions.hz(3.028) * only.conditions.time_s)
    line = np.fft.fftshift(np.fft.fft(decay, 16 * 2048))
    hz = np.fft.fftshift(np.fft.fftfreq(16 * 2048, only.conditions.dwell_time_s))
    near = np.abs(hz) < 40
    real = line.real[near]
    width = np.count_nonzero(real > real.max() / 2) * (hz[1] - hz[0])
    assert width == pytest.approx(width_hz, rel=0.15)  # its T2 varies from voxel to voxel by 15 %


@pytest.mark.parametrize("snr", [10.0, 40.0])
def test_the_noise_is_as_high_as_asked_for(snr: float) -> None:
    simulated = disturbed("white matter", seed=1, snr=snr, water=0, rolling=0, phase_deg=0, delay_s=0)
    ppm, values = spectrum(simulated)
    outside = (ppm < -1) | (ppm > 10)
    assert np.std(values.real[outside]) == pytest.approx(simulated.noise, rel=0.15)  # 480 bins and feet of lines
    highest = values.real[(ppm > 1.8) & (ppm < 3.5)].max()
    assert highest / simulated.noise == pytest.approx(snr, rel=0.3)  # NAA and NAAG are not one line, drift, noise


def test_the_same_seed_gives_the_same_spectrum_and_another_another() -> None:
    first, again, other = (disturbed("tumour", seed=seed).fid for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_lactate_is_upside_down_at_144_ms() -> None:
    for echo_ms, sign in ((144.0, -1), (288.0, 1)):
        only = simulate_spectrum({"Lac": 1.0, "Cr": 1e-9}, snr=1e6, echo_time_ms=echo_ms, macromolecules=0)
        ppm, values = spectrum(only)
        near = values.real[np.abs(ppm - 1.31) < 0.1]
        assert sign * near[np.argmax(np.abs(near))] > 0


def test_macromolecules_have_gone_at_long_echo_times() -> None:
    short, long = (
        simulate_spectrum({"Cr": 1e-9}, snr=1e6, echo_time_ms=echo_ms, macromolecules=1) for echo_ms in (30.0, 288.0)
    )
    assert np.abs(long.fid).max() < 0.01 * np.abs(short.fid).max()


@pytest.mark.parametrize("tissue", TissueKind)
def test_amplitudes_decay_and_tissues_differ_as_the_field_knows_them(tissue: TissueKind) -> None:
    short, long = (tissue_amplitudes(tissue, echo_ms) for echo_ms in (30, 144))
    assert all(long[name] <= short[name] for name in Metabolite)
    white = tissue_amplitudes(TissueKind.WHITE_MATTER, 144)
    if tissue is TissueKind.TUMOUR:
        assert long["Cho"] / long["NAA"] > 5 * white["Cho"] / white["NAA"]
    if tissue is TissueKind.NECROSIS:
        assert long["Lac"] + long["Lip13"] > long["Cho"] + long["Cr"] + long["NAA"]


@pytest.mark.parametrize("name", ["Lac", "NAA aspartyl", "Cho", "Ins", "Glu"])
def test_the_two_simulations_of_coupled_spins_agree_once_their_echoes_do(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = next(each for each in components() if each.name == name).systems[-1]
    time_s = 0.0005 * np.arange(512)
    frame = {"transmitter_mhz": 123.25, "reference_ppm": 4.65, "echo_time_ms": 35.0}
    monkeypatch.setattr(press, "FIRST_ECHO_MS", FIRST_ECHO_MS)
    press._coherences.cache_clear()
    stepped = press.press_signal(system, time_s, **frame)
    press._coherences.cache_clear()
    hz, area = echo_lines(system, **frame)
    of_lines = np.exp(2j * np.pi * np.outer(time_s, hz)) @ area
    np.testing.assert_allclose(stepped, of_lines, atol=0.02 * np.abs(of_lines).max())  # lines put together to 0.02 Hz
