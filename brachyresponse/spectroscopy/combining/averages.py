"""Averages brought to one frequency and phase: the magnet drifts, and patients move, while they are measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import AnyArray, FloatArray

ALIGNED_S = 0.2
"""Of the decay, so much is compared: later there is more noise than signal."""
LARGEST_HZ = 40.0
FINEST_HZ = 0.02
ROUNDS = 2
"""The first brings every average to the first one, the second to the mean of all others."""
CLEAR = 4.0
"""By how much the agreement stands out of its noise before a shift is believed."""


@dataclass(frozen=True, eq=False)
class AlignedAverages:
    """Averages after alignment.

    Parameters
    ----------
    fid
        Complex, [k, j, i, point, average], each turned by its shift and phase.
    shift_hz, phase_deg
        By which each average differed, (averages,); 0 for those that could not be aligned.
    sentence
        What was found.
    """

    fid: AnyArray
    shift_hz: FloatArray
    phase_deg: FloatArray
    sentence: str


def align_averages(fid: AnyArray, dwell_time_s: float) -> AlignedAverages:
    """Return averages at one frequency and phase, by spectral registration in the time domain.

    Least squares in shift and phase between two decays: for a given shift the best phase is that of their product's
    sum, so the shift is where the product's Fourier transform is largest. Drift is the magnet's, so all voxels of a
    grid share it and are looked at together.

    Parameters
    ----------
    fid
        Complex, [k, j, i, point, average].

    References
    ----------
    Near et al. 2015, Magn Reson Med 73:44.
    """
    count = fid.shape[-1]
    voxels = np.ascontiguousarray(fid.reshape(-1, *fid.shape[3:]))  # (voxel, point, average)
    shifts, phases, clear = np.zeros(count), np.zeros(count), np.ones(count, bool)
    turned = voxels
    for round_number in range(ROUNDS):
        total = turned.sum(axis=-1)
        for number in range(count):
            reference = turned[..., 0] if round_number == 0 else (total - turned[..., number]) / max(count - 1, 1)
            shifts[number], phases[number], clear[number] = _difference(voxels[..., number], reference, dwell_time_s)
        shifts[~clear], phases[~clear] = 0.0, 0.0
        turned = voxels * _turns(-shifts, -phases, fid.shape[3], dwell_time_s)
    return AlignedAverages(
        turned.reshape(fid.shape), shifts, np.rad2deg(phases), _sentence(shifts, np.rad2deg(phases), clear)
    )


def _difference(decay: AnyArray, reference: AnyArray, dwell_time_s: float) -> tuple[float, float, bool]:
    """Shift in Hz and phase in radians of decays (voxel, point) against a reference, and whether that is clear."""
    points = max(min(round(ALIGNED_S / dwell_time_s), decay.shape[-1]), 8)
    product = (decay[:, :points] * reference[:, :points].conj()).sum(axis=0)
    size = int(2 ** np.ceil(np.log2(4 * points)))
    frequency = np.fft.fftfreq(size, dwell_time_s)
    agreement = np.abs(np.fft.fft(product, size))
    near = np.abs(frequency) <= LARGEST_HZ
    best = float(frequency[near][np.argmax(agreement[near])])
    best = _refined(product, dwell_time_s, best, 1 / (size * dwell_time_s))
    total = _transform(product, dwell_time_s, best)
    noise = float(np.median(agreement[~near])) if (~near).any() else 0.0
    return best, float(np.angle(total)), abs(total) > CLEAR * noise and abs(total) > 0


def _refined(product: AnyArray, dwell_time_s: float, start_hz: float, step_hz: float) -> float:
    """The largest agreement near a start, by moving to the better neighbour and halving the step."""
    best = start_hz
    while step_hz > FINEST_HZ / 4:
        around = best + step_hz * np.array([-1.0, 0.0, 1.0])
        values = [abs(_transform(product, dwell_time_s, each)) for each in around]
        best = float(around[int(np.argmax(values))])
        step_hz /= 2
    return best


def _transform(product: AnyArray, dwell_time_s: float, frequency_hz: float) -> complex:
    times = np.arange(len(product)) * dwell_time_s
    return complex(np.sum(product * np.exp(-2j * np.pi * frequency_hz * times)))


def _turns(shift_hz: FloatArray, phase: FloatArray, points: int, dwell_time_s: float) -> AnyArray:
    times = np.arange(points)[:, None] * dwell_time_s
    turns: AnyArray = np.exp(1j * (2 * np.pi * shift_hz * times + phase))
    return turns


def _sentence(shift_hz: FloatArray, phase_deg: FloatArray, clear: AnyArray) -> str:
    text = (
        f"{len(shift_hz)} averages were brought to one frequency and phase; they differed by up to "
        f"{np.ptp(shift_hz):.1f} Hz and {np.ptp(np.unwrap(phase_deg, period=360)):.0f} degrees."
    )
    missed = int(np.count_nonzero(~clear))
    return text if not missed else f"{text} {missed} of them hold too little signal for it and were left as they are."
