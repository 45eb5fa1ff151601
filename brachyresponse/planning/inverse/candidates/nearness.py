"""Which of many points come nearer to a structure than a distance: quick, since most of them are far from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from brachyresponse.geometry import Grid, Structure
from brachyresponse.geometry.resampling import pad_structure, pool_structure
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.types import AnyArray, BoolArray, FloatArray

COARSE_MM = 2.0
"""Voxels of the map that sorts out what is far."""
FAR_MM = 1e6


@dataclass(frozen=True, eq=False)
class Box:
    """A box in RAS, corners (3,) each, mm."""

    lower_mm: FloatArray
    upper_mm: FloatArray

    def grown(self, margin_mm: float) -> Box:
        """Return the box with its faces moved outward."""
        return Box(self.lower_mm - margin_mm, self.upper_mm + margin_mm)

    def holds(self, other: Box) -> bool:
        """Tell whether another box lies inside."""
        return bool((self.lower_mm <= other.lower_mm).all() and (self.upper_mm >= other.upper_mm).all())

    @property
    def corners_mm(self) -> FloatArray:
        """The eight corners, (8, 3)."""
        unit = np.array(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij")).reshape(3, -1).T
        return np.where(unit == 1, self.upper_mm, self.lower_mm)


@dataclass(frozen=True, eq=False)
class Nearness:
    """A structure, or its part in a box, as something that points are near to or not.

    The answers are those of :meth:`StructureSurface.distance_mm`, which is asked only for points that a map of coarse
    voxels cannot decide.

    Parameters
    ----------
    part
        What lies in the box and ``reach_mm`` round it.
    box
        Points asked about lie in it.
    reach_mm
        Largest distance asked about.
    """

    part: Structure
    box: Box
    reach_mm: float
    surface: StructureSurface = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "surface", StructureSurface(self.part))

    def closer_than(self, points_mm: FloatArray, limit_mm: float) -> BoolArray:
        """Tell which points (..., 3) have a distance below a limit, negative inside; up to ``reach_mm``."""
        if limit_mm <= 0:
            return self._deeper_than(points_mm, -limit_mm)
        coarse_mm = self._coarse_mm(points_mm)
        near: BoolArray = coarse_mm < limit_mm - self._slack_mm
        unsure = np.abs(coarse_mm - limit_mm) <= self._slack_mm
        near[unsure] = self.surface.distance_mm(points_mm[unsure]) < limit_mm
        return near

    def _deeper_than(self, points_mm: FloatArray, depth_mm: float) -> BoolArray:
        inside = self.surface.contains(points_mm)
        if depth_mm > 0:
            inside[inside] = self.surface.distance_mm(points_mm[inside]) < -depth_mm
        return inside

    def _coarse_mm(self, points_mm: FloatArray) -> FloatArray:
        """Distance of the nearest voxels of the coarse map to the structure's; far beyond the map."""
        distance_mm, grid = self._map
        ijk = np.rint(grid.to_ijk(points_mm)).astype(np.int64)
        inside = ((ijk >= 0) & (ijk < grid.size_ijk)).all(axis=-1)
        found = np.full(inside.shape, FAR_MM)
        i, j, k = ijk[inside].T
        found[inside] = distance_mm[k, j, i]
        return found

    @cached_property
    def _map(self) -> tuple[AnyArray, Grid]:
        from scipy.ndimage import distance_transform_edt

        solid = Structure(self.part.name, self.part.mask, self.part.grid) if self.part.mask.any() else self.part
        factors = np.maximum(np.rint(COARSE_MM / solid.grid.spacing_ijk_mm[::-1]).astype(int), 1)
        pooled = pool_structure(solid, (int(factors[0]), int(factors[1]), int(factors[2])))
        border = np.ceil((self.reach_mm + self._slack_mm) / pooled.grid.spacing_ijk_mm[::-1]).astype(int) + 1
        padded = pad_structure(pooled, (int(border[0]), int(border[1]), int(border[2])))
        sampling = padded.grid.spacing_ijk_mm[::-1]
        return distance_transform_edt(padded.occupancy == 0, sampling=sampling).astype(np.float32), padded.grid

    @cached_property
    def _slack_mm(self) -> float:
        # From a point to its voxel's centre, from there to the structure's nearest voxel's centre, from there to the
        # surface, which runs within a voxel of the mask.
        spacing = self.part.grid.spacing_ijk_mm
        pooled = np.maximum(np.rint(COARSE_MM / spacing), 1) * spacing
        return float(np.linalg.norm(pooled) + np.linalg.norm(spacing))


_KEPT: WeakKeyDictionary[Structure, Nearness | None] = WeakKeyDictionary()
_ASKED: WeakKeyDictionary[Structure, tuple[Box, float]] = WeakKeyDictionary()


def nearness_of(structure: Structure, box: Box, reach_mm: float = 0.0) -> Nearness | None:
    """Return what a structure is near to in a box; None where nothing of it lies within reach of the box.

    The last answer for each structure is kept, so many plans of one patient share it.
    """
    kept = _ASKED.get(structure)
    if kept and kept[0].holds(box) and kept[1] >= reach_mm:
        return _KEPT[structure]
    part = part_in_box(structure, box.grown(reach_mm + 2 * float(structure.grid.spacing_ijk_mm.max())))
    found = None if part is None else Nearness(part, box, reach_mm)
    _KEPT[structure], _ASKED[structure] = found, (box, reach_mm)
    return found


def part_in_box(structure: Structure, box: Box) -> Structure | None:
    """Return the part of a structure in the voxels that meet a box; None where it fills none of them by half."""
    grid = structure.grid
    corners_ijk = grid.to_ijk(box.corners_mm)
    lower = np.clip(np.floor(corners_ijk.min(axis=0)).astype(int), 0, grid.size_ijk)
    upper = np.clip(np.ceil(corners_ijk.max(axis=0)).astype(int) + 1, 0, grid.size_ijk)
    occupancy = structure.occupancy[lower[2] : upper[2], lower[1] : upper[1], lower[0] : upper[0]]
    if not (occupancy >= 0.5).any():
        return None
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] = grid.to_ras(lower)
    return Structure(structure.name, occupancy, Grid(occupancy.shape, matrix))
