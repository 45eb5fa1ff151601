"""Replanning during the procedure: what a CT shows to be placed already is kept, and the rest is planned anew."""

from __future__ import annotations

import numpy as np
import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, NO_TARGET, Section
from brachyresponse.slicer_panel.layout import jump_slices
from brachyresponse.slicer_panel.selectors import show_node
from brachyresponse.slicer_panel.sentences import bullets, paragraph
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows

USE, YES, PLACE = 0, "yes", "place (mm)"
NO_IMAGE: str = _("Choose the CT that was taken during the procedure first.")
NOT_FOUND: str = _("Press Find first.")


class ReplanningSection(Section):
    """Finds what is placed, and plans what remains."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.soFarTable, stretched=2)
        self._rows: list[dict[str, str]] = []
        failed = _("The CT cannot be used.")
        self.on_shown(ui.procedureSelector, "currentNodeChanged(vtkMRMLNode*)", self.logic.setProcedureImage, failed)
        ui.findSoFarButton.connect("clicked()", self.find)
        ui.replanButton.connect("clicked()", self.replan)
        self.on_shown(ui.soFarTable, "cellChanged(int,int)", self._on_tick, _("The tick was not taken."))
        ui.soFarTable.connect("itemSelectionChanged()", self._on_selected)
        self.on_shown(ui.remainingSheetButton, "clicked()", self._on_sheet, _("The file was not written."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show what was found, and what it means."""
        ui, logic = self.ui, self.logic
        show_node(ui.procedureSelector, logic.procedureImage(plan) if plan else None)
        self._rows = table_rows(logic.soFarTable(plan)) if plan else []
        fill_table(ui.soFarTable, [_cells(row) for row in self._rows])
        sentences = logic.soFarSentences(plan) if plan else ()
        none = (plan is None, NO_PLAN)
        image = (ui.procedureSelector.currentNode() is None, NO_IMAGE)
        target = (not self.panel.patient.has_target, NO_TARGET)
        found = (not self._rows, NOT_FOUND)
        ui.soFarBox.setHtml(bullets(sentences) or paragraph(first_reason(none, image, found)))
        allow(ui.procedureSelector, first_reason(none))
        allow(ui.findSoFarButton, first_reason(none, image))
        allow(ui.replanButton, first_reason(none, target, image, found))
        allow(ui.remainingSheetButton, first_reason(none, found))

    def find(self) -> None:
        """Find needles and seeds on the CT, with progress."""
        panel = self.panel
        failed = _("Nothing was found.")
        with panel.runner.long_action(_("Looking for what is placed"), failed) as report:
            self.logic.findSoFar(panel.plan, report=report)
        panel.show_node()

    def replan(self) -> None:
        """Plan the rest, with progress; Cancel keeps the best plan so far."""
        replan = self.logic.replanImplant
        self.panel.planner.search(lambda plan, **how: replan(plan, **how).plan, _("Planning the rest"))

    def _on_tick(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int, column: int) -> None:
        if column == USE:
            used = self.ui.soFarTable.item(row, column).checkState() == qt.Qt.Checked
            self.logic.useSoFar(plan, row, used)

    def _on_selected(self) -> None:
        chosen = selected_rows(self.ui.soFarTable)
        if len(chosen) == 1 and chosen[0] < len(self._rows):
            jump_slices(slicer.mrmlScene, np.array([float(part) for part in self._rows[chosen[0]][PLACE].split()]))

    def _on_sheet(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        self.panel.files.write(self.logic.exportRemainingSheet)


def _cells(row: dict[str, str]) -> list[Cell]:
    return [
        Cell(checked=row["used"] == YES, tool_tip=row["note"]),
        Cell(f"{row['kind']} {row['number']}", row["note"]),
        Cell(row[PLACE], row["note"], number=True),
        Cell(row["confidence"], row["note"], number=True),
    ]
