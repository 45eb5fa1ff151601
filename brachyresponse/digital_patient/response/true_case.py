"""The course as a case for the criteria by its exact sizes, and what they should say of it."""

from __future__ import annotations

from typing import Any

from brachyresponse.digital_patient.response.course import ResponseCourse
from brachyresponse.digital_patient.response.lesion import CourseLesion, TrueSize
from brachyresponse.digital_patient.response.visit import DigitalVisit
from brachyresponse.geometry import sample
from brachyresponse.response.case import CaseLesion, CaseOptions, CaseVisit, NewLesion, ResponseCase
from brachyresponse.response.vocabulary import FieldPosition, LesionKind, LesionState

FIELD_SHARE = 0.8
"""Of the prescription: the isodose that bounds the irradiated field."""
LEAST_NEW_MM = 10.0


def true_case(course: ResponseCourse) -> ResponseCase:
    """Return the case that a reader without any error of measurement would enter."""
    return ResponseCase(
        id=str(course.variant),
        criteria=course.criteria,
        visits=tuple(_visit(course, visit) for visit in course.visits),
        title=course.title,
        options=case_options(course),
        radiation_end=course.reference_date,
    )


def case_options(course: ResponseCourse) -> CaseOptions:
    """Return the choices that the course makes within its criteria: a node below 15 mm is a protocol's target."""
    return CaseOptions(has_protocol_targets=any(lesion.kind is LesionKind.NODE for lesion in course.lesions))


def expected_of(course: ResponseCourse) -> dict[str, Any]:
    """Return what is true, in the form of the ``expected`` part of a worked case; sizes of known lesions beside it."""
    truth = course.truth
    rows = zip(course.visits, truth.categories, truth.sums, strict=True)
    return {
        "visits": [
            {
                "date": visit.date.isoformat(),
                "category": str(category),
                "sum": total,
                "lesions": [
                    _true_size(lesion, visit.sizes[lesion.id])
                    for lesion in course.lesions
                    if lesion.id in visit.sizes and not lesion.is_new
                ],
            }
            for visit, category, total in rows
        ],
        "best_overall_response": str(truth.best_overall_response),
        "progression_date": truth.progression_date.isoformat() if truth.progression_date else None,
    }


def _true_size(lesion: CourseLesion, size: TrueSize) -> dict[str, Any]:
    across = "short_axis_mm" if lesion.kind is LesionKind.NODE else "perpendicular_mm"
    sizes = {"longest_mm": size.longest_mm, across: size.perpendicular_mm, "volume_ml": size.volume_ml}
    return {"id": lesion.id, **sizes}


def _visit(course: ResponseCourse, visit: DigitalVisit) -> CaseVisit:
    known = [lesion for lesion in course.lesions if not lesion.is_new]
    new = [lesion for lesion in course.lesions if lesion.id in visit.new_lesions]
    reading = visit.reading
    return CaseVisit(
        date=visit.date,
        role=visit.role,
        lesions=tuple(_lesion(lesion, visit.sizes.get(lesion.id)) for lesion in known),
        non_target=reading.non_target,
        t2_flair=reading.t2_flair,
        steroid_dose_mg=reading.steroid_dose_mg,
        steroid_trend=reading.steroid_trend,
        clinical_status=reading.clinical_status,
        new_lesions=tuple(_new_lesion(course, lesion, visit.sizes[lesion.id]) for lesion in new),
    )


def _lesion(lesion: CourseLesion, size: TrueSize | None) -> CaseLesion:
    if size is None:
        return CaseLesion(lesion.id, lesion.role, lesion.organ, lesion.kind, LesionState.ABSENT)
    is_node = lesion.kind is LesionKind.NODE
    return CaseLesion(
        lesion.id,
        lesion.role,
        lesion.organ,
        lesion.kind,
        longest_mm=size.longest_mm,
        perpendicular_mm=None if is_node else size.perpendicular_mm,
        short_axis_mm=size.perpendicular_mm if is_node else None,
        volume_ml=size.volume_ml,
    )


def _new_lesion(course: ResponseCourse, lesion: CourseLesion, size: TrueSize) -> NewLesion:
    dose_gy = float(sample(course.dose.values, course.dose.grid, lesion.centre_mm))
    inside = dose_gy >= FIELD_SHARE * course.prescription_gy
    field = FieldPosition.INSIDE if inside else FieldPosition.OUTSIDE
    return NewLesion(lesion.id, field, is_measurable=size.perpendicular_mm >= LEAST_NEW_MM)
