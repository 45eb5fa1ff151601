"""From the signal of a spoiled gradient echo to the concentration of contrast agent, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.perfusion.signal.spoiled_gradient import check_excitation, spgr_shape
from brachyresponse.types import AnyArray, BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class Concentration:
    """Curves of concentration, and those of them that the signal does not define everywhere.

    Parameters
    ----------
    mmol_l
        (..., T), NaN where it is undefined.
    """

    mmol_l: AnyArray

    @cached_property
    def invalid(self) -> BoolArray:
        """(...) which curves are undefined in one frame or more."""
        return np.asarray(~np.isfinite(self.mmol_l).all(axis=-1))

    @property
    def invalid_count(self) -> int:
        """How many curves that are."""
        return int(np.count_nonzero(self.invalid))

    @property
    def invalid_share(self) -> float:
        """Which part of all curves that is, 0 to 1; 0 of no curves."""
        return self.invalid_count / max(self.invalid.size, 1)


def convert_signal(
    signal: AnyArray,
    *,
    tr_s: float,
    flip_angle_deg: float,
    t10_s: ArrayLike,
    relaxivity_per_s_per_mmol_l: float,
    baseline: slice,
) -> Concentration:
    """Return the concentration as :func:`signal_to_concentration` does, with its undefined curves marked and counted.

    Raises
    ------
    PerfusionError
        As :func:`signal_to_concentration`.
    """
    return Concentration(
        signal_to_concentration(
            signal,
            tr_s=tr_s,
            flip_angle_deg=flip_angle_deg,
            t10_s=t10_s,
            relaxivity_per_s_per_mmol_l=relaxivity_per_s_per_mmol_l,
            baseline=baseline,
        )
    )


def signal_to_concentration(
    signal: AnyArray,
    *,
    tr_s: float,
    flip_angle_deg: float,
    t10_s: ArrayLike,
    relaxivity_per_s_per_mmol_l: float,
    baseline: slice,
) -> AnyArray:
    """Return the concentration, mmol/L, (..., T), by the exact inverse of the steady state; NaN where undefined.

    With S0 the mean signal of the baseline, B = (1 - E10) / (1 - cos(a) E10) and X = B S/S0, the relaxation follows
    from E1 = (1 - X) / (1 - X cos(a)), and C = (R1 - 1/T10) / r1: fast exchange, no decay by T2*. Nothing is clipped:
    a frame is NaN where X >= 1 (brighter than any T1 can make it), where X <= 0, and the whole curve where the
    baseline or T10 is not positive.

    Parameters
    ----------
    signal
        (..., T) in any unit. The result is float32 for float32 and short integers, else float64.
    tr_s, flip_angle_deg
        Repetition time and flip angle of the series.
    t10_s
        T1 before contrast: one number, or (...) one a curve.
    relaxivity_per_s_per_mmol_l
        r1 of the agent.
    baseline
        The frames before the agent arrives.

    Raises
    ------
    PerfusionError
        The baseline holds no frame, ``t10_s`` has another shape, or a parameter is not possible.
    """
    signal = np.asarray(signal)
    steps = signal.reshape(-1, signal.shape[-1])
    t10 = _one_each(t10_s, signal.shape[:-1])
    check_excitation(tr_s, flip_angle_deg)
    check_relaxivity(relaxivity_per_s_per_mmol_l)
    if steps[:1, baseline].shape[-1] == 0:
        raise PerfusionError(
            f"The baseline, frames {baseline.start} to {baseline.stop} of {signal.shape[-1]}, holds no frame: choose "
            "frames before the bolus."
        )
    result = np.empty(steps.shape, np.result_type(signal, np.float32))
    flip_angle_rad = np.deg2rad(flip_angle_deg)
    for block in row_blocks(len(steps)):
        rate = _relaxation_rate(steps[block].astype(float), baseline, t10[block], tr_s, flip_angle_rad)
        result[block] = (rate - 1 / t10[block, None]) / relaxivity_per_s_per_mmol_l
    return result.reshape(signal.shape)


def concentration_to_signal(
    concentration_mmol_l: AnyArray,
    *,
    tr_s: float,
    flip_angle_deg: float,
    t10_s: ArrayLike,
    relaxivity_per_s_per_mmol_l: float,
    baseline_signal: ArrayLike = 1.0,
) -> FloatArray:
    """Return the signal (..., T) that a concentration makes of a baseline: the inverse, for simulations.

    Parameters
    ----------
    concentration_mmol_l
        (..., T).
    tr_s, flip_angle_deg, relaxivity_per_s_per_mmol_l
        As for :func:`signal_to_concentration`.
    t10_s, baseline_signal
        T1 and signal without contrast: one number, or (...) one a curve.

    Raises
    ------
    PerfusionError
        A parameter is not possible.
    """
    check_excitation(tr_s, flip_angle_deg)
    check_relaxivity(relaxivity_per_s_per_mmol_l)
    flip_angle_rad = np.deg2rad(flip_angle_deg)
    rate_before = 1 / np.asarray(t10_s, float)[..., None]
    rate = rate_before + relaxivity_per_s_per_mmol_l * np.asarray(concentration_mmol_l, float)
    enhancement = spgr_shape(np.exp(-tr_s * rate), flip_angle_rad) / spgr_shape(
        np.exp(-tr_s * rate_before), flip_angle_rad
    )
    signal: FloatArray = np.asarray(baseline_signal, float)[..., None] * enhancement
    return signal


def check_relaxivity(relaxivity_per_s_per_mmol_l: float) -> None:
    """Refuse a relaxivity that is not a positive number.

    Raises
    ------
    PerfusionError
        It is not.
    """
    if not 0 < relaxivity_per_s_per_mmol_l < np.inf:
        raise PerfusionError(
            f"The relaxivity is {relaxivity_per_s_per_mmol_l:g} L/(mmol s), expected a positive number (3 to 7 for "
            "usual agents): choose the agent."
        )


def _one_each(t10_s: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return T1 before contrast one a curve, (N,); NaN where it is not positive."""
    t10 = np.asarray(t10_s, float)
    if t10.shape not in ((), shape):
        raise PerfusionError(
            f"The T1 map has shape {t10.shape}, the signal {shape} curves: give one number, or one T1 a curve."
        )
    if t10.ndim == 0 and not t10 > 0:
        raise PerfusionError(f"T1 before contrast is {float(t10):g} s: give a positive time.")
    with np.errstate(invalid="ignore"):
        positive = np.where((t10 > 0) & np.isfinite(t10), t10, np.nan)
    return np.broadcast_to(positive, shape).reshape(-1)


def _relaxation_rate(
    signal: FloatArray, baseline: slice, t10_s: FloatArray, tr_s: float, flip_angle_rad: float
) -> FloatArray:
    """Return R1, 1/s, (N, T); NaN where the signal does not define it."""
    before = signal[:, baseline].mean(axis=-1)
    with np.errstate(invalid="ignore"):
        before = np.where(before > 0, before, np.nan)
    e10 = np.exp(-tr_s / t10_s)
    cosine = np.cos(flip_angle_rad)
    x = signal * ((1 - e10) / (1 - cosine * e10) / before)[:, None]
    with np.errstate(invalid="ignore"):
        x[~((x > 0) & (x < 1))] = np.nan
    rate: FloatArray = -np.log((1 - x) / (1 - x * cosine)) / tr_s
    return rate
