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
FEWEST_REFERENCE = 20
"""A mean of fewer voxels is too noisy to be the curve of intact brain."""


@dataclass(frozen=True, eq=False)
class LeakageFit:
    """What leaks in each voxel, and the blood volume without it; arrays of the curves' shape without time, float32.

    Parameters
    ----------
    k1
        Of the intact curve: the voxel's blood volume relative to that of the reference.
    k2_per_s
        Leakage, 1/s. Above 0 the relaxation of T1 hides blood volume, below 0 that of T2* adds to it.
    rcbv_uncorrected, rcbv_corrected
        Areas of dR2*, of the unit 1: comparable with other voxels of the series only. NaN where not valid.
    residual
        Root mean square of what the two terms leave, 1/s.
    valid
        Where the curve is defined at every frame.
    time_s, reference
        (T,) s, and the mean curve of intact brain.
    """

    k1: Float32Array
    k2_per_s: Float32Array
    rcbv_uncorrected: Float32Array
    rcbv_corrected: Float32Array
    residual: Float32Array
    valid: BoolArray
    time_s: FloatArray
    reference: FloatArray

    def corrected_curves(self, curves: AnyArray) -> AnyArray:
        """Return curves (..., T) without their leakage, 1/s; of all voxels, in their order."""
        leaked = -self.k2_per_s[..., None] * running_integral(self.reference, self.time_s).astype(np.float32)
        corrected: AnyArray = curves - leaked
        return corrected

    def fitted_curve(self, index: tuple[int, ...]) -> FloatArray:
        """Return the fitted curve (T,) of a voxel, 1/s."""
        leaked = float(self.k2_per_s[index]) * running_integral(self.reference, self.time_s)
        curve: FloatArray = float(self.k1[index]) * self.reference - leaked
        return curve


def correct_leakage(
    delta_r2s: AnyArray,
    time_s: FloatArray,
    reference_curve: FloatArray,
    *,
    report: Report = ignore_progress,
) -> LeakageFit:
    """Fit the leakage of every voxel and return the relative blood volume without it.

    Linear least squares over the whole acquisition of

        dR2*(t) = K1 r(t) - K2 int_0^t r(u) du

    with the mean curve r of brain that does not leak, and then

        rCBV = int_0^T dR2*(t) dt + K2 int_0^T int_0^t r(u) du dt.

    Integrals by the trapezoid rule in seconds, so that K2 does not depend on the frame time.

    Parameters
    ----------
    delta_r2s
        (..., T) dR2*, 1/s; a voxel with NaN is not valid.
    time_s
        (T,) s.
    reference_curve
        (T,) 1/s; see :func:`reference_curve`.

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
    _check(delta_r2s, time_s, reference)
    integral = running_integral(reference, time_s)
    terms = np.stack([reference, -integral])
    solve = np.linalg.pinv(terms.T).astype(np.float32)
    weights = trapezoid_weights(time_s).astype(np.float32)
    leaked_area = np.float32(weights @ integral.astype(np.float32))
    curves = delta_r2s.reshape(-1, len(time_s))
    k1, k2_per_s, uncorrected, residual = np.full((4, len(curves)), np.nan, np.float32)
    for rows in row_blocks(len(curves)):
        report(rows.start / len(curves), "Correcting for leakage")
        defined = np.isfinite(curves[rows]).all(axis=1)
        block = curves[rows][defined].astype(np.float32)
        fit = block @ solve.T
        k1[rows][defined], k2_per_s[rows][defined] = fit.T
        uncorrected[rows][defined] = block @ weights
        residual[rows][defined] = np.sqrt(np.mean((block - fit @ terms.astype(np.float32)) ** 2, axis=1))
    shape = delta_r2s.shape[:-1]
    return LeakageFit(
        k1=k1.reshape(shape),
        k2_per_s=k2_per_s.reshape(shape),
        rcbv_uncorrected=uncorrected.reshape(shape),
        rcbv_corrected=(uncorrected + k2_per_s * leaked_area).reshape(shape),
        residual=residual.reshape(shape),
        valid=np.isfinite(k1).reshape(shape),
        time_s=time_s,
        reference=reference,
    )


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


def _check(delta_r2s: AnyArray, time_s: FloatArray, reference: FloatArray) -> None:
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
