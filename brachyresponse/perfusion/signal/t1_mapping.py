"""T1 from spoiled gradient echoes at several flip angles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.perfusion.signal.spoiled_gradient import check_excitation
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, FloatArray

T1_BOUNDS_S = (1e-3, 50.0)
"""Nothing in the body relaxes faster or slower; a voxel whose best T1 lies at or beyond a bound is not valid."""
TABLE_SIZE = 24
"""T1 values tried where the linear fit gives no start: near enough for the steps that follow to find the minimum."""
MOST_STEPS = 60
CONVERGED = 1e-9
"""Largest last step of ln R1."""


@dataclass(frozen=True, eq=False)
class T1Fit:
    """T1 and M0 of voxels, NaN where the fit is not valid.

    Parameters
    ----------
    t1_s, m0
        (...) T1, and the signal of full magnetisation at a right angle.
    valid
        (...) bool: all signals are numbers, and the minimum lies within ``T1_BOUNDS_S`` with a positive M0.
    residual
        (...) root mean square difference of signal and fit, in the unit of the signal.
    """

    t1_s: AnyArray
    m0: AnyArray
    valid: BoolArray
    residual: AnyArray

    @property
    def invalid_count(self) -> int:
        """How many voxels have no valid fit."""
        return int(self.valid.size - np.count_nonzero(self.valid))


def fit_t1_vfa(
    signal: AnyArray,
    flip_angle_deg: ArrayLike,
    tr_s: float,
    *,
    b1: AnyArray | None = None,
    report: Report = ignore_progress,
) -> T1Fit:
    """Return T1 and M0 by non-linear least squares of the spoiled gradient echo's steady state.

    M0 is linear and is put in for each T1 (variable projection), so that one parameter, ln R1, is searched: from the
    linear fit of S/sin(a) against S/tan(a), or from the best of a table of T1 where that is nearer, by Newton steps
    that are shortened until they improve.

    Parameters
    ----------
    signal
        (..., F) at F flip angles, in any unit. Results are float32 for float32 and short integers, else float64.
    flip_angle_deg
        (F,) nominal flip angles.
    tr_s
        Repetition time.
    b1
        (...) true over nominal flip angle, 1 where they are equal; None: 1 everywhere.

    Raises
    ------
    PerfusionError
        Fewer than two different flip angles, another number of signals, a B1 map of another shape or in percent, or
        a repetition time or angle that is not possible.

    References
    ----------
    Linear start: Gupta 1977, J. Magn. Reson. 25:231. Variable projection: Golub and Pereyra 1973, SIAM J. Numer.
    Anal. 10:413.
    """
    signal = np.asarray(signal)
    angles_deg = np.asarray(flip_angle_deg, float)
    _check_angles(signal, angles_deg, tr_s)
    shape, kind = signal.shape[:-1], np.result_type(signal, np.float32)
    curves, scales = signal.reshape(-1, signal.shape[-1]), _scales(b1, shape)
    result = np.full((3, len(curves)), np.nan, kind)
    for block in row_blocks(len(curves)):
        angles = np.deg2rad(angles_deg) * scales[block, None] if scales is not None else np.deg2rad(angles_deg)[None]
        result[:, block] = _fit_block(curves[block].astype(float), angles, tr_s)
        report(block.stop / len(curves), "T1: fitting voxels")
    t1_s, m0, residual = result.reshape(3, *shape)
    return T1Fit(t1_s, m0, np.isfinite(t1_s), residual)


@dataclass(frozen=True)
class _Profile:
    """The residual of some voxels as a function of x = ln R1 alone, M0 being the best for each x."""

    signal: FloatArray  # (N, F)
    sine: FloatArray  # (N or 1, F)
    cosine: FloatArray  # (N or 1, F)
    tr_s: float

    def of(self, rows: AnyArray) -> _Profile:
        """Return the profile of some of the voxels."""
        one_for_all = len(self.sine) == 1
        sine, cosine = (self.sine, self.cosine) if one_for_all else (self.sine[rows], self.cosine[rows])
        return _Profile(self.signal[rows], sine, cosine, self.tr_s)

    def shape(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the signal at M0 = 1 and its first and second derivative by x, (N, F); x (N, 1)."""
        exponent = self.tr_s * np.exp(x)
        e1 = np.exp(-exponent)
        denominator = 1 - self.cosine * e1
        shape = self.sine * -np.expm1(-exponent) / denominator
        first = self.sine * (1 - self.cosine) * (exponent * e1) / denominator**2
        return shape, first, first * (1 - exponent - self.cosine * (2 * exponent * e1) / denominator)

    def at(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return M0, the sum of squares, and the Newton step of x, each (N,); x (N,).

        Where the sum of squares is not convex the step is that of Gauss-Newton, which goes down as well.
        """
        shape, first, second = self.shape(x[:, None])
        power, overlap = _dot(shape, shape), _dot(shape, first)
        m0 = _dot(self.signal, shape) / power
        residual = self.signal - m0[:, None] * shape
        pull, stiffness = _dot(first, residual), _dot(first, first)
        m0_change = (pull - m0 * overlap) / power
        newton = m0_change * (m0 * overlap - pull) + m0 * (m0 * stiffness - _dot(second, residual))
        gauss_newton = m0**2 * (stiffness - overlap**2 / power)
        step = m0 * pull / np.where(newton > 0, newton, gauss_newton)
        return m0, _dot(residual, residual), step


def _fit_block(signal: FloatArray, angles_rad: FloatArray, tr_s: float) -> FloatArray:
    """Return T1, M0 and RMS residual of N voxels, (3, N), NaN where not valid; angles (N or 1, F)."""
    result = np.full((3, len(signal)), np.nan)
    usable = np.flatnonzero(np.isfinite(signal).all(axis=1) & (signal > 0).any(axis=1))
    if not usable.size:
        return result
    scale = np.abs(signal[usable]).max(axis=1)
    profile = _Profile(signal, np.sin(angles_rad), np.cos(angles_rad), tr_s).of(usable)
    profile = _Profile(profile.signal / scale[:, None], profile.sine, profile.cosine, tr_s)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        x, converged = _search(profile, _start(profile))
        m0, squares, _ = profile.at(x)
    low, high = -np.log(T1_BOUNDS_S[1]), -np.log(T1_BOUNDS_S[0])
    valid = converged & (m0 > 0) & (x > low) & (x < high)
    values = np.stack([np.exp(-x), m0 * scale, np.sqrt(squares / signal.shape[1]) * scale])
    result[:, usable[valid]] = values[:, valid]
    return result


def _start(profile: _Profile) -> FloatArray:
    """Return the better start of ln R1, (N,): the linear fit's, or the table's."""
    table = np.linspace(-np.log(T1_BOUNDS_S[1]), -np.log(T1_BOUNDS_S[0]), TABLE_SIZE)
    e1 = np.exp(-profile.tr_s * np.exp(table))[:, None]
    shapes = profile.sine[:, None] * (1 - e1) / (1 - profile.cosine[:, None] * e1)  # (N or 1, K, F)
    shapes /= np.sqrt(_dot(shapes, shapes))[..., None]
    one_for_all = len(shapes) == 1
    captured = profile.signal @ shapes[0].T if one_for_all else np.matmul(shapes, profile.signal[:, :, None])[..., 0]
    of_table = table[captured.argmax(axis=1)]
    of_line = _linear_start(profile, of_table)
    return np.where(profile.at(of_line)[1] < profile.at(of_table)[1], of_line, of_table)


def _linear_start(profile: _Profile, otherwise: FloatArray) -> FloatArray:
    """Return ln R1 from the slope E1 of S/sin(a) against S/tan(a), (N,); another value where the slope gives none."""
    y = profile.signal / profile.sine
    z = y * profile.cosine
    z_centred = z - z.mean(axis=1, keepdims=True)
    slope = _dot(z_centred, y) / _dot(z_centred, z_centred)
    x = np.log(-np.log(slope) / profile.tr_s)
    return np.where(np.isfinite(x), x, otherwise)


def _search(profile: _Profile, x: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return ln R1 at the minimum, (N,), and where it was reached."""
    low, high = -np.log(T1_BOUNDS_S[1]), -np.log(T1_BOUNDS_S[0])
    x = np.clip(x, low, high)
    _, squares, step = profile.at(x)
    damping = np.zeros_like(x)
    active = np.arange(x.size)
    for _ in range(MOST_STEPS):
        here = profile.of(active)
        moved = np.clip(x[active] + np.clip(step[active], -1, 1) * 0.25 ** damping[active], low, high)
        change = moved - x[active]
        _, squares_there, step_there = here.at(moved)
        better = squares_there <= squares[active]
        taken = active[better]
        x[taken], squares[taken], step[taken] = moved[better], squares_there[better], step_there[better]
        damping[active] = np.where(better, 0, damping[active] + 1)
        active = active[np.abs(change) > CONVERGED]
        if not active.size:
            break
    converged = np.ones(x.size, bool)
    converged[active] = False
    return x, converged


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the products of the rows, (N,)."""
    product: FloatArray = np.einsum("...f,...f->...", a, b)
    return product


def _check_angles(signal: AnyArray, angles_deg: FloatArray, tr_s: float) -> None:
    check_excitation(tr_s, angles_deg)
    if angles_deg.ndim != 1 or np.unique(angles_deg).size < 2:
        raise PerfusionError(
            f"T1 needs signals at two different flip angles at least, found {np.unique(angles_deg).size}: give more."
        )
    if signal.shape[-1:] != angles_deg.shape:
        raise PerfusionError(
            f"There are {signal.shape[-1] if signal.ndim else 0} signals a voxel, but {angles_deg.size} flip angles: "
            "give one angle a signal."
        )


def _scales(b1: AnyArray | None, shape: tuple[int, ...]) -> FloatArray | None:
    """Return the true over the nominal flip angle, (N,); None where it is 1 everywhere."""
    if b1 is None:
        return None
    b1 = np.asarray(b1, float)
    if b1.shape != shape:
        raise PerfusionError(f"The B1 map has shape {b1.shape}, the signal {shape} voxels: resample one to the other.")
    typical = float(np.nanmedian(b1)) if np.isfinite(b1).any() else np.nan
    if not 0.2 < typical < 5:
        raise PerfusionError(
            f"The B1 map's median is {typical:.3g}, expected about 1 (true over nominal flip angle): divide a map in "
            "percent by 100."
        )
    return b1.reshape(-1)
