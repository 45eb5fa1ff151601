"""Rows of the tables of a plan as text, and the verdict in one."""

from __future__ import annotations

import slicer

from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.tables import Cell, read_table
from brachyresponse.slicer_panel.tables import Verdict

PASS, FAIL, ERROR = "pass", "fail", "error"  # words of the tables, never translated


def plan_rows(plan: slicer.vtkMRMLScriptedModuleNode | None, role: PlanRole) -> list[dict[str, str]]:
    """Return the rows of a table of the plan, by heading; none while it was not written."""
    node = plan_part(plan, role) if plan is not None else None
    if node is None:
        return []
    table = read_table(node)
    return [dict(zip(table.columns, map(_text, row), strict=True)) for row in table.rows]


def _text(value: Cell) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def verdict_of(row: dict[str, str] | None) -> Verdict:
    """Return the verdict of a row; a broken rule that is not an error is a warning."""
    if row is None or row["result"] not in (PASS, FAIL):
        return Verdict.NONE
    if row["result"] == PASS:
        return Verdict.MET
    return Verdict.NOT_MET if row.get("severity", ERROR) == ERROR else Verdict.WARNING
