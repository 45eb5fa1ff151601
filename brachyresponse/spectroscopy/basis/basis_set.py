"""The decays of all components at an acquisition's echo time, before any line broadening."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from brachyresponse.spectroscopy.basis.components import Component, components
from brachyresponse.spectroscopy.basis.spin_system import echo_lines
from brachyresponse.types import AnyArray, FloatArray

_TO_ZERO = np.pi**2 / (4 * np.log(2))
"""A Gaussian line of full width w at half height decays as exp(-this w^2 t^2)."""


@dataclass(frozen=True)
class Acquisition:
    """What decides how a metabolite's decay looks."""

    points: int
    dwell_time_s: float
    transmitter_mhz: float
    echo_time_ms: float
    reference_ppm: float = 4.65

    @property
    def time_s(self) -> FloatArray:
        """(points,) from the middle of the echo."""
        return np.asarray(self.dwell_time_s * np.arange(self.points), np.float64)

    @property
    def ppm(self) -> FloatArray:
        """(points,) of the spectrum, rising: that of ``fftshift(fft(fid))``."""
        hz = np.fft.fftshift(np.fft.fftfreq(self.points, self.dwell_time_s))
        return self.reference_ppm + hz / self.transmitter_mhz

    def hz(self, ppm: float) -> float:
        """Frequency of a chemical shift above the reference."""
        return (ppm - self.reference_ppm) * self.transmitter_mhz


@dataclass(frozen=True, eq=False)
class Basis:
    """Components with their decays, complex (components, points); the area of a line is its value at time 0."""

    acquisition: Acquisition
    components: tuple[Component, ...]
    decays: AnyArray


@lru_cache(maxsize=8)
def basis(acquisition: Acquisition) -> Basis:
    """Return the components that are fitted at this echo time, simulated once for each acquisition."""
    decays = np.stack([_decay(component, acquisition) for component in components()])
    decays.setflags(write=False)
    return Basis(acquisition, components(), decays)


def _decay(component: Component, acquisition: Acquisition) -> AnyArray:
    time_s = acquisition.time_s
    decay = np.zeros(acquisition.points, complex)
    for system in component.systems:
        hz, area = echo_lines(
            system,
            transmitter_mhz=acquisition.transmitter_mhz,
            reference_ppm=acquisition.reference_ppm,
            echo_time_ms=acquisition.echo_time_ms,
        )
        decay += area @ np.exp(2j * np.pi * np.outer(hz, time_s)) / component.area_protons
    for line in component.gaussians:
        width_hz = line.width_ppm * acquisition.transmitter_mhz
        turning = np.exp(2j * np.pi * acquisition.hz(line.shift_ppm) * time_s)
        decay += line.area * turning * np.exp(-_TO_ZERO * (width_hz * time_s) ** 2)
    return decay * np.exp(-1000 * time_s / component.t2_ms)
