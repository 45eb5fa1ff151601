"""Rows of table nodes as text, and the verdict in one."""

from __future__ import annotations

import slicer

from brachyresponse.scene.tables import Cell, read_table
from brachyresponse.slicer_panel.tables import Verdict

PASS, FAIL, ERROR = "pass", "fail", "error"  # words of the tables, never translated


def table_rows(table_node: slicer.vtkMRMLTableNode | None) -> list[dict[str, str]]:
    """Return the rows of a table node, by heading; none without a node."""
    if table_node is None:
        return []
    table = read_table(table_node)
    return [dict(zip(table.columns, map(_text, row), strict=True)) for row in table.rows]


def place_in(row: dict[str, str] | None) -> list[float]:
    """Return the place that a row is about, RAS in mm; empty where it has none."""
    return [float(part) for part in (row or {}).get("position (mm)", "").split()]


def verdict_of(row: dict[str, str] | None) -> Verdict:
    """Return the verdict of a row; a broken rule that is not an error is a warning."""
    if row is None or row["result"] not in (PASS, FAIL):
        return Verdict.NONE
    if row["result"] == PASS:
        return Verdict.MET
    return Verdict.NOT_MET if row.get("severity", ERROR) == ERROR else Verdict.WARNING


def _text(value: Cell) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
