"""Whether a lesion lies inside the irradiated field, outside, or is for the reader to place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.dose.samples import sample_points
from brachyresponse.geometry import Structure
from brachyresponse.geometry.rigid import moved_points
from brachyresponse.response.field.course import Course
from brachyresponse.response.field.irradiated import IrradiatedField
from brachyresponse.response.field.isodose_surface import (
    dose_at,
    isodose_points_mm,
    reaches_edge,
    signed_distance_mm,
)
from brachyresponse.response.vocabulary import FieldPosition
from brachyresponse.types import BoolArray, FloatArray


@dataclass(frozen=True)
class FieldPlacement:
    """Where a lesion lies against the irradiated field.

    Parameters
    ----------
    position
        Inside or outside where that holds with the field anywhere within the tolerance, else straddles: for the reader.
    share_inside
        Share of the lesion's volume inside the field as it lies, 0 to 1.
    tolerance_mm
        The residual of the registration.
    nearest_mm, farthest_mm
        Signed distances of the lesion's points from the field's surface, negative inside.
    sentence
        For people.
    """

    position: FieldPosition
    share_inside: float
    tolerance_mm: float
    nearest_mm: float
    farthest_mm: float
    sentence: str


def place_lesion(lesion: Structure, field: IrradiatedField) -> FieldPlacement:
    """Return where a lesion, on any grid in the space of the scan, lies against the field.

    The doses themselves are sampled at the lesion's points; the field's voxels are for looking at. A lesion within the
    registration's residual of the field's edge is put to the reader, and so is one that reaches over a dose grid
    whose isodose is cut off.
    """
    points_mm, volume_cc = sample_points(lesion)
    distances = [_distance_mm(points_mm, course, field.level) for course in field.courses]
    distance_mm = np.min(distances, axis=0)  # of a union: exact outside, inside at least as deep
    share_inside = float(volume_cc[distance_mm <= 0].sum() / volume_cc.sum())
    is_unknown = np.any([_unknown(points_mm, course, field.level) for course in field.courses], axis=0)
    is_unknown &= distance_mm > 0  # what lies inside one field is inside, whatever another one does
    tolerance_mm = field.residual_mm or 0.0
    position = _position(distance_mm, tolerance_mm) if not is_unknown.any() else FieldPosition.STRADDLES
    placement = FieldPlacement(
        position=position,
        share_inside=share_inside,
        tolerance_mm=tolerance_mm,
        nearest_mm=float(distance_mm.min()),
        farthest_mm=float(distance_mm.max()),
        sentence="",
    )
    unknown_share = float(volume_cc[is_unknown].sum() / volume_cc.sum())
    return _with_sentence(placement, lesion.name, field, unknown_share)


def _distance_mm(points_mm: FloatArray, course: Course, level: float) -> FloatArray:
    """Signed distance of points of the scan from the isodose of a course, negative inside."""
    level_gy = course.level_gy(level)
    is_inside = dose_at(points_mm, course.dose.values, course.grid_on_scan) >= level_gy
    surface_mm = moved_points(isodose_points_mm(course.dose, level_gy), course.to_scan)
    return signed_distance_mm(points_mm, surface_mm, is_inside)


def _unknown(points_mm: FloatArray, course: Course, level: float) -> BoolArray:
    """Points beyond the dose grid of a course whose isodose is cut off by its edge."""
    if not reaches_edge(course.dose.values, course.level_gy(level)):
        return np.zeros(len(points_mm), bool)
    is_known: BoolArray = course.grid_on_scan.contains(points_mm)
    return ~is_known


def _position(distance_mm: FloatArray, tolerance_mm: float) -> FieldPosition:
    if distance_mm.max() <= -tolerance_mm:
        return FieldPosition.INSIDE
    return FieldPosition.OUTSIDE if distance_mm.min() > tolerance_mm else FieldPosition.STRADDLES


def _with_sentence(
    placement: FieldPlacement, name: str, field: IrradiatedField, unknown_share: float
) -> FieldPlacement:
    percent = f"{100 * placement.share_inside:.0f} % of {name!r} lies inside the {100 * field.level:g} % isodose"
    if placement.position is FieldPosition.INSIDE:
        told = f"{name!r} lies inside the field, at least {-placement.farthest_mm:.1f} mm from its edge."
    elif placement.position is FieldPosition.OUTSIDE:
        told = f"{name!r} lies outside the field, {placement.nearest_mm:.1f} mm from its edge."
    else:
        told = (
            f"{percent}; its edge lies within the lesion, or no farther from it than the registration's residual of "
            f"{placement.tolerance_mm:.1f} mm: the reader decides."
        )
    if unknown_share > 0:
        told = (
            f"{percent}; {100 * unknown_share:.0f} % lies beyond a dose grid that cuts the isodose off, where nobody "
            "knows the dose: the reader decides."
        )
    if field.residual_mm is None:
        told += " The residual of the registration is not known."
    return replace(placement, sentence=f"{told} {field.sentence}")
