"""Rows of the tables of a plan."""

from __future__ import annotations

import slicer

from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.slicer_panel.table_rows import table_rows


def plan_rows(plan: slicer.vtkMRMLScriptedModuleNode | None, role: PlanRole) -> list[dict[str, str]]:
    """Return the rows of a table of the plan, by heading; none while it was not written."""
    return table_rows(plan_part(plan, role) if plan is not None else None)
