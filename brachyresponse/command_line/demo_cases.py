"""The digital patient's courses as cases for ``respond``: what a person tells, and what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from brachyresponse.command_line.respond_dose import PlacedLesion
from brachyresponse.digital_patient.response import (
    DigitalVisit,
    ResponseCourse,
    case_options,
    expected_of,
    true_case,
)
from brachyresponse.geometry import Structure
from brachyresponse.response.case import ResponseCase
from brachyresponse.response.measurement import measure_structure
from brachyresponse.response.study import (
    Adjudication,
    CaseFrame,
    LesionFinding,
    MeasuredVisit,
    MeasurementEntry,
    PerfusionEntry,
    ResponseRequest,
    SiteEntry,
    case_from_visits,
    measurement_entry,
    request_as_json,
)
from brachyresponse.response.study.request_json import plain
from brachyresponse.response.treatment import ReferenceChoice

MEASURED = ("lesions", "new_lesions")
"""What images tell of a visit; of a new lesion a person tells where it lies against the field."""
DRAWN = "The lesions are drawn on the images as they are and bear their names: no scan was registered."
TRUE_RATIOS = "The perfusion ratios of this course are the true ones, not measured."
RATIO_MAP = "rcbv"


def told_case(
    course: ResponseCourse, perfusion: Iterable[PerfusionEntry], new: Sequence[PlacedLesion], notes: Sequence[str]
) -> dict[str, Any]:
    """Return a course without sizes: dates, treatments and the reader's word, for ``respond`` with images."""
    request = replace(_request(course, true_case(course)), perfusion=tuple(perfusion), notes=tuple(notes))
    sites = tuple(SiteEntry.of(each.day, each.lesion, each.site) for each in new)
    told = request_as_json(request) | {"sites": plain(sites)}
    told["visits"] = [_told_visit(visit, new) for visit in told["visits"]]
    return told


def _told_visit(visit: Mapping[str, Any], new: Sequence[PlacedLesion]) -> dict[str, Any]:
    told = {key: value for key, value in visit.items() if key not in MEASURED}
    here = [each for each in new if each.day.isoformat() == visit["date"]]
    placed = [{"id": each.lesion, "field": str(each.placement.position)} for each in here]
    return told | ({"new_lesions": placed} if placed else {})


def measured_case(course: ResponseCourse) -> dict[str, Any]:
    """Return a course with its drawn lesions measured on their grids, and what is true beside it."""
    request = measured_request(course, {visit.date: visit.lesions for visit in course.visits}, notes=(DRAWN,))
    return request_as_json(request) | {"expected": expected_of(course)}


def measured_request(
    course: ResponseCourse, drawn: Mapping[Any, Mapping[str, Structure]], notes: Sequence[str] = ()
) -> ResponseRequest:
    """Return the request of a course from outlines of its lesions.

    Parameters
    ----------
    drawn
        By date of the visit: outlines by the names that the lesions have at all visits.
    """
    visits, entries = [], []
    for visit in course.visits:
        measured, found = measured_visit(course, visit, drawn[visit.date])
        visits.append(measured)
        entries += found
    frame = CaseFrame(str(course.variant), course.criteria, course.title, case_options(course))
    ratios = tuple(PerfusionEntry(point.date, RATIO_MAP, "Lesion", point.ratio) for point in course.perfusion)
    return replace(
        _request(course, case_from_visits(visits, frame)),
        measurements=tuple(entries),
        perfusion=ratios,
        notes=(*notes, *((TRUE_RATIOS,) if ratios else ())),
    )


def measured_visit(
    course: ResponseCourse, visit: DigitalVisit, drawn: Mapping[str, Structure]
) -> tuple[MeasuredVisit, list[MeasurementEntry]]:
    """Return a visit with its outlines measured, and how they were measured."""
    natures = {lesion.id: lesion for lesion in course.lesions}
    found, entries = {}, []
    for name, outline in drawn.items():
        measured = measure_structure(outline)
        entries.append(measurement_entry(visit.date, name, measured))
        found[name] = LesionFinding(measured, kind=natures[name].kind, organ=natures[name].organ)
    reading = visit.reading
    told = MeasuredVisit(
        date=visit.date,
        role=visit.role,
        lesions=found,
        non_target=reading.non_target,
        t2_flair=reading.t2_flair,
        steroid_dose_mg=reading.steroid_dose_mg,
        steroid_trend=reading.steroid_trend,
        clinical_status=reading.clinical_status,
    )
    return told, entries


def _request(course: ResponseCourse, case: ResponseCase) -> ResponseRequest:
    """Return what a course tells beside its case; the day of the implant was chosen as the end of radiation."""
    said = course.truth.adjudicated
    adjudications: tuple[Adjudication, ...] = ()
    today = course.visits[-1].date
    if said is not None:
        today = max(today, said.on)
        adjudications = (Adjudication(course.visits[said.visit].date, said.category, said.reason, said.by, said.on),)
    return ResponseRequest(
        case=replace(case, radiation_end=None),
        patient_id=course.patient_id,
        treatments=course.treatments,
        reference=ReferenceChoice.IMPLANT_DAY if course.reference_date else None,
        adjudications=adjudications,
        schedule=course.schedule,
        today=today,
    )
