"""Looking through the scene for what is known of a lesion: markers, conditions, and what is shown beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

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
from brachyresponse.scene.evidence_findings import (
    FindingOrigin,
    KeptFinding,
    merge_findings,
    read_findings,
    write_findings,
)
from brachyresponse.scene.evidence_measurements import Part, read_measurements
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
    days
        Of the scans that were measured, each of which treatments are held against; else of the visit.
    """

    findings: tuple[KeptFinding, ...]
    answers: tuple[ConditionAnswer, ...]
    context: EvidenceContext
    inputs: tuple[str, ...]
    notes: tuple[str, ...]
    days: tuple[date, ...]


def collect(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Collected:
    """Look through the scene for what is known of a lesion; nothing is written.

    A measurement that cannot be taken, because it was not made or is out of date, is said in the notes.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, its lesion was removed, or what is kept of it is damaged.
    """
    parts = read_measurements(evidence_node)
    days = _scan_days(evidence_node, parts)
    context = find_context(evidence_node, days)
    known = with_said(evidence_node, context.context)
    measured = tuple(each for part in parts for each in part.answers)
    return Collected(
        findings=tuple(each for part in parts for each in part.findings),
        answers=(
            *_of_treatments(evidence_node, days),
            *_of_size(evidence_node),
            *_of_visits(evidence_node),
            *answers_of_distances(known.distance_to_seeds_mm, known.distance_to_balloon_mm, measured),
            *measured,
        ),
        context=context.context,
        inputs=tuple(each for part in parts for each in part.inputs),
        notes=(*context.notes, *(each for part in parts for each in part.notes)),
        days=days,
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
    set_evidence_field(evidence_node, EvidenceField.SCAN_DATES, [day.isoformat() for day in found.days])
    set_evidence_field(evidence_node, EvidenceField.COLLECTED, list(notes) or None)
    return notes


def _scan_days(evidence_node: slicer.vtkMRMLScriptedModuleNode, parts: Sequence[Part]) -> tuple[date, ...]:
    """The days of the scans; what was typed in is of the visit's day."""
    days = {day for part in parts for day in part.days if day is not None}
    is_typed = any(each.origin is FindingOrigin.TYPED for each in read_findings(evidence_node))
    if is_typed or not days:
        days.add(day_of_visit(visit_of(evidence_node)))
    return tuple(sorted(days))


def _of_treatments(evidence_node: slicer.vtkMRMLScriptedModuleNode, days: Sequence[date]) -> Iterator[ConditionAnswer]:
    """What spoils one scan counts."""
    record = read_record(need_assessment(visit_of(evidence_node)))
    for day in days:
        yield from answers_of_treatments(record, day)


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
