"""Writing the answer of evidence into its nodes: tables, text, chart, and the record of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import slicer

from brachyresponse.response.evidence.gathering.weigh import LesionEvidence
from brachyresponse.scene.evidence_chart import write_sensitivity
from brachyresponse.scene.evidence_fields import EvidenceField, evidence_json, set_evidence_field
from brachyresponse.scene.evidence_parts import EvidenceRole, own_evidence_node
from brachyresponse.scene.evidence_records import write_record
from brachyresponse.scene.evidence_staleness import mark_evidence_current, say_evidence_staleness
from brachyresponse.scene.evidence_tables import show_markers, show_questions
from brachyresponse.scene.nodes import batch

DECIMALS = 4


def write_answer(evidence_node: slicer.vtkMRMLScriptedModuleNode, found: LesionEvidence) -> None:
    """Write an answer; nodes that are there are updated in place.

    Raises
    ------
    BrachyResponseError
        There is no such evidence, or a node cannot be written.
    """
    with batch(evidence_node.GetScene()):
        show_markers(evidence_node, found.evidence)
        show_questions(evidence_node)
        notes = evidence_json(evidence_node, EvidenceField.COLLECTED, [])
        text = own_evidence_node(evidence_node, EvidenceRole.TEXT, "vtkMRMLTextNode", "answer")
        text.SetText("\n".join(answer_lines(found, notes)))
        write_sensitivity(evidence_node, found.evidence)
        write_record(evidence_node, found)
        set_evidence_field(evidence_node, EvidenceField.VERDICT, found.verdict.value)
        interval = found.evidence.interval
        kept = None if interval is None else [round(value, DECIMALS) for value in interval]
        set_evidence_field(evidence_node, EvidenceField.INTERVAL, kept)
    mark_evidence_current(evidence_node)
    say_evidence_staleness(evidence_node)


def answer_lines(found: LesionEvidence, notes: Iterable[str] = ()) -> Iterator[str]:
    """Yield the whole answer for people: what it is, what it rests on, what was left out, and what it is not."""
    evidence = found.evidence
    yield f"Lesion {found.lesion} on {found.visit}: {evidence.headline}"
    said = dict.fromkeys((*evidence.statements, *evidence.sentences))
    parts: dict[str, Iterable[str]] = {
        "What is to be said": (line for line in said if line not in (evidence.headline, evidence.what_would_change)),
        "What would change this": (evidence.what_would_change,),
        "Shown without weight": found.context,
        "Assumed": (line for line in evidence.assumptions if line not in said),
        "Not answered yet": (each.question for each in evidence.questions),
        "To look at": notes,
        "Taken from": found.request.inputs,
    }
    for heading, lines in parts.items():
        told = [line for line in lines if line]
        if told:
            yield ""
            yield f"{heading}:"
            yield from (f"- {line}" for line in told)
