"""What a seed looks like in the image of a scanner: reconstructed once, then looked up at any place and tilt.

A seed is opaque metal thinner than a detector element, so its image is not a blurred cylinder: intensities, not
attenuations, are averaged over the element and the slice, which makes what is seen depend on how the seed lies.
The template therefore goes the scanner's way (intensity, logarithm, filtered back-projection), as in Kak and Slaney
1988, *Principles of Computerized Tomographic Imaging*, chapter 3, over a field of a few millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from brachyresponse.seeds.detection.attenuation import scanner_beam
from brachyresponse.seeds.detection.metal import MetalObject, Rays, transmission
from brachyresponse.types import AnyArray, FloatArray

ELEVATION_STEP = np.deg2rad(5.0)
VIEWS = 30
"""In a quarter turn; the other quarter is its mirror image."""
RAY_STEP_MM = 0.1
HEIGHT_STEP_MM = 0.1
DETECTOR_MM = 0.5
"""Width of a detector element at the centre of the scanner."""
PADDED_RAYS = 256
FIELD_MM = 6.0
PIXEL_MM = 0.25
SLICE_STEP_MM = 0.25
SOFT_EDGE_SHARE = 0.25
SOFTEST_EDGE_MM = 0.7
"""Width of the slice profile's slope, as a share of the slice's thickness, and half of the widest."""
SCATTER = 0.015
"""Scattered light that is left after the scanner's correction, as a share of the direct light."""


@dataclass(frozen=True)
class ScannerImage:
    """How the scanner made the image.

    Parameters
    ----------
    slice_mm
        Thickness of a slice: the width of its profile.
    blur_mm
        Standard deviation of the reconstruction kernel's blur in the slice plane.
    """

    slice_mm: float
    blur_mm: float


@dataclass(frozen=True, eq=False)
class Template:
    """The image of one metal object, HU above the tissue round it.

    Parameters
    ----------
    values_hu
        [elevation, height of the slice over the centre, along the azimuth, across it]; elevations from 0 to 90
        degrees, heights and across from 0 (the rest is symmetry), along from minus ``field_mm``.
    field_mm
        Half the width of the field.
    """

    values_hu: AnyArray
    field_mm: float

    def hu(self, points_mm: FloatArray, centres_mm: FloatArray, axes: FloatArray) -> FloatArray:
        """Return the image of objects at points of the scanner's frame.

        Parameters
        ----------
        points_mm
            (N, 3), the scanner's axis last.
        centres_mm, axes
            (P, 3); axes of unit length.

        Returns
        -------
        FloatArray
            (P, N) HU, unclipped.
        """
        from scipy.ndimage import map_coordinates

        upward = axes * np.where(axes[:, 2:] < 0, -1.0, 1.0)
        level = np.hypot(upward[:, 0], upward[:, 1])
        standing = level < 1e-9
        level = np.where(standing, 1.0, level)
        cosine, sine = np.where(standing, 1.0, upward[:, 0] / level), np.where(standing, 0.0, upward[:, 1] / level)
        x, y, height = (points_mm.T[:, None] - centres_mm.T[:, :, None]).astype(np.float32)
        cosine, sine = cosine[:, None].astype(np.float32), sine[:, None].astype(np.float32)
        along, across = cosine * x + sine * y, cosine * y - sine * x
        along[height < 0] *= -1  # below the centre the image is turned by half a turn
        index = np.empty((4, *along.shape), np.float32)
        index[0] = (np.arcsin(np.minimum(upward[:, 2], 1.0)) / ELEVATION_STEP)[:, None]
        index[1] = np.abs(height) / SLICE_STEP_MM
        index[2] = (along + self.field_mm) / PIXEL_MM
        index[3] = np.abs(across) / PIXEL_MM
        looked_up = map_coordinates(self.values_hu, index.reshape(4, -1), output=np.float64, order=1, mode="constant")
        result: FloatArray = looked_up.reshape(along.shape)
        return result

    @cached_property
    def faintest_peak_hu(self) -> float:
        """Peak of the object in the position in which it shows least: lying between two slices."""
        centre = round(self.field_mm / PIXEL_MM)
        return float(self.values_hu[:, :, centre, 0].max(axis=1).min())


