"""The perfusion studies by which a lesion is judged: that of the visit, and those from before the treatment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import slicer

from brachyresponse.errors import BrachyResponseError, ResponseError
from brachyresponse.perfusion.study.record import PerfusionRecord
from brachyresponse.response.evidence.gathering.perfusion import PerfusionScans
from brachyresponse.scene.evidence_fields import EvidenceField, evidence_text, set_evidence_field
from brachyresponse.scene.evidence_nodes import lesion_of, measured_lesions, visits_until
from brachyresponse.scene.evidence_parts import visit_of
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.perfusion_records import read_record
from brachyresponse.scene.perfusion_segments import lesion_segments
from brachyresponse.scene.perfusion_staleness import stale_perfusion_reason
from brachyresponse.scene.response_fields import ResponseField, response_text
from brachyresponse.scene.response_lesions import lesion_label, segment_of
from brachyresponse.scene.response_parts import VisitPart, need_assessment, visit_part
from brachyresponse.scene.response_treatments import read_record as read_treatments
from brachyresponse.scene.response_visits import day_of_visit, visits_of


@dataclass(frozen=True, eq=False)
class ScansOfLesion:
    """Perfusion studies, the name that the lesion has in that of the visit, and what they were taken from."""

    scans: PerfusionScans
    lesion: str
    inputs: tuple[str, ...]


def perfusion_of(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> ScansOfLesion | None:
    """Return the perfusion studies that a lesion is judged by; None where the visit has none.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence; the study was not measured or is out of date; or it is not known which of its
        lesions is meant.
    """
    visit_node = visit_of(evidence_node)
    study = visit_part(visit_node, VisitPart.PERFUSION)
    if study is None:
        return None
    record = _current_record(study)
    if record is None:
        raise ResponseError(f"Perfusion study {study.GetName()!r} was not measured, so it has no ratios: measure it.")
    record = replace(record, scan_date=record.scan_date or day_of_visit(visit_node))
    earlier = list(_before(visit_node, study, record))
    for name, each in ((study.GetName(), record), *earlier):
        _check_patient(visit_node, name, each)
    scans = PerfusionScans((record,), tuple(each for _, each in earlier))
    inputs = (
        f"Perfusion study {study.GetName()!r} of {record.scan_date}",
        *(f"Perfusion study {name!r} of {each.scan_date}, from before the treatment" for name, each in earlier),
    )
    return ScansOfLesion(scans, _name_in(evidence_node, study, record), inputs)


def set_perfusion_lesion(evidence_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
    """Say how the perfusion study of the visit calls the lesion; "" leaves it to its segment and its name.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or the study of the visit has no lesion of that name.
    """
    study = visit_part(visit_of(evidence_node), VisitPart.PERFUSION)
    record = None if study is None else read_record(study)
    names = [] if record is None else [each.name for each in record.lesions]
    if name and name not in names:
        found = ", ".join(map(repr, names)) or "none"
        raise ResponseError(f"The perfusion study of the visit has no lesion {name!r} (lesions: {found}): choose one.")
    set_evidence_field(evidence_node, EvidenceField.PERFUSION_LESION, name)


def perfusion_texts(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[tuple[str, str]]:
    """Return what a lesion is judged by, another text where it changes: the studies of this visit and those before.

    Of each its record, and why that no longer holds.
    """
    nodes = [visit_part(node, VisitPart.PERFUSION) for node in visits_until(visit_node)]
    studies = [node for node in nodes if node is not None]
    studies += [other for node in studies if (other := perfusion_part(node, PerfusionRole.PRE_TREATMENT)) is not None]
    records = [(node, perfusion_part(node, PerfusionRole.RECORD)) for node in studies]
    return [(str(record.GetText()), _stale_reason(node)) for node, record in records if record is not None]


def _stale_reason(study: slicer.vtkMRMLScriptedModuleNode) -> str:
    try:
        return stale_perfusion_reason(study)
    except BrachyResponseError as error:
        return str(error)  # what cannot be read is no longer what it was measured on


def _current_record(study: slicer.vtkMRMLScriptedModuleNode) -> PerfusionRecord | None:
    record = read_record(study)
    reason = "" if record is None else stale_perfusion_reason(study)
    if reason:
        raise ResponseError(
            f"Perfusion study {study.GetName()!r} is out of date ({reason}): compute its ratios again, then collect."
        )
    return record


def _before(
    visit_node: slicer.vtkMRMLScriptedModuleNode, study: slicer.vtkMRMLScriptedModuleNode, record: PerfusionRecord
) -> Iterator[tuple[str, PerfusionRecord]]:
    """The scan before treatment that the study itself names, else the last one of the visits before the treatment."""
    chosen = perfusion_part(study, PerfusionRole.PRE_TREATMENT)
    if chosen is not None:
        before = _current_record(chosen)
        if before is not None:
            yield chosen.GetName(), before
        return
    treated = record.treatment_date or _first_treatment(visit_node)
    found: dict[str, tuple[str, PerfusionRecord]] = {}
    for node in visits_of(need_assessment(visit_node)):
        other, day = visit_part(node, VisitPart.PERFUSION), day_of_visit(node)
        earlier = None if other is None or other is study else _current_record(other)
        if other is None or earlier is None or treated is None or (earlier.scan_date or day) > treated:
            continue
        found[earlier.kind] = (other.GetName(), replace(earlier, scan_date=earlier.scan_date or day))
    yield from found.values()


def _check_patient(visit_node: slicer.vtkMRMLScriptedModuleNode, name: str, record: PerfusionRecord) -> None:
    known = response_text(need_assessment(visit_node), ResponseField.PATIENT_ID)
    if known and record.patient_id and known != record.patient_id:
        raise ResponseError(
            f"Perfusion study {name!r} is of patient {record.patient_id!r}, the assessment of {known!r}: link a study "
            "of this patient, or correct the patient ID."
        )


def _first_treatment(visit_node: slicer.vtkMRMLScriptedModuleNode) -> date | None:
    """The first day of radiation on record."""
    return min((each.start for each in read_treatments(need_assessment(visit_node)).courses), default=None)


def _name_in(
    evidence_node: slicer.vtkMRMLScriptedModuleNode, study: slicer.vtkMRMLScriptedModuleNode, record: PerfusionRecord
) -> str:
    """The name of the lesion in a study: as the user said, else by its segment, its name, or as the only one of both.

    Where the visit has several lesions, the only one of a study is not taken for any of them.
    """
    visit_node, entry = visit_of(evidence_node), lesion_of(evidence_node)
    names = [each.name for each in record.lesions]
    own = segment_of(visit_node, entry)
    by_segment = [
        each.name
        for each in lesion_segments(study)
        if own is not None and each.exists and each.node is own.node and each.segment_id == own.segment_id
    ]
    said = evidence_text(evidence_node, EvidenceField.PERFUSION_LESION)
    for name in (said, *by_segment, entry.id):
        if name in names:
            return name
    if len(names) == len(measured_lesions(visit_node)) == 1:
        return names[0]
    found = ", ".join(map(repr, names)) or "none"
    raise ResponseError(
        f"{lesion_label(visit_node, entry.id)}: perfusion study {study.GetName()!r} has no lesion of this name "
        f"(lesions: {found}): say which it is."
    )
