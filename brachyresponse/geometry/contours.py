"""Planar contours, as an RT Structure Set holds them, made a structure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import StructureError
from brachyresponse.geometry.grid import Grid
from brachyresponse.geometry.resampling import resample_structure
from brachyresponse.geometry.scanline import polygon_coverage
from brachyresponse.geometry.structure import Structure
from brachyresponse.types import FloatArray

PLANE_TOLERANCE_MM = 0.05
PARALLEL_COSINE = 1 - 1e-6
SPACING_TOLERANCE = 0.05
LEAST_OVERLAP = 1e-6
"""Share of a slice; less of a slab in it is rounding, and would make the structure a slice longer than it is."""


def contours_to_structure(
    name: str,
    contours_mm: Sequence[ArrayLike],
    *,
    grid: Grid | None = None,
    spacing_mm: float = 1.0,
    slab_mm: float | None = None,
) -> Structure:
    """Return the structure that closed planar contours enclose, with partial voxels.

    Every contour stands for a slab half a slice distance to either side of its plane, the first and the last too.
    Where a plane has several contours, what an odd number of them encloses is inside (a contour in a contour is a
    hole). Planes left out between two parts of a structure stay empty.

    Parameters
    ----------
    contours_mm
        One (N, 3) a contour, RAS, mm; closed by a repeated first point or not. All planes parallel, in any direction.
    grid
        The grid wanted, of any orientation; unless given, one along the planes of about ``spacing_mm`` whose slices
        end where the slabs end.
    slab_mm
        Thickness of the slabs; unless given, the distance of the planes.

    Raises
    ------
    StructureError
        No contours, less than three points or NaN in one, planes not parallel or not evenly spaced, one plane without
        ``slab_mm``, or nothing of the structure on ``grid``.
    """
    contours = _checked(name, contours_mm)
    stack = _Stack.of(name, contours, slab_mm)
    if grid is None:
        return _filled(name, stack, stack.grid(spacing_mm))
    if abs(grid.ijk_to_ras[:3, 2] @ stack.normal) > PARALLEL_COSINE * grid.spacing_ijk_mm[2]:
        return _filled(name, stack, grid)
    fine_mm = min(spacing_mm, float(grid.spacing_ijk_mm.min()))
    return resample_structure(_filled(name, stack, stack.grid(fine_mm)), grid)


@dataclass(frozen=True, eq=False)
class _Stack:
    """Contours in parallel planes: the planes' normal, and the contours with the plane of each, mm along the normal."""

    contours: list[FloatArray]
    normal: FloatArray
    planes_mm: FloatArray
    slab_mm: float

    @classmethod
    def of(cls, name: str, contours: list[FloatArray], slab_mm: float | None) -> _Stack:
        area_vectors = [_area_vector(contour) for contour in contours]
        largest = max(area_vectors, key=np.linalg.norm)
        if np.linalg.norm(largest) == 0:
            raise StructureError(f"The contours of {name!r} enclose no area: draw them again.")
        normal = largest / np.linalg.norm(largest)
        heights = [contour @ normal for contour in contours]
        if max(np.ptp(height) for height in heights) > 2 * PLANE_TOLERANCE_MM:
            raise StructureError(f"The contours of {name!r} do not lie in parallel planes: export them slice by slice.")
        planes = np.array([height.mean() for height in heights])
        return cls(contours, normal, planes, slab_mm or _plane_distance(name, planes))

    def grid(self, spacing_mm: float) -> Grid:
        """Grid along the planes, its slices bounded by the slabs' faces, and a voxel to spare."""
        axes = _axes_with_normal(self.normal)
        parts = np.ceil(self.slab_mm / spacing_mm - 1e-6)
        spacing = np.array([spacing_mm, spacing_mm, self.slab_mm / parts])
        points = np.concatenate(self.contours) @ axes
        lower, upper = points.min(axis=0), points.max(axis=0)
        lower[2], upper[2] = self.planes_mm.min() - self.slab_mm / 2, self.planes_mm.max() + self.slab_mm / 2
        count = np.ceil((upper - lower) / spacing - 1e-6).astype(int) + 2
        matrix = np.eye(4)
        matrix[:3, :3] = axes * spacing
        matrix[:3, 3] = axes @ (lower - spacing / 2)
        return Grid((int(count[2]), int(count[1]), int(count[0])), matrix)


