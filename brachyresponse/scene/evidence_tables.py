"""The markers and the questions of evidence as tables, readable and complete without the module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import slicer

from brachyresponse.planning import Table
from brachyresponse.response.evidence import Answer, ConditionAnswer
from brachyresponse.response.evidence.gathering.united import united_answers
from brachyresponse.response.evidence.markers import condition, marker, statistic_in_words
from brachyresponse.response.evidence.weighing import Evidence, LeftOut, UsedMarker
from brachyresponse.response.evidence.weighing.inputs import group_of
from brachyresponse.response.evidence.weighing.validity import concerns
from brachyresponse.response.evidence.weighing.words import group_words
from brachyresponse.scene.evidence_choices import read_answers
from brachyresponse.scene.evidence_findings import FindingOrigin, KeptFinding, read_findings
from brachyresponse.scene.evidence_parts import EvidenceRole, own_evidence_node
from brachyresponse.scene.tables import Cell, write_table

TABLE = "vtkMRMLTableNode"
MARKER_COLUMNS = (
    "id", "marker", "group", "value", "unit", "statistic", "side", "indicates", "cut-off", "study", "population fits",
    "likelihood ratio", "low", "high", "weight", "include", "why", "from",
)  # fmt: skip
QUESTION_COLUMNS = ("id", "question", "answer", "how it is known", "what follows", "source")
YES, NO, NOTHING = "yes", "no", "-"
FITS = {True: YES, False: NO, None: "not known"}


@dataclass(frozen=True)
class EvidenceQuestion:
    """A condition on which a marker of the lesion depends, with what is known of it.

    Parameters
    ----------
    id, question
        Of the condition, and how a person is asked.
    answer, source
        What is known, and how.
    action
        What follows where it holds.
    citation
        Where the condition comes from.
    """

    id: str
    question: str
    answer: Answer
    source: str
    action: str
    citation: str


def questions_of(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[EvidenceQuestion, ...]:
    """Return the conditions on which the markers depend, open ones first, else in the order of the markers.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or what is kept is damaged.
    """
    findings = [each.finding for each in read_findings(evidence_node)]
    asked = dict.fromkeys(
        id_ for each in findings for id_ in marker(each.id).conditions if concerns(condition(id_), each)
    )
    known = {each.condition: each for each in united_answers(read_answers(evidence_node))}
    told = {id_: known.get(id_, ConditionAnswer(id_, Answer.UNKNOWN)) for id_ in (*asked, *known)}
    rows = [row for row in map(condition, asked) if not row.needs or told[row.needs].answer is Answer.YES]
    found = (
        EvidenceQuestion(row.id, row.question, told[row.id].answer, told[row.id].words, str(row.action), row.source)
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: each.answer is not Answer.UNKNOWN))


def show_markers(evidence_node: slicer.vtkMRMLScriptedModuleNode, evidence: Evidence | None) -> slicer.vtkMRMLTableNode:
    """Write the table of the markers, a row a finding in their order, and return it.

    With it goes what the last weighing made of those that have not changed since.
    """
    used, left_out = ((), ()) if evidence is None else (evidence.used, evidence.left_out)
    rows = tuple(
        _marker_row(
            kept,
            next((each for each in used if each.finding == kept.finding), None),
            next((each for each in left_out if each.finding == kept.finding), None),
        )
        for kept in read_findings(evidence_node)
    )
    node = own_evidence_node(evidence_node, EvidenceRole.MARKERS, TABLE, "markers")
    return write_table(Table("Markers", MARKER_COLUMNS, rows), node)


def show_questions(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLTableNode:
    """Write the table of the questions with their answers, and return it."""
    rows = tuple(
        (each.id, each.question, str(each.answer), each.source or NOTHING, each.action, each.citation)
        for each in questions_of(evidence_node)
    )
    node = own_evidence_node(evidence_node, EvidenceRole.QUESTIONS, TABLE, "questions")
    return write_table(Table("Questions", QUESTION_COLUMNS, rows), node)


def _marker_row(kept: KeptFinding, used: UsedMarker | None, left_out: LeftOut | None) -> tuple[Cell, ...]:
    finding, known = kept.finding, marker(kept.finding.id)
    reasons = finding.reason if left_out is None else " ".join(left_out.reasons)
    return (
        known.id,
        known.title,
        group_words(group_of(finding)),
        _value(kept),
        finding.unit or NOTHING,
        statistic_in_words(finding.statistic) or NOTHING,
        *_weighed(used),
        known.citation,
        NOTHING if used is None else FITS[used.population_fits],
        *_ratios(used),
        YES if finding.is_included else NO,
        (used.sentence if used is not None else reasons) or NOTHING,
        _origin(kept),
    )


def _weighed(used: UsedMarker | None) -> Iterator[str]:
    """The side, the class that is indicated, and the cut-off."""
    if used is None:
        yield from (NOTHING,) * 3
    else:
        yield str(used.side)
        yield str(used.class_indicated)
        yield used.cutoff_words


def _ratios(used: UsedMarker | None) -> Iterator[str]:
    """The likelihood ratio with its interval, and its weight."""
    if used is None:
        yield from (NOTHING,) * 4
    else:
        yield from (f"{value:.2f}" for value in (used.likelihood_ratio, *used.lr_interval))
        yield f"{used.weight:g}"


def _value(kept: KeptFinding) -> str:
    finding = kept.finding
    if finding.value is None:
        return NOTHING if finding.positive is None else "positive" if finding.positive else "negative"
    interval = "" if finding.low is None or finding.high is None else f" ({finding.low:.3g} to {finding.high:.3g})"
    return f"{finding.value:.4g}{interval}"


def _origin(kept: KeptFinding) -> str:
    if kept.origin is FindingOrigin.TYPED:
        return kept.finding.source or kept.origin.value
    return f"{kept.origin}: {kept.finding.source}" if kept.finding.source else kept.origin.value
