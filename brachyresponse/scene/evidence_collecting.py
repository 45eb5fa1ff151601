"""Looking through the scene for what is known of a lesion: markers, conditions, and what is shown beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import slicer

from brachyresponse.response.evidence import ConditionAnswer
from brachyresponse.response.evidence.gathering.answered import answered
from brachyresponse.response.evidence.gathering.answers import (
    answers_of_distances,
    answers_of_size,
    answers_of_treatments,
)
from brachyresponse.response.evidence.gathering.context import EvidenceContext
from brachyresponse.scene.evidence_choices import answer_conflicts, merge_answers, read_answers, write_answers
from brachyresponse.scene.evidence_context import find_context, keep_found_context, with_said
from brachyresponse.scene.evidence_fields import EvidenceField, set_evidence_field
from brachyresponse.scene.evidence_findings import KeptFinding, merge_findings, read_findings, write_findings
from brachyresponse.scene.evidence_measurements import read_measurements
from brachyresponse.scene.evidence_nodes import lesion_of, measured_lesions, visits_until
from brachyresponse.scene.evidence_parts import visit_of
from brachyresponse.scene.response_measuring import current_size
from brachyresponse.scene.response_parts import need_assessment
from brachyresponse.scene.response_treatments import read_record
from brachyresponse.scene.response_visits import day_of_visit


@dataclass(frozen=True)
class Collected:
    """All that the scene tells of a lesion.

    Parameters
    ----------
    inputs
        What it was taken from, a sentence each.
    notes
        What has to be said: conflicts with what a person typed in, and what could not be taken.
    """

    findings: tuple[KeptFinding, ...]
    answers: tuple[ConditionAnswer, ...]
    context: EvidenceContext
    inputs: tuple[str, ...]
    notes: tuple[str, ...]


def collect(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Collected:
    """Look through the scene for what is known of a lesion; nothing is written.

    A measurement that cannot be taken, because it was not made or is out of date, is said in the notes.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, its lesion was removed, or what is kept of it is damaged.
    """
    context, parts = find_context(evidence_node), read_measurements(evidence_node)
    known = with_said(evidence_node, context.context)
    measured = tuple(each for part in parts for each in part.answers)
    return Collected(
        findings=tuple(each for part in parts for each in part.findings),
        answers=(
            *_of_treatments(evidence_node),
            *_of_size(evidence_node),
            *_of_visits(evidence_node),
            *answers_of_distances(known.distance_to_seeds_mm, known.distance_to_balloon_mm, measured),
            *measured,
        ),
        context=context.context,
        inputs=tuple(each for part in parts for each in part.inputs),
        notes=(*context.notes, *(each for part in parts for each in part.notes)),
    )


def keep_collected(evidence_node: slicer.vtkMRMLScriptedModuleNode, found: Collected) -> tuple[str, ...]:
    """Keep what the scene tells beside what a person typed in, and return what has to be said of it."""
    merged = merge_findings(read_findings(evidence_node), found.findings)
    answers = merge_answers(read_answers(evidence_node), found.answers)
    notes = (*merged.conflicts, *answer_conflicts(answers), *found.notes)
    write_findings(evidence_node, merged.findings)
    write_answers(evidence_node, answers)
    keep_found_context(evidence_node, found.context)
    set_evidence_field(evidence_node, EvidenceField.INPUTS, list(found.inputs) or None)
    set_evidence_field(evidence_node, EvidenceField.COLLECTED, list(notes) or None)
    return notes


def _of_treatments(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[ConditionAnswer, ...]:
    visit_node = visit_of(evidence_node)
    return tuple(answers_of_treatments(read_record(need_assessment(visit_node)), day_of_visit(visit_node)))


def _of_size(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[ConditionAnswer]:
    visit_node, entry = visit_of(evidence_node), lesion_of(evidence_node)
    size = current_size(visit_node, entry)
    said = f"as measured at the visit of {day_of_visit(visit_node)}"
    yield from answers_of_size(longest_mm=size.longest_mm, volume_ml=size.volume_ml, source=said)


def _of_visits(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[ConditionAnswer]:
    """Whether there are several lesions at the visit, each of which is judged apart, and earlier visits."""
    visit_node = visit_of(evidence_node)
    day, measured = day_of_visit(visit_node), measured_lesions(visit_node)
    earlier = [each for each in map(day_of_visit, visits_until(visit_node)) if each < day]
    said = f"Lesions at the visit of {day}: {', '.join(measured) or 'none'}."
    yield answered("multiple_lesions", len(measured) > 1, said)
    if earlier:
        yield answered("baseline_scan", True, f"There are earlier visits, of {earlier[0]} first.")
