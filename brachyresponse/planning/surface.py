"""Where a structure begins and ends: on a line through it, and how far from a point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, sample
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

LINE_STEP_MM = 0.25
FINE_STEPS = 65
FLAT_END = 0.25
"""A last slice of more than this part of the largest is an end of the scan; 5 mm under the top of a head it is 0.1."""
SURFACE_GAP = np.sqrt(0.5)
"""How far, in voxels, a place of the surface may lie from the nearest known one: half the diagonal of a face."""
SMOOTHING_VOXELS = 1.0
"""Takes the stairs out of a mask before its normals are taken."""
HALF = 0.5
"""The surface runs where half of a (trilinearly interpolated) voxel belongs to the structure."""


@dataclass(frozen=True, eq=False)
class StructureSurface:
    """The surface of a structure, kept so that many points and needles can be held against it.

    A structure that reaches the edge of its image ends there, half a voxel beyond the last voxel centre.
    """

    structure: Structure

    @property
    def name(self) -> str:
        """Name of the structure."""
        return self.structure.name

    def contains(self, points_mm: ArrayLike) -> BoolArray:
        """Tell which RAS positions (..., 3) lie inside, (...,) bool."""
        inside: BoolArray = self._share(points_mm) >= HALF
        return inside

    def distance_mm(self, points_mm: ArrayLike) -> FloatArray:
        """Return the distance of RAS positions (..., 3) to the surface, negative inside, (...,) mm.

        The surface is known at points about a voxel apart, with its normal there. Round each it is taken to be flat,
        so a distance is exact beside a flat surface and good to a fraction of a voxel near edges and curves.
        """
        points = np.asarray(points_mm, float)
        farthest, nearest = self._tree.query(points)
        gap_mm = SURFACE_GAP * self.structure.grid.spacing_ijk_mm.max()
        closest = np.sqrt(np.maximum(farthest**2 - gap_mm**2, 0.0))
        to_plane = np.abs(np.einsum("...x,...x->...", points - self._tree.data[nearest], self._normals[nearest]))
        distance = np.clip(to_plane, closest, farthest)
        signed: FloatArray = np.where(self.contains(points), -distance, distance)
        return signed

    def intervals_mm(self, origin_mm: ArrayLike, direction: ArrayLike, *, margin_mm: float = 0.0) -> FloatArray:
        """Return where a line runs inside: (N, 2), mm along the unit ``direction`` from ``origin_mm``, in order.

        What is shorter than a quarter of a millimetre may be missed. With a margin, inside is also what lies nearer
        to the surface than it.
        """
        origin, along = np.asarray(origin_mm, float), np.asarray(direction, float)
        reach = (self._padded_grid.corners_mm() - origin) @ along
        steps = np.arange(reach.min() - margin_mm, reach.max() + margin_mm + LINE_STEP_MM, LINE_STEP_MM)
        before = _crossed(self._excess(origin, along, steps, margin_mm))
        fine = steps[before][:, None] + np.linspace(0.0, LINE_STEP_MM, FINE_STEPS)
        return _zero(fine, self._excess(origin, along, fine, margin_mm)).reshape(-1, 2)

    def is_cut_at(self, point_mm: ArrayLike) -> bool:
        """Tell whether the structure is cut at a point of its surface, so that it really goes on.

        It is cut at the outer faces of its image; and at its first and last slice when that is a large part of the
        largest one, as where contours end with the scan.
        """
        ijk = self.structure.grid.to_ijk(point_mm)
        at_edge = bool(np.any((ijk < 0) | (ijk > np.array(self.structure.grid.size_ijk) - 1.0)))
        first, last = self.structure.index_box()
        for end, is_beyond in ((first[0], ijk[2] < first[0]), (last[0], ijk[2] > last[0])):
            at_edge = at_edge or bool(is_beyond and self._slice_shares[end] > FLAT_END)
        return at_edge

    @cached_property
    def _slice_shares(self) -> FloatArray:
        """Area of each slice in parts of the largest."""
        area = self.structure.occupancy.sum(axis=(1, 2), dtype=np.float64)
        shares: FloatArray = area / area.max()
        return shares

    def _excess(self, origin: FloatArray, along: FloatArray, depth_mm: FloatArray, margin_mm: float) -> FloatArray:
        """Not negative at the depths (...,) of a line that are inside: a share, or with a margin a distance."""
        points = origin + depth_mm[..., None] * along
        return margin_mm - self.distance_mm(points) if margin_mm > 0 else self._share(points) - HALF

    def _share(self, points_mm: ArrayLike) -> FloatArray:
        return sample(self._padded, self._padded_grid, points_mm)

    @cached_property
    def _padded(self) -> AnyArray:
        # The structure's box with a border of nothing, so that it fades at the edge of its image as inside it.
        lower, upper = self.structure.index_box()
        box = tuple(slice(first, last + 1) for first, last in zip(lower, upper, strict=True))
        occupancy = self.structure.occupancy[box]
        return np.pad(occupancy.astype(np.uint8) if occupancy.dtype == bool else occupancy, 1)

    @cached_property
    def _padded_grid(self) -> Grid:
        lower, _ = self.structure.index_box()
        matrix = self.structure.grid.ijk_to_ras.copy()
        matrix[:3, 3] = self.structure.grid.to_ras(lower[::-1] - 1.0)
        return Grid(self._padded.shape, matrix)

    @cached_property
    def _tree(self) -> cKDTree:
        from scipy.spatial import cKDTree

        points = surface_points_mm(self._padded, self._padded_grid)
        if not len(points):
            raise StructureError(
                f"Structure {self.name!r} fills no voxel by half, so it has no surface: sample it on a finer grid."
            )
        return cKDTree(points)

    @cached_property
    def _normals(self) -> FloatArray:
        """Unit normals (N, 3), RAS, at the points of the surface: the slope of the smoothed share."""
        from scipy.ndimage import gaussian_filter

        smooth = gaussian_filter(self._padded.astype(np.float32), SMOOTHING_VOXELS)
        spacing_kji = self._padded_grid.spacing_ijk_mm[::-1]
        slopes = np.gradient(smooth, *spacing_kji)
        along_ijk = [sample(slope, self._padded_grid, self._tree.data) for slope in reversed(slopes)]
        axes = self._padded_grid.ijk_to_ras[:3, :3] / self._padded_grid.spacing_ijk_mm
        normals = np.stack(along_ijk, axis=-1) @ axes.T
        unit: FloatArray = normals / np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-12)
        return unit


def _crossed(excess: FloatArray) -> IntArray:
    """Indices n where a line goes in or out between samples n and n + 1."""
    inside = excess >= 0
    return np.flatnonzero(inside[1:] != inside[:-1])


def _zero(depth_mm: FloatArray, excess: FloatArray) -> FloatArray:
    """Depth (N,) at which each row of samples (N, M) changes its sign."""
    rows = np.arange(len(depth_mm))
    inside = excess >= 0
    last = np.argmax(inside != inside[:, :1], axis=1)
    before, after = excess[rows, last - 1], excess[rows, last]
    start_mm, end_mm = depth_mm[rows, last - 1], depth_mm[rows, last]
    zero: FloatArray = start_mm + before / (before - after) * (end_mm - start_mm)
    return zero


def surface_of(structure: Structure | StructureSurface) -> StructureSurface:
    """Return the surface of a structure, or the surface itself."""
    return StructureSurface(structure) if isinstance(structure, Structure) else structure


def surface_points_mm(share: AnyArray, grid: Grid) -> FloatArray:
    """Return the points between neighbouring voxels [k, j, i] at which the share passes one half, (N, 3) RAS."""
    inside = share >= HALF
    found = []
    for axis in range(3):
        first = [slice(None)] * 3
        second = [slice(None)] * 3
        first[axis], second[axis] = slice(None, -1), slice(1, None)
        kji = np.argwhere(inside[tuple(first)] != inside[tuple(second)])
        step = np.eye(3, dtype=int)[axis]
        here, there = (share[tuple(at.T)].astype(float) for at in (kji, kji + step))
        found.append(kji + ((HALF - here) / (there - here))[:, None] * step)
    points_kji = np.concatenate(found)
    return grid.to_ras(points_kji[:, ::-1])
