"""Weighing the evidence on a lesion: look through the scene, weigh, and write only when all of it is there."""

from __future__ import annotations

import slicer

from brachyresponse.response.evidence.gathering.weigh import LesionEvidence, weigh_request
from brachyresponse.scene.evidence_collecting import collect, keep_collected
from brachyresponse.scene.evidence_fields import EVIDENCE_FIELDS, EvidenceField
from brachyresponse.scene.evidence_output import write_answer
from brachyresponse.scene.evidence_records import read_record
from brachyresponse.scene.evidence_request import read_evidence_request
from brachyresponse.scene.evidence_staleness import say_evidence_staleness
from brachyresponse.scene.evidence_tables import show_markers, show_questions
from brachyresponse.scene.nodes import batch

COLLECTED = (
    EvidenceField.FINDINGS,
    EvidenceField.ANSWERS,
    EvidenceField.FOUND_CONTEXT,
    EvidenceField.INPUTS,
    EvidenceField.SCAN_DATES,
    EvidenceField.COLLECTED,
)
"""What collecting changes, and what is put back where weighing fails."""


def collect_findings(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, ...]:
    """Look through the scene, keep what is found beside what a person typed in, and return what has to be said.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, its lesion was removed, or what is kept of it is damaged.
    """
    found = collect(evidence_node)
    with batch(evidence_node.GetScene()):
        notes = keep_collected(evidence_node, found)
        show_inputs(evidence_node)
    return notes


def weigh_evidence_of(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> LesionEvidence:
    """Look through the scene, weigh all of it, and write the answer.

    Raises
    ------
    BrachyResponseError
        Something contradicts itself or is missing; then the evidence is as it was.
    """
    found = collect(evidence_node)
    before = {field: EVIDENCE_FIELDS.text(evidence_node, field) for field in COLLECTED}
    try:
        keep_collected(evidence_node, found)
        weighed = weigh_request(read_evidence_request(evidence_node))
    except Exception:
        for field, text in before.items():
            EVIDENCE_FIELDS.put(evidence_node, field, text)
        raise
    write_answer(evidence_node, weighed)
    return weighed


def show_inputs(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Show what was typed in or collected since the last answer, which says that it is out of date."""
    show_last_markers(evidence_node)
    show_questions(evidence_node)
    say_evidence_staleness(evidence_node)


def show_last_markers(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLTableNode:
    """Write the table of the markers with what the last weighing made of them, and return it."""
    last = read_record(evidence_node)
    return show_markers(evidence_node, None if last is None else last.evidence)
