"""The image as the scanner made it: slices last to first, rows and columns in one order, whatever the array's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, FloatArray

SAME_SPACING = 1.05
"""Spacings within this factor of each other do not tell which axis is the scanner's."""
HEAD_AND_RIGHT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])


@dataclass(frozen=True, eq=False)
class ScannerFrame:
    """A view of an image with its axes in one canonical order, and positions in mm along them.

    The scanner's axis is the one along which voxels are largest; where no axis stands out, the one nearest to the
    patient's head. Of the others the one nearest to the patient's right comes first; each points to the side where
    its largest RAS component is positive. So the same image gives the same frame however its array is stored.

    Parameters
    ----------
    values_hu
        [slice, second, first axis]; a view, not a copy.
    spacing_mm
        Along first, second and slice axis, (3,).
    axes
        Unit vectors of the three axes in RAS, one a row, (3, 3).
    origin_mm
        RAS of the first voxel, (3,).
    """

    values_hu: AnyArray
    spacing_mm: FloatArray
    axes: FloatArray
    origin_mm: FloatArray

    @classmethod
    def of(cls, values_hu: AnyArray, grid: Grid) -> ScannerFrame:
        """Return the scanner's frame of an image."""
        spacing = grid.spacing_ijk_mm
        axes = (grid.ijk_to_ras[:3, :3] / spacing).T
        order = _canonical_order(spacing, axes)
        turned = np.transpose(values_hu, [2 - axis for axis in order[::-1]])
        spacing, axes = spacing[order], axes[order]
        size = np.array(turned.shape[::-1])
        origin = np.array(grid.ijk_to_ras[:3, 3])
        for place in range(3):
            if axes[place, np.argmax(np.abs(np.round(axes[place], 6)))] < 0:
                origin = origin + axes[place] * spacing[place] * (size[place] - 1)
                axes[place] = -axes[place]
                turned = np.flip(turned, axis=2 - place)
        return cls(turned, spacing, axes, origin)

    def to_ras(self, points_mm: AnyArray) -> FloatArray:
        """Return the RAS positions of points of this frame, (..., 3)."""
        result: FloatArray = points_mm @ self.axes + self.origin_mm
        return result

    def from_ras(self, points_mm: AnyArray) -> FloatArray:
        """Return the positions in this frame of RAS points, (..., 3)."""
        result: FloatArray = (points_mm - self.origin_mm) @ self.axes.T
        return result

    def directions_to_ras(self, directions: AnyArray) -> FloatArray:
        """Return directions of this frame in RAS, (..., 3)."""
        result: FloatArray = directions @ self.axes
        return result

    def box(self, lower_mm: FloatArray, upper_mm: FloatArray) -> tuple[slice, slice, slice]:
        """Return the slices [slice, second, first] of the voxels between two corners of this frame."""
        size = np.array(self.values_hu.shape[::-1])
        first = np.clip(np.ceil(lower_mm / self.spacing_mm), 0, size - 1).astype(int)
        last = np.clip(np.floor(upper_mm / self.spacing_mm) + 1, first + 1, size).astype(int)
        along, across, up = (slice(a, b) for a, b in zip(first, last, strict=True))
        return up, across, along

    def points_mm(self, box: tuple[slice, slice, slice]) -> FloatArray:
        """Return the positions of the voxels of a box, (k, j, i, 3)."""
        places = [np.arange(part.start, part.stop) for part in box]
        kji = np.stack(np.meshgrid(*places, indexing="ij"), axis=-1)
        result: FloatArray = kji[..., ::-1] * self.spacing_mm
        return result


def _canonical_order(spacing_mm: FloatArray, axes: FloatArray) -> list[int]:
    to_head, to_right = np.abs(np.round(HEAD_AND_RIGHT @ axes.T, 6))
    ascending = np.argsort(spacing_mm)
    stands_out = spacing_mm[ascending[2]] > SAME_SPACING * spacing_mm[ascending[1]]
    slice_axis = int(ascending[2]) if stands_out else int(np.argmax(to_head))
    others = [axis for axis in range(3) if axis != slice_axis]
    first, second = sorted(others, key=lambda axis: -to_right[axis])
    return [first, second, slice_axis]
