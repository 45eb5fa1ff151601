"""The visits and the lesions of an assessment as tables, which a reader can type into."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import slicer

from brachyresponse.errors import BrachyResponseError, ResponseError
from brachyresponse.planning import Table
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.response_editing import (
    BY_CRITERIA,
    LesionFacts,
    add_entered_lesion,
    rename_lesion,
    renamed_entries,
    set_lesion_value,
    with_value,
)
from brachyresponse.scene.response_lesion_list import VisitLesion, visit_lesions
from brachyresponse.scene.response_lesions import find_entry, read_entries
from brachyresponse.scene.response_measuring import EnteredSizes, enter_sizes
from brachyresponse.scene.response_parts import ResponseRole, VisitPart, own_response_node, response_part, visit_part
from brachyresponse.scene.response_registration import read_motion
from brachyresponse.scene.response_visit_values import VISIT_VALUES, parsed_visit_value, visit_value, write_visit_values
from brachyresponse.scene.response_visits import day_of_visit, visits_of
from brachyresponse.scene.tables import Cell, read_table, write_table

TABLE_CLASS = "vtkMRMLTableNode"
DECIMALS = 1
VISIT_HEADINGS = {
    "date": "date",
    "role": "role",
    "nonTarget": "non-target lesions",
    "t2Flair": "T2/FLAIR",
    "steroidDose": "dexamethasone (mg/d)",
    "steroidTrend": "steroids",
    "clinicalStatus": "clinical status",
    "histology": "histology",
}
"""By the names of values that can be set."""
SIZES = {
    "longest (mm)": "longest_mm",
    "perpendicular (mm)": "perpendicular_mm",
    "short axis (mm)": "short_axis_mm",
    "volume (mL)": "volume_ml",
}
LESION_HEADINGS = {
    "role": "role",
    "kind": "kind",
    "organ": "organ",
    "state": "state",
    "mergedInto": "merged into",
    "field": "field",
    "certainty": "certainty",
}
LESION_NAMES = {heading: name for name, heading in LESION_HEADINGS.items()}
LESION_COLUMNS = (
    "date", "lesion", "new", "role", "kind", "organ", "state", *SIZES, "measured", "merged into", "field", "certainty",
    "plane", "look at",
)  # fmt: skip
EDITABLE = ("lesion", "role", "kind", "organ", "state", *SIZES, "merged into", "field", "certainty")
YES = "yes"
AS_SHOWN, AS_WRITTEN = "AsShown", "AsWritten"


@dataclass(frozen=True)
class Edit:
    """What was typed into a cell."""

    row: tuple[str, str]
    """The row's first two cells as they were shown: the day, and of lesions the name."""
    heading: str
    text: str


