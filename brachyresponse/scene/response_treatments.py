"""The treatment record of an assessment: kept on its node, and shown as a table to edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment import (
    COLUMNS,
    IdhState,
    Treatment,
    TreatmentRecord,
    Tumour,
    from_rows,
    new_treatment,
    treatment_table,
    treatments_as_json,
    treatments_from_json,
    tumour_as_json,
    tumour_from_json,
)
from brachyresponse.scene.response_fields import ResponseField, response_json, set_response_field
from brachyresponse.scene.response_parts import ResponseRole, own_response_node, require_assessment, response_part
from brachyresponse.scene.response_words import day_of, needed_day
from brachyresponse.scene.tables import read_table, write_table

TITLE = "Treatments"


def read_record(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> TreatmentRecord:
    """Return the treatments of a patient, in the order of the table, and the tumour.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or what is kept is damaged.
    """
    tumour = response_json(assessment_node, ResponseField.TUMOUR)
    treatments = treatments_from_json(response_json(assessment_node, ResponseField.TREATMENTS, []), TITLE)
    return TreatmentRecord(treatments, None if tumour is None else tumour_from_json(tumour))


def write_treatments(assessment_node: slicer.vtkMRMLScriptedModuleNode, treatments: Iterable[Treatment]) -> None:
    """Keep treatments, and show them in their table.

    Raises
    ------
    ResponseError
        Two of them contradict each other; then nothing is changed.
    """
    record = TreatmentRecord(tuple(treatments), read_record(assessment_node).tumour)
    set_response_field(assessment_node, ResponseField.TREATMENTS, treatments_as_json(record) or None)
    show_treatments(assessment_node)


def set_tumour(assessment_node: slicer.vtkMRMLScriptedModuleNode, type_: str | None, idh: str | None = None) -> None:
    """Say what the tumour is; None is not known.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or a word is unknown; the nearest is told.
    """
    require_assessment(assessment_node)
    tumour = None if not type_ else Tumour(type_, idh or IdhState.UNKNOWN)  # type: ignore[arg-type]  # read as words
    set_response_field(assessment_node, ResponseField.TUMOUR, None if tumour is None else tumour_as_json(tumour))


def add_treatment(
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
    kind: str,
    start: date | str,
    end: date | str | None = None,
    **details: Any,
) -> Treatment:
    """Add a treatment; its details are those of its kind, such as ``result="necrosis"`` of a biopsy.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, kind or detail, or a value is not valid; then nothing is changed.
    """
    before = read_record(assessment_node)
    days = {name: needed_day(value, name) for name, value in details.items() if name == "inserted_on" and value}
    treatment = new_treatment(kind, needed_day(start, str(kind)), day_of(end, str(kind)), **{**details, **days})
    write_treatments(assessment_node, [*before, treatment])
    return treatment


def remove_treatment(assessment_node: slicer.vtkMRMLScriptedModuleNode, row: int) -> None:
    """Remove the treatment of a row, counted from 0.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment or row.
    """
    before = list(read_record(assessment_node))
    if not 0 <= row < len(before):
        raise ResponseError(f"There is no treatment {row + 1}: there are {len(before)}.")
    del before[row]
    write_treatments(assessment_node, before)


def with_dose(treatment: Treatment, name: str, prescription_gy: float | None) -> Treatment:
    """Return a course with another dose volume, by its name, and where it is given another prescription.

    Raises
    ------
    ResponseError
        The treatment gives no dose.
    """
    details = replace(treatment.radiation, dose_volume=name)
    if prescription_gy is not None:
        details = replace(details, prescription_gy=prescription_gy)
    return replace(treatment, details=details)


def show_treatments(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLTableNode:
    """Write the table of the treatments anew, and return it."""
    node = own_response_node(assessment_node, ResponseRole.TREATMENT_TABLE, "vtkMRMLTableNode", "treatments")
    return write_table(treatment_table(read_record(assessment_node)), node, editable=COLUMNS)


def take_treatment_edits(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Take what was typed into the table of the treatments, rows added to it as well; tell whether anything was.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or what was typed cannot be; then the table is as it was.
    """
    node = response_part(assessment_node, ResponseRole.TREATMENT_TABLE)
    before = read_record(assessment_node)
    if node is None:
        return False
    table = read_table(node)
    if table.rows == treatment_table(before).rows:
        return False
    try:
        if not table.columns:
            raise ResponseError(f"Table {node.GetName()!r} has lost its columns; it was made anew.")
        after = from_rows([[str(cell) for cell in row] for row in table.rows], columns=table.columns, where=TITLE)
        write_treatments(assessment_node, after)
    except ResponseError:
        show_treatments(assessment_node)
        raise
    return after != tuple(before)
