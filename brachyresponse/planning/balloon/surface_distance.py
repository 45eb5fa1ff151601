"""Cells within a distance of a balloon, measured from its surface, which runs between their centres."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, Structure
from brachyresponse.types import BoolArray, Float32Array, FloatArray

SMOOTHING_CELLS = 1.0
HALF = 0.5
LEAST_SLOPE_PER_MM = 1e-3
NEAR_CELLS = 0.7
"""The surface is known well from cells whose centres are no farther from it."""
BAND_CELLS = 2.0
"""Only cells this near the reach are measured exactly; the others are within it or not."""
LEAST_SHARE = 1e-3


def share_within(balloon: Structure, reach_mm: float) -> Float32Array:
    """Return the share of every cell that lies within a distance of a balloon or in it, [k, j, i].

    The distance is to points of the surface itself; distances from the centres of cells would be too long, by up to
    half a cell.
    """
    from scipy.ndimage import distance_transform_edt
    from scipy.spatial import cKDTree

    spacing_mm = balloon.grid.spacing_ijk_mm[::-1]
    depth_mm, outward = _depth_and_normal(balloon)
    near = np.abs(depth_mm) < NEAR_CELLS * spacing_mm.mean()
    surface = cKDTree(_positions_mm(near, spacing_mm) + depth_mm[near][:, None] * outward[:, near].T)
    outside = depth_mm < 0
    rough_mm = distance_transform_edt(outside, sampling=spacing_mm)
    share: Float32Array = (rough_mm <= reach_mm).astype(np.float32)
    crossed = outside & (np.abs(rough_mm - reach_mm) < BAND_CELLS * spacing_mm.max())
    share[crossed] = soft_share(reach_mm - surface.query(_positions_mm(crossed, spacing_mm))[0], balloon.grid)
    return share


def soft_share(within_mm: FloatArray, grid: Grid) -> Float32Array:
    """Return the share of cells whose centres lie so far within a surface, mm; it falls over one cell."""
    share: Float32Array = np.clip(within_mm / grid.spacing_ijk_mm.mean() + HALF, 0, 1).astype(np.float32)
    return share


def _positions_mm(cells: BoolArray, spacing_mm: FloatArray) -> FloatArray:
    """Positions of some cells along k, j and i, (N, 3)."""
    positions_mm: FloatArray = np.argwhere(cells) * spacing_mm
    return positions_mm


def _depth_and_normal(balloon: Structure) -> tuple[FloatArray, FloatArray]:
    """How deep cells near the surface lie within it, mm, and the outward normal (3, k, j, i) along k, j and i."""
    from scipy.ndimage import gaussian_filter
    from scipy.special import ndtri

    spacing_mm = balloon.grid.spacing_ijk_mm[::-1]
    smooth = gaussian_filter(balloon.occupancy.astype(np.float32), SMOOTHING_CELLS)
    slope = np.stack(np.gradient(smooth, *spacing_mm))
    steepness = np.maximum(np.linalg.norm(slope, axis=0), LEAST_SLOPE_PER_MM)
    deviations = ndtri(np.clip(smooth, LEAST_SHARE, 1 - LEAST_SHARE))
    depth_mm = deviations * np.exp(-(deviations**2) / 2) / np.sqrt(2 * np.pi) / steepness  # of a Gaussian's edge
    # Smoothing draws a convex surface in: moved out until it encloses the balloon's volume again.
    cell_mm = float(spacing_mm.mean())
    enclosed = soft_share(depth_mm, balloon.grid).sum(dtype=np.float64)
    surface = np.count_nonzero(np.abs(depth_mm) < HALF * cell_mm) / cell_mm
    depth_mm += (balloon.occupancy.sum(dtype=np.float64) - enclosed) / max(surface, 1.0)
    return depth_mm, -slope / steepness
