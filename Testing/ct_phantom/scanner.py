"""A parallel-beam scanner: what its detector measures of tissue and metal, with scatter and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ct_phantom.bodies import Body
from ct_phantom.materials import attenuation_per_mm, beam_weights, water_path_mm
from ct_phantom.objects import Part

Float32 = NDArray[np.float32]
BINS_PER_APERTURE = 4
FOCAL_SPOT_RAYS = 3  # blur of the focal spot, 0.375 mm: streaks as strong as in the reference phantoms
LARGEST_STEP_MM = 0.25
ENDLESS_MM = 1000.0  # half height from which a body is the same in every slice
SCATTER_SHARE = 0.015
SCATTER_SPREAD_MM = 35.0
NOISE_PHOTONS = 1600.0  # behind the patient's middle, a bin of 0.5 mm, a view of 900, a slice of 1 mm: about 16 HU
ELECTRONIC_NOISE_PHOTONS = 6.0


@dataclass(frozen=True)
class Scanner:
    """How a slice is measured: views over half a turn, detector bins over the body's width, slice thickness."""

    width_mm: float
    thickness_mm: float
    views: int = 480
    bin_mm: float = 0.5
    dose: float = 1.0

    @cached_property
    def angles(self) -> Float32:
        """Direction of each view, radians, (views,)."""
        return (np.arange(self.views) * (np.pi / self.views)).astype(np.float32)

    @cached_property
    def bins_mm(self) -> Float32:
        """Middle of each detector bin, (bins,)."""
        half = int(np.ceil(self.width_mm / 2 / self.bin_mm))
        return (np.arange(-half, half + 1) * self.bin_mm).astype(np.float32)

    def photons(self, transmitted: Float32) -> float:
        """Photons in a bin without a patient, for a part (views,) transmitted through the patient's middle.

        The tube current follows the patient, as automatic exposure does, so that the noise is alike in all sites, and
        thick slices are taken with less, as the reference phantoms' noise is (15 HU at 1 mm, 13 at 2.5 mm).
        """
        wanted = NOISE_PHOTONS * self.dose * self.thickness_mm**0.5 * (self.bin_mm / 0.5) * (900 / self.views)
        return float(wanted * np.mean(1 / transmitted))

    def heights_mm(self, z_mm: float) -> NDArray[np.float64]:
        """Return the heights that sample the rectangular slice profile about z."""
        count = max(2, int(np.ceil(self.thickness_mm / LARGEST_STEP_MM)))
        return z_mm + ((np.arange(count) + 0.5) / count - 0.5) * self.thickness_mm


class Tissue:
    """The smooth parts of the patient; what is alike in all slices is measured once."""

    def __init__(self, scanner: Scanner, parts: Sequence[Part]) -> None:
        self.scanner = scanner
        self.materials = tuple(sorted({name for part in parts for name in part.materials}))
        self.local = [part for part in parts if part.body.half_height_mm < ENDLESS_MM]
        endless = [part for part in parts if part.body.half_height_mm >= ENDLESS_MM]
        self._endless_mm = self._paths_mm(endless, 0.0)
        self._endless_spectrum = self._spectrum(self._endless_mm)

    def spectrum_behind(self, z_mm: float) -> Float32:
        """Intensity at each energy, (E, views x bins), without noise; without a patient the energies add up to 1."""
        here = [p for p in self.local if abs(z_mm - p.body.centre_mm[2]) < p.body.half_height_mm]
        return self._spectrum(self._endless_mm + self._paths_mm(here, z_mm)) if here else self._endless_spectrum

    def _spectrum(self, paths_mm: Float32) -> Float32:
        mu = attenuation_per_mm(self.materials).astype(np.float32)
        return np.exp(-(mu.T @ paths_mm)) * beam_weights().astype(np.float32)[:, None]

    def _paths_mm(self, parts: Sequence[Part], z_mm: float) -> Float32:
        scanner = self.scanner
        raster = Rays(len(scanner.bins_mm), float(scanner.bins_mm[0]), scanner.bin_mm)
        return raster.paths_mm(scanner.angles, parts, z_mm, self.materials)


