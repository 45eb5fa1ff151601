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
from brachyresponse.types import AnyArray, FloatArray, IntArray

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
    def ppm(self) -> FloatArray:
        """(B,) of the bins."""
        return self.basis.acquisition.ppm[self.window]

    @cached_property
    def hz(self) -> FloatArray:
        """(B,) of the bins, above the middle of the window: a delay then leaves the phase there as it is."""
        return np.asarray((self.ppm - np.mean(self.settings.window_ppm)) * self.basis.acquisition.transmitter_mhz)

    @cached_property
    def parameters(self) -> Parameters:
        """Bounds and priors."""
        limit_hz = self.settings.shift_limit_ppm * self.basis.acquisition.transmitter_mhz
        return parameters_of(self.basis, limit_hz)

    @cached_property
    def baseline(self) -> Baseline:
        """What is smooth."""
        return smooth_baseline(self.basis.acquisition.ppm, self.window, self.settings.knot_spacing_ppm)

    @cached_property
    def bins(self) -> IntArray:
        """Places of the window's bins in an unshifted Fourier transform."""
        points = self.basis.acquisition.points
        return np.asarray(np.fft.fftshift(np.arange(points))[self.window], np.int64)

    def spectrum(self, decays: AnyArray) -> AnyArray:
        """Return the fitted bins (..., B) of decays (..., points); their first point counts half, as a spectrum's."""
        whole = np.fft.fft(decays, axis=-1)[..., self.bins]
        return np.asarray(whole - 0.5 * decays[..., :1])

    def turned(self, spectrum: AnyArray, values: FloatArray) -> AnyArray:
        """Return a spectrum (B,) with phase and delay taken away."""
        phase = values[PHASE] + 2 * np.pi * self.hz * values[DELAY]
        return np.asarray(spectrum * np.exp(-1j * phase))

    def lines(self, values: FloatArray) -> AnyArray:
        """Return the components (K, B) as they are broadened and shifted."""
        return self.spectrum(self.broadened(values))

    def broadened(self, values: FloatArray) -> AnyArray:
        """Return the decays (K, points) as they are broadened and shifted."""
        time_s, own = self.basis.acquisition.time_s, self.parameters
        rate = 2j * np.pi * values[SHIFT] - np.pi * values[LORENTZ]
        decays = np.asarray(self.basis.decays * np.exp(rate * time_s - TO_ZERO * (values[GAUSS] * time_s) ** 2))
        own_rate = 2j * np.pi * values[own.own_shifts()] - np.pi * values[own.own_widths()]
        decays[own.movers] *= np.exp(np.outer(own_rate, time_s))
        return decays

    def slopes(self, values: FloatArray, decays: AnyArray, amplitudes: FloatArray, turned: AnyArray) -> AnyArray:
        """Return the slopes (B, p) of the lines less the spectrum along each parameter.

        ``decays`` (K, points) are those at ``values``, ``turned`` (B,) is the spectrum in phase.
        """
        time_s, own = self.basis.acquisition.time_s, self.parameters
        ramped = decays[own.movers] * (amplitudes[own.movers, None] * time_s)
        whole = amplitudes @ decays * time_s
        *ramps, ramp, bend = self.spectrum(np.concatenate([ramped, [whole, whole * time_s]]))
        along = np.empty((len(turned), len(values)), complex)
        along[:, PHASE] = 1j * turned
        along[:, DELAY] = 2j * np.pi * self.hz * turned
        along[:, SHIFT], along[:, LORENTZ] = 2j * np.pi * ramp, -np.pi * ramp
        along[:, GAUSS] = -2 * TO_ZERO * values[GAUSS] * bend
        along[:, own.own_shifts()] = 2j * np.pi * np.stack(ramps, axis=1)
        along[:, own.own_widths()] = -np.pi * np.stack(ramps, axis=1)
        return along
