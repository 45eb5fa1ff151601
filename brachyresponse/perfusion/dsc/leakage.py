"""Boxerman and Weisskoff's correction of DSC for contrast agent that leaks out of the vessels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dsc.bolus import Bolus
from brachyresponse.perfusion.dsc.integrals import running_integral, trapezoid_weights
from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray

ENHANCING = 1.0
"""In standard deviations of a voxel's own baseline: a late signal farther above it leaks (Boxerman 2006)."""
UNUSUAL = 2.0
"""In robust standard deviations of the brain's late dR2*."""
SHAPE_TERMS = 2
FEWEST_REFERENCE = 20
"""A mean of fewer voxels is too noisy to be the curve of intact brain."""


@dataclass(frozen=True, eq=False)
class LeakageFit:
    """What leaks in each voxel, and the blood volume without it; arrays of the curves' shape without time, float32.

    Parameters
    ----------
    coefficients
        (..., C) of the terms: K1, K2 in 1/s, and those of shape. NaN where not valid.
    rcbv_uncorrected, rcbv_corrected
        Areas of dR2*, of the unit 1: comparable with other voxels of the series only. NaN where not valid.
    residual
        Root mean square of what the terms leave, 1/s.
    valid
        Where the curve is defined at every frame.
    terms
        (C, T): the mean curve of intact brain, minus its running integral, and its derivatives.
    """

    coefficients: Float32Array
    rcbv_uncorrected: Float32Array
    rcbv_corrected: Float32Array
    residual: Float32Array
    valid: BoolArray
    terms: FloatArray

    @property
    def k1(self) -> Float32Array:
        """Of the intact curve: the voxel's blood volume relative to that of the reference."""
        return self.coefficients[..., 0]

    @property
    def k2_per_s(self) -> Float32Array:
        """Leakage, 1/s: above 0 that of T1 hides blood volume, below 0 that of T2* adds to it."""
        return self.coefficients[..., 1]

    def corrected_curves(self, curves: AnyArray) -> AnyArray:
        """Return curves (..., T) of all voxels, in their order, without their leakage, 1/s."""
        corrected: AnyArray = curves - self.k2_per_s[..., None] * self.terms[1].astype(np.float32)
        return corrected

    def fitted_curve(self, index: tuple[int, ...]) -> FloatArray:
        """Return the fitted curve (T,) of a voxel, 1/s."""
        curve: FloatArray = self.coefficients[index].astype(float) @ self.terms
        return curve


def correct_leakage(
    delta_r2s: AnyArray,
    time_s: FloatArray,
    reference_curve: FloatArray,
    *,
    shape_terms: int = SHAPE_TERMS,
    report: Report = ignore_progress,
) -> LeakageFit:
    """Fit the leakage of every voxel and return the relative blood volume without it.

    Linear least squares over the whole acquisition of

        dR2*(t) = K1 r(t) - K2 int_0^t r(u) du + D1 r'(t) + D2 r''(t)

    with the mean curve r of brain that does not leak, and then

        rCBV = int_0^T dR2*(t) dt + K2 int_0^T int_0^t r(u) du dt.

    Integrals by the trapezoid rule in seconds, so that K2 does not depend on the frame time. The terms of shape are
    ours: without them a voxel whose bolus comes 2 s later than the mean, or that holds it longer, is taken to leak
    (17 % of the volume in our simulation).

    Parameters
    ----------
    delta_r2s
        (..., T) dR2*, 1/s; a voxel with NaN is not valid.
    time_s
        (T,) s.
    reference_curve
        (T,) 1/s; see :func:`reference_curve`.
    shape_terms
        How many derivatives of r take up another delay and transit, 0 to 2; 0 is Boxerman and Weisskoff's fit of
        two unknowns.

    Raises
    ------
    PerfusionError
        Shapes that do not fit, or a reference that is not finite or has no bolus.

    References
    ----------
    Boxerman, Schmainda and Weisskoff 2006, AJNR Am J Neuroradiol 27:859.
    """
    time_s, reference = np.asarray(time_s, float), np.asarray(reference_curve, float)
    delta_r2s = np.asarray(delta_r2s)
    _check(delta_r2s, time_s, reference, shape_terms)
    terms = _terms(reference, time_s, shape_terms)
    coefficients, residual = _least_squares(delta_r2s.reshape(-1, len(time_s)), terms, report)
    space, weights = delta_r2s.shape[:-1], trapezoid_weights(time_s).astype(np.float32)
    valid = np.isfinite(residual).reshape(space)
    with np.errstate(invalid="ignore"):  # of the voxels that are not valid
        uncorrected = np.where(valid, delta_r2s @ weights, np.nan).astype(np.float32)
    coefficients = coefficients.reshape(*space, len(terms))
    corrected = uncorrected - coefficients[..., 1] * (weights @ terms[1].astype(np.float32))
    return LeakageFit(coefficients, uncorrected, corrected, residual.reshape(space), valid, terms)


