"""Normal-appearing white matter, proposed on the other side of the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Structure, Volume, sample
from brachyresponse.lesions.sagittal_plane import SagittalPlane, midsagittal_plane
from brachyresponse.lesions.white_matter_class import looks_like_white_matter
from brachyresponse.types import BoolArray, FloatArray

REACH_MM = 30.0
FROM_MIDDLE_MM = 8.0
FROM_LESION_MM = 15.0
LARGEST_CC = 8.0
SMALLEST_CC = 0.3
SMALL_CC = 1.0


@dataclass(frozen=True, eq=False)
class WhiteMatter:
    """Normal-appearing white matter to compare a lesion with.

    Parameters
    ----------
    structure
        On the image's grid; it may be edited.
    side
        ``left`` or ``right``.
    volume_cc
        Its volume.
    distance_mm
        Smallest distance from the lesion.
    largest_dose_gy
        In it; None without a dose.
    plane
        About which the lesion was mirrored.
    sentence
        Where it lies and why.
    warnings
        What a person has to look at.
    """

    structure: Structure
    side: str
    volume_cc: float
    distance_mm: float
    largest_dose_gy: float | None
    plane: SagittalPlane
    sentence: str
    warnings: tuple[str, ...]


def propose_white_matter(
    image: Volume,
    lesion: Structure,
    *,
    plane: SagittalPlane | None = None,
    dose: Volume | None = None,
    dose_limit_gy: float = 5.0,
) -> WhiteMatter:
    """Propose normal-appearing white matter opposite a lesion on a T1-weighted image.

    The lesion's centre is mirrored about the midsagittal plane; the voxels nearest to it that look like white matter
    on all sides, off the middle, away from the lesion and outside the dose are taken, up to the lesion's volume (at
    least 1 cc, at most 8 cc).

    Parameters
    ----------
    image
        T1-weighted, before or after contrast.
    lesion
        On any grid.
    plane
        Found from the image by default.
    dose
        Of the implant, Gy, on any grid.
    dose_limit_gy
        White matter with more is not normal-appearing.

    Raises
    ------
    StructureError
        The lesion lies outside the image, or there is too little white matter.
    """
    plane = plane or midsagittal_plane(image)
    if not image.grid.contains(lesion.centre_mm):
        raise StructureError(f"{lesion.name!r} lies outside {image.name!r}: choose the image on which it was drawn.")
    centre = plane.mirror(lesion.centre_mm)
    points = image.grid.points_mm()
    away = np.linalg.norm(points - centre, axis=-1)
    opposite = plane.distance_mm(points) * -np.sign(plane.distance_mm(lesion.centre_mm))
    near = (away <= REACH_MM) & (opposite >= FROM_MIDDLE_MM)
    white = looks_like_white_matter(image, near)
    white &= _far_from(lesion, points) > FROM_LESION_MM
    dose_there = None if dose is None else sample(dose.values, dose.grid, points)
    if dose_there is not None:
        white &= dose_there <= dose_limit_gy
    wanted_cc = float(np.clip(lesion.volume_cc, SMALL_CC, LARGEST_CC))
    mask = _nearest(white, away, round(wanted_cc / image.grid.voxel_cc))
    found_cc = np.count_nonzero(mask) * image.grid.voxel_cc
    if found_cc < SMALLEST_CC:
        raise StructureError(
            f"Only {found_cc:.2f} cc of white matter was found opposite {lesion.name!r}, at least {SMALLEST_CC:g} cc "
            "are needed: draw it by hand."
        )
    warnings = []
    if found_cc < SMALL_CC:
        warnings.append(f"The white matter has {found_cc:.2f} cc only: enlarge it by hand where you can.")
    side = "right" if plane.distance_mm(centre) > 0 else "left"
    nearest_mm = float(_far_from(lesion, points[mask]).min())
    largest = None if dose_there is None else float(dose_there[mask].max())
    sentence = (
        f"{found_cc:.1f} cc of white matter on the {side}, opposite {lesion.name!r}, {nearest_mm:.0f} mm from it"
        + ("." if largest is None else f", at most {largest:.1f} Gy (limit {dose_limit_gy:g} Gy).")
    )
    structure = Structure("White matter", mask, image.grid)
    return WhiteMatter(structure, side, found_cc, nearest_mm, largest, plane, sentence, tuple(warnings))


def _nearest(white: BoolArray, away: FloatArray, count: int) -> BoolArray:
    """The voxels of a mask nearest to a point, up to a number."""
    index = np.flatnonzero(white)
    chosen = index[np.argsort(away.ravel()[index], kind="stable")[:count]]
    mask = np.zeros(white.size, bool)
    mask[chosen] = True
    return mask.reshape(white.shape)


def _far_from(lesion: Structure, points_mm: FloatArray) -> FloatArray:
    """Distance of points (..., 3) from the nearest voxel of the lesion, (...,)."""
    from scipy.spatial import KDTree

    tree = KDTree(lesion.grid.to_ras(np.argwhere(lesion.mask)[:, ::-1]))
    away: FloatArray = tree.query(points_mm)[0]
    return away
