"""Planner, limits: structure, limit, weight and result of each, typed in place; limits are added and removed."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.planning import OrganLimit, parse_limit
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.segments import segment_ids, segment_name
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.brachydose.numbers import number_in
from brachyresponse.slicer_panel.brachydose.plan_rows import plan_rows
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, Section
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.table_rows import verdict_of
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows

LIMIT, WEIGHT = 1, 2
NO_STRUCTURES: str = _("Choose the structures in 1 Patient and target first.")
NO_LIMIT: str = _("Choose a limit in the table first.")


class ConstraintsSection(Section):
    """The limits of the plan's structures, as the planner weighs them."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._limits: tuple[OrganLimit, ...] = ()
        self._structure = Choice(ui.limitStructureSelector, {})
        fit_columns(ui.constraintsTable, stretched=0)
        self.on_shown(ui.constraintsTable, "cellChanged(int,int)", self._on_cell, _("The limit was not changed."))
        ui.constraintsTable.connect("itemSelectionChanged()", self._enable)
        self.on_shown(ui.addLimitButton, "clicked()", self._on_add, _("The limit was not added."))
        self.on_shown(ui.limitEdit, "returnPressed()", self._on_add, _("The limit was not added."))
        self.on_shown(ui.removeLimitButton, "clicked()", self._on_remove, _("The limit was not removed."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the limits with what the last evaluation found."""
        segmentation = plan_part(plan, PlanRole.SEGMENTATION) if plan else None
        names = [segment_name(segmentation, segment) for segment in segment_ids(segmentation)] if segmentation else []
        self._structure.fill({name: name for name in names})
        self._limits = self.logic.limits(plan) if plan else ()
        weights = self.logic.limitWeights(plan) if plan else {}
        rows = plan_rows(plan, PlanRole.LIMITS)
        cells = [
            _cells(limit, weights.get(str(limit), 1.0), row) for limit, row in zip(self._limits, rows, strict=True)
        ]
        fill_table(self.ui.constraintsTable, cells)
        self._enable()

    def _enable(self) -> None:
        ui, none = self.ui, (self.panel.plan is None, NO_PLAN)
        for widget in (ui.limitStructureSelector, ui.limitEdit, ui.addLimitButton):
            allow(widget, first_reason(none, (not self._structure.value, NO_STRUCTURES)))
        allow(ui.removeLimitButton, first_reason(none, (not selected_rows(ui.constraintsTable), NO_LIMIT)))

    def _on_add(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        self.logic.addLimit(plan, f"{self._structure.value}:{self.ui.limitEdit.text.strip()}")
        self.ui.limitEdit.text = ""

    def _on_remove(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        for row in selected_rows(self.ui.constraintsTable):
            self.logic.removeLimit(plan, self._limits[row])

    def _on_cell(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int, column: int) -> None:
        limit, text = self._limits[row], self.ui.constraintsTable.item(row, column).text().strip()
        if column == WEIGHT:
            self.logic.setLimitWeight(plan, limit, number_in(text, _("The weight")))
        elif column == LIMIT and text != _written(limit):
            self._change(plan, limit, parse_limit(f"{limit.structure}:{text}"))

    def _change(self, plan: slicer.vtkMRMLScriptedModuleNode, old: OrganLimit, new: OrganLimit) -> None:
        """Put a limit in the place of another one, with its weight."""
        weight = self.logic.limitWeights(plan).get(str(old), 1.0)
        self.logic.setLimits(plan, [str(new if limit == old else limit) for limit in self._limits])
        self.logic.setLimitWeight(plan, new, weight)


def _written(limit: OrganLimit) -> str:
    """A limit without its structure, as it is typed."""
    return str(limit).removeprefix(f"{limit.structure}:")


def _cells(limit: OrganLimit, weight: float, row: dict[str, str]) -> list[Cell]:
    found = f"{row['found']} {row['unit']}" if row.get("found") else "–"
    tool_tip = row.get("note") or _("{limit}, weight {weight:g}").format(limit=limit, weight=weight)
    return [
        Cell(limit.structure, tool_tip),
        Cell(_written(limit).replace("<=", " ≤ ").replace(">=", " ≥ "), tool_tip, editable=True),
        Cell(f"{weight:g}", _("How much the planner minds when this limit is not kept."), editable=True, number=True),
        Cell(found, tool_tip, verdict_of(row) if row.get("result") else verdict_of(None)),
    ]