def _least_squares(curves: AnyArray, terms: FloatArray, report: Report) -> tuple[Float32Array, Float32Array]:
    """Return the coefficients (N, C) of the terms in curves (N, T), and the root mean square of what they leave."""
    solve, terms_32 = np.linalg.pinv(terms).astype(np.float32), terms.astype(np.float32)
    coefficients = np.full((len(curves), len(terms)), np.nan, np.float32)
    residual = np.full(len(curves), np.nan, np.float32)
    for rows in row_blocks(len(curves)):
        report(rows.start / len(curves), "Correcting for leakage")
        defined = np.isfinite(curves[rows]).all(axis=1)
        block = curves[rows][defined].astype(np.float32)
        fit = block @ solve
        coefficients[rows][defined] = fit
        residual[rows][defined] = np.sqrt(np.mean((block - fit @ terms_32) ** 2, axis=1))
    return coefficients, residual


def _terms(reference: FloatArray, time_s: FloatArray, shape_terms: int) -> FloatArray:
    """Return what is fitted to every voxel, (C, T)."""
    terms = [reference, -running_integral(reference, time_s)]
    derivative = reference
    for _ in range(shape_terms):
        derivative = np.gradient(derivative, time_s)
        terms.append(derivative)
    return np.stack(terms)


def reference_curve(samples: AnyArray, time_s: FloatArray, bolus: Bolus) -> FloatArray:
    """Return the mean curve (T,) of the voxels that do not leak.

    Their signal after the first pass is not above the baseline by more than ``ENHANCING`` standard deviations of the
    voxel's own baseline (no leakage that shortens T1: Boxerman 2006), and their late dR2* is not above that of most
    of the brain (no leakage that shortens T2*).

    Parameters
    ----------
    samples
        (N, T) dR2* of the brain, 1/s.
    time_s
        (T,) s.
    bolus
        Of the brain's mean curve.

    Raises
    ------
    PerfusionError
        No frame follows the first pass, or fewer than ``FEWEST_REFERENCE`` voxels do not leak.
    """
    after = slice(bolus.end_frame + 1, None)
    if bolus.end_frame + 1 >= len(time_s):
        raise PerfusionError("The series ends with the first pass of the bolus: leakage cannot be told from it.")
    late, spread = np.full((2, len(samples)), np.nan)
    for rows in row_blocks(len(samples)):
        block = samples[rows]
        late[rows] = np.where(np.isfinite(block).all(axis=1), block[:, after].mean(axis=1), np.nan)
        spread[rows] = block[:, bolus.baseline].std(axis=1)
    intact = np.isfinite(late) & (late >= -ENHANCING * spread)
    if intact.any():
        middle = np.median(late[intact])
        intact &= late <= middle + UNUSUAL * 1.4826 * np.median(np.abs(late[intact] - middle)) + ENHANCING * spread
    if np.count_nonzero(intact) < FEWEST_REFERENCE:
        raise PerfusionError(
            f"Only {np.count_nonzero(intact)} of {len(samples)} voxels do not enhance after the bolus, and "
            f"{FEWEST_REFERENCE} are needed for the curve of intact brain: give a larger mask, or leave the leakage "
            "uncorrected."
        )
    total = np.zeros(len(time_s))
    for rows in row_blocks(len(samples)):
        total += samples[rows][intact[rows]].sum(axis=0, dtype=float)
    mean: FloatArray = total / np.count_nonzero(intact)
    return mean


def _check(delta_r2s: AnyArray, time_s: FloatArray, reference: FloatArray, shape_terms: int) -> None:
    if shape_terms not in range(SHAPE_TERMS + 1):
        raise PerfusionError(f"There are {shape_terms} terms of shape: give 0 to {SHAPE_TERMS}.")
    if delta_r2s.ndim == 0 or delta_r2s.shape[-1] != len(time_s) or reference.shape != time_s.shape:
        raise PerfusionError(
            f"The curves have shape {delta_r2s.shape}, the reference {reference.shape} and the times {time_s.shape}: "
            "time must be the last axis of all."
        )
    if not np.isfinite(reference).all() or not np.trapezoid(reference, time_s) > 0:
        raise PerfusionError(
            "The curve of intact brain is not defined at every frame, or its area is not above 0: it has no bolus, so "
            "choose another mask."
        )
