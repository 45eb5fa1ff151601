"""Filtered back-projection of parallel views, many slices at once, on any raster of pixels."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import fft, sparse

Float32 = NDArray[np.float32]
VIEWS_AT_ONCE = 24
FINER = 2  # bins from which pixels are interpolated: else moire rings round metal


class Kernel(StrEnum):
    """How sharp the image is."""

    SOFT = "soft"
    STANDARD = "standard"


BLUR_FWHM_MM = {Kernel.SOFT: 1.05, Kernel.STANDARD: 0.85}


def filter_views(water_mm: Float32, bin_mm: float, kernel: Kernel) -> Float32:
    """Return views (..., FINER x bins) after the ramp filter with the kernel's Gaussian roll-off."""
    bins = water_mm.shape[-1]
    length = fft.next_fast_len(2 * bins, real=True)
    index = np.minimum(np.arange(length), length - np.arange(length))
    # band-limited ramp in space (Kak and Slaney 1988, chapter 3): no offset of the image's mean
    ramp = np.where(index % 2 == 1, -1 / (np.pi * np.maximum(index, 1) * bin_mm) ** 2, 0.0)
    ramp[0] = 1 / (4 * bin_mm**2)
    frequency = fft.rfftfreq(length, bin_mm)
    sigma_mm = BLUR_FWHM_MM[kernel] / np.sqrt(8 * np.log(2))
    response = fft.rfft(ramp).real * bin_mm * np.exp(-2 * (np.pi * sigma_mm * frequency) ** 2)
    spectrum = fft.rfft(water_mm, length, axis=-1) * response.astype(np.float32)
    filtered = fft.irfft(spectrum, FINER * length, axis=-1)[..., : FINER * bins]
    return (FINER * filtered).astype(np.float32)


def back_project(filtered: Float32, angles: Float32, bins_mm: Float32, pixels_mm: Float32) -> Float32:
    """Return water densities (slices, pixels) from filtered views at positions (pixels, 2).

    The interpolation weights of some views form a sparse matrix that serves all slices.
    """
    slices, views, bins = filtered.shape
    by_ray = np.ascontiguousarray(filtered.reshape(slices, -1).T)
    image = np.zeros((len(pixels_mm), slices), np.float32)
    bin_mm = (bins_mm[1] - bins_mm[0]) / FINER
    for first in range(0, views, VIEWS_AT_ONCE):
        turn = angles[first : first + VIEWS_AT_ONCE]
        t = (pixels_mm @ np.stack([np.cos(turn), np.sin(turn)]) - bins_mm[0]) / bin_mm
        left = np.clip(np.floor(t), 0, bins - 2).astype(np.int32)
        share = (t - left).astype(np.float32)
        column = left + (np.arange(len(turn), dtype=np.int32) * bins)
        weights = np.stack([1 - share, share], -1).reshape(-1)
        columns = np.stack([column, column + 1], -1).reshape(-1)
        rows = np.arange(len(pixels_mm) + 1, dtype=np.int32) * (2 * len(turn))
        matrix = sparse.csr_matrix((weights, columns, rows), shape=(len(pixels_mm), len(turn) * bins))
        image += matrix @ by_ray[first * bins : first * bins + len(turn) * bins]
    return image.T * np.float32(np.pi / views)
