"""What the DSC signal itself says: how far it recovers after the bolus, and how deep it falls."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dsc.bolus import Bolus
from brachyresponse.perfusion.dsc.relaxation import baseline_signal
from brachyresponse.types import AnyArray, Float32Array

LEAST_FALL = 0.01
"""Of S0: a voxel whose signal falls less has no recovery to measure."""


def signal_recovery(signal: AnyArray, baseline: slice, bolus: Bolus) -> Float32Array:
    """Return the percentage signal recovery, %, (...): 100 (S1 - Smin) / (S0 - Smin).

    S0 is the mean over the baseline, Smin the lowest signal of the first pass, S1 the mean of the late signal, from
    the end of the first pass on. Above 100 the signal overshoots: T1 leakage. NaN where the signal hardly falls or is
    not defined.

    Parameters
    ----------
    signal
        (..., T).
    baseline
        Frames before the bolus.
    bolus
        Of the mean curve.

    Raises
    ------
    PerfusionError
        No frame follows the first pass.

    References
    ----------
    Cha et al. 2007, AJNR Am J Neuroradiol 28:1078.
    """
    signal = np.asarray(signal)
    if bolus.end_frame + 1 >= signal.shape[-1]:
        raise PerfusionError(
            f"The series ends with the first pass of the bolus, at frame {signal.shape[-1]}: no recovery can be seen."
        )
    s0, lowest = baseline_signal(signal, baseline), _lowest(signal, bolus)
    late = signal[..., bolus.end_frame + 1 :].mean(axis=-1)
    fall = s0 - lowest
    falls = fall > LEAST_FALL * s0
    share = np.divide(late - lowest, fall, out=np.full(fall.shape, np.nan), where=falls)
    return np.asarray(100 * share, np.float32)


def relative_peak_height(signal: AnyArray, baseline: slice, bolus: Bolus, *, reference: AnyArray) -> Float32Array:
    """Return the relative peak height, (...): the fall S0 - Smin of each voxel over the mean fall of a reference.

    Parameters
    ----------
    signal
        (..., T).
    baseline
        Frames before the bolus.
    bolus
        Of the mean curve.
    reference
        (N, T) signal of normal-appearing white matter.

    Raises
    ------
    PerfusionError
        The reference does not fall.

    References
    ----------
    Cha et al. 2007, AJNR Am J Neuroradiol 28:1078.
    """
    fall = baseline_signal(signal, baseline) - _lowest(np.asarray(signal), bolus)
    reference = np.asarray(reference)
    falls = baseline_signal(reference, baseline) - _lowest(reference, bolus)
    defined = falls[np.isfinite(falls)]
    if not len(defined) or not defined.mean() > 0:
        raise PerfusionError("The signal of the reference does not fall with the bolus: choose other white matter.")
    return np.asarray(fall / defined.mean(), np.float32)


def _lowest(signal: AnyArray, bolus: Bolus) -> AnyArray:
    lowest: AnyArray = signal[..., bolus.first_pass].min(axis=-1)
    return lowest
