"""Apparent diffusion coefficient from images at two or more b values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import DiffusionError
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray, IntArray

UM2_PER_MM2 = 1e6
SMALLEST_HIGHEST_B = 20.0
"""A series whose highest b value (s/mm2) is lower was given in another unit: clinical ones reach several hundred."""
BLOCK_VOXELS = 65536
MOST_STEPS = 30
SMALLEST_STEP = 1e-10


@dataclass(frozen=True, eq=False)
class AdcFit:
    """Mono-exponential diffusion, voxel by voxel; maps have the voxels' shape, NaN where not valid.

    Parameters
    ----------
    adc_um2_per_s
        Apparent diffusion coefficient, um2/s (1e-6 mm2/s: about 800 in white matter).
    s0
        Signal without diffusion weighting, in the signal's unit.
    residual
        Root mean square of measured minus fitted over the points used, in the signal's unit.
    points
        How many images were used in each voxel: those above the noise floor.
    valid
        At least two b values left, and a signal that falls.
    """

    adc_um2_per_s: Float32Array
    s0: Float32Array
    residual: Float32Array
    points: IntArray
    valid: BoolArray

    @property
    def invalid_count(self) -> int:
        """How many voxels have no value."""
        return int(np.count_nonzero(~self.valid))


def fit_adc(
    signal: AnyArray,
    b_values_s_per_mm2: ArrayLike,
    *,
    noise_floor: float | None = None,
    report: Report = ignore_progress,
) -> AdcFit:
    """Fit S = S0 exp(-b ADC) by non-linear least squares, from a weighted log-linear start.

    Non-linear, because a logarithm makes the noise of weak signals large and lopsided, so that an unweighted
    log-linear fit is biased; the weighted one is nearly free of it, and is exact for two b values.

    Parameters
    ----------
    signal
        (..., B) one image a b value (or several of one b value).
    b_values_s_per_mm2
        (B,) s/mm2.
    noise_floor
        Signals at or below it hold noise only and are left out; zero by default, as a signal must be positive.
    report
        Told of the progress after each block of voxels.

    Raises
    ------
    DiffusionError
        No b values, not one an image, fewer than two different ones, negative ones, or ones in another unit.

    References
    ----------
    Veraart et al. 2013, NeuroImage 81:335 (weights of a log-linear fit: the squared signals).
    """
    b_values = checked_b_values(signal, b_values_s_per_mm2)
    rows = signal.reshape(-1, len(b_values))
    maps = np.full((3, len(rows)), np.nan, np.float32)
    points, valid = np.zeros(len(rows), np.int64), np.zeros(len(rows), bool)
    for first in range(0, len(rows), BLOCK_VOXELS):
        block = slice(first, first + BLOCK_VOXELS)
        maps[:, block], points[block], valid[block] = _fit_block(rows[block], b_values, noise_floor or 0.0)
        report(min(1.0, (first + BLOCK_VOXELS) / len(rows)), "Fitting the diffusion coefficient")
    shape = signal.shape[:-1]
    adc, s0, residual = (each.reshape(shape) for each in maps)
    return AdcFit(adc, s0, residual, points.reshape(shape), valid.reshape(shape))


def checked_b_values(signal: AnyArray, given: ArrayLike) -> FloatArray:
    """Return the b values (B,) of a signal (..., B), s/mm2.

    Raises
    ------
    DiffusionError
        See :func:`fit_adc`.
    """
    b_values = np.asarray(given, np.float64)
    if not b_values.size:
        raise DiffusionError("The diffusion images have no b values: give one an image, in s/mm2.")
    if b_values.shape != np.shape(signal)[-1:]:
        count = np.shape(signal)[-1] if np.ndim(signal) else 0
        raise DiffusionError(f"There are {count} diffusion images, but {b_values.size} b values: give one an image.")
    if not (np.isfinite(b_values).all() and (b_values >= 0).all()):
        raise DiffusionError(f"The b values {b_values.tolist()} are not all numbers from 0: give them in s/mm2.")
    if len(np.unique(b_values)) < 2:
        raise DiffusionError(f"All diffusion images have b = {b_values[0]:g} s/mm2: two different b values are needed.")
    if b_values.max() < SMALLEST_HIGHEST_B:
        raise DiffusionError(f"The highest b value is {b_values.max():g}: give them in s/mm2 (1000, not 1 ms/um2).")
    return b_values


def _fit_block(signal: AnyArray, b_values: FloatArray, noise_floor: float) -> tuple[FloatArray, IntArray, BoolArray]:
    """Return ADC, S0 and residual (3, N), points used and validity (N,)."""
    measured = np.asarray(signal, np.float64)
    used = np.isfinite(measured) & (measured > noise_floor)
    farthest = np.where(used, b_values, -np.inf).max(axis=1)
    nearest = np.where(used, b_values, np.inf).min(axis=1)
    valid = farthest > nearest
    found = np.full((3, len(measured)), np.nan)
    weights = used[valid].astype(np.float64)
    scale = np.where(used, measured, 0).max(axis=1)[valid]
    kept = np.where(used[valid], measured[valid], 1.0) / scale[:, None]
    adc, s0, squares = _least_squares(kept, weights, b_values / b_values.max())
    count = weights.sum(axis=1)
    found[:, valid] = [adc * UM2_PER_MM2 / b_values.max(), s0 * scale, np.sqrt(squares / count) * scale]
    rising = found[0] <= 0
    found[:, rising] = np.nan
    return found, used.sum(axis=1), valid & ~rising


def _least_squares(signal: FloatArray, used: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return decay, amplitude and sum of squares (N,) of signals (N, B) scaled to about 1, b scaled to 1."""
    rate, log_amplitude = _log_linear(signal, used, b)
    amplitude = np.exp(log_amplitude)
    squares = _squares(signal, used, b, rate, amplitude)
    damping = np.ones_like(rate)
    for _ in range(MOST_STEPS):
        step_rate, step_amplitude = _gauss_newton(signal, used, b, rate, amplitude)
        tried = rate + damping * step_rate, amplitude + damping * step_amplitude
        tried_squares = _squares(signal, used, b, *tried)
        better = tried_squares < squares
        rate, amplitude = np.where(better, tried[0], rate), np.where(better, tried[1], amplitude)
        squares = np.where(better, tried_squares, squares)
        damping = np.where(better, 1.0, damping / 4)
        if (damping * np.abs(step_rate) < SMALLEST_STEP).all():
            break
    return rate, amplitude, squares


