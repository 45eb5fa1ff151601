"""Residual water taken out of a decay: Hankel singular value decomposition of the band round it."""

from __future__ import annotations

import numpy as np

from brachyresponse.types import AnyArray, FloatArray

COMPONENTS = 10
"""Decaying lines that the band is made of, at most."""
BAND_HZ = 130.0
"""Half the width of the band that is looked at."""
ABOVE_NOISE = 3.0
"""A component counts whose singular value is so many times the median."""


def remove_water(
    fid: AnyArray,
    dwell_time_s: float,
    transmitter_mhz: float,
    *,
    reference_ppm: float = 4.65,
    water_ppm: tuple[float, float] = (4.35, 5.0),
) -> AnyArray:
    """Return the decay (points,) without the lines between ``water_ppm``.

    The band round the water is filtered, thinned out and decomposed into decaying lines (HSVD, Barkhuijsen 1987,
    J. Magn. Reson. 73:553); those in the water's range are taken away from the decay. A filter of finite length only
    scales a decaying line, so nothing is lost at the beginning of the decay.
    """
    time_s = dwell_time_s * np.arange(len(fid))
    middle_hz = (np.mean(water_ppm) - reference_ppm) * transmitter_mhz
    still = fid * np.exp(-2j * np.pi * middle_hz * time_s)
    taps = _low_pass(dwell_time_s)
    every = max(1, int(1 / (4 * BAND_HZ * dwell_time_s)))
    band = np.convolve(still, taps, mode="valid")[::every]
    poles = _poles(band[: 2 * _ROWS])
    if not len(poles):
        return np.asarray(fid)
    hz = np.angle(poles) / (2 * np.pi * every * dwell_time_s)
    rate = np.log(poles) / (every * dwell_time_s)
    lines = np.exp(np.outer(time_s, rate))
    filtered = lines[: len(band) * every : every][: len(band)] * np.sum(
        taps[:, None] * np.exp(np.outer(dwell_time_s * np.arange(len(taps))[::-1], rate)), axis=0
    )
    areas = np.linalg.lstsq(filtered, band, rcond=None)[0]
    half_hz = np.ptp(water_ppm) / 2 * transmitter_mhz
    is_water = (np.abs(hz) < half_hz) & (rate.real < 0)
    water = lines[:, is_water] @ areas[is_water]
    return np.asarray(fid - water * np.exp(2j * np.pi * middle_hz * time_s))


_ROWS = 96
"""Of the Hankel matrix, at most; half of the points that are looked at."""


def _low_pass(dwell_time_s: float) -> FloatArray:
    """Return a Hamming-windowed low-pass filter, its cut at the band's edge."""
    half = int(1.7 / (BAND_HZ * dwell_time_s))
    n = np.arange(-half, half + 1)
    taps = np.sinc(2 * BAND_HZ * dwell_time_s * n) * np.hamming(len(n))
    return np.asarray(taps / taps.sum())


def _poles(band: AnyArray) -> AnyArray:
    """Return the poles of the decaying lines in a thinned-out band."""
    rows = len(band) // 2
    hankel = np.lib.stride_tricks.sliding_window_view(band, len(band) - rows + 1)[:rows]
    left, sizes, _ = np.linalg.svd(hankel, full_matrices=False)
    count = min(COMPONENTS, int(np.count_nonzero(sizes > ABOVE_NOISE * np.median(sizes))))
    left = left[:, :count]
    turning = np.linalg.lstsq(left[:-1], left[1:], rcond=None)[0]
    return np.asarray(np.linalg.eigvals(turning))
