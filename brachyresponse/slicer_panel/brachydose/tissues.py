"""Biological dose, tissues: the parameters of each structure with their ranges, typed in place."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, Section
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows

COLUMNS = ("", "alpha_beta_gy", "repair_half_time_h", "alpha_per_gy", "doubling_time_days")
"""Field of each column of the table; the first is the structure."""
KEYWORDS = ("", "alphaBetaGy", "repairHalfTimeH", "alphaPerGy", "doublingTimeDays")
NO_STRUCTURE: str = _("Choose a structure in the table first.")


class TissuesSection(Section):
    """What tissue each structure is."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The parameter was not taken.")
        fit_columns(ui.tissueTable, stretched=0)
        self._segments: list[str] = []
        self._tissue = Choice(ui.tissueSelector, {UNKNOWN: _("none: no biological dose"), **self.logic.tissues()})
        self.on_shown(ui.tissueTable, "cellChanged(int,int)", self._on_cell, failed)
        self.on_shown(ui.tissueTable, "itemSelectionChanged()", lambda plan: None, failed)
        self.on_shown(ui.useTissueButton, "clicked()", self._on_use, _("The tissue was not taken."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the parameters of each structure."""
        rows = self.logic.biology(plan) if plan else ()
        self._segments = [row.segment for row in rows]
        cells = [[Cell(row.structure, row.source), *(self._cell(row, field) for field in COLUMNS[1:])] for row in rows]
        fill_table(self.ui.tissueTable, cells)
        chosen = selected_rows(self.ui.tissueTable)
        for widget in (self.ui.tissueSelector, self.ui.useTissueButton):
            allow(widget, first_reason((plan is None, NO_PLAN), (not chosen, NO_STRUCTURE)))

    @property
    def has_tissues(self) -> bool:
        """Whether any structure has a tissue."""
        plan = self.panel.plan
        return plan is not None and any(row.tissue for row in self.logic.biology(plan))

    def _cell(self, row: object, field: str) -> Cell:
        source: str = getattr(row, "source", "")
        return Cell(getattr(row, field) or "–", source, editable=bool(getattr(row, "tissue", "")), number=True)

    def _on_cell(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int, column: int) -> None:
        text = self.ui.tissueTable.item(row, column).text().strip()
        self.logic.setBiology(plan, self._segments[row], **{KEYWORDS[column]: text})

    def _on_use(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        for row in selected_rows(self.ui.tissueTable):
            self.logic.setBiology(plan, self._segments[row], self._tissue.value)