def _log_linear(signal: FloatArray, used: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    weights, logs = used * signal**2, np.log(signal)
    total = weights.sum(axis=1, keepdims=True)
    mean_b, mean_log = (
        (weights * b).sum(axis=1, keepdims=True) / total,
        (weights * logs).sum(axis=1, keepdims=True) / total,
    )
    slope = (weights * (b - mean_b) * (logs - mean_log)).sum(axis=1) / (weights * (b - mean_b) ** 2).sum(axis=1)
    return -slope, mean_log[:, 0] + slope * mean_b[:, 0]


def _gauss_newton(
    signal: FloatArray, used: FloatArray, b: FloatArray, rate: FloatArray, amplitude: FloatArray
) -> tuple[FloatArray, FloatArray]:
    decay = used * np.exp(-b * rate[:, None])
    by_rate = -b * decay * amplitude[:, None]
    missing = used * signal - amplitude[:, None] * decay
    of_rate, of_both, of_amplitude = (by_rate**2).sum(axis=1), (by_rate * decay).sum(axis=1), (decay**2).sum(axis=1)
    down_rate, down_amplitude = (by_rate * missing).sum(axis=1), (decay * missing).sum(axis=1)
    determinant = of_rate * of_amplitude - of_both**2
    determinant = np.where(determinant > 0, determinant, np.inf)  # no step where the points do not determine one
    return (
        (down_rate * of_amplitude - down_amplitude * of_both) / determinant,
        (down_amplitude * of_rate - down_rate * of_both) / determinant,
    )


def _squares(
    signal: FloatArray, used: FloatArray, b: FloatArray, rate: FloatArray, amplitude: FloatArray
) -> FloatArray:
    with np.errstate(over="ignore"):  # a step far too long is not taken
        fitted = amplitude[:, None] * np.exp(-b * rate[:, None])
        return np.asarray((used * (signal - fitted) ** 2).sum(axis=1))
