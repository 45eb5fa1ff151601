"""Where the known lines lie in a spectrum: the first guess of its shift and phase, and whether it is turned round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import AnyArray, FloatArray

LANDMARKS_PPM = (3.21, 3.03, 2.01, 1.3)
"""Choline, creatine, NAA, and lipid or lactate."""
STEP_PPM = 0.005
PHASES = 48


@dataclass(frozen=True)
class Alignment:
    """A guess.

    ``strength`` is the sum of squares of the landmarks' heights over the noise, in phase, less those across it.
    """

    shift_hz: float
    phase_rad: float
    strength: float


def align(spectrum: AnyArray, ppm: FloatArray, noise: float, *, transmitter_mhz: float, limit_ppm: float) -> Alignment:
    """Return the shift and phase at which the landmarks stand highest, from an apodised spectrum (points,).

    Each landmark counts by the square of its height, less what stands across the phase; a negative one counts not at
    all, but for lactate, which is upside down at an echo time of 144 ms.
    """
    shifts = np.arange(-limit_ppm, limit_ppm + STEP_PPM / 2, STEP_PPM)
    places = shifts[:, None] + np.array(LANDMARKS_PPM)
    values = (np.interp(places, ppm, spectrum.real) + 1j * np.interp(places, ppm, spectrum.imag)) / noise
    phases = 2 * np.pi * np.arange(PHASES) / PHASES
    turned = values[:, None, :] * np.exp(-1j * phases)[None, :, None]
    upright = np.maximum(turned.real, 0)
    upright[..., -1] = np.abs(turned.real[..., -1]) * 0.7
    score = np.sum(upright**2 - 0.5 * turned.imag**2, axis=-1)
    best_shift, best_phase = np.unravel_index(int(np.argmax(score)), score.shape)
    return Alignment(float(shifts[best_shift] * transmitter_mhz), float(phases[best_phase]), float(score.max()))
