"""The decays of the metabolites as a scanner would see them without relaxation, noise or a field that varies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from brachyresponse.digital_patient.spectroscopy.press import press_signal
from brachyresponse.digital_patient.spectroscopy.tables import table
from brachyresponse.spectroscopy.basis import components
from brachyresponse.spectroscopy.vocabulary import Metabolite
from brachyresponse.types import AnyArray, FloatArray

GLUTAMATE = 0.75
"""Share of glutamate in Glx; the rest is glutamine."""


@dataclass(frozen=True)
class Sampling:
    """When and at which frequency the signal is taken."""

    points: int
    dwell_time_s: float
    delay_s: float
    transmitter_mhz: float
    reference_ppm: float
    echo_time_ms: float

    @property
    def time_s(self) -> FloatArray:
        """(points,) from the middle of the echo to each point."""
        return np.asarray(self.delay_s + self.dwell_time_s * np.arange(self.points), np.float64)

    def hz(self, ppm: float) -> float:
        """Frequency of a chemical shift above the reference."""
        return (ppm - self.reference_ppm) * self.transmitter_mhz

    def tone(self, ppm: float) -> AnyArray:
        """Return a line (points,) of area 1 that does not decay."""
        return np.asarray(np.exp(2j * np.pi * self.hz(ppm) * self.time_s))


@lru_cache(maxsize=8)
def molecules(sampling: Sampling) -> dict[Metabolite, AnyArray]:
    """Return the decay (points,) of each metabolite whose line has the area 1."""
    share = table("disturbances")["unlisted"]["Cr CH2 share"]
    return {
        Metabolite.CHO: _singlets("Cho", sampling) + _coupled("Cho", sampling),
        Metabolite.CR: _singlets("Cr", sampling) + share * _singlets("Cr CH2", sampling),
        Metabolite.NAA: _singlets("NAA", sampling) + _coupled("NAA aspartyl", sampling),
        Metabolite.LAC: _coupled("Lac", sampling),
        Metabolite.INS: _coupled("Ins", sampling),
        Metabolite.GLX: GLUTAMATE * _coupled("Glu", sampling) + (1 - GLUTAMATE) * _coupled("Gln", sampling),
        Metabolite.LIP13: _lipid("Lip13", sampling),
        Metabolite.LIP09: _lipid("Lip09", sampling),
    }


def _coupled(name: str, sampling: Sampling) -> AnyArray:
    """Return the coupled spins of a component; the published shifts are shared with the fit, the sequence is not."""
    component = next(each for each in components() if each.name == name)
    coupled = [system for system in component.systems if len(system.shifts_ppm) > 1]
    signals = [
        press_signal(
            system,
            sampling.time_s,
            transmitter_mhz=sampling.transmitter_mhz,
            reference_ppm=sampling.reference_ppm,
            echo_time_ms=sampling.echo_time_ms,
        )
        for system in coupled
    ]
    return np.asarray(np.sum(signals, axis=0) / component.area_protons)


def _singlets(name: str, sampling: Sampling) -> AnyArray:
    lines = table("disturbances")["unlisted"][name]
    return np.asarray(np.sum([line["share"] * sampling.tone(line["ppm"]) for line in lines], axis=0))


def _lipid(name: str, sampling: Sampling) -> AnyArray:
    """Return broad lines that are neither Gaussian nor Lorentzian."""
    lines = table("disturbances")["lipids"][name]
    decays = [np.exp(-(np.abs(np.pi * line["width_hz"] * sampling.time_s) ** 1.6) / 2.2) for line in lines]
    tones = [line["share"] * sampling.tone(line["ppm"]) for line in lines]
    return np.asarray(np.sum(np.array(tones) * np.array(decays), axis=0))
