"""Points on the surface of a balloon, in all directions from its centre, and points at a depth outside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.geometry import Grid, Structure, sample
from brachyresponse.types import FloatArray

DIRECTIONS = 800
STEP_MM = 0.25
SMOOTHING_MM = 1.0
"""Takes the stairs out of a mask before normals are taken."""
HALF = 0.5
MM3_PER_CC = 1000.0
MOST_SCALED = 0.03


@dataclass(frozen=True, eq=False)
class SurfacePoints:
    """The surface of a balloon as seen from its centre.

    Parameters
    ----------
    centre_mm
        RAS, (3,).
    directions, radii_mm
        Unit vectors (N, 3), evenly spread, and how far the surface lies along each, (N,).
    normals
        Outward unit normals of the surface there, (N, 3).
    """

    centre_mm: FloatArray
    directions: FloatArray
    radii_mm: FloatArray
    normals: FloatArray

    @cached_property
    def points_mm(self) -> FloatArray:
        """Points of the surface, (N, 3) RAS."""
        points: FloatArray = self.centre_mm + self.radii_mm[:, None] * self.directions
        return points

    @cached_property
    def areas_mm2(self) -> FloatArray:
        """Part of the surface that each point stands for, (N,)."""
        facing = np.clip(np.einsum("nx,nx->n", self.directions, self.normals), 0.2, 1.0)
        areas: FloatArray = 4 * np.pi / len(self.radii_mm) * self.radii_mm**2 / facing
        return areas

    @property
    def volume_cc(self) -> float:
        """Volume that the points enclose: more than the balloon's where a ray leaves it and comes in again."""
        return float(4 * np.pi / 3 * np.mean(self.radii_mm**3)) / MM3_PER_CC

    @property
    def sphericity(self) -> float:
        """Surface of the sphere of the same volume over that of the balloon (Wadell 1932); 1 for a sphere."""
        volume_mm3 = self.volume_cc * MM3_PER_CC
        return float(min(np.pi ** (1 / 3) * (6 * volume_mm3) ** (2 / 3) / self.areas_mm2.sum(), 1.0))

    def at_depth(self, depth_mm: float) -> FloatArray:
        """Return the points at a depth outside the surface, along its normals, (N, 3) RAS."""
        points: FloatArray = self.points_mm + depth_mm * self.normals
        return points

    def mean(self, values: FloatArray) -> float:
        """Return the mean of values (N,) over the surface."""
        return float(np.average(values, weights=self.areas_mm2))


def sphere_points(centre_mm: FloatArray, radius_mm: float) -> SurfacePoints:
    """Return the surface of a sphere."""
    directions = spread_directions(DIRECTIONS)
    return SurfacePoints(np.asarray(centre_mm, float), directions, np.full(DIRECTIONS, radius_mm), directions)


def balloon_points(balloon: Structure) -> SurfacePoints:
    """Return the surface of a structure: in each direction where it is left for the last time."""
    directions, centre_mm = spread_directions(DIRECTIONS), balloon.centre_mm
    lower, upper = balloon.bounds_mm()
    steps = np.arange(0.0, float(np.linalg.norm(upper - lower)), STEP_MM)
    share = sample(balloon.occupancy, balloon.grid, centre_mm + steps[:, None, None] * directions)
    radii_mm = _of_volume(_last_crossing(share, steps), balloon.volume_cc)
    normals = _normals(balloon, centre_mm + radii_mm[:, None] * directions, directions)
    return SurfacePoints(centre_mm, directions, radii_mm, normals)


def spread_directions(count: int) -> FloatArray:
    """Return unit vectors spread evenly over a sphere by the golden angle, (count, 3)."""
    index = np.arange(count) + 0.5
    height = 1 - 2 * index / count
    turn = np.pi * (1 + np.sqrt(5)) * index
    across = np.sqrt(1 - height**2)
    return np.stack([across * np.cos(turn), across * np.sin(turn), height], axis=-1)


def _last_crossing(share: FloatArray, steps_mm: FloatArray) -> FloatArray:
    """Where the share (S, N) along rays passes one half for the last time, (N,) mm; 0 where it never reaches it."""
    inside = share >= HALF
    last = len(steps_mm) - 1 - np.argmax(inside[::-1], axis=0)
    last = np.clip(last, 0, len(steps_mm) - 2)
    rays = np.arange(share.shape[1])
    here, beyond = share[last, rays], share[last + 1, rays]
    part = np.clip((here - HALF) / np.maximum(here - beyond, 1e-9), 0, 1)
    found: FloatArray = np.where(inside.any(axis=0), steps_mm[last] + part * STEP_MM, 0.0)
    return found


def _of_volume(radii_mm: FloatArray, volume_cc: float) -> FloatArray:
    """Radii that enclose the balloon's volume: interpolation draws a convex surface a little too far in.

    A balloon that is no star as seen from its centre keeps the radii found.
    """
    enclosed_cc = 4 * np.pi / 3 * float(np.mean(radii_mm**3)) / MM3_PER_CC
    scale = np.cbrt(volume_cc / enclosed_cc)
    return radii_mm * scale if abs(scale - 1) < MOST_SCALED else radii_mm


def _normals(balloon: Structure, points_mm: FloatArray, directions: FloatArray) -> FloatArray:
    from scipy.ndimage import gaussian_filter

    grid: Grid = balloon.grid
    spacing_kji = grid.spacing_ijk_mm[::-1]
    smooth = gaussian_filter(balloon.occupancy.astype(np.float32), np.maximum(SMOOTHING_MM / spacing_kji, 1.0))
    slopes = [sample(slope, grid, points_mm) for slope in np.gradient(smooth, *spacing_kji)]
    axes = grid.ijk_to_ras[:3, :3] / grid.spacing_ijk_mm
    outward = -np.stack(slopes[::-1], axis=-1) @ axes.T
    length = np.linalg.norm(outward, axis=-1, keepdims=True)
    normals: FloatArray = np.where(length > 1e-9, outward / np.maximum(length, 1e-9), directions)
    return normals