def show_visits(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLTableNode:
    """Write the table of the visits anew, and return it."""
    node = own_response_node(assessment_node, ResponseRole.VISIT_TABLE, TABLE_CLASS, "visits")
    return _show(_visit_table(assessment_node), node, tuple(VISIT_HEADINGS.values()))


def show_lesions(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLTableNode:
    """Write the table of the lesions by visit anew, and return it."""
    node = own_response_node(assessment_node, ResponseRole.LESION_TABLE, TABLE_CLASS, "lesions")
    return _show(_lesion_table(assessment_node), node, EDITABLE)


def take_visit_edits(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Take what was typed into the table of the visits; tell whether anything was.

    Raises
    ------
    SceneError, ResponseError
        What was typed cannot be; then the visits are as they were, and so is the table.
    """
    return _take(
        assessment_node, ResponseRole.VISIT_TABLE, tuple(VISIT_HEADINGS.values()), show_visits, _apply_to_visits
    )


def take_lesion_edits(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Take what was typed into the table of the lesions; tell whether anything was.

    Raises
    ------
    SceneError, ResponseError
        What was typed cannot be; then the lesions are as they were, and so is the table.
    """
    return _take(assessment_node, ResponseRole.LESION_TABLE, EDITABLE, show_lesions, _apply_to_lesions)


def _show(table: Table, node: slicer.vtkMRMLTableNode, editable: tuple[str, ...]) -> slicer.vtkMRMLTableNode:
    """Write a table, and keep what it shows, so that what is typed into it later can be told."""
    if get_attribute(node, AS_SHOWN) != (shown := json.dumps([table.columns, table.rows])) or _rows(node) is None:
        write_table(table, node, editable=editable)
        set_attribute(node, AS_SHOWN, shown)
        set_attribute(node, AS_WRITTEN, json.dumps(read_table(node).rows))
    return node


def _take(
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
    role: ResponseRole,
    editable: tuple[str, ...],
    show: Callable[[Any], Any],
    apply: Callable[[Any, list[Edit]], None],
) -> bool:
    node = response_part(assessment_node, role)
    if node is None:
        return False
    try:
        edits = list(_edits(node))
        _check_columns(edits, editable)
        apply(assessment_node, edits)
    except BrachyResponseError:
        set_attribute(node, AS_SHOWN, None)
        show(assessment_node)
        raise
    if edits:
        set_attribute(node, AS_SHOWN, None)
        show(assessment_node)
    return bool(edits)


def _edits(node: slicer.vtkMRMLTableNode) -> Iterator[Edit]:
    """What was typed into a table since it was shown."""
    now, before = read_table(node), _rows(node)
    if before is None or len(now.rows) != len(before):
        raise ResponseError(f"Table {now.title!r} has lost or gained rows; it was made anew.")
    for was, cells in zip(before, now.rows, strict=True):
        if len(was) != len(cells):
            raise ResponseError(f"Table {now.title!r} has lost or gained columns; it was made anew.")
        for heading, is_now, then in zip(now.columns, cells, was, strict=True):
            if str(is_now) != str(then):
                yield Edit((str(was[0]), str(was[1])), heading, str(is_now).strip())


def _check_columns(edits: list[Edit], editable: tuple[str, ...]) -> None:
    for edit in edits:
        if edit.heading not in editable:
            raise ResponseError(f"Column {edit.heading!r} is computed: change what it comes from.")


def _rows(node: slicer.vtkMRMLTableNode) -> list[list[Cell]] | None:
    """What a table held when it was shown, or None where that is not known."""
    text = get_attribute(node, AS_WRITTEN)
    return None if not text else list(json.loads(text))


def _apply_to_visits(assessment_node: slicer.vtkMRMLScriptedModuleNode, edits: list[Edit]) -> None:
    names = {heading: name for name, heading in VISIT_HEADINGS.items()}
    values: dict[str, dict[str, object]] = {}
    for edit in edits:
        name = names[edit.heading]
        values.setdefault(edit.row[0], {})[name] = parsed_visit_value(name, edit.text)
    write_visit_values([(_visit_on(assessment_node, day), changed) for day, changed in values.items()])


def _apply_to_lesions(assessment_node: slicer.vtkMRMLScriptedModuleNode, edits: list[Edit]) -> None:
    sizes: dict[tuple[str, str], dict[str, str]] = {}
    for edit in edits:
        if edit.heading in SIZES:
            sizes.setdefault(edit.row, {})[SIZES[edit.heading]] = edit.text
    entered = {row: _entered(_visit_on(assessment_node, row[0]), row[1], typed) for row, typed in sizes.items()}
    names = [edit for edit in edits if edit.heading == "lesion"]
    _check_names(assessment_node, names)
    words = [edit for edit in edits if edit.heading in LESION_NAMES]
    for edit in words:  # all of them before the first is written
        node, (_, lesion_id) = _visit_on(assessment_node, edit.row[0]), edit.row
        with_value(node, find_entry(node, lesion_id), LESION_NAMES[edit.heading], edit.text)
    for edit in words:
        node, (_, lesion_id) = _visit_on(assessment_node, edit.row[0]), edit.row
        set_lesion_value(node, lesion_id, LESION_NAMES[edit.heading], edit.text)
    for (day, lesion_id), given in entered.items():
        add_entered_lesion(_visit_on(assessment_node, day), LesionFacts(lesion_id), given)
    for edit in names:  # last: until then the old name finds it
        rename_lesion(_visit_on(assessment_node, edit.row[0]), edit.row[1], edit.text)


def _check_names(assessment_node: slicer.vtkMRMLScriptedModuleNode, edits: list[Edit]) -> None:
    """Refuse names of which a lesion cannot have one, before anything is written."""
    for day in {edit.row[0] for edit in edits}:
        visit_node = _visit_on(assessment_node, day)
        entries = read_entries(visit_node)
        for edit in edits:
            if edit.row[0] == day:
                entries = renamed_entries(visit_node, entries, edit.row[1], edit.text)


def _entered(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str, typed: dict[str, str]) -> EnteredSizes:
    """The sizes of a lesion with what was typed; it is checked, so that nothing is written of what cannot be."""
    lesion = next(each for each in visit_lesions(visit_node) if each.id == lesion_id)
    known = {name: getattr(lesion, name) for name in SIZES.values()}
    if ("perpendicular_mm" in typed) != ("short_axis_mm" in typed):  # they are one: the other one follows
        known["perpendicular_mm"] = known["short_axis_mm"] = None
    given = EnteredSizes(**{**known, **typed})
    enter_sizes(visit_node, find_entry(visit_node, lesion_id), given)
    return given


def _visit_on(assessment_node: slicer.vtkMRMLScriptedModuleNode, day: str) -> slicer.vtkMRMLScriptedModuleNode:
    for node in visits_of(assessment_node):
        if day_of_visit(node).isoformat() == day:
            return node
    raise ResponseError(f"There is no visit on {day} any more: the table was made anew.")


def _visit_table(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> Table:
    columns = (*VISIT_HEADINGS.values(), "image", "perfusion study", "registration residual (mm)")
    return Table("Visits", columns, tuple(_visit_row(node) for node in visits_of(assessment_node)))


def _visit_row(visit_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[Cell, ...]:
    values = [visit_value(visit_node, name) for name in VISIT_VALUES]
    volume, perfusion, registration = (
        visit_part(visit_node, role) for role in (VisitPart.VOLUME, VisitPart.PERFUSION, VisitPart.REGISTRATION)
    )
    residual = None if registration is None else read_motion(registration).residual_mm
    names = ["" if node is None else node.GetName() for node in (volume, perfusion)]
    return (*(_text(value) for value in values), *names, _number(residual))


def _lesion_table(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> Table:
    rows = tuple(_lesion_row(node, lesion) for node, lesion in _lesion_rows(assessment_node))
    return Table("Lesions", LESION_COLUMNS, rows)


def _lesion_rows(
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
) -> Iterable[tuple[slicer.vtkMRMLScriptedModuleNode, VisitLesion]]:
    return [(node, lesion) for node in visits_of(assessment_node) for lesion in visit_lesions(node)]


def _lesion_row(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion: VisitLesion) -> tuple[Cell, ...]:
    return (
        day_of_visit(visit_node).isoformat(),
        lesion.id,
        YES if lesion.is_new else "",
        str(lesion.role or BY_CRITERIA),
        str(lesion.kind),
        lesion.organ,
        str(lesion.state),
        *(_number(getattr(lesion, name)) for name in SIZES.values()),
        str(lesion.origin or ""),
        lesion.merged_into,
        str(lesion.field),
        str(lesion.certainty),
        lesion.plane if lesion.origin else "",
        " ".join(lesion.notes),
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.{DECIMALS}f}"
