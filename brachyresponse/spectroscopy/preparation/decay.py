"""What is done to decays as they are: apodisation, phase, frequency, spectrum."""

from __future__ import annotations

import numpy as np

from brachyresponse.types import AnyArray, FloatArray


def apodise(fid: AnyArray, dwell_time_s: float, *, lorentz_hz: float = 0.0, gauss_hz: float = 0.0) -> AnyArray:
    """Return decays (..., points) whose lines are broader by these full widths at half height; for looking at."""
    time_s = dwell_time_s * np.arange(fid.shape[-1])
    decay = -np.pi * lorentz_hz * time_s - (np.pi * gauss_hz * time_s) ** 2 / (4 * np.log(2))
    return np.asarray(fid * np.exp(decay))


def turn_phase(fid: AnyArray, phase_deg: float) -> AnyArray:
    """Return decays (..., points) turned by a phase of order zero."""
    return np.asarray(fid * np.exp(1j * np.deg2rad(phase_deg)))


def shift_frequency(fid: AnyArray, dwell_time_s: float, shift_hz: float) -> AnyArray:
    """Return decays (..., points) whose lines lie ``shift_hz`` higher."""
    return np.asarray(fid * np.exp(2j * np.pi * shift_hz * dwell_time_s * np.arange(fid.shape[-1])))


def spectrum_of(fid: AnyArray) -> AnyArray:
    """Return spectra (..., points) from low to high ppm; the first point counts half, so that the foot is at zero."""
    halved = np.array(fid, complex)
    halved[..., 0] *= 0.5
    return np.asarray(np.fft.fftshift(np.fft.fft(halved, axis=-1), axes=-1))


def ppm_axis(points: int, dwell_time_s: float, transmitter_mhz: float, reference_ppm: float = 4.65) -> FloatArray:
    """Return the chemical shifts (points,) of :func:`spectrum_of`, rising."""
    hz = np.fft.fftshift(np.fft.fftfreq(points, dwell_time_s))
    return np.asarray(reference_ppm + hz / transmitter_mhz)


def noise_of(fid: AnyArray) -> float:
    """Return the SD of the noise in the real part of the spectrum of a decay (points,).

    The smaller of two: that of the last fifth of the decay, by the differences of its points, and that of the outer
    eighth of the frequencies; lines that have not decayed are in the one, lines folded there or lipids at a small
    bandwidth in the other. Medians, so that what is narrow does not count.
    """
    points = len(fid)
    tail = fid[-(points // 5) :]
    differences = tail[:-2] - 2 * tail[1:-1] + tail[2:]
    late = np.median(np.abs(differences) ** 2) / 12 * points
    middle = slice(points // 16, points - points // 16)
    outer = np.median(np.abs(np.delete(spectrum_of(fid), middle)) ** 2) / 2
    return float(np.sqrt(min(late, outer) / np.log(2)))
