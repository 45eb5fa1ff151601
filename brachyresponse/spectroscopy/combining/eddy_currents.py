"""Eddy currents: the phase that they give to water they give to all lines, so it is taken away from every point."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.types import AnyArray, FloatArray

CLEAR = 0.02
"""Share of its start down to which water's phase is believed; later it goes on evenly."""


def correct_eddy_currents(fid: AnyArray, water: AnyArray) -> AnyArray:
    """Return decays without the phase of the water reference, which also brings water to 0 Hz.

    Parameters
    ----------
    fid, water
        Complex, (..., point), of the same voxels and the same points in time.

    Raises
    ------
    SpectroscopyError
        The two do not have the same voxels and points.

    References
    ----------
    Klose 1990, Magn Reson Med 14:26.
    """
    if fid.shape != water.shape:
        raise SpectroscopyError(
            f"The water reference has the shape {water.shape}, the spectra {fid.shape}: give that of the same voxels "
            "and points."
        )
    corrected: AnyArray = fid * np.exp(-1j * _phases(water))
    return corrected


def _phases(water: AnyArray) -> FloatArray:
    decays = water.reshape(-1, water.shape[-1])
    return np.array([_phase(decay) for decay in decays]).reshape(water.shape)


def _phase(decay: AnyArray) -> FloatArray:
    """Phase of a decay in radians, carried on by its mean frequency once there is too little signal."""
    size = np.abs(decay)
    faint = np.flatnonzero(size < CLEAR * size.max())
    end = int(faint[0]) if len(faint) else len(decay)
    phase: FloatArray = np.unwrap(np.angle(decay))
    if 8 <= end < len(decay):
        slope = np.polyfit(np.arange(end // 2, end), phase[end // 2 : end], 1)[0]
        phase[end:] = phase[end - 1] + slope * np.arange(1, len(decay) - end + 1)
    return phase
