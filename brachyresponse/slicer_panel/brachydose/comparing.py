"""Comparing: the figures of two plans side by side."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.nodes import attribute_name
from brachyresponse.scene.plan_parts import KIND_ATTRIBUTE, PLAN_CLASS, PLAN_KIND, PlanRole, plan_part
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.brachydose.plan_rows import plan_rows
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, Section
from brachyresponse.slicer_panel.tables import Cell, fill_table, limit_column

WIDEST = 66
NO_OTHER: str = _("Choose another plan of this patient; Copy makes one.")
NO_DOSE: str = _("Compute the dose of both plans first.")
NOT_COMPARED: str = _("Press Compare first.")


class ComparingSection(Section):
    """The plan that is shown beside another one."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        ui.otherPlanSelector.addAttribute(PLAN_CLASS, attribute_name(KIND_ATTRIBUTE), PLAN_KIND)
        failed = _("The plan cannot be compared.")
        self.on_shown(ui.otherPlanSelector, "currentNodeChanged(vtkMRMLNode*)", lambda plan, other: None, failed)
        self.on_shown(ui.compareButton, "clicked()", self._on_compare, _("The plans were not compared."))
        failed = _("Cannot show the chart.")
        self.on_shown(ui.comparisonChartButton, "clicked()", self.logic.showComparison, failed)

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the last comparison of the plan."""
        ui, other = self.ui, self.ui.otherPlanSelector.currentNode()
        rows = [list(row.values()) for row in plan_rows(plan, PlanRole.COMPARISON)]
        fill_table(ui.comparisonTable, [_cells(row) for row in rows])
        for column in range(ui.comparisonTable.columnCount):
            ui.comparisonTable.resizeColumnToContents(column)
            limit_column(ui.comparisonTable, column, WIDEST)
        none = (plan is None, NO_PLAN)
        alone = (other is None or other is plan, NO_OTHER)
        dark = any(each is None or self.logic.doseNode(each) is None for each in (plan, other))
        allow(ui.compareButton, first_reason(none, alone, (dark, NO_DOSE)))
        chart = plan_part(plan, PlanRole.COMPARISON_CHART) if plan else None
        allow(ui.comparisonChartButton, first_reason(none, (chart is None, NOT_COMPARED)))

    def _on_compare(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        self.logic.comparePlans(plan, self.ui.otherPlanSelector.currentNode())


def _cells(row: list[str]) -> list[Cell]:
    structure, metric, unit, *figures = row
    return [
        Cell(structure, structure),
        Cell(f"{metric} {unit}".strip(), f"{metric} {unit}".strip()),
        *(Cell(figure, figure, number=True) for figure in figures),
    ]
