"""Two MR images brought together: the post-contrast scan to the dynamic series, visit to visit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, Volume, share_on_grid
from brachyresponse.geometry.rigid import RigidMotion, moved_points
from brachyresponse.lesions.mr_working_image import MrWorkingImage, image_pair
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.registration import Level, inverse, refine, search
from brachyresponse.types import FloatArray, frozen_array

WHOLE = Level(smoothing_mm=1.0, points=12_000, first_step_mm=0.5)
HALF = Level(smoothing_mm=1.0, points=6000, first_step_mm=0.5)
RESIDUAL_IS = (
    "Half of the RMS distance, over the head, between two registrations on two independent halves of the voxels: how "
    "repeatable it is, not how true; look at the overlay too."
)
DOUBTFUL_MM = 1.5
LEAST_INSIDE = 0.5


@dataclass(frozen=True, eq=False)
class MrRegistration(RigidMotion):
    """A rigid motion that brings one MR image to another.

    Parameters
    ----------
    matrix
        (4, 4), moving RAS to fixed RAS, mm.
    residual_mm
        How uncertain it is.
    residual_is
        A sentence: what ``residual_mm`` measures.
    warnings
        What a person has to look at.
    """

    matrix: FloatArray
    residual_mm: float
    residual_is: str
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "matrix", frozen_array(self.matrix, np.float64))


def register_mr(fixed: Volume, moving: Volume, *, report: Report = ignore_progress) -> MrRegistration:
    """Bring one MR image of a head to another one of any contrast, rigidly.

    Mutual information on voxels of about 2.5 mm, from the scanner's position and from the heads laid on one another.

    Raises
    ------
    RegistrationError
        An image shows too little, or both have no part of the head in common.
    """
    images = MrWorkingImage.of(fixed), MrWorkingImage.of(moving)
    is_swapped = images[1].head_cc < images[0].head_cc  # most of the image that shows less has a counterpart
    images = images[::-1] if is_swapped else images
    pair = image_pair(*images)
    starts = [np.eye(4), _shift(images[1].centre_mm - images[0].centre_mm)]
    found = search(pair, starts, share_of(report, 0.0, 0.5))
    found = refine(pair, found, share_of(report, 0.5, 0.7), WHOLE)
    residual_mm = _repeatability_mm(images, found, share_of(report, 0.7, 1.0))
    warnings = []
    if residual_mm > DOUBTFUL_MM:
        warnings.append(
            f"The registration of {moving.name!r} to {fixed.name!r} is uncertain by {residual_mm:.1f} mm: look at the "
            "overlay before use."
        )
    return MrRegistration(found if is_swapped else inverse(found), residual_mm, RESIDUAL_IS, tuple(warnings))


def _repeatability_mm(images: tuple[MrWorkingImage, MrWorkingImage], found: FloatArray, report: Report) -> float:
    """Half of the RMS distance between the registrations of two halves of the head."""
    halves = [image_pair(*images, part=part) for part in (0, 1)]
    motions = [refine(half, found, share_of(report, n / 2, (n + 1) / 2), HALF) for n, half in enumerate(halves)]
    points = halves[0].looked_at[0]
    apart = moved_points(points, motions[0]) - moved_points(points, motions[1])
    return float(np.sqrt(np.mean(np.sum(apart**2, axis=1)))) / 2


def carry_structure(structure: Structure, registration: MrRegistration | None, grid: Grid) -> Structure:
    """Return a structure drawn on the moving image on a grid of the fixed one; thin and thick slices keep its volume.

    Parameters
    ----------
    registration
        None where both lie in one space already.

    Raises
    ------
    StructureError
        Less than half of it lies on the grid.
    """
    matrix = np.eye(4) if registration is None else registration.matrix
    there = replace(structure, grid=Grid(structure.grid.shape_kji, matrix @ structure.grid.ijk_to_ras))
    share = share_on_grid(there, grid)
    inside = float(share.sum(dtype=np.float64)) * grid.voxel_cc / structure.volume_cc
    if inside < LEAST_INSIDE:
        raise StructureError(
            f"{inside:.0%} of {structure.name!r} lies in the field of view of {grid.describe()}, at least "
            f"{LEAST_INSIDE:.0%} are needed: check the registration and the series."
        )
    return Structure(structure.name, share, grid)


def _shift(shift_mm: FloatArray) -> FloatArray:
    motion = np.eye(4)
    motion[:3, 3] = shift_mm
    return motion
