"""What a person chooses for evidence: the prior, answers to questions, own cut-offs, context, settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence import Answer, ConditionAnswer, OwnCutoff, Prior
from brachyresponse.response.evidence.gathering.checks import check_cutoffs
from brachyresponse.response.evidence.gathering.united import persons_answer
from brachyresponse.response.evidence.markers import condition, default_prior, marker
from brachyresponse.scene.evidence_fields import EvidenceField, evidence_json, evidence_text, set_evidence_field
from brachyresponse.scene.evidence_parts import require_evidence
from brachyresponse.scene.response_words import word_of


def choose_default_prior(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Start from the usual prior, with its range and its source."""
    _write_prior(evidence_node, default_prior())


def set_prior(evidence_node: slicer.vtkMRMLScriptedModuleNode, prior: Prior) -> None:
    """Choose how likely recurrence was before any marker was looked at.

    Raises
    ------
    SceneError
        There is no such evidence.
    """
    require_evidence(evidence_node)
    _write_prior(evidence_node, prior)


def read_prior(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Prior:
    """Return the prior.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or its prior is damaged.
    """
    fields = (EvidenceField.PRIOR_LOW, EvidenceField.PRIOR_MID, EvidenceField.PRIOR_HIGH)
    values = [evidence_json(evidence_node, field) for field in fields]
    if not all(isinstance(value, (int, float)) for value in values):
        raise ResponseError(f"Evidence {evidence_node.GetName()!r} has no prior: set it, with its range and source.")
    low, mid, high = map(float, values)
    source, set_by = (
        evidence_text(evidence_node, field) for field in (EvidenceField.PRIOR_SOURCE, EvidenceField.PRIOR_SET_BY)
    )
    return Prior(low, mid, high, source, set_by)


def _write_prior(evidence_node: slicer.vtkMRMLScriptedModuleNode, prior: Prior) -> None:
    values = {
        EvidenceField.PRIOR_LOW: prior.low,
        EvidenceField.PRIOR_MID: prior.mid,
        EvidenceField.PRIOR_HIGH: prior.high,
        EvidenceField.PRIOR_SOURCE: prior.source,
        EvidenceField.PRIOR_SET_BY: prior.set_by,
    }
    for field, value in values.items():
        set_evidence_field(evidence_node, field, value)


def read_answers(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[ConditionAnswer, ...]:
    """Return the answers that are known, a person's beside those of the records.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or what is kept is damaged.
    """
    kept = evidence_json(evidence_node, EvidenceField.ANSWERS, [])
    try:
        return tuple(ConditionAnswer(**{**each, "answer": Answer(each["answer"])}) for each in kept)
    except (TypeError, ValueError, KeyError) as error:
        raise ResponseError(
            f"Evidence {evidence_node.GetName()!r}: what is kept of its answers is damaged ({error}); answer anew."
        ) from error


def write_answers(evidence_node: slicer.vtkMRMLScriptedModuleNode, answers: Iterable[ConditionAnswer]) -> None:
    """Keep answers."""
    set_evidence_field(evidence_node, EvidenceField.ANSWERS, [asdict(each) for each in answers] or None)


def answer_condition(evidence_node: slicer.vtkMRMLScriptedModuleNode, id_: str, word: str, by: str = "") -> None:
    """Answer whether a condition holds: "yes", "no"; "unknown" takes the person's answer back.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence or condition, or the answer is none of the three.
    """
    require_evidence(evidence_node)
    known, said = condition(id_), word_of(Answer, word, "answer")
    kept = [each for each in read_answers(evidence_node) if not (each.is_by_person and each.condition == known.id)]
    if said is not Answer.UNKNOWN:
        kept.append(persons_answer(known.id, said, by))
    write_answers(evidence_node, kept)


def merge_answers(before: Iterable[ConditionAnswer], found: Iterable[ConditionAnswer]) -> tuple[ConditionAnswer, ...]:
    """Return answers after the scene was looked through: a person's stay, the others are refreshed."""
    return (*(each for each in before if each.is_by_person), *found)


def answer_conflicts(answers: Sequence[ConditionAnswer]) -> tuple[str, ...]:
    """Return a sentence on each answer of a person that what is on record contradicts."""
    given = {each.condition: each for each in answers if each.is_by_person}
    found = [each for each in answers if not each.is_by_person and each.condition in given]
    return tuple(
        f"{condition(each.condition).question} {given[each.condition].source} {given[each.condition].answer}; on "
        f"record it is {each.answer}: {each.source} The person's answer is used."
        for each in found
        if each.answer not in (given[each.condition].answer, Answer.UNKNOWN)
    )


def read_cutoffs(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[OwnCutoff, ...]:
    """Return the clinic's own cut-offs.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or what is kept is damaged.
    """
    try:
        return tuple(OwnCutoff(**each) for each in evidence_json(evidence_node, EvidenceField.OWN_CUTOFFS, []))
    except TypeError as error:
        raise ResponseError(
            f"Evidence {evidence_node.GetName()!r}: what is kept of its cut-offs is damaged ({error}); set them anew."
        ) from error


def set_own_cutoff(evidence_node: slicer.vtkMRMLScriptedModuleNode, id_: str, cutoff: OwnCutoff | None) -> None:
    """Set the clinic's own cut-off for a marker; None takes it away.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence or marker, the value is no number, or its lesion statistic is not said.
    """
    require_evidence(evidence_node)
    kept = [each for each in read_cutoffs(evidence_node) if each.marker != marker(id_).id]
    if cutoff is not None:
        check_cutoffs(evidence_node.GetName(), [cutoff])
        kept.append(cutoff)
    set_evidence_field(evidence_node, EvidenceField.OWN_CUTOFFS, [asdict(each) for each in kept] or None)


def named_values(evidence_node: slicer.vtkMRMLScriptedModuleNode, field: EvidenceField) -> Mapping[str, Any]:
    """Return the settings, or the context, that a person set, by name."""
    values: Mapping[str, Any] = evidence_json(evidence_node, field, {})
    return values


def set_named_value(
    evidence_node: slicer.vtkMRMLScriptedModuleNode, field: EvidenceField, name: str, value: object
) -> None:
    """Keep a setting, or a row of the context; None leaves it as usual. It must have been checked."""
    values = {**named_values(evidence_node, field), name: value}
    set_evidence_field(evidence_node, field, {key: each for key, each in values.items() if each is not None} or None)
