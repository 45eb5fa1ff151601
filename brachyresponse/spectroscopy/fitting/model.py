"""The spectrum that a set of parameters makes of the basis, and how it changes with each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.spectroscopy.basis import Basis
from brachyresponse.spectroscopy.fitting.baseline import Baseline, smooth_baseline
from brachyresponse.spectroscopy.fitting.parameters import (
    DELAY,
    GAUSS,
    LORENTZ,
    PHASE,
    SHIFT,
    Parameters,
    parameters_of,
)
from brachyresponse.spectroscopy.fitting.settings import FitSettings
from brachyresponse.types import AnyArray, FloatArray

TO_ZERO = np.pi**2 / (4 * np.log(2))
"""A Gaussian line of full width w at half height decays as exp(-this w^2 t^2)."""


@dataclass(frozen=True, eq=False)
class SpectrumModel:
    """Lines of a basis in a window of the spectrum: what is the same for every voxel of an acquisition."""

    basis: Basis
    settings: FitSettings

    @cached_property
    def window(self) -> slice:
        """Bins that are fitted."""
        low, high = np.searchsorted(self.basis.acquisition.ppm, self.settings.window_ppm)
        return slice(int(low), int(high))

    @cached_property
    def hz(self) -> FloatArray:
        """(B,) of the bins, above the middle of the window: a delay then leaves the phase there as it is."""
        acquisition = self.basis.acquisition
        return (acquisition.ppm[self.window] - np.mean(self.settings.window_ppm)) * acquisition.transmitter_mhz

    @cached_property
    def parameters(self) -> Parameters:
        """Bounds and priors."""
        limit_hz = self.settings.shift_limit_ppm * self.basis.acquisition.transmitter_mhz
        return parameters_of(self.basis, limit_hz)

    @cached_property
    def baseline(self) -> Baseline:
        """What is smooth."""
        return smooth_baseline(self.basis.acquisition.ppm, self.window, self.settings.knot_spacing_ppm)

    def spectrum(self, decays: AnyArray) -> AnyArray:
        """Return the fitted bins (..., B) of decays (..., points); their first point counts half, as a spectrum's."""
        halved = np.array(decays, complex)
        halved[..., 0] *= 0.5
        return np.asarray(np.fft.fftshift(np.fft.fft(halved, axis=-1), axes=-1)[..., self.window])

    def turned(self, spectrum: AnyArray, values: FloatArray) -> AnyArray:
        """Return a spectrum (B,) with phase and delay taken away."""
        return spectrum * np.exp(-1j * (values[PHASE] + 2 * np.pi * self.hz * values[DELAY]))

    def lines(self, values: FloatArray) -> AnyArray:
        """Return the components (K, B) as they are broadened and shifted."""
        return self.spectrum(self.broadened(values))

    def broadened(self, values: FloatArray) -> AnyArray:
        """Return the decays (K, points) as they are broadened and shifted."""
        time_s, own = self.basis.acquisition.time_s, self.parameters
        rate = 2j * np.pi * values[SHIFT] - np.pi * values[LORENTZ]
        decays = self.basis.decays * np.exp(rate * time_s - TO_ZERO * (values[GAUSS] * time_s) ** 2)
        own_rate = 2j * np.pi * values[own.own_shifts()] - np.pi * values[own.own_widths()]
        decays[own.movers] *= np.exp(np.outer(own_rate, time_s))
        return decays

    def lines_and_slopes(self, values: FloatArray) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
        """Return the components (K, B) and their slopes along shift, Lorentzian and Gaussian width."""
        time_s, decays = self.basis.acquisition.time_s, self.broadened(values)
        ramped = decays * time_s
        bent = ramped * time_s
        lines, ramp, bend = self.spectrum(np.stack([decays, ramped, bent]))
        return lines, 2j * np.pi * ramp, -np.pi * ramp, -2 * TO_ZERO * values[GAUSS] * bend
