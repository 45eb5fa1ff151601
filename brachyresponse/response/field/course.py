"""A course of radiation with its dose, and how it is brought to the follow-up scan."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.types import AnyArray, FloatArray, frozen_array

RIGID_TOLERANCE = 1e-3
UNITS = ("", "Gy")


@dataclass(frozen=True, eq=False)
class Course:
    """Dose of one course, Gy, in its own space.

    Parameters
    ----------
    dose
        In Gy.
    prescription_gy
        Of which the isodoses are shares.
    to_scan
        (4, 4), RAS of the dose to RAS of the follow-up scan, mm, rigid; the identity unless given.
    name
        For people, as "implant of 2026-01-31"; the dose's name unless given.
    residual_mm
        How uncertain ``to_scan`` is; None where it is not known.

    Raises
    ------
    ResponseError
        The prescription is not positive, the dose is not in Gy, negative or not finite, or the matrix is not rigid.
    """

    dose: Volume
    prescription_gy: float
    to_scan: FloatArray = field(default_factory=lambda: np.eye(4))
    name: str = ""
    residual_mm: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or self.dose.name)
        object.__setattr__(self, "to_scan", frozen_array(self.to_scan, np.float64))
        check_dose(self.dose, self.prescription_gy)
        check_rigid(self.to_scan, f"the dose of {self.name!r}")
        if self.residual_mm is not None and not (np.isfinite(self.residual_mm) and self.residual_mm >= 0):
            raise ResponseError(
                f"The residual of the registration of {self.name!r} is {self.residual_mm:g} mm, expected 0 or more."
            )

    @property
    def grid_on_scan(self) -> Grid:
        """The dose's grid in the space of the scan."""
        return Grid(self.dose.grid.shape_kji, self.to_scan @ self.dose.grid.ijk_to_ras)

    def level_gy(self, level: float) -> float:
        """Return the dose of an isodose that is a share of the prescription.

        Raises
        ------
        ResponseError
            The dose reaches it nowhere.
        """
        return reached_level_gy(self.dose, self.prescription_gy, level, self.name)


def check_dose(dose: Volume, prescription_gy: float) -> None:
    """Check that a dose is one in Gy and its prescription positive.

    Raises
    ------
    ResponseError
        It is not.
    """
    if not (np.isfinite(prescription_gy) and prescription_gy > 0):
        raise ResponseError(f"The prescription of {dose.name!r} is {prescription_gy:g} Gy, expected more than 0.")
    if dose.unit not in UNITS:
        raise ResponseError(f"The dose {dose.name!r} is in {dose.unit!r}, expected 'Gy': convert it.")
    lowest, highest = dose.values.min(), dose.values.max()  # NaN when there is any
    if not (np.isfinite(lowest) and np.isfinite(highest)) or lowest < 0:
        raise ResponseError(
            f"The dose {dose.name!r} goes from {lowest:g} to {highest:g} Gy, expected finite values of 0 or more: "
            "choose a dose volume, or compute it again."
        )


def reached_level_gy(dose: Volume, prescription_gy: float, level: float, name: str) -> float:
    """Return the dose of an isodose that is a share of the prescription.

    Raises
    ------
    ResponseError
        The dose reaches it nowhere.
    """
    level_gy = level * prescription_gy
    if dose.values.max() < level_gy:
        raise ResponseError(
            f"The dose of {name!r} reaches {dose.values.max():.4g} Gy at most, but {100 * level:g} % of its "
            f"prescription of {prescription_gy:g} Gy is {level_gy:.4g} Gy: check dose, unit and prescription."
        )
    return level_gy


def check_rigid(matrix: AnyArray, what: str) -> None:
    """Check that a matrix (4, 4) turns and shifts, and does nothing else.

    Raises
    ------
    ResponseError
        It does not.
    """
    is_matrix = matrix.shape == (4, 4) and bool(np.isfinite(matrix).all())
    rotation = matrix[:3, :3] if is_matrix else np.zeros((3, 3))
    is_rotation = np.allclose(rotation.T @ rotation, np.eye(3), atol=RIGID_TOLERANCE) and np.linalg.det(rotation) > 0
    if not (is_matrix and is_rotation and np.allclose(matrix[3], [0, 0, 0, 1])):
        raise ResponseError(
            f"The matrix that moves {what} is not rigid, expected a 4x4 matrix of a rotation and a shift in mm: "
            "register both scans rigidly."
        )
