"""Spectra whose truth is known, by other means than those of the fit: another sequence, line shape and background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from brachyresponse.digital_patient.spectroscopy.disturbances import (
    field_shape,
    macromolecules,
    residual_water,
    rolling_baseline,
)
from brachyresponse.digital_patient.spectroscopy.molecules import Sampling, molecules
from brachyresponse.digital_patient.spectroscopy.tables import table
from brachyresponse.spectroscopy.vocabulary import Metabolite
from brachyresponse.types import AnyArray, FloatArray, frozen_array

TALLEST = (Metabolite.CHO, Metabolite.CR, Metabolite.NAA)
"""The SNR is that of the tallest of these."""


@dataclass(frozen=True)
class SpectrumConditions:
    """Under which a spectrum is measured.

    Parameters
    ----------
    snr
        Height of the tallest of Cho, Cr and NAA over the SD of the noise in the real part of the spectrum.
    line_width_hz
        Full width at half height of creatine's line, before the drift.
    echo_time_ms, transmitter_mhz, points, dwell_time_s, reference_ppm
        Of the acquisition.
    shift_hz, phase_deg, delay_s
        The spectrum lies higher, is turned, and its decay begins too late (a phase of order one).
    drift_hz
        Of the field between the first and the last average.
    water
        Area of the residual water against the tallest of Cho, Cr and NAA.
    macromolecules
        Against those of white matter.
    rolling
        Area of a broad background against the tallest.
    """

    snr: float = 20.0
    line_width_hz: float = 5.0
    echo_time_ms: float = 144.0
    transmitter_mhz: float = 123.25
    points: int = 1024
    dwell_time_s: float = 0.0005
    reference_ppm: float = 4.65
    shift_hz: float = 0.0
    phase_deg: float = 0.0
    delay_s: float = 0.0
    drift_hz: float = 0.0
    water: float = 0.0
    macromolecules: float = 1.0
    rolling: float = 0.0

    @property
    def sampling(self) -> Sampling:
        """When and at which frequency the signal is taken."""
        return Sampling(
            self.points,
            self.dwell_time_s,
            self.delay_s,
            self.transmitter_mhz,
            self.reference_ppm,
            self.echo_time_ms,
        )

    @property
    def time_s(self) -> FloatArray:
        """(points,) from the middle of the echo to each point."""
        return self.sampling.time_s

    def hz(self, ppm: float) -> float:
        """Frequency of a chemical shift above the reference."""
        return self.sampling.hz(ppm)


@dataclass(frozen=True, eq=False)
class SimulatedSpectrum:
    """A decay (points,) with its truth: the amplitudes, as :class:`~brachyresponse.spectroscopy.SpectrumFit` has them.

    ``noise`` is the SD in the real part of the spectrum.
    """

    fid: AnyArray
    amplitudes: Mapping[Metabolite, float]
    conditions: SpectrumConditions
    noise: float

    def ratio(self, numerator: str, denominator: str) -> float:
        """Return the true quotient of two amplitudes."""
        return self.amplitudes[Metabolite(numerator)] / self.amplitudes[Metabolite(denominator)]


def simulate_spectrum(amplitudes: Mapping[str, float], *, random_seed: int = 0, **conditions: Any) -> SimulatedSpectrum:
    """Simulate the decay of one voxel.

    Parameters
    ----------
    amplitudes
        Areas of the lines at the echo, by metabolite; those not named are absent.
    random_seed
        Of the noise, the water, the field over the voxel and the spread of the macromolecules.
    conditions
        Fields of :class:`SpectrumConditions`.
    """
    under, random = SpectrumConditions(**conditions), np.random.default_rng(random_seed)
    truth = {name: float(amplitudes.get(name, 0.0)) for name in Metabolite}
    shape = field_shape(under, random)
    tallest = max(truth[name] for name in TALLEST)
    clean = shape * (_metabolites(truth, under, random) + macromolecules(under, random))
    clean = clean + tallest * (under.rolling * rolling_baseline(under, random))
    clean = clean + tallest * under.water * residual_water(under, random)
    drifting = np.sinc(under.drift_hz * under.time_s)
    turned = np.exp(1j * np.deg2rad(under.phase_deg) + 2j * np.pi * under.shift_hz * under.time_s)
    noise = tallest * _height(shape, under) / under.snr
    parts = random.standard_normal((2, under.points)) * noise / np.sqrt(under.points)
    fid = clean * drifting * turned + parts[0] + 1j * parts[1]
    return SimulatedSpectrum(frozen_array(fid, np.complex128), truth, under, float(noise))


def _height(shape: AnyArray, under: SpectrumConditions) -> float:
    """Return the height in the spectrum of a creatine line of area 1."""
    decay = shape * np.exp(-under.time_s * 1000 / table("tissues")["t2_ms"]["Cr"])
    decay[0] *= 0.5
    return float(np.abs(np.fft.fft(decay, 16 * under.points)).max())


def _metabolites(truth: Mapping[Metabolite, float], under: SpectrumConditions, random: np.random.Generator) -> AnyArray:
    """Return the decay of all metabolites in a field without inhomogeneity; T2 and shifts vary from voxel to voxel."""
    figures = table("tissues")
    total = np.zeros(under.points, complex)
    shapes = molecules(under.sampling)
    for name, amplitude in truth.items():
        t2_s = figures["t2_ms"][name] / 1000 * np.exp(figures["t2_spread"] * random.standard_normal())
        shift_hz = figures["shift_spread_ppm"] * under.transmitter_mhz * random.standard_normal()
        total += amplitude * shapes[name] * np.exp((2j * np.pi * shift_hz - 1 / t2_s) * under.time_s)
    return total
