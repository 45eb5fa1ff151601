"""Advanced section: every setting of the computation with its default, and motion correction."""

from __future__ import annotations

from typing import Any

import slicer
from slicer.i18n import tr as _

from brachyresponse.perfusion.study import SettingRow
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES, Section
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

VALUE = 1


class SettingsSection(Section):
    """A table of all settings; a typed value holds for this study, an emptied cell brings the default back."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, shown = self.ui, self.on_shown
        fit_columns(ui.settingsTable, stretched=0)
        self._rows: tuple[SettingRow, ...] = ()
        shown(ui.settingsTable, "cellChanged(int,int)", self._on_cell, _("The setting was not taken."))
        shown(ui.resetSettingsButton, "clicked()", self._on_reset, _("The settings were not taken back."))
        ui.motionButton.connect("clicked()", self.correct_motion)

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show the settings."""
        ui, logic = self.ui, self.logic
        self._rows = logic.settings(node).rows() if node else ()
        fill_table(ui.settingsTable, [_cells(row) for row in self._rows])
        corrected = node is not None and logic.isMotionCorrected(node)
        ui.motionButton.text = _("Take the series as scanned") if corrected else _("Correct motion")
        say(ui.motionLabel, _("The series without motion is used.") if corrected else "")
        for button in (ui.motionButton, ui.resetSettingsButton):
            allow(button, "" if node else NO_SERIES)

    def correct_motion(self) -> None:
        """Register the frames, with progress."""
        panel, logic = self.panel, self.logic
        with panel.runner.long_action(_("Registering the frames"), _("The motion was not corrected.")) as report:
            if logic.isMotionCorrected(panel.study):
                logic.discardMotionCorrection(panel.study)
            else:
                slicer.modules.plots.logic().ShowChartInLayout(logic.correctMotion(panel.study, report))
        panel.show_node()

    def _on_cell(self, node: PerfusionNode, row: int, column: int) -> None:
        if column == VALUE:
            setting = self._rows[row]
            self.logic.setSetting(
                node, setting.facts.name, _value(setting, self.ui.settingsTable.item(row, column).text())
            )

    def _on_reset(self, node: PerfusionNode) -> None:
        for row in self._rows:
            self.logic.setSetting(node, row.facts.name, row.default)


def _value(row: SettingRow, text: str) -> Any:
    """What was typed, as the setting takes it; nothing is the default."""
    words = text.strip().removesuffix(row.facts.unit).strip()
    return {"": row.default, "by default": None, "yes": True, "no": False}.get(words, words)


def _cells(row: SettingRow) -> list[Cell]:
    changed = "" if row.is_default else _("Changed; by default {value}.").format(value=row.default)
    tool_tip = "\n".join(filter(None, (row.facts.label, row.facts.source, changed)))
    return [Cell(row.facts.label, tool_tip), Cell(row.words, tool_tip, editable=True)]
