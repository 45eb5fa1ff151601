"""What an assessment of the scene starts from, as the library takes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import CaseLesion, CaseVisit, ResponseCase, check_case
from brachyresponse.response.evidence.gathering.weigh import LesionEvidence
from brachyresponse.response.study import (
    CaseFrame,
    InputEntry,
    MeasuredVisit,
    MeasurementEntry,
    PerfusionEntry,
    ResponseRequest,
    SiteEntry,
    case_from_visits,
    choose_targets,
    measurement_entry,
)
from brachyresponse.response.vocabulary import VisitRole
from brachyresponse.scene.dicom_facts import dicom_facts
from brachyresponse.scene.evidence_in_study import evidence_notes, weighed_evidence
from brachyresponse.scene.perfusion_records import read_record as read_perfusion_record
from brachyresponse.scene.perfusion_staleness import stale_perfusion_reason
from brachyresponse.scene.response_adjudication import adjudication_of
from brachyresponse.scene.response_criteria import (
    chosen_reference,
    earlier_criteria,
    is_change_agreed,
    read_options,
    used_criteria,
)
from brachyresponse.scene.response_fields import ResponseField, response_text
from brachyresponse.scene.response_lesions import KeptSize
from brachyresponse.scene.response_parts import VisitPart, visit_part
from brachyresponse.scene.response_placing import site_entry
from brachyresponse.scene.response_reading import LesionNow, VisitNow, measured_visit, visit_now
from brachyresponse.scene.response_registration import registration_of
from brachyresponse.scene.response_treatments import read_record
from brachyresponse.scene.response_visits import day_of_visit, role_of, visits_of


@dataclass(frozen=True, eq=False)
class SceneRequest:
    """The request of an assessment, and the visits as they were read for it."""

    request: ResponseRequest
    visits: tuple[VisitNow, ...]


def read_scene_request(assessment_node: slicer.vtkMRMLScriptedModuleNode, today: date) -> SceneRequest:
    """Return what an assessment starts from, as the scene is now; nothing is written.

    Raises
    ------
    BrachyResponseError
        Something is missing, contradicts itself or cannot be read; the sentence says what to do.
    """
    visits = tuple(visit_now(node) for node in visits_of(assessment_node))
    measured = [measured_visit(now) for now in visits]
    frame = CaseFrame(
        id=assessment_node.GetName(),
        criteria=used_criteria(assessment_node),
        title=assessment_node.GetName(),
        options=read_options(assessment_node),
    )
    case = with_sizes_as_entered(case_from_visits(measured, frame), visits)
    record = read_record(assessment_node)
    request = ResponseRequest(
        case=case,
        patient_id=response_text(assessment_node, ResponseField.PATIENT_ID),
        treatments=record if len(record) or record.tumour else None,
        reference=chosen_reference(assessment_node),
        adjudications=tuple(filter(None, (adjudication_of(now.node) for now in visits))),
        schedule=response_text(assessment_node, ResponseField.SCHEDULE),
        today=today,
        measurements=tuple(_measurements(visits)),
        perfusion=tuple(_perfusion(visits)),
        sites=tuple(_sites(visits)),
        evidence=tuple(_evidence(visits)),
        earlier_criteria=earlier_criteria(assessment_node),
        accepts_new_criteria=is_change_agreed(assessment_node),
        inputs=tuple(_inputs(visits)),
        notes=(*_targets(measured, frame), *_notes(visits)),
    )
    return SceneRequest(request, visits)


def with_sizes_as_entered(case: ResponseCase, visits: Sequence[VisitNow]) -> ResponseCase:
    """Return a case in which a lesion has the sizes that were measured and no others.

    Raises
    ------
    ResponseError
        What is left does not do for the criteria.
    """
    sizes = {(day_of_visit(now.node), each.entry.id): each.entry.size for now in visits for each in now.lesions}
    exact = replace(case, visits=tuple(_exact(visit, sizes) for visit in case.visits))
    if exact != case:
        check_case(exact)
    return exact


def _exact(visit: CaseVisit, sizes: dict[tuple[date, str], KeptSize]) -> CaseVisit:
    return replace(
        visit, lesions=tuple(_exact_lesion(lesion, sizes.get((visit.date, lesion.id))) for lesion in visit.lesions)
    )


def _exact_lesion(lesion: CaseLesion, size: KeptSize | None) -> CaseLesion:
    if size is None or lesion.longest_mm is None:
        return lesion
    if size.longest_mm is None:
        lesion = replace(lesion, longest_mm=None)
    return lesion if size.perpendicular_mm is not None else replace(lesion, perpendicular_mm=None)


def _measurements(visits: Sequence[VisitNow]) -> Iterator[MeasurementEntry]:
    for now in visits:
        for each in now.lesions:
            measured = now.measurements.get(each.entry.id)
            if measured is not None and not each.entry.part_of:
                entry, size = measurement_entry(day_of_visit(now.node), each.entry.id, measured), each.entry.size
                if size.longest_mm is None:  # what was not entered is not told
                    across_mm, short_mm = size.perpendicular_mm, size.short_axis_mm
                    entry = replace(entry, longest_mm=None, perpendicular_mm=across_mm, short_axis_mm=short_mm)
                yield entry


def _perfusion(visits: Sequence[VisitNow]) -> Iterator[PerfusionEntry]:
    for now in visits:
        node = visit_part(now.node, VisitPart.PERFUSION)
        record = None if node is None else read_perfusion_record(node)
        if record is not None:
            day = record.scan_date or day_of_visit(now.node)
            yield from PerfusionEntry.of_record(replace(record, scan_date=day))


def _sites(visits: Sequence[VisitNow]) -> Iterator[SiteEntry]:
    for now in visits:
        for each in now.lesions:
            if each.entry.site:
                yield site_entry(each.entry, day_of_visit(now.node), each.name)


def _evidence(visits: Sequence[VisitNow]) -> Iterator[LesionEvidence]:
    """What was weighed of the lesions that the case has; the parts of one that fell apart are not in it."""
    for now in visits:
        parts = {each.entry.id for each in now.lesions if each.entry.part_of}
        yield from (found for found in weighed_evidence(now.node) if found.lesion not in parts)


def _inputs(visits: Sequence[VisitNow]) -> Iterator[InputEntry]:
    for now in visits:
        volume_node = visit_part(now.node, VisitPart.VOLUME)
        perfusion_node = visit_part(now.node, VisitPart.PERFUSION)
        if volume_node is not None:
            yield InputEntry(volume_node.GetName(), f"image of the visit of {day_of_visit(now.node)}")
        if perfusion_node is not None:
            yield InputEntry(perfusion_node.GetName(), f"perfusion study of the visit of {day_of_visit(now.node)}")


def _targets(measured: Sequence[MeasuredVisit], frame: CaseFrame) -> tuple[str, ...]:
    baseline = next(visit for visit in measured if visit.role is VisitRole.BASELINE)
    return choose_targets(baseline, frame.criteria, frame.options).sentences


def _notes(visits: Sequence[VisitNow]) -> Iterator[str]:
    for now in visits:
        day = day_of_visit(now.node)
        yield from _image_notes(now.node, day)
        yield from evidence_notes(now.node)
        yield from (f"{day}: {each.entry.field_said}" for each in now.lesions if each.entry.field_said)
        yield from (f"{day}: {each.note}" for each in now.lesions if each.note)
        yield from (_redrawn(day, each) for each in now.lesions if each.measured is not None)


def _image_notes(visit_node: slicer.vtkMRMLScriptedModuleNode, day: date) -> Iterator[str]:
    """What is to be said of the image of a visit, its registration and its perfusion study."""
    image, perfusion = (visit_part(visit_node, role) for role in (VisitPart.VOLUME, VisitPart.PERFUSION))
    if image is not None and (scanned := dicom_facts(image).day) not in (None, day):
        yield f"Image {image.GetName()!r} was acquired on {scanned}, but its visit is of {day}: look at the dates."
    if visit_part(visit_node, VisitPart.REGISTRATION) is not None and role_of(visit_node) is not VisitRole.BASELINE:
        yield _registration_note(visit_node, day)
    if perfusion is not None and read_perfusion_record(perfusion) is None:
        yield f"Perfusion study {perfusion.GetName()!r} of {day} was not measured, so it has no ratios."
    if perfusion is not None and (reason := stale_perfusion_reason(perfusion)):
        yield f"Perfusion study {perfusion.GetName()!r} of {day} is out of date ({reason}): compute its ratios again."


def _registration_note(visit_node: slicer.vtkMRMLScriptedModuleNode, day: date) -> str:
    """What the registration leaves over, or why it does not count: no size depends on it."""
    try:
        residual_mm = registration_of(visit_node).residual_mm
    except ResponseError as error:
        return str(error)
    residual = "unknown" if residual_mm is None else f"{residual_mm:.1f} mm"
    return f"The visit of {day} was registered to the baseline; residual {residual}."


def _redrawn(day: date, lesion: LesionNow) -> str:
    return f"The segment of lesion {lesion.entry.id!r} of {day} had been redrawn: it was measured anew."
