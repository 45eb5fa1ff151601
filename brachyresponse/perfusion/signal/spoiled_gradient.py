"""The signal of a spoiled gradient echo in the steady state, and what its parameters may be."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.types import FloatArray

LONGEST_TR_S = 0.5
"""A spoiled gradient echo for T1 repeats within some hundredths of a second; 5 is 5 ms given as seconds."""


def steady_state_signal(m0: ArrayLike, t1_s: ArrayLike, *, tr_s: float, flip_angle_deg: ArrayLike) -> FloatArray:
    """Return the signal M0 sin(a) (1 - E1) / (1 - cos(a) E1), E1 = exp(-TR/T1), in the unit of ``m0``.

    Arrays are broadcast against each other; decay by T2* is part of ``m0``.

    Raises
    ------
    PerfusionError
        The repetition time or a flip angle is none of a spoiled gradient echo.

    References
    ----------
    Ernst and Anderson 1966, Rev. Sci. Instrum. 37:93, the steady state of repeated pulses, transverse part spoiled.
    """
    check_excitation(tr_s, flip_angle_deg)
    e1 = np.exp(-tr_s / np.asarray(t1_s, float))
    signal: FloatArray = np.asarray(m0, float) * spgr_shape(e1, np.deg2rad(np.asarray(flip_angle_deg, float)))
    return signal


def spgr_shape(e1: FloatArray, flip_angle_rad: FloatArray) -> FloatArray:
    """Return the signal at M0 = 1 from E1 = exp(-TR/T1); arrays are broadcast."""
    shape: FloatArray = np.sin(flip_angle_rad) * (1 - e1) / (1 - np.cos(flip_angle_rad) * e1)
    return shape


def check_excitation(tr_s: float, flip_angle_deg: ArrayLike) -> None:
    """Refuse a repetition time or flip angles with which T1 cannot be told from the signal.

    Raises
    ------
    PerfusionError
        The repetition time is not within 0 and half a second, or a flip angle not within 0 and 180 degrees.
    """
    if not 0 < tr_s <= LONGEST_TR_S:
        raise PerfusionError(
            f"The repetition time is {tr_s:g} s, expected at most {LONGEST_TR_S:g} s of a T1-weighted spoiled gradient "
            f"echo: if {tr_s:g} is in ms, give {tr_s / 1000:g} s; if it is the time between frames, give the time "
            "between excitations."
        )
    angles = np.atleast_1d(np.asarray(flip_angle_deg, float))
    wrong = angles[~((angles > 0) & (angles < 180))]
    if wrong.size:
        raise PerfusionError(f"A flip angle is {wrong[0]:g} degrees, expected above 0 and below 180: correct it.")
