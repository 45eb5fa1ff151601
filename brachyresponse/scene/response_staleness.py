"""Whether the result of an assessment still belongs to what it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import numpy as np
import slicer

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.contents import drawn_contents, image_contents, in_steps
from brachyresponse.scene.evidence_parts import record_text_of
from brachyresponse.scene.nodes import get_attribute
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.response_fields import ResponseField, VisitField, response_text, visit_text
from brachyresponse.scene.response_lesions import LesionEntry, read_entries, segment_of
from brachyresponse.scene.response_lines import ends_of, line_nodes
from brachyresponse.scene.response_parts import (
    ResponseRole,
    VisitPart,
    response_part,
    response_parts,
    visit_part,
    visit_parts,
)
from brachyresponse.scene.response_registration import motion_matrix
from brachyresponse.scene.response_visits import day_of_visit, visits_of
from brachyresponse.scene.stale import SIGNATURE, input_signature, is_current, mark_current, mark_stale, stale_reason

RESULT_ROLES = (
    ResponseRole.RECORD,
    ResponseRole.ASSESSMENT_TABLE,
    ResponseRole.REASONS,
    ResponseRole.REASON_TABLE,
    ResponseRole.SCHEDULE_TABLE,
    ResponseRole.CHART,
)
A_TREATMENT, CRITERIA = "a treatment or the tumour was changed", "the criteria were changed"
A_VISIT, A_LESION = "a visit was changed", "a lesion was changed"
PERFUSION, A_REGISTRATION = "a perfusion study was changed", "a registration or a dose was changed"
AN_IMAGE, EVIDENCE = "an image was changed", "the evidence was weighed again or deleted"
FIELDS = {
    A_TREATMENT: (ResponseField.TREATMENTS, ResponseField.TUMOUR),
    CRITERIA: (ResponseField.CRITERIA, ResponseField.OPTIONS),
    "the end of radiation was changed": (ResponseField.REFERENCE,),
    "the schedule was changed": (ResponseField.SCHEDULE,),
}
REASONS = (*FIELDS, A_VISIT, A_LESION, PERFUSION, A_REGISTRATION, AN_IMAGE, EVIDENCE)
"""In the order of the parts of a signature."""
REACH_MM = np.array([[0, 100, 0, 0], [0, 0, 100, 0], [0, 0, 0, 100], [1, 1, 1, 1]], float)
"""By the places to which these come motions are compared: a small turn moves what is far from the origin."""
UNREADABLE = "cannot be read"
OUT_OF_DATE = "OUT OF DATE:"


def results_of(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLNode]:
    """Return the nodes of an assessment that are computed from it."""
    return [node for role in RESULT_ROLES for node in response_parts(assessment_node, role)]


def mark_response_current(assessment_node: slicer.vtkMRMLScriptedModuleNode, signature: str) -> None:
    """Say of the results of an assessment that they were computed from the inputs of a signature."""
    mark_current(results_of(assessment_node), signature)


def mark_response_stale(assessment_node: slicer.vtkMRMLScriptedModuleNode, reason: str) -> None:
    """Say of the results of an assessment why they no longer hold: the end of a sentence."""
    mark_stale(results_of(assessment_node), reason)


def stale_response_reason(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why the result of an assessment no longer holds; empty while it does, or while there is none.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or what is kept of it is damaged.
    """
    record = response_part(assessment_node, ResponseRole.RECORD)
    if record is None or stale_reason(record) or is_current(record, signature := response_signature(assessment_node)):
        return "" if record is None else stale_reason(record)
    before = get_attribute(record, SIGNATURE).split()
    changed = [why for why, was, now in zip_longest(REASONS, before, signature.split()) if was != now]
    return changed[0] if changed else A_VISIT


def say_staleness(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Say on the results themselves whether they are out of date: in their descriptions and above the text.

    Whoever opens the scene without the module reads it there.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or what is kept of it is damaged.
    """
    reason = stale_response_reason(assessment_node)
    said = f"{OUT_OF_DATE} {reason}; assess again." if reason else ""
    for node in results_of(assessment_node):
        if (node.GetDescription() or "") != said:
            node.SetDescription(said)
    for node in response_parts(assessment_node, ResponseRole.REASONS):
        lines = [line for line in (node.GetText() or "").split("\n") if not line.startswith(OUT_OF_DATE)]
        text = "\n".join([said, *lines] if said else lines)
        if node.GetText() != text:
            node.SetText(text)


def response_signature(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that is another one when something changes that the result depends on; the same after loading.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or what is kept of it is damaged.
    """
    kept = [tuple(response_text(assessment_node, field) for field in fields) for fields in FIELDS.values()]
    visits = visits_of(assessment_node)
    subjects = (
        *kept,
        [(day_of_visit(node), *(visit_text(node, field) for field in VisitField if field is not VisitField.LESIONS))
         for node in visits],
        [(day_of_visit(node), [list(_of_lesion(node, entry)) for entry in read_entries(node)]) for node in visits],
        [_of_perfusion(node) for node in visits],
        [*map(registration_contents, visits), *dose_contents(assessment_node)],
        [_of_image(node) for node in visits],
        *_of_evidence(visits),
    )  # fmt: skip
    return " ".join(input_signature(subject) for subject in subjects)


def _of_lesion(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> Iterator[object]:
    yield entry.id, entry.role, entry.kind, entry.organ, entry.state, entry.merged_into, entry.part_of
    yield entry.certainty, entry.field_position, entry.field_said, entry.plane, entry.holes
    chosen = segment_of(visit_node, entry)
    yield "" if chosen is None or not chosen.exists else drawn_contents(chosen.node, chosen.segment_id)
    if not entry.size.has_lines:
        size = entry.size
        yield size.longest_mm, size.perpendicular_mm, size.short_axis_mm, size.volume_ml
    for diameter, node in line_nodes(visit_node, entry.slot).items():
        try:
            yield diameter, in_steps(ends_of(node))
        except BrachyResponseError:
            yield diameter, UNREADABLE


def _of_perfusion(visit_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    perfusion_node = visit_part(visit_node, VisitPart.PERFUSION)
    record = None if perfusion_node is None else perfusion_part(perfusion_node, PerfusionRole.RECORD)
    return "" if record is None else str(record.GetText())


def registration_contents(visit_node: slicer.vtkMRMLScriptedModuleNode) -> object:
    """Return what changes when the registration of a visit does."""
    node = visit_part(visit_node, VisitPart.REGISTRATION)
    return "" if node is None else motion_contents(node)


def motion_contents(node: slicer.vtkMRMLLinearTransformNode) -> object:
    """Return what changes when a motion does."""
    return in_steps(motion_matrix(node) @ REACH_MM)


def _of_evidence(visits: list[slicer.vtkMRMLScriptedModuleNode]) -> Iterator[object]:
    """What the weighed evidence says, as one subject; nothing where there is none."""
    weighed = [node for visit_node in visits for node in visit_parts(visit_node, VisitPart.EVIDENCE)]
    texts = [record_text_of(node) for node in weighed]
    if any(texts):
        yield texts


def _of_image(visit_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    node = visit_part(visit_node, VisitPart.VOLUME)
    return "" if node is None else image_contents(node)


def dose_contents(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[object]:
    """Yield what changes when a dose, or its place on the baseline, does."""
    for node in response_parts(assessment_node, ResponseRole.DOSES):
        yield image_contents(node)
    for node in response_parts(assessment_node, ResponseRole.DOSE_REGISTRATIONS):
        yield motion_contents(node)