def _filled(name: str, stack: _Stack, grid: Grid) -> Structure:
    """The structure on a grid whose slices are parallel to the contours."""
    occupancy = np.zeros(grid.shape_kji, np.float32)
    half_k = stack.slab_mm / grid.spacing_ijk_mm[2] / 2
    for plane_mm in _distinct(stack.planes_mm):
        on_plane = np.abs(stack.planes_mm - plane_mm) <= PLANE_TOLERANCE_MM
        polygons = [grid.to_ijk(c) for c, chosen in zip(stack.contours, on_plane, strict=True) if chosen]
        middle_k = float(np.mean([polygon[:, 2].mean() for polygon in polygons]))
        first, last = max(int(middle_k - half_k), 0), min(int(middle_k + half_k + 1.5), grid.shape_kji[0])
        if first >= last:
            continue
        coverage = polygon_coverage([polygon[:, :2] for polygon in polygons], grid.shape_kji[1:])
        for k in range(first, last):
            overlap = min(middle_k + half_k, k + 0.5) - max(middle_k - half_k, k - 0.5)
            if overlap > LEAST_OVERLAP:
                occupancy[k] += overlap * coverage
    if not occupancy.any():
        raise StructureError(
            f"The contours of {name!r} lie outside the grid of {grid.describe()}: choose another grid."
        )
    return Structure(name, np.clip(occupancy, 0, 1), grid)


def _checked(name: str, contours_mm: Sequence[ArrayLike]) -> list[FloatArray]:
    contours = [np.asarray(contour, float) for contour in contours_mm]
    if not contours:
        raise StructureError(f"Structure {name!r} has no contours: draw it, or choose another one.")
    for number, contour in enumerate(contours, start=1):
        if contour.ndim != 2 or contour.shape[1] != 3 or len(contour) < 3 or not np.isfinite(contour).all():
            raise StructureError(
                f"Contour {number} of {name!r} has shape {contour.shape}: expected at least 3 finite points, (N, 3)."
            )
    return contours


def _area_vector(contour: FloatArray) -> FloatArray:
    """Vector normal to a closed contour whose length is its area, mm2 (Newell)."""
    centred = contour - contour[0]
    area: FloatArray = np.cross(centred, np.roll(centred, -1, axis=0)).sum(axis=0) / 2
    return area


def _distinct(planes_mm: FloatArray) -> FloatArray:
    ordered = np.sort(planes_mm)
    distinct: FloatArray = ordered[np.concatenate([[True], np.diff(ordered) > PLANE_TOLERANCE_MM])]
    return distinct


def _plane_distance(name: str, planes_mm: FloatArray) -> float:
    steps = np.diff(_distinct(planes_mm))
    if not len(steps):
        raise StructureError(f"The contours of {name!r} lie in one plane: give the thickness of the slab (slab_mm).")
    slices = np.rint(steps / steps.min())
    distance = float(np.sum(steps) / np.sum(slices))
    if np.abs(steps - slices * distance).max() > SPACING_TOLERANCE * distance:
        raise StructureError(
            f"The planes of {name!r} lie {steps.min():.3g} to {steps.max():.3g} mm apart, unevenly: "
            "give the thickness of the slabs (slab_mm)."
        )
    return distance


def _axes_with_normal(normal: FloatArray) -> FloatArray:
    """Right-handed axes in columns, the third along the normal, the first as near to a patient axis as can be."""
    sideways = np.eye(3)[0 if abs(normal[0]) < 0.8 else 1]
    first = sideways - (sideways @ normal) * normal
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(normal, first), normal], axis=-1)
