"""Normal-appearing white matter, proposed on the other side of the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, Volume, sample
from brachyresponse.lesions.morphology import distance_mm, grid_part
from brachyresponse.lesions.sagittal_plane import SagittalPlane, midsagittal_plane
from brachyresponse.lesions.white_matter_class import looks_like_white_matter
from brachyresponse.types import BoolArray, FloatArray

REACH_MM = 30.0
AWAY_COST = 0.2
FROM_MIDDLE_MM = 8.0
FROM_LESION_MM = 15.0
LARGEST_CC = 8.0
SMALLEST_CC = 0.3
SMALL_CC = 1.0
DOUBTFUL_SYMMETRY = 0.6
MOST_ACROSS = 0.05
"""Share of a lesion that may lie on the side of the white matter without a word."""


@dataclass(frozen=True, eq=False)
class WhiteMatter:
    """Normal-appearing white matter to compare a lesion with.

    Parameters
    ----------
    structure
        On the image's grid; it may be edited.
    side
        ``left`` or ``right``.
    opposite
        Name of the lesion.
    distance_mm
        Smallest distance from the lesion.
    largest_dose_gy, dose_limit_gy
        In it, and what was allowed; None without a dose.
    plane
        About which the lesion was mirrored.
    lesion_across
        Share of the lesion, 0 to 1, that lies on the side of the white matter.
    """

    structure: Structure
    side: str
    opposite: str
    distance_mm: float
    largest_dose_gy: float | None
    dose_limit_gy: float | None
    plane: SagittalPlane
    lesion_across: float = 0.0

    @property
    def volume_cc(self) -> float:
        """Its volume."""
        return self.structure.volume_cc

    @property
    def sentence(self) -> str:
        """Where it lies, for people."""
        dose = ""
        if self.largest_dose_gy is not None:
            dose = f", at most {self.largest_dose_gy:.1f} Gy (limit {self.dose_limit_gy:g} Gy)"
        return (
            f"{self.volume_cc:.1f} cc of white matter on the {self.side}, opposite {self.opposite!r}, "
            f"{self.distance_mm:.0f} mm from it{dose}."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person has to look at."""
        warnings = []
        if self.volume_cc < SMALL_CC:
            warnings.append(f"The white matter has {self.volume_cc:.2f} cc only: enlarge it by hand where you can.")
        if self.lesion_across > MOST_ACROSS:
            warnings.append(
                f"{self.lesion_across:.0%} of {self.opposite!r} lies on the {self.side} as well: no side is healthy by "
                "itself, so check that the white matter is."
            )
        if self.plane.confidence < DOUBTFUL_SYMMETRY:
            warnings.append(
                f"The head is little symmetric (correlation {self.plane.confidence:.2f}): check that the white matter "
                "lies where it should."
            )
        return tuple(warnings)


def propose_white_matter(
    image: Volume,
    lesion: Structure,
    *,
    plane: SagittalPlane | None = None,
    dose: Volume | None = None,
    dose_limit_gy: float = 5.0,
) -> WhiteMatter:
    """Propose normal-appearing white matter opposite a lesion on a T1-weighted image.

    The lesion's centre is mirrored about the midsagittal plane. Of what looks like white matter within 30 mm, off the
    middle, away from the lesion and outside the dose, a compact part is taken where it is widest: of the lesion's
    volume, at least 1 cc and at most 8 cc.

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
    grid, part = grid_part(image.grid, centre, REACH_MM)
    points = grid.points_mm()
    away = np.linalg.norm(points - centre, axis=-1)
    other_side = plane.distance_mm(points) * np.sign(plane.distance_mm(centre))
    near = (away <= REACH_MM) & (other_side >= FROM_MIDDLE_MM)
    white = looks_like_white_matter(Volume(image.name, image.values[part], grid), near)
    white[white] = _far_from(lesion, points[white]) > FROM_LESION_MM
    gy = None if dose is None else sample(dose.values, dose.grid, points)
    if gy is not None:
        white &= gy <= dose_limit_gy
    chosen = _compact_part(white, grid, away, float(np.clip(lesion.volume_cc, SMALL_CC, LARGEST_CC)))
    _check_enough(chosen, grid, lesion, None if dose is None else dose_limit_gy)
    mask = np.zeros(image.grid.shape_kji, bool)
    mask[part] = chosen
    return WhiteMatter(
        structure=Structure("White matter", mask, image.grid),
        side="right" if plane.distance_mm(centre) > 0 else "left",
        opposite=lesion.name,
        distance_mm=float(_far_from(lesion, points[chosen]).min()),
        largest_dose_gy=None if gy is None else float(gy[chosen].max()),
        dose_limit_gy=None if gy is None else dose_limit_gy,
        plane=plane,
        lesion_across=float(np.mean(plane.distance_mm(_points_of(lesion)) * np.sign(plane.distance_mm(centre)) > 0)),
    )


def _check_enough(chosen: BoolArray, grid: Grid, lesion: Structure, dose_limit_gy: float | None) -> None:
    found_cc = np.count_nonzero(chosen) * grid.voxel_cc
    if found_cc < SMALLEST_CC:
        below = "" if dose_limit_gy is None else f" below {dose_limit_gy:g} Gy"
        raise StructureError(
            f"Only {found_cc:.2f} cc of white matter was found opposite {lesion.name!r}{below}, at least "
            f"{SMALLEST_CC:g} cc are needed: draw it by hand."
        )


def _compact_part(white: BoolArray, grid: Grid, away_mm: FloatArray, volume_cc: float) -> BoolArray:
    """The part of a mask, up to a volume, round the place where it is widest and nearest to a point.

    ``away_mm`` [k, j, i] is the distance from the point; a place may be five times as far off as it is wider.
    """
    if not white.any():
        return white
    radius_mm = (volume_cc * 1000 * 3 / (4 * np.pi)) ** (1 / 3)
    width_mm = np.minimum(distance_mm(~white, grid, radius_mm), radius_mm)
    middle = np.argmax(np.where(white, width_mm - AWAY_COST * away_mm, -np.inf))
    kji = np.argwhere(white)
    from_middle = (kji - np.unravel_index(middle, white.shape)) * grid.spacing_ijk_mm[::-1]
    nearest = np.argsort(np.sum(from_middle**2, axis=1), kind="stable")[: round(volume_cc / grid.voxel_cc)]
    chosen = np.zeros_like(white)
    chosen[tuple(kji[nearest].T)] = True
    return chosen


def _far_from(lesion: Structure, points_mm: FloatArray) -> FloatArray:
    """Distance of points (..., 3) from the nearest voxel of the lesion, (...,)."""
    from scipy.spatial import KDTree

    tree = KDTree(_points_of(lesion))
    away: FloatArray = tree.query(points_mm)[0]
    return away


def _points_of(lesion: Structure) -> FloatArray:
    return lesion.grid.to_ras(np.argwhere(lesion.mask)[:, ::-1])
