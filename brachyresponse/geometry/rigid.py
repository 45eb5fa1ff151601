"""Points moved by a rigid motion, and how far it turns."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import RegistrationError
from brachyresponse.types import FloatArray


def moved_points(points_mm: ArrayLike, motion: FloatArray) -> FloatArray:
    """Return points (..., 3) where a motion (4, 4) brings them."""
    moved: FloatArray = np.asarray(points_mm, float) @ motion[:3, :3].T + motion[:3, 3]
    return moved


def turn_deg(motion: FloatArray) -> float:
    """Return the angle by which a motion, (4, 4) or its rotation (3, 3), turns."""
    return float(np.rad2deg(np.arccos(np.clip((np.trace(motion[:3, :3]) - 1) / 2, -1, 1))))


class RigidMotion:
    """What every registration tells of its ``matrix`` (4, 4), mm: how far, how much, and where it brings points."""

    matrix: FloatArray

    @property
    def shift_mm(self) -> float:
        """Length of the matrix's shift: how far the origin of the moving space goes."""
        return float(np.linalg.norm(self.matrix[:3, 3]))

    @property
    def turn_deg(self) -> float:
        """Angle of the rotation."""
        return turn_deg(self.matrix)

    def to_fixed(self, points_mm: ArrayLike) -> FloatArray:
        """Return points (..., 3) of the moving space in the fixed one."""
        return moved_points(points_mm, self.matrix)


def check_rigid(motion: FloatArray) -> None:
    """Check that a matrix (4, 4) turns and shifts, and does nothing else.

    Raises
    ------
    RegistrationError
        It is of another shape, not finite, or stretches, shears or mirrors.
    """
    if motion.shape != (4, 4) or not np.isfinite(motion).all() or not np.allclose(motion[3], [0, 0, 0, 1]):
        raise RegistrationError(
            f"A registration needs a finite 4 x 4 matrix with the last row 0 0 0 1, found {motion}."
        )
    turn = motion[:3, :3]
    if not (np.allclose(turn @ turn.T, np.eye(3), atol=1e-5) and np.linalg.det(turn) > 0):
        raise RegistrationError(
            "The registration's matrix stretches, shears or mirrors the patient: give a rotation and a shift only."
        )