@lru_cache(maxsize=4)
def _light_lost(metal: MetalObject) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Share of the light lost [elevation, view, ray, height], with the rays' and heights' places in mm."""
    reach = (metal.length_mm + metal.diameter_mm) / 2 + 0.1
    rays, heights = _steps(reach, RAY_STEP_MM), _steps(reach + SOFTEST_EDGE_MM, HEIGHT_STEP_MM)
    elevations = np.arange(0, np.pi / 2 + 1e-6, ELEVATION_STEP)
    lost = np.empty((len(elevations), VIEWS, len(rays), len(heights)), np.float32)
    beam = scanner_beam()
    for e, elevation in enumerate(elevations):
        for v, angle in enumerate(_view_angles()):
            lost[e, v] = 1 - transmission(metal, beam, elevation, Rays(angle, rays, heights))
    return lost, rays, heights


def _steps(reach_mm: float, step_mm: float) -> FloatArray:
    count = int(np.ceil(reach_mm / step_mm))
    steps: AnyArray = np.arange(-count, count + 1) * step_mm
    return steps


def _view_angles() -> FloatArray:
    angles: FloatArray = (np.arange(VIEWS) + 0.5) * np.pi / 2 / VIEWS
    return angles


@lru_cache(maxsize=8)
def make_template(metal: MetalObject, scanner: ScannerImage) -> Template:
    """Reconstruct the image of an object, as the scanner would, at every elevation and height of the slice."""
    field_mm = FIELD_MM + max(metal.length_mm - 4.5, 0) / 2
    lost, rays, heights = _light_lost(metal)
    lost = _softened(lost, scanner.slice_mm)
    slices = np.arange(0, heights[-1] + scanner.slice_mm / 2 + SLICE_STEP_MM, SLICE_STEP_MM)
    seen = np.moveaxis(_slice_average(lost, heights, slices, scanner.slice_mm), -1, 1)
    filtered = _filtered(seen, scanner.blur_mm)
    first_mm = rays[0] - (PADDED_RAYS - len(rays)) // 2 * RAY_STEP_MM
    values = _back_projected(filtered, first_mm, field_mm)
    return Template(values * np.float32(1000 / scanner_beam().water_per_mm), field_mm)


def _softened(lost: AnyArray, slice_mm: float) -> AnyArray:
    """Average over the soft edge of the slice profile, which makes a trapezoid of the rectangle."""
    from scipy.ndimage import uniform_filter1d

    width = 2 * round(SOFT_EDGE_SHARE * slice_mm / HEIGHT_STEP_MM / 2) + 1
    softened: AnyArray = uniform_filter1d(lost, width, axis=-1, mode="constant")
    return softened


def _slice_average(lost: AnyArray, heights: FloatArray, slices: FloatArray, slice_mm: float) -> AnyArray:
    """Average over a rectangle as high as the slice."""
    summed = np.concatenate([np.zeros_like(lost[..., :1]), np.cumsum(lost, axis=-1) * np.float32(HEIGHT_STEP_MM)], -1)
    lowest = heights[0] - HEIGHT_STEP_MM / 2

    def up_to(height: FloatArray) -> AnyArray:
        place = np.clip((height - lowest) / HEIGHT_STEP_MM, 0, len(heights))
        below = np.minimum(place.astype(int), len(heights) - 1)
        share = (place - below).astype(np.float32)
        between: AnyArray = summed[..., below] * (1 - share) + summed[..., below + 1] * share
        return between

    average: AnyArray = (up_to(slices + slice_mm / 2) - up_to(slices - slice_mm / 2)) / np.float32(slice_mm)
    return average


def _filtered(lost: AnyArray, blur_mm: float) -> AnyArray:
    """Average over the detector element, take the logarithm, and filter with the ramp and the kernel's blur."""
    before = (PADDED_RAYS - lost.shape[-1]) // 2
    padded = np.zeros((*lost.shape[:-1], PADDED_RAYS), np.float32)
    padded[..., before : before + lost.shape[-1]] = lost
    frequency = np.fft.rfftfreq(PADDED_RAYS, RAY_STEP_MM)
    aperture = np.sinc(frequency * DETECTOR_MM).astype(np.float32)
    averaged = np.fft.irfft(np.fft.rfft(padded) * aperture, PADDED_RAYS)
    attenuation = -np.log((1 - np.minimum(averaged, 1) + np.float32(SCATTER)) / np.float32(1 + SCATTER))
    kernel = (frequency * np.exp(-2 * (np.pi * frequency * blur_mm) ** 2)).astype(np.float32)
    filtered: AnyArray = np.fft.irfft(np.fft.rfft(attenuation) * kernel, PADDED_RAYS)
    return filtered


def _back_projected(filtered: AnyArray, first_mm: float, field_mm: float) -> AnyArray:
    """Sum the views over the half turn, on pixels along and across the azimuth."""
    pixels = round(field_mm / PIXEL_MM)
    along, across = np.arange(-pixels, pixels + 1)[:, None] * PIXEL_MM, np.arange(pixels + 1) * PIXEL_MM
    image: AnyArray = np.zeros((*filtered.shape[:2], 2 * pixels + 1, pixels + 1), np.float32)
    for view, angle in enumerate(_view_angles()):
        for side in (1, -1):
            place = (side * np.cos(angle) * across - np.sin(angle) * along - first_mm) / RAY_STEP_MM
            below = np.floor(place).astype(int)
            share = (place - below).astype(np.float32)
            row = filtered[:, :, view]
            image += row[:, :, below] * (1 - share) + row[:, :, below + 1] * share
    return image * np.float32(np.pi / 2 / VIEWS)
