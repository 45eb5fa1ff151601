"""The plan's space brought to the implant's, and what is carried over by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.geometry import Grid, Structure, resample_structure
from brachyresponse.geometry.rigid import RigidMotion, check_rigid
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray, frozen_array


class RegistrationMethod(StrEnum):
    """What brings plan and implant together. The seeds never do: that would hide how far they moved."""

    NONE = "none"
    """Nothing: both lie in one space already."""
    BONE = "bone"
    """Bone on both CTs, without the seeds and the metal."""
    SOFT_TISSUE = "soft_tissue"
    """The soft tissue round the target on both CTs, without the seeds and the metal."""
    CONTOURS = "contours"
    """The outline of the target, drawn on both."""


@dataclass(frozen=True, eq=False)
class Registration(RigidMotion):
    """A rigid motion from the plan's space to the implant's.

    Parameters
    ----------
    method
        What was brought together.
    matrix
        (4, 4), plan RAS to implant RAS in mm.
    residual_mm
        What is left of the difference; None where nothing in mm can be said.
    residual_is
        A sentence: what ``residual_mm`` measures, or why there is none.
    warnings
        What a person has to look at.

    Raises
    ------
    RegistrationError
        The matrix is not a rotation and a shift.
    """

    method: RegistrationMethod
    matrix: FloatArray
    residual_mm: float | None
    residual_is: str
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        matrix = frozen_array(self.matrix, np.float64)
        check_rigid(matrix)
        object.__setattr__(self, "method", RegistrationMethod(self.method))
        object.__setattr__(self, "matrix", matrix)

    def to_implant(self, points_mm: ArrayLike) -> FloatArray:
        """Return points (..., 3) of the plan in the implant's space."""
        return self.to_fixed(points_mm)

    def to_plan(self, points_mm: ArrayLike) -> FloatArray:
        """Return points (..., 3) of the implant in the plan's space."""
        result: FloatArray = (np.asarray(points_mm, float) - self.matrix[:3, 3]) @ self.matrix[:3, :3]
        return result

    def turned(self, directions: ArrayLike) -> FloatArray:
        """Return directions (..., 3) of the plan, as of needles and seed axes, in the implant's space."""
        result: FloatArray = np.asarray(directions, float) @ self.matrix[:3, :3].T
        return result

    def seeds(self, seeds: Seeds) -> Seeds:
        """Return the plan's seeds in the implant's space, axes turned along."""
        return replace(
            seeds, positions_mm=self.to_implant(seeds.positions_mm), directions=self.turned(seeds.directions)
        )

    def grid(self, grid: Grid) -> Grid:
        """Return a grid of the plan where its voxels lie in the implant's space."""
        return moved_grid(grid, self.matrix)

    def structure(self, structure: Structure, grid: Grid | None = None) -> Structure:
        """Return a structure of the plan in the implant's space: on its own voxels, moved, or on another grid.

        Raises
        ------
        StructureError
            It lies outside ``grid``.
        """
        moved = Structure(structure.name, structure.occupancy, self.grid(structure.grid))
        return moved if grid is None else resample_structure(moved, grid)


def moved_grid(grid: Grid, motion: FloatArray) -> Grid:
    """Return a grid after a rigid motion (4, 4) of the space it lies in."""
    return Grid(grid.shape_kji, motion @ grid.ijk_to_ras)
