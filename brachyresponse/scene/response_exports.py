"""An assessment of the scene in files, the same that the command line writes, with key images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import slicer

from brachyresponse.errors import BrachyResponseError
from brachyresponse.geometry import Volume
from brachyresponse.pictures.response_pictures import MeasuredLesion, response_pictures
from brachyresponse.report.response_report import write_response_report
from brachyresponse.response.evidence.gathering.weigh import LesionEvidence
from brachyresponse.response.measurement import LesionMeasurement, measure_structure
from brachyresponse.response.study import ResponseStudy, evaluate_response, write_study
from brachyresponse.response.vocabulary import LesionState
from brachyresponse.scene.evidence_exports import evidence_beside, write_evidence
from brachyresponse.scene.plan_exports import writable_folder
from brachyresponse.scene.response_fields import ResponseField, response_text
from brachyresponse.scene.response_lesions import LesionEntry, read_entries, segment_of
from brachyresponse.scene.response_parts import VisitPart, visit_part
from brachyresponse.scene.response_reading import VisitNow, visit_now
from brachyresponse.scene.response_visits import IMAGE, day_of_visit, visits_of
from brachyresponse.scene.volumes import view_image


def export_assessment(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, study: ResponseStudy, folder: str | Path
) -> list[Path]:
    """Write an assessment into a folder and return the files: JSON, tables and the report.

    Raises
    ------
    InputFileError
        A file cannot be written.
    BrachyResponseError
        A lesion cannot be read for its key image.
    """
    study = _of_patient(study, assessment_node)
    pictures = response_pictures(study, tuple(_measured(assessment_node)), evidence_beside(assessment_node, study))
    folder = writable_folder(folder)
    written = [*write_study(study, folder), write_response_report(study, pictures, folder / "report.html")]
    return [*written, write_evidence(study.evidence, folder)] if study.evidence else written


def _of_patient(study: ResponseStudy, assessment_node: slicer.vtkMRMLScriptedModuleNode) -> ResponseStudy:
    """A study under the name and the patient ID that the assessment has now; no category depends on them."""
    name, patient_id = assessment_node.GetName(), response_text(assessment_node, ResponseField.PATIENT_ID)
    request = study.request
    if (request.case.title, request.patient_id) == (name, patient_id):
        return study
    case = replace(request.case, id=name, title=name)
    evidence = tuple(
        LesionEvidence(replace(each.request, patient_id=patient_id), each.evidence) for each in request.evidence
    )
    return evaluate_response(replace(request, case=case, patient_id=patient_id, evidence=evidence))


def _measured(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[MeasuredLesion]:
    """Every lesion that was measured on an image."""
    for visit_node in visits_of(assessment_node):
        volume_node = visit_part(visit_node, VisitPart.VOLUME)
        if volume_node is None:
            continue
        values, grid = view_image(volume_node, IMAGE)
        volume, now = Volume(volume_node.GetName(), values, grid, ""), visit_now(visit_node)
        for entry in read_entries(visit_node):
            if entry.id in now.measurements and entry.state is LesionState.MEASURED:
                measured = _with_outline(visit_node, entry, now)
                yield MeasuredLesion(day_of_visit(visit_node), entry.id, volume, measured)


def _with_outline(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry, now: VisitNow) -> LesionMeasurement:
    """A measurement with the outline of the slice measured, where the lesion has a segment that can be measured."""
    measured, chosen = now.measurements[entry.id], segment_of(visit_node, entry)
    if chosen is None or not chosen.exists or measured.is_manual:
        return measured
    try:
        drawn = measure_structure(chosen.read(), plane=entry.plane, holes=entry.holes)
    except BrachyResponseError:  # emptied since: the diameters are shown without it
        return measured
    return replace(measured, outline_ras_mm=drawn.outline_ras_mm)
