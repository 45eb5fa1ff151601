"""What is known of the acquisition and of the frame times, each with its origin; every value can be corrected."""

from __future__ import annotations

from itertools import pairwise

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES, Section
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

VALUE = 1
EVEN_S = 0.005
"""Steps that differ by less are of one length."""


class AcquisitionSection(Section):
    """The tables of acquisition and frame times, and a series made of volumes."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.acquisitionTable, stretched=3)
        fit_columns(ui.timesTable, stretched=1)
        shown = self.on_shown
        shown(ui.acquisitionTable, "cellChanged(int,int)", self._on_cell, _("The value was not taken."))
        shown(ui.timesTable, "cellChanged(int,int)", self._on_time, _("The time was not taken."))
        shown(ui.takeIntervalButton, "clicked()", self._on_interval, _("The interval was not taken."))
        self.on(ui.intervalSpinBox, "valueChanged(double)", lambda interval: None, "")
        ui.framesSelector.connect("checkedNodesChanged()", self._enable_frames)
        self.on(ui.takeFramesButton, "clicked()", self._on_frames, _("The volumes cannot be used."))

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show acquisition and times."""
        ui, logic = self.ui, self.logic
        rows = table_rows(logic.acquisitionTable(node)) if node else []
        fill_table(ui.acquisitionTable, [_cells(row) for row in rows])
        times = table_rows(logic.frameTimesTable(node)) if node else []
        fill_table(ui.timesTable, [_time_cells(row) for row in times])
        say(ui.timesLabel, _sentence(times))
        warnings = (logic.missingTimes(node), *logic.acquisitionWarnings(node)) if node else ()
        say(ui.scanWarningsLabel, "\n".join(filter(None, warnings)))
        unknown = (ui.intervalSpinBox.value <= 0, _("Type the interval first."))
        allow(ui.takeIntervalButton, first_reason((node is None, NO_SERIES), unknown))
        self._enable_frames()

    def _enable_frames(self) -> None:
        few = len(self.ui.framesSelector.checkedNodes()) < 2
        allow(self.ui.takeFramesButton, _("Tick the volumes first.") if few else "")

    def _on_cell(self, node: PerfusionNode, row: int, column: int) -> None:
        if column == VALUE:
            self._type(node, self.logic.acquisitionTable(node), self.ui.acquisitionTable, row)

    def _on_time(self, node: PerfusionNode, row: int, column: int) -> None:
        if column == VALUE:
            self._type(node, self.logic.frameTimesTable(node), self.ui.timesTable, row)

    def _type(self, node: PerfusionNode, table_node: slicer.vtkMRMLTableNode, table: qt.QTableWidget, row: int) -> None:
        """Type into a table of the scene what was typed here; the Logic takes it, or refuses it and puts it back."""
        table_node.SetCellText(row, VALUE, table.item(row, VALUE).text().strip())
        self.logic.takeEdits(node)

    def _on_interval(self, node: PerfusionNode) -> None:
        self.logic.setFrameTimes(node, self.ui.intervalSpinBox.value)

    def _on_frames(self) -> None:
        self.panel.parameters.perfusion = self.logic.createStudy(self.ui.framesSelector.checkedNodes())


def _cells(row: dict[str, str]) -> list[Cell]:
    tool_tip = _("A double click corrects it.")
    return [
        Cell(row["parameter"]),
        Cell(row["value"], tool_tip, editable=True),
        Cell(row["unit"]),
        Cell(row["origin"], row["origin"]),
    ]


def _time_cells(row: dict[str, str]) -> list[Cell]:
    return [Cell(row["frame"], number=True), Cell(row["time (s)"], row["origin"], editable=True, number=True)]


def _sentence(times: list[dict[str, str]]) -> str:
    """Return ``80 frames in 316 s, every 4 s (MultiVolume.FrameLabels)``."""
    known = [float(row["time (s)"]) for row in times if row["time (s)"]]
    if len(known) < 2:
        return ""
    steps = [after - before for before, after in pairwise(known)]
    even = max(steps) - min(steps) < EVEN_S
    every = f"{steps[0]:.3g} s" if even else f"{min(steps):.3g} – {max(steps):.3g} s"
    text = _("{count} frames in {whole:.4g} s, every {every}; from {origin}")
    return str(text.format(count=len(known), whole=known[-1], every=every, origin=times[0]["origin"]))
