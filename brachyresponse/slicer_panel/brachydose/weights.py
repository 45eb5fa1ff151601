"""Planner, weights: the presets and what each penalty weighs, typed in place."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.planning.inverse import ObjectiveWeights
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.brachydose.numbers import number_in
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, Section
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

PENALTIES: dict[str, tuple[str, str]] = {
    "underdose": (_("Target below the aim"), _("Mean shortfall over the target, percent of the prescription")),
    "underdose_percent": (_("The aim, % of prescription"), _("The dose that is aimed at inside the target")),
    "overdose_150": (_("Target above 150 %"), _("Mean excess over the target, percent of the prescription")),
    "overdose_200": (_("Target above 200 %"), _("Mean excess over the target, percent of the prescription")),
    "spill": (_("Tissue around above 100 %"), _("Mean excess in the tissue round the target")),
    "limits": (_("Limits that are not kept"), _("Times the weight of each limit, under Limits")),
    "needle": (_("Each needle"), _("The cost of one needle")),
    "seed": (_("Each seed"), _("The cost of one seed")),
}
"""Label and explanation of each weight."""


class WeightsSection(Section):
    """What the planner punishes, and the preset that the weights come from."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The weight was not taken.")
        self._preset = Choice(ui.presetSelector, {name: _words(name) for name in self.logic.presets()})
        fit_columns(ui.weightsTable, stretched=0)
        self.on_shown(ui.presetSelector, "activated(int)", self._on_preset, failed)
        self.on_shown(ui.weightsTable, "cellChanged(int,int)", self._on_cell, failed)

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the weights of the plan."""
        allow(self.ui.presetSelector, "" if plan else NO_PLAN)
        preset = self.logic.weightsPreset(plan) if plan else self._preset.value
        words = {name: _words(name) for name in self.logic.presets()}
        self._preset.fill(words if preset else {UNKNOWN: _("own weights"), **words})
        self._preset.show(preset)
        fill_table(self.ui.weightsTable, _rows(self.logic.weights(plan)) if plan else [])

    def _on_preset(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int) -> None:
        if self._preset.value:
            self.logic.setWeights(plan, self._preset.value)

    def _on_cell(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int, column: int) -> None:
        name, text = list(PENALTIES)[row], self.ui.weightsTable.item(row, column).text()
        self.logic.setWeights(plan, **{name: number_in(text, PENALTIES[name][0])})


def _rows(weights: ObjectiveWeights) -> list[list[Cell]]:
    return [
        [Cell(label, why), Cell(f"{getattr(weights, name):g}", why, editable=True, number=True)]
        for name, (label, why) in PENALTIES.items()
    ]


def _words(preset: str) -> str:
    """The name of a preset as a reader writes it."""
    return preset.replace("_", " ").capitalize()
