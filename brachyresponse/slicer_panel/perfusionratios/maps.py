"""Maps section: the model, the maps with their values, and the protocol of a DSC scan."""

from __future__ import annotations

from collections.abc import Sequence

from slicer.i18n import tr as _

from brachyresponse.perfusion import DceModel, SeriesKind, map_facts
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.perfusionratios.ratio_rows import values_inside
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES, NOT_COMPUTED, Section
from brachyresponse.slicer_panel.selectors import quiet
from brachyresponse.slicer_panel.shortcuts import Shortcuts
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows

MODELS = {
    DceModel.EXTENDED_TOFTS: _("Extended Tofts"),
    DceModel.TOFTS: _("Tofts"),
    DceModel.PATLAK: _("Patlak"),
    DceModel.TWO_COMPARTMENT_UPTAKE: _("Two-compartment uptake"),
    DceModel.TWO_COMPARTMENT_EXCHANGE: _("Two-compartment exchange"),
}
METHODS = {
    "osvd": _("oSVD, heeds no delay"),
    "csvd": _("cSVD, heeds no delay"),
    "ssvd": _("sSVD"),
}
SETTING = {False: "model", True: "deconvolution"}
"""Which setting is chosen here, by whether the series is a DSC."""


class MapsSection(Section):
    """How maps are computed, and which one is shown."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, shown = self.ui, self.on_shown
        fit_columns(ui.mapsTable, stretched=0)
        self._maps: list[str] = []
        self._ratios: list[dict[str, str]] = []
        shown(ui.modelSelector, "activated(int)", self._on_model, _("The model was not taken."))
        shown(ui.mapsTable, "itemSelectionChanged()", self._on_selected, _("The map cannot be shown."))
        shown(ui.hideMapButton, "clicked()", self._on_hide, _("The map cannot be hidden."))
        self._shortcuts = Shortcuts(ui.mapsSection, {"C": ui.chartButton, "F": ui.followCheckBox})

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show model and maps."""
        ui, logic = self.ui, self.logic
        self._show_models(node)
        found = logic.maps(node) if node else {}
        self._maps = [str(name) for name in found]
        self._ratios = table_rows(logic.ratioTable(node)) if node else []
        fill_table(ui.mapsTable, [self._cells(name) for name in self._maps])
        self._show_protocol(logic.protocolSentences(node) if node else ())
        self._enable(node)

    def _enable(self, node: PerfusionNode | None) -> None:
        ui = self.ui
        for widget in (ui.modelSelector, ui.followCheckBox):
            allow(widget, "" if node else NO_SERIES)
        allow(ui.hideMapButton, "" if self._maps else NOT_COMPUTED)
        allow(ui.chartButton, "" if node and self.logic.curveChart(node) else NOT_COMPUTED)

    def _show_protocol(self, sentences: Sequence[str]) -> None:
        self.ui.protocolBox.setPlainText("\n".join(sentences))
        self.ui.protocolBox.visible = bool(sentences)

    def _show_models(self, node: PerfusionNode | None) -> None:
        selector, is_dsc = self.ui.modelSelector, self.panel.kind_of(node) == SeriesKind.DSC
        choices = METHODS if is_dsc else MODELS
        self.ui.modelLabel.text = _("Flow:") if is_dsc else _("Model:")
        with quiet(selector):
            selector.clear()
            for name, label in choices.items():
                selector.addItem(label, str(name))
            chosen = self.logic.setting(node, SETTING[is_dsc]) if node else None
            selector.setCurrentIndex(selector.findData(str(chosen)) if node else -1)

    def _cells(self, name: str) -> list[Cell]:
        facts = map_facts(name)
        lesion, white_matter = values_inside(self._ratios, facts)
        tool_tip = facts.title
        return [
            Cell(facts.label, tool_tip),
            Cell(lesion, tool_tip, number=True),
            Cell(white_matter, tool_tip, number=True),
            Cell(facts.unit, tool_tip),
        ]

    def _on_model(self, node: PerfusionNode, row: int) -> None:
        is_dsc = self.panel.kind_of(node) == SeriesKind.DSC
        self.logic.setSetting(node, SETTING[is_dsc], self.ui.modelSelector.itemData(row))

    def _on_selected(self, node: PerfusionNode) -> None:
        rows = selected_rows(self.ui.mapsTable)
        if rows and rows[0] < len(self._maps):
            self.logic.showMap(node, self._maps[rows[0]])

    def _on_hide(self, node: PerfusionNode) -> None:
        self.ui.mapsTable.clearSelection()
        self.logic.showMap(node, None)
