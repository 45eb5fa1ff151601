"""How a study's series was acquired: kept on its node with the origin of each figure, and shown as a table to edit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import Acquisition
from brachyresponse.perfusion.series.acquisition import ENTERED
from brachyresponse.planning import Table
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_json, set_perfusion_field
from brachyresponse.scene.perfusion_parts import PerfusionRole, own_perfusion_node, perfusion_part
from brachyresponse.scene.tables import Cell, read_table, write_table

COLUMNS = ("parameter", "value", "unit", "origin")
TABLE_TITLE = "Acquisition"
TEXT_NAMES = ("agent",)
FIGURES, NOTES = "figures", "notes"


@dataclass(frozen=True)
class ShownParameter:
    """How a parameter is shown: its label, and its unit as a multiple of the library's."""

    label: str
    unit: str = ""
    per_unit: float = 1.0


SHOWN: Mapping[str, ShownParameter] = MappingProxyType(
    {
        "tr_s": ShownParameter("Repetition time (TR)", "ms", 1000.0),
        "te_s": ShownParameter("Echo time (TE)", "ms", 1000.0),
        "flip_angle_deg": ShownParameter("Flip angle", "degrees"),
        "field_strength_t": ShownParameter("Field strength", "T"),
        "agent": ShownParameter("Contrast agent"),
        "dose_mmol_per_kg": ShownParameter("Dose", "mmol/kg"),
        "preload_dose_mmol_per_kg": ShownParameter("Preload dose", "mmol/kg"),
    }
)


def read_acquisition(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> Acquisition:
    """Return how the series of a study was acquired, with where each figure comes from.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, or its attribute is damaged.
    """
    return _from_json(perfusion_json(perfusion_node, PerfusionField.ACQUISITION, {}))


def write_acquisition(perfusion_node: slicer.vtkMRMLScriptedModuleNode, acquisition: Acquisition) -> None:
    """Keep how the series of a study was acquired, and show it in its table."""
    set_perfusion_field(perfusion_node, PerfusionField.ACQUISITION, _to_json(acquisition))
    show_acquisition(perfusion_node)


def describe_series(series_node: slicer.vtkMRMLNode, acquisition: Acquisition) -> None:
    """Say of a series that we wrote how it was acquired, for every study of it."""
    set_attribute(series_node, PerfusionField.ACQUISITION, json.dumps(_to_json(acquisition)))


def described_series(series_node: slicer.vtkMRMLNode) -> Acquisition:
    """Return what we said of a series when we wrote it; nothing is known of others.

    Raises
    ------
    PerfusionError
        What was said is damaged.
    """
    text = get_attribute(series_node, PerfusionField.ACQUISITION, "{}")
    try:
        return _from_json(json.loads(text))
    except (TypeError, AttributeError, json.JSONDecodeError) as error:
        raise PerfusionError(
            f"Series {series_node.GetName()!r}: what is kept of its acquisition, {text!r}, is damaged; load it again."
        ) from error


def set_parameter(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str, value: float | str | None) -> None:
    """Enter a figure by its name and unit in the library, such as ``tr_s``; None takes it away.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study or figure, or the value is none that it can have.
    """
    before = read_acquisition(perfusion_node)
    if name in Acquisition.names() and name not in TEXT_NAMES and value is not None:
        value = _number(name, str(value))
    write_acquisition(perfusion_node, before.with_value(name, value, ENTERED))


def show_acquisition(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLTableNode:
    """Write the table of a study's acquisition anew and return it."""
    table_node = own_perfusion_node(perfusion_node, PerfusionRole.ACQUISITION, "vtkMRMLTableNode", "acquisition")
    return write_table(_table(read_acquisition(perfusion_node)), table_node, editable=("value",))


def take_acquisition_edits(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Take what was typed into the table of a study's acquisition, and tell whether anything was.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, or what was typed cannot be; then the table is as it was.
    """
    table_node = perfusion_part(perfusion_node, PerfusionRole.ACQUISITION)
    before = read_acquisition(perfusion_node)
    rows = _table(before).rows
    if table_node is None or read_table(table_node).rows == rows:
        return False
    try:
        after = _edited(before, rows, read_table(table_node))
    except PerfusionError:
        show_acquisition(perfusion_node)
        raise
    write_acquisition(perfusion_node, after)
    return after != before


def _edited(before: Acquisition, rows: tuple[tuple[Cell, ...], ...], table: Table) -> Acquisition:
    if table.columns != COLUMNS or len(table.rows) != len(rows):
        raise PerfusionError("The table of the acquisition has lost rows or columns; it was made anew.")
    after = before
    for name, old, new in zip(Acquisition.names(), rows, table.rows, strict=True):
        if new[1] != old[1]:
            after = after.with_value(name, _typed(name, str(new[1])), ENTERED)
    return after


def _typed(name: str, text: str) -> float | str | None:
    """What was typed in the unit of the table, in the library's."""
    text = text.strip()
    if not text or name in TEXT_NAMES:
        return text or None
    return _number(name, text) / _shown(name).per_unit


def _number(name: str, text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise PerfusionError(
            f"{_shown(name).label}: {text!r} is not a number; write one, or leave it empty."
        ) from error


def _to_json(acquisition: Acquisition) -> dict[str, Any]:
    known = {
        name: (getattr(acquisition, name), acquisition.origins.get(name, ENTERED))
        for name in Acquisition.names()
        if getattr(acquisition, name) is not None
    }
    return {FIGURES: known, NOTES: acquisition.notes}


def _from_json(kept: Mapping[str, Any]) -> Acquisition:
    acquisition = Acquisition(notes=tuple(kept.get(NOTES, ())))
    for name, (value, origin) in kept.get(FIGURES, {}).items():
        acquisition = acquisition.with_value(name, value, origin)
    return acquisition


def _shown(name: str) -> ShownParameter:
    return SHOWN.get(name, ShownParameter(name))


def _table(acquisition: Acquisition) -> Table:
    rows = []
    for name in Acquisition.names():
        shown, value = _shown(name), getattr(acquisition, name)
        text = "" if value is None else value if isinstance(value, str) else f"{value * shown.per_unit:.6g}"
        rows.append((shown.label, text, shown.unit, acquisition.origins.get(name, "not known")))
    return Table(TABLE_TITLE, COLUMNS, tuple(rows))
