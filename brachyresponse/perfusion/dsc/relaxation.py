"""DSC: from the signal to the change of the transverse relaxation rate, and where the signal is too weak for it."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.types import AnyArray, BoolArray

RICIAN_FLOOR = 3.0
"""In standard deviations of the noise: a magnitude signal below this is mostly noise."""


def relaxation_rate_change(signal: AnyArray, te_s: float, baseline: slice) -> AnyArray:
    """Return dR2*(t) = -ln(S(t) / S0) / TE, 1/s; NaN where it is not defined, never clipped.

    Parameters
    ----------
    signal
        (..., T); S0 is its mean over the baseline, voxel by voxel.
    te_s
        Echo time, s.
    baseline
        The frames before the bolus, as :class:`Bolus` has them.

    Returns
    -------
    array
        (..., T) in the floating type of ``signal``. A voxel whose S0 is not above 0 is NaN throughout, a frame whose
        signal is not above 0 is NaN by itself.

    Raises
    ------
    PerfusionError
        The echo time is not above 0, or the baseline has no frame.
    """
    if not 0 < te_s < 1:
        raise PerfusionError(f"The echo time is {te_s:g} s: give it in seconds, as 0.03 for 30 ms.")
    signal = _as_floating(signal)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = signal / baseline_signal(signal, baseline)[..., None]
        relative[~(relative > 0) | ~np.isfinite(relative)] = np.nan
        return np.log(relative, out=relative) * relative.dtype.type(-1 / te_s)


def baseline_signal(signal: AnyArray, baseline: slice) -> AnyArray:
    """Return S0 of each voxel, (...): the mean over the baseline, NaN where it is not above 0.

    Raises
    ------
    PerfusionError
        The baseline has no frame.
    """
    before = _as_floating(signal)[..., baseline]
    if before.shape[-1] == 0:
        raise PerfusionError(
            f"The baseline, frames {baseline.start} to {baseline.stop}, has no frame of {np.shape(signal)[-1]}: give "
            "the frames before the bolus."
        )
    s0: AnyArray = before.mean(axis=-1)
    return np.where(s0 > 0, s0, s0.dtype.type(np.nan))


def saturated_voxels(signal: AnyArray, noise_sd: float) -> BoolArray:
    """Return which voxels, (...), fall to the noise at the peak of the bolus, so that their dR2* has no true peak.

    Parameters
    ----------
    signal
        (..., T) magnitude signal.
    noise_sd
        Standard deviation of the signal's noise, as over the baseline of a voxel in tissue.
    """
    lowest = np.nanmin(np.where(np.isfinite(signal), signal, np.inf), axis=-1)
    saturated: BoolArray = lowest < RICIAN_FLOOR * noise_sd
    return saturated


def _as_floating(signal: AnyArray) -> AnyArray:
    """Return the signal as it is where it is floating, else in single precision: half the memory of a whole series."""
    signal = np.asarray(signal)
    return signal if np.issubdtype(signal.dtype, np.floating) else signal.astype(np.float32)
