"""T1 and artery section: what turns the signal into concentration, and the curve that every fit is made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicer.i18n import tr as _

from brachyresponse.perfusion import AifSource, SeriesKind
from brachyresponse.perfusion.study.record import AifEntry
from brachyresponse.scene.perfusion_records import read_record
from brachyresponse.scene.perfusion_segments import ARTERY, chosen_segment
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.perfusionratios.artery_rows import artery_rows, reasons
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES, Section
from brachyresponse.slicer_panel.segment_choice import SegmentChoice
from brachyresponse.slicer_panel.selectors import quiet
from brachyresponse.slicer_panel.tables import fill_table, fit_columns

if TYPE_CHECKING:
    from brachyresponse.perfusion.aif import Aif

POPULATION = "population"


ARTERIES = {
    AifSource.AUTOMATIC: _("Found in the series"),
    AifSource.SEGMENT: _("Segment"),
    AifSource.PARKER: _("Population: Parker 2006"),
    AifSource.GEORGIOU: _("Population: Georgiou 2018"),
    AifSource.PRECLINICAL: _("Population: preclinical"),
}
UNITS: dict[str, str] = {SeriesKind.DCE: "mmol/L", SeriesKind.DSC: "1/s"}


class ArterySection(Section):
    """Where the artery's curve comes from, and whether it can be used."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, shown, failed = self.ui, self.on_shown, _("The artery was not taken.")
        fit_columns(ui.aifTable, stretched=0)
        for source, label in ARTERIES.items():
            ui.aifSelector.addItem(label, str(source))
        self._segment = SegmentChoice(ui.aifSegmentationSelector, ui.aifSegmentSelector)
        self._wants_segment = False
        self._found: dict[str, Aif] = {}
        shown(ui.aifSelector, "activated(int)", self._on_method, failed)
        shown(ui.aifSegmentSelector, "currentSegmentChanged(QString)", self._on_segment, failed)
        ui.findAifButton.connect("clicked()", lambda: self.find(self.panel.study))

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show the choice and the curve."""
        ui = self.ui
        source = self.logic.aifSource(node) if node else None
        if node and self._wants_segment:
            source = AifSource.SEGMENT
        with quiet(ui.aifSelector):
            ui.aifSelector.setCurrentIndex(ui.aifSelector.findData(str(source)))
        artery = chosen_segment(node, ARTERY) if node else None
        self._segment.show(artery)
        of_segment = source == AifSource.SEGMENT
        for widget in (ui.aifSegmentLabel, ui.aifSegmentationSelector, ui.aifSegmentSelector):
            widget.visible = of_segment
        self._show(node)
        allow(ui.aifSelector, "" if node else NO_SERIES)
        no_segment = (of_segment and artery is None, _("Choose the segment of the artery first."))
        allow(ui.findAifButton, first_reason((node is None, NO_SERIES), no_segment))

    def find(self, node: PerfusionNode) -> None:
        """Find the artery's curve and judge it."""
        panel = self.panel
        with panel.runner.long_action(_("Looking at the artery"), _("The artery was not found.")) as report:
            self._found[node.GetID()] = self.logic.findAif(node, report)
        panel.show_node()

    def forget(self) -> None:
        """Forget the curves that were looked at: what was computed with is shown."""
        self._found = {}

    def _show(self, node: PerfusionNode | None) -> None:
        ui, aif = self.ui, self._curve_of(node) if node else None
        fill_table(ui.aifTable, artery_rows(aif, UNITS.get(self.panel.kind_of(node), "")) if aif else [])
        ui.aifTable.visible = aif is not None
        against = reasons(aif) if aif else ""
        ui.aifReasonsBox.setPlainText(against)
        ui.aifReasonsBox.visible = bool(against)

    def _curve_of(self, node: PerfusionNode) -> Aif | AifEntry | None:
        record = read_record(node)
        return self._found.get(node.GetID()) or (record.aif if record else None)

    def _on_method(self, node: PerfusionNode, row: int) -> None:
        source = AifSource(self.ui.aifSelector.itemData(row))
        self.forget()
        self._wants_segment = source is AifSource.SEGMENT
        if source is AifSource.SEGMENT:
            self._on_segment(node, self._segment.chosen[1])
        elif source.is_population:
            self.logic.setAif(node, POPULATION, model=str(source))
        else:
            self.logic.setAif(node, str(source))

    def _on_segment(self, node: PerfusionNode, segment: str) -> None:
        if segment:
            self.logic.setAif(node, str(AifSource.SEGMENT), *self._segment.chosen)
            self._wants_segment = False
