"""Residual water taken out of a decay: Hankel singular value decomposition of the band round it."""

from __future__ import annotations

import numpy as np

from brachyresponse.types import AnyArray, FloatArray

COMPONENTS = 10
"""Decaying lines that the band is made of, at most."""
BAND_HZ = 130.0
"""Half the width of the band that is looked at."""
MOST_ROWS = 96
"""Of the Hankel matrix: half of the points that are looked at."""
BROADEST_HZ = 40.0
"""A broader line has gone before the filter's end, and what it was at the beginning would be a guess."""
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
    middle = np.exp(2j * np.pi * (np.mean(water_ppm) - reference_ppm) * transmitter_mhz * time_s)
    rate, area = _decaying_lines(fid / middle, dwell_time_s)
    is_water = np.abs(rate.imag) < np.pi * np.ptp(water_ppm) * transmitter_mhz
    return np.asarray(fid - middle * (np.exp(np.outer(time_s, rate[is_water])) @ area[is_water]))


def _decaying_lines(fid: AnyArray, dwell_time_s: float) -> tuple[AnyArray, AnyArray]:
    """Return the complex rates, 1/s, and areas of the lines near frequency 0."""
    taps = _low_pass(dwell_time_s)
    every = max(1, int(1 / (4 * BAND_HZ * dwell_time_s)))
    band = np.convolve(fid, taps, mode="valid")[::every]
    rate = np.log(_poles(band[: 2 * MOST_ROWS])) / (every * dwell_time_s)
    rate = rate[(rate.real < 0) & (rate.real > -np.pi * BROADEST_HZ)]
    if not len(rate):
        return rate, rate
    kept = taps @ np.exp(np.outer(dwell_time_s * np.arange(len(taps))[::-1], rate))
    lines = kept * np.exp(np.outer(every * dwell_time_s * np.arange(len(band)), rate))
    return rate, np.linalg.lstsq(lines, band, rcond=None)[0]


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
    if count == 0:
        return np.zeros(0, complex)
    left = left[:, :count]
    turning = np.linalg.lstsq(left[:-1], left[1:], rcond=None)[0]
    return np.asarray(np.linalg.eigvals(turning))
