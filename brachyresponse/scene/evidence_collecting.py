"""Looking through the scene for what is known of a lesion: markers, conditions, and what is shown beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import slicer

from brachyresponse.errors import BrachyResponseError, DiffusionError
from brachyresponse.response.evidence import Answer, ConditionAnswer, Finding
from brachyresponse.response.evidence.gathering.answers import (
    answers_of_diffusion,
    answers_of_distances,
    answers_of_perfusion,
    answers_of_size,
    answers_of_treatments,
)
from brachyresponse.response.evidence.gathering.context import EvidenceContext
from brachyresponse.response.evidence.gathering.diffusion import findings_of_diffusion
from brachyresponse.response.evidence.gathering.perfusion import findings_of_perfusion
from brachyresponse.response.vocabulary import LesionState
from brachyresponse.scene.diffusion_records import read_visit_diffusion
from brachyresponse.scene.diffusion_staleness import stale_diffusion_reason
from brachyresponse.scene.evidence_choices import answer_conflicts, merge_answers, read_answers, read_cutoffs
from brachyresponse.scene.evidence_choices import write_answers as keep_answers
from brachyresponse.scene.evidence_context import find_context, keep_found_context
from brachyresponse.scene.evidence_fields import EvidenceField, set_evidence_field
from brachyresponse.scene.evidence_findings import (
    FindingOrigin,
    KeptFinding,
    merge_findings,
    read_findings,
    write_findings,
)
from brachyresponse.scene.evidence_nodes import lesion_of
from brachyresponse.scene.evidence_parts import visit_of
from brachyresponse.scene.evidence_perfusion import perfusion_of
from brachyresponse.scene.evidence_settings import read_settings
from brachyresponse.scene.response_lesions import read_entries
from brachyresponse.scene.response_measuring import current_size
from brachyresponse.scene.response_parts import need_assessment
from brachyresponse.scene.response_treatments import read_record
from brachyresponse.scene.response_visits import day_of_visit

SEVERAL = "multiple_lesions"
NOT_COLLECTED = "The {} of the visit was not taken: {}"


@dataclass(frozen=True)
class Part:
    """What one kind of measurement tells."""

    findings: tuple[KeptFinding, ...] = ()
    answers: tuple[ConditionAnswer, ...] = ()
    inputs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    context = find_context(evidence_node)
    readers: dict[FindingOrigin, Callable[[slicer.vtkMRMLScriptedModuleNode], Part]] = {
        FindingOrigin.PERFUSION: _of_perfusion,
        FindingOrigin.DIFFUSION: _of_diffusion,
    }
    parts = [_part(evidence_node, origin, read) for origin, read in readers.items()]
    distances = answers_of_distances(context.context.distance_to_seeds_mm, context.context.distance_to_balloon_mm)
    return Collected(
        findings=tuple(each for part in parts for each in part.findings),
        answers=(
            *_of_treatments(evidence_node),
            *_of_size(evidence_node),
            _of_number(evidence_node),
            *distances,
            *(each for part in parts for each in part.answers),
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
    keep_answers(evidence_node, answers)
    keep_found_context(evidence_node, found.context)
    set_evidence_field(evidence_node, EvidenceField.INPUTS, list(found.inputs) or None)
    set_evidence_field(evidence_node, EvidenceField.COLLECTED, list(notes) or None)
    return notes


def _part(
    evidence_node: slicer.vtkMRMLScriptedModuleNode,
    origin: FindingOrigin,
    read: Callable[[slicer.vtkMRMLScriptedModuleNode], Part],
) -> Part:
    """What one kind of measurement tells, or the note that says why it tells nothing."""
    try:
        return read(evidence_node)
    except BrachyResponseError as error:
        return Part(notes=(NOT_COLLECTED.format(origin, error),))


def _of_perfusion(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Part:
    found = perfusion_of(evidence_node)
    if found is None:
        return Part()
    settings, cutoffs = read_settings(evidence_node), read_cutoffs(evidence_node)
    findings = findings_of_perfusion(found.scans, found.lesion, settings=settings, own_cutoffs=cutoffs)
    answers = answers_of_perfusion(found.scans, found.lesion, settings)
    return Part(_kept(findings, FindingOrigin.PERFUSION), tuple(answers), found.inputs)


def _of_diffusion(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Part:
    visit_node, lesion = visit_of(evidence_node), lesion_of(evidence_node).id
    record = read_visit_diffusion(visit_node)
    if record is None:
        return Part()
    if lesion not in record.lesions:
        raise DiffusionError(f"The diffusion of lesion {lesion!r} was not measured: measure it.")
    if reason := stale_diffusion_reason(visit_node):
        raise DiffusionError(f"What was measured is out of date ({reason}): measure it again.")
    findings = findings_of_diffusion(record, lesion, own_cutoffs=read_cutoffs(evidence_node))
    inputs = (f"Diffusion of {record.scan_date}, map {record.map!r}.",)
    return Part(_kept(findings, FindingOrigin.DIFFUSION), answers_of_diffusion(record, lesion), inputs)


def _of_treatments(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[ConditionAnswer, ...]:
    visit_node = visit_of(evidence_node)
    return tuple(answers_of_treatments(read_record(need_assessment(visit_node)), day_of_visit(visit_node)))


def _of_size(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[ConditionAnswer]:
    visit_node, entry = visit_of(evidence_node), lesion_of(evidence_node)
    size = current_size(visit_node, entry)
    said = f"as measured at the visit of {day_of_visit(visit_node)}"
    yield from answers_of_size(longest_mm=size.longest_mm, volume_ml=size.volume_ml, source=said)


def _of_number(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> ConditionAnswer:
    """Whether there are several lesions at the visit: each is judged apart."""
    visit_node = visit_of(evidence_node)
    measured = [each.id for each in read_entries(visit_node) if each.state is LesionState.MEASURED]
    said = f"Lesions at the visit of {day_of_visit(visit_node)}: {', '.join(measured) or 'none'}."
    return ConditionAnswer(SEVERAL, Answer.YES if len(measured) > 1 else Answer.NO, said)


def _kept(findings: tuple[Finding, ...], origin: FindingOrigin) -> tuple[KeptFinding, ...]:
    return tuple(KeptFinding(each, origin) for each in findings)
