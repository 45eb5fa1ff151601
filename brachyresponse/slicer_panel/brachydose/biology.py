"""Biological dose: BED and EQD2 as ranges, and the sum with an earlier external beam."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, Section
from brachyresponse.slicer_panel.selectors import show_node
from brachyresponse.slicer_panel.sentences import bullets, headline, paragraph
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, fill_matrix, limit_column

COLUMNS: tuple[str, ...] = (_("Structure"), _("Dose"), "BED", "EQD2")
WIDEST = 95
NO_TISSUE: str = _("Choose the tissue of a structure under Tissues first.")
NO_DOSE: str = _("Compute the dose first.")
NOT_COMPUTED: str = _("Press Compute BED and EQD2 first.")
A_RANGE: str = _("A range over what is known of the parameters, never a verdict.")


class BiologySection(Section):
    """What the last computation found, and whether it still holds."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The value was not taken.")
        ui.biologyButton.connect("clicked()", self.compute)
        self.on_shown(ui.beamSelector, "currentNodeChanged(vtkMRMLNode*)", self._on_beam, failed)
        self.on_shown(ui.fractionsSpinBox, "valueChanged(int)", self._on_fractions, failed)
        self.on_shown(ui.recoveredPercentSpinBox, "valueChanged(double)", self._on_recovered, failed)
        self.on_shown(ui.showBedButton, "clicked(bool)", self.logic.showBed, _("The BED cannot be shown."))
        self.on_shown(ui.bedChartButton, "clicked()", self.logic.showBedChart, _("Cannot show the chart."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the ranges."""
        ui, logic = self.ui, self.logic
        rows = table_rows(logic.biologyTable(plan)) if plan else []
        fill_matrix(ui.bedTable, COLUMNS, [""] * len(rows), [_cells(row) for row in rows])
        limit_column(ui.bedTable, 0, WIDEST)
        if plan is not None:
            show_node(ui.beamSelector, logic.earlierBeam(plan))
            ui.fractionsSpinBox.value = logic.earlierFractions(plan)
            ui.recoveredPercentSpinBox.value = logic.earlierRecovered(plan)
            ui.showBedButton.checked = logic.bedShown(plan)
            stale = logic.biologyState(plan)
            said = bullets(logic.biologySentences(plan)) or paragraph(A_RANGE)
            ui.biologyBox.setHtml((headline(_("Out of date: {reason}").format(reason=stale)) if stale else "") + said)
        self._enable(plan, bool(rows))

    def compute(self) -> None:
        """Compute BED and EQD2, with progress."""
        panel = self.panel
        failed = _("The biological dose was not computed.")
        with panel.runner.long_action(_("Computing the biological dose"), failed) as report:
            self.logic.computeBiology(panel.plan, report=report)
            self.ui.biologyTabs.setCurrentWidget(self.ui.bedTab)
        panel.show_node()

    def _enable(self, plan: slicer.vtkMRMLScriptedModuleNode | None, computed: bool) -> None:
        ui, none = self.ui, (plan is None, NO_PLAN)
        dark = (plan is not None and self.logic.doseNode(plan) is None, NO_DOSE)
        allow(ui.biologyButton, first_reason(none, dark, (not self.panel.tissues.has_tissues, NO_TISSUE)))
        for button in (ui.showBedButton, ui.bedChartButton):
            allow(button, first_reason(none, (not computed, NOT_COMPUTED)))
        for widget in (ui.beamSelector, ui.fractionsSpinBox, ui.recoveredPercentSpinBox):
            allow(widget, first_reason(none))

    def _on_beam(self, plan: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLNode | None) -> None:
        self.logic.setEarlierBeam(plan, node)

    def _on_fractions(self, plan: slicer.vtkMRMLScriptedModuleNode, fractions: int) -> None:
        self.logic.setEarlierBeam(plan, self.ui.beamSelector.currentNode(), fractions=fractions)

    def _on_recovered(self, plan: slicer.vtkMRMLScriptedModuleNode, percent: float) -> None:
        self.logic.setEarlierBeam(plan, self.ui.beamSelector.currentNode(), recoveredPercent=percent)


def _cells(row: dict[str, str]) -> list[Cell]:
    note = row.get("note", "")
    return [
        Cell(f"{row['metric']} · {row['structure']}", note),
        Cell(row["dose"], note, number=True),
        Cell(_range(row, "bed"), note, number=True),
        Cell(_range(row, "eqd2"), note, number=True),
    ]


def _range(row: dict[str, str], name: str) -> str:
    """Low, middle and high."""
    low, mid, high = row[f"{name} low"], row[name], row[f"{name} high"]
    return f"{mid} ({low}–{high})" if mid else "–"
