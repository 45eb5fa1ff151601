"""Writing the result of an assessment into the scene: tables, chart, text, and the record of all."""

from __future__ import annotations

from collections.abc import Iterator

import slicer

from brachyresponse.planning import Table
from brachyresponse.response.criteria import VisitAssessment
from brachyresponse.response.schedule import ScheduleState
from brachyresponse.response.study import Adjudication, ResponseStudy, visit_table
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.response_chart import write_timeline
from brachyresponse.scene.response_fields import ResponseField, response_text, set_response_field
from brachyresponse.scene.response_lesions import put_entry
from brachyresponse.scene.response_measuring import write_measurement
from brachyresponse.scene.response_parts import ResponseRole, own_response_node, set_response_part
from brachyresponse.scene.response_reading import VisitNow
from brachyresponse.scene.response_reasons import UNVERIFIED, study_text
from brachyresponse.scene.response_records import write_record
from brachyresponse.scene.response_staleness import mark_response_current, response_signature, say_staleness
from brachyresponse.scene.tables import Cell, write_table

TABLE, TEXT = "vtkMRMLTableNode", "vtkMRMLTextNode"
REASON_COLUMNS = ("visit", "category", "what", "sentence", "rule", "source")
ALL = "all"
"""In the place of a visit's day, what is said of all; Slicer's table files cannot hold a row that begins empty."""
SCHEDULE_COLUMNS = ("visit", "status", "due", "from", "to", "visited", "imaging", "sentence")


def write_result(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, study: ResponseStudy, visits: tuple[VisitNow, ...]
) -> str:
    """Write a result into the nodes of its assessment, and return the text by which the scene keeps it.

    Lesions that were measured or placed anew for it are written as well.

    Raises
    ------
    BrachyResponseError
        There is no such assessment, or a node cannot be written.
    """
    with batch(assessment_node.GetScene()):
        for now in visits:
            _write_lesions(now)
        for role, what, table in _tables(study):
            write_table(table, own_response_node(assessment_node, role, TABLE, what))
        _write_schedule(assessment_node, study.schedule)
        own_response_node(assessment_node, ResponseRole.REASONS, TEXT, "reasons").SetText(study_text(study))
        write_timeline(assessment_node, study)
        text = write_record(assessment_node, study)
        if not response_text(assessment_node, ResponseField.ASSESSED_BY):
            set_response_field(assessment_node, ResponseField.ASSESSED_BY, study.case.criteria.value)
    mark_response_current(assessment_node, response_signature(assessment_node))
    say_staleness(assessment_node)
    return text


def reason_table(study: ResponseStudy) -> Table:
    """Return every reason of every visit, with its rule and source, and last what is said of all."""
    rows = [row for visit in study.assessment.visits for row in _visit_rows(visit, study.adjudication(visit.date))]
    rows += [(ALL, "", "warning", sentence, "", "") for sentence in study.warnings]
    rows += [(ALL, "", "assumption", each.sentence, "", "") for each in study.assumptions]
    return Table("Reasons", REASON_COLUMNS, tuple(rows))


def _visit_rows(visit: VisitAssessment, said: Adjudication | None) -> Iterator[tuple[Cell, ...]]:
    day, category = visit.date.isoformat(), str(visit.category or "")
    for place, reason in enumerate(visit.reasons):
        source = reason.source if reason.is_verified else f"{reason.source} ({UNVERIFIED})"
        what = "reason" if place else "deciding rule"
        yield day, category, what, reason.sentence, reason.text, source
    told = {
        "row of the table": [f"{row.row}: {row.found.replace('_', ' ')}" for row in visit.rows],
        "if known": [outcome.sentence for outcome in visit.if_known],
        "what would change it": [change.sentence for change in visit.changes],
        "deviation": visit.deviations,
        "the reader": [] if said is None else [said.describe()],
    }
    for what, sentences in told.items():
        yield from ((day, category, what, sentence, "", "") for sentence in sentences)


def schedule_table(state: ScheduleState) -> Table:
    """Return how the patient stands by the schedule, one row a scheduled visit."""
    rows = tuple(
        (
            row.visit.label,
            row.status.value,
            *("" if day is None else day.isoformat() for day in (row.due, row.first, row.last, row.visited_on)),
            ", ".join(row.visit.imaging),
            row.sentence,
        )
        for row in state.rows
    )
    return Table("Schedule", SCHEDULE_COLUMNS, rows)


def _tables(study: ResponseStudy) -> Iterator[tuple[ResponseRole, str, Table]]:
    yield ResponseRole.ASSESSMENT_TABLE, "assessment", visit_table(study)
    yield ResponseRole.REASON_TABLE, "reasons by rule", reason_table(study)


def _write_schedule(assessment_node: slicer.vtkMRMLScriptedModuleNode, state: ScheduleState | None) -> None:
    if state is None:
        set_response_part(assessment_node, ResponseRole.SCHEDULE_TABLE, None)
        return
    node = own_response_node(assessment_node, ResponseRole.SCHEDULE_TABLE, TABLE, "schedule")
    write_table(schedule_table(state), node)


def _write_lesions(now: VisitNow) -> None:
    for each in now.lesions:
        if each.measured is not None:
            write_measurement(now.node, each.entry, each.measured, each.contents)
        elif each.entry != each.kept:
            put_entry(now.node, each.entry)