def measure_slice(tissue: Tissue, small: Sequence[Part], z_mm: float, random: np.random.Generator) -> Float32:
    """Return a slice's sinogram as lengths of water, mm, (views, bins).

    Tissue is smooth and sampled in the middle of bin and slice; the intensities behind ``small`` things are
    averaged over the focal spot, the aperture of each bin and the slice's profile.
    """
    scanner = tissue.scanner
    spectrum = tissue.spectrum_behind(z_mm)
    intensity = spectrum.sum(axis=0).reshape(scanner.views, -1)
    photons = scanner.photons(intensity[:, intensity.shape[1] // 2])
    lost = _lost_behind(scanner, small, z_mm, spectrum)
    intensity = np.maximum(intensity - lost, 1e-3 * intensity)  # blurred, more may be lost in a bin than it has
    counts = photons * (intensity + SCATTER_SHARE * _spread(intensity, scanner.bin_mm)) / (1 + SCATTER_SHARE)
    spread = np.sqrt(counts + ELECTRONIC_NOISE_PHOTONS**2).astype(np.float32)
    counts = counts + spread * random.standard_normal(counts.shape, dtype=np.float32)
    return water_path_mm(-np.log(np.maximum(counts, 1) / photons)).astype(np.float32)


def _spread(intensity: Float32, bin_mm: float) -> Float32:
    """Scatter's shape: what is transmitted, smoothed twice over some centimetres (of logarithms: no glare of air)."""
    smooth, width = np.log(intensity), round(SCATTER_SPREAD_MM / bin_mm)
    for _ in range(2):
        smooth = ndimage.uniform_filter1d(smooth, width, axis=1, mode="nearest")
    return np.exp(smooth)


def _lost_behind(scanner: Scanner, small: Sequence[Part], z_mm: float, spectrum: Float32) -> Float32:
    """Intensity that small things take away, (views, bins), averaged over aperture and slice profile."""
    lost = np.zeros((scanner.views, len(scanner.bins_mm) * BINS_PER_APERTURE), np.float32)
    step_mm = scanner.bin_mm / BINS_PER_APERTURE
    first_mm = float(scanner.bins_mm[0]) - scanner.bin_mm / 2 + step_mm / 2
    fine = Rays(len(scanner.bins_mm) * BINS_PER_APERTURE, first_mm, step_mm)
    heights = scanner.heights_mm(z_mm)
    for height in heights:
        here = [p for p in small if abs(height - p.body.centre_mm[2]) < p.body.half_height_mm]
        if not here:
            continue
        materials = tuple(sorted({name for part in here for name in part.materials}))
        paths = fine.paths_mm(scanner.angles, here, height, materials)
        rays = np.flatnonzero(paths.any(axis=0))
        exponent = attenuation_per_mm(materials).astype(np.float32).T @ paths[:, rays]
        bins = rays // BINS_PER_APERTURE
        taken = np.einsum("er,er->r", spectrum[:, bins], -np.expm1(-exponent))
        lost += np.bincount(rays, taken, lost.size).reshape(lost.shape)
    lost = ndimage.uniform_filter1d(lost, FOCAL_SPOT_RAYS, axis=1)
    return lost.reshape(scanner.views, -1, BINS_PER_APERTURE).mean(axis=-1) / np.float32(len(heights))


@dataclass(frozen=True)
class Rays:
    """A raster of rays in every view."""

    count: int
    first_mm: float
    step_mm: float

    def paths_mm(self, angles: Float32, parts: Sequence[Part], z_mm: float, materials: tuple[str, ...]) -> Float32:
        """Return the path in each material along every ray at one height, (materials, views x count)."""
        paths = np.zeros((len(materials), len(angles) * self.count), np.float32)
        for part in parts:
            column = self._footprint(angles, part.body)
            t_mm = (self.first_mm + column * self.step_mm).astype(np.float32)
            chord = part.body.chord_mm(angles, t_mm, z_mm).ravel()
            rays = (column + np.arange(len(angles))[:, None] * self.count).ravel()
            for name, times in part.materials.items():
                paths[materials.index(name), rays] += np.float32(times) * chord
        return paths

    def _footprint(self, angles: Float32, body: Body) -> NDArray[np.int64]:
        """Bins that may meet a body, (views, width): as many in every view, no bin twice."""
        x, y, _ = body.centre_mm
        middle = (x * np.cos(angles) + y * np.sin(angles) - self.first_mm) / self.step_mm
        width = min(2 * int(np.ceil(body.reach_mm / self.step_mm)) + 3, self.count)
        start = np.clip(np.round(middle).astype(int) - width // 2, 0, self.count - width)
        return start[:, None] + np.arange(width)
