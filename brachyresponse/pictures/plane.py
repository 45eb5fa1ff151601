"""A flat view through the patient: axial, coronal or sagittal in RAS, seen the radiologist's way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.types import FloatArray


class Orientation(StrEnum):
    """The three standard planes of the patient."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"


# Where the picture's right and bottom edges point, in RAS, and the letters of its left, right, top and bottom edges:
# axial from the feet, coronal from the front, sagittal with the face to the left, as in Slicer.
_AXES: dict[Orientation, tuple[tuple[int, int, int], tuple[int, int, int], str]] = {
    Orientation.AXIAL: ((-1, 0, 0), (0, -1, 0), "RLAP"),
    Orientation.CORONAL: ((-1, 0, 0), (0, 0, -1), "RLSI"),
    Orientation.SAGITTAL: ((0, -1, 0), (0, 0, -1), "APSI"),
}
_POSITION_LETTERS = {
    Orientation.AXIAL: ("S", "I", 2),
    Orientation.CORONAL: ("A", "P", 1),
    Orientation.SAGITTAL: ("R", "L", 0),
}


@dataclass(frozen=True)
class SlicePlane:
    """A rectangle of the patient, in millimetres, that fills a picture at true aspect.

    Parameters
    ----------
    orientation
        Which of the standard planes.
    centre_mm
        RAS position at the middle of the picture.
    width_mm, height_mm
        Size of the rectangle.
    """

    orientation: Orientation
    centre_mm: tuple[float, float, float]
    width_mm: float
    height_mm: float

    @property
    def right(self) -> FloatArray:
        """Unit vector in RAS towards the picture's right edge."""
        return np.array(_AXES[self.orientation][0], float)

    @property
    def down(self) -> FloatArray:
        """Unit vector in RAS towards the picture's bottom edge."""
        return np.array(_AXES[self.orientation][1], float)

    @property
    def normal(self) -> FloatArray:
        """Unit vector in RAS into the picture, away from the viewer."""
        return np.cross(self.right, self.down)

    @property
    def edge_letters(self) -> str:
        """Letters of the left, right, top and bottom edges: patient's R, L, A, P, S or I."""
        return _AXES[self.orientation][2]

    @property
    def title(self) -> str:
        """Orientation and position in words: ``Axial, S 12.5 mm``."""
        positive, negative, axis = _POSITION_LETTERS[self.orientation]
        at = self.centre_mm[axis]
        return f"{self.orientation.capitalize()}, {positive if at >= 0 else negative} {abs(at):.1f} mm"

    def points_mm(self, pixel_mm: float) -> FloatArray:
        """Return the RAS positions of the centres of square pixels, (rows, columns, 3)."""
        columns, rows = (max(1, round(size / pixel_mm)) for size in (self.width_mm, self.height_mm))
        along = (np.arange(columns) + 0.5) * (self.width_mm / columns) - self.width_mm / 2
        away = (np.arange(rows) + 0.5) * (self.height_mm / rows) - self.height_mm / 2
        points: FloatArray = (
            np.array(self.centre_mm) + away[:, None, None] * self.down + along[None, :, None] * self.right
        )
        return points

    def project(self, points_mm: ArrayLike) -> FloatArray:
        """Return picture coordinates of RAS positions: mm from the left edge, from the top, and into it, (..., 3)."""
        offset = np.asarray(points_mm, float) - np.array(self.centre_mm)
        half = np.array([self.width_mm / 2, self.height_mm / 2, 0.0])
        projected: FloatArray = offset @ np.stack([self.right, self.down, self.normal], axis=1) + half
        return projected


def planes_through(centre_mm: ArrayLike, size_mm: float) -> tuple[SlicePlane, ...]:
    """Return the axial, coronal and sagittal squares of one size round a position."""
    x, y, z = np.asarray(centre_mm, float)
    return tuple(SlicePlane(o, (float(x), float(y), float(z)), size_mm, size_mm) for o in Orientation)
