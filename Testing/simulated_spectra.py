"""Simulated spectra and their fits, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from brachyresponse.digital_patient.spectroscopy import SimulatedSpectrum, simulate_spectrum, tissue_amplitudes
from brachyresponse.spectroscopy import SpectrumFit, fit_spectrum

ACQUISITION = {"dwell_time_s": 0.0005, "transmitter_mhz": 123.25}
POINTS = 1024


def fitted(simulated: SimulatedSpectrum, **changes: Any) -> SpectrumFit:
    """Fit a simulated spectrum as it was measured, but for ``changes``."""
    under = simulated.conditions
    acquisition = {
        "dwell_time_s": under.dwell_time_s,
        "transmitter_mhz": under.transmitter_mhz,
        "echo_time_ms": under.echo_time_ms,
        "reference_ppm": under.reference_ppm,
    }
    return fit_spectrum(simulated.fid, **{**acquisition, **changes})


def disturbed(tissue: str, *, seed: int, echo_time_ms: float = 144, **conditions: Any) -> SimulatedSpectrum:
    """Simulate a tissue with drift, phase error, shift, residual water and a rolling background, all by the seed."""
    random = np.random.default_rng(1000 + seed)
    disturbances = {
        "shift_hz": random.uniform(-8, 8),
        "phase_deg": random.uniform(-180, 180),
        "delay_s": random.normal(0, 5e-5),
        "drift_hz": 3.0,
        "water": random.uniform(0, 10),
        "rolling": random.uniform(0, 1),
    }
    return simulate_spectrum(
        tissue_amplitudes(tissue, echo_time_ms),
        random_seed=seed,
        echo_time_ms=echo_time_ms,
        **{**disturbances, **conditions},
    )


def line(ppm: float, area: float, width_hz: float = 5.0) -> np.ndarray:
    """Return a Lorentzian line's decay, made by the formula alone."""
    time_s = ACQUISITION["dwell_time_s"] * np.arange(POINTS)
    return area * np.exp((2j * np.pi * (ppm - 4.65) * ACQUISITION["transmitter_mhz"] - np.pi * width_hz) * time_s)
