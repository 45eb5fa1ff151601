"""A lesion of the digital patient: an ellipsoid that follows its law, and its exact sizes on a scan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.digital_patient.response.laws import VolumeLaw
from brachyresponse.digital_patient.shapes import Ellipsoid, Point
from brachyresponse.response.vocabulary import LesionKind, LesionRole
from brachyresponse.types import FloatArray


@dataclass(frozen=True)
class TrueSize:
    """Exact sizes of a lesion in the slice through its centre, mm, and its volume."""

    longest_mm: float
    perpendicular_mm: float
    volume_ml: float

    @property
    def product_mm2(self) -> float:
        """Product of both diameters."""
        return self.longest_mm * self.perpendicular_mm


@dataclass(frozen=True)
class CourseLesion:
    """A lesion in the frame of the plan.

    Parameters
    ----------
    id
        Its name in every visit.
    centre_mm
        (3,) RAS; it stays where it is.
    axes_mm
        Whole axes of the ellipsoid along the patient's axes on ``on_day`` after the implant.
    law
        How its volume changes; its shape stays.
    is_new
        Not there at the baseline.
    core_share
        Axes of the part that does not enhance, as a share of the lesion's; 0 where all of it does.
    """

    id: str
    centre_mm: Point
    axes_mm: Point
    law: VolumeLaw
    on_day: float = 0.0
    kind: LesionKind = LesionKind.ENHANCING
    role: LesionRole = LesionRole.TARGET
    organ: str = "brain"
    is_new: bool = False
    core_share: float = 0.0

    def scale(self, day: float) -> float:
        """Return the factor of lengths on a day, against the given axes."""
        return float((self.law.share(day) / self.law.share(self.on_day)) ** (1 / 3))

    def shape(self, day: float, *, share: float = 1.0) -> Ellipsoid:
        """Return the lesion on a day, its axes times a share."""
        x, y, z = (0.5 * axis * self.scale(day) * share for axis in self.axes_mm)
        return Ellipsoid(self.centre_mm, (x, y, z))

    def is_visible(self, day: float, least_mm: float) -> bool:
        """Tell whether its longest axis reaches what images show."""
        return max(self.axes_mm) * self.scale(day) >= least_mm

    def click_mm(self, day: float) -> FloatArray:
        """Return a place (3,) in the part that enhances: the middle, or halfway between core and edge."""
        along_mm = 0.25 * (1 + self.core_share) * self.axes_mm[1] * self.scale(day) if self.core_share else 0.0
        return np.array(self.centre_mm) + (0.0, along_mm, 0.0)

    def size(self, day: float, turn: FloatArray) -> TrueSize:
        """Return the exact sizes in axial slices after a turn (3, 3) of the patient.

        With A = diag(1 / a^2) of the semi-axes a and R the turn, the plane through the centre cuts the ellipsoid
        x' R A R' x = 1 in an ellipse whose semi-axes are 1 / sqrt of the eigenvalues of the upper left 2 x 2 block.
        """
        semi_axes = np.array(self.shape(day).semi_axes_mm)
        form = turn @ np.diag(semi_axes**-2) @ turn.T
        smaller, larger = np.linalg.eigvalsh(form[:2, :2])
        volume_ml = 4 / 3 * np.pi * float(np.prod(semi_axes)) / 1000
        return TrueSize(2 / float(np.sqrt(smaller)), 2 / float(np.sqrt(larger)), volume_ml)
