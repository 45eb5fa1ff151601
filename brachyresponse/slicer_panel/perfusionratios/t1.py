"""T1 before contrast agent, and hematocrit: what DCE needs to know of the tissue and of the blood."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.perfusion import SeriesKind
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_json
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES, Section
from brachyresponse.slicer_panel.selectors import quiet, show_node

SOURCES = {"seconds": _("One value"), "map": _("T1 map"), "vfa": _("Flip-angle series")}
DSC_NEEDS_NONE: str = _("A DSC series needs no T1.")


class T1Section(Section):
    """One value, a map, or the flip angles to compute a map from."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("This T1 was not taken.")
        for source, label in SOURCES.items():
            ui.t1Selector.addItem(label, source)
        self._source = "seconds"
        self._shown: PerfusionNode | None = None
        shown, changed = self.on_shown, "currentNodeChanged(vtkMRMLNode*)"
        self.on(ui.t1Selector, "activated(int)", self._on_source, failed)
        shown(ui.t1SpinBox, "valueChanged(double)", self._on_seconds, failed)
        shown(ui.t1MapSelector, changed, self._on_map, failed)
        shown(ui.vfaSelector, changed, self._on_vfa, failed)
        shown(ui.hematocritSpinBox, "valueChanged(double)", self._on_hematocrit, _("The hematocrit was not taken."))

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show where T1 comes from."""
        ui, logic = self.ui, self.logic
        source, seconds, other = t1_choice(node) if node else ("seconds", None, None)
        if node is not self._shown or other is not None:
            self._source = source
        self._shown = node
        with quiet(ui.t1Selector):
            ui.t1Selector.setCurrentIndex(ui.t1Selector.findData(self._source))
        ui.t1SpinBox.value = seconds or 0
        show_node(ui.t1MapSelector, other if source == "map" else None)
        show_node(ui.vfaSelector, other if source == "vfa" else None)
        ui.t1Stack.setCurrentIndex(list(SOURCES).index(self._source))
        is_dsc = (self.panel.kind_of(node) == SeriesKind.DSC, DSC_NEEDS_NONE)
        for widget in (ui.t1Selector, ui.t1SpinBox, ui.t1MapSelector, ui.vfaSelector):
            allow(widget, first_reason((node is None, NO_SERIES), is_dsc))
        ui.hematocritSpinBox.enabled = node is not None
        if node is not None:
            ui.hematocritSpinBox.value = logic.setting(node, "hematocrit")

    def _on_source(self, row: int) -> None:
        self._source = self.ui.t1Selector.itemData(row)
        if self._source == "seconds" and self.panel.study is not None:
            self._on_seconds(self.panel.study, self.ui.t1SpinBox.value)

    def _on_seconds(self, node: PerfusionNode, seconds: float) -> None:
        self.logic.setT1(node, seconds=seconds or None)

    def _on_map(self, node: PerfusionNode, volume: slicer.vtkMRMLNode | None) -> None:
        self.logic.setT1(node, volumeNode=volume)

    def _on_vfa(self, node: PerfusionNode, series: slicer.vtkMRMLNode | None) -> None:
        self.logic.setT1(node, vfaNode=series)

    def _on_hematocrit(self, node: PerfusionNode, hematocrit: float) -> None:
        self.logic.setSetting(node, "hematocrit", hematocrit)


def has_t1(node: PerfusionNode) -> bool:
    """Tell whether a T1 was given."""
    _source, seconds, other = t1_choice(node)
    return bool(seconds) or other is not None


def t1_choice(node: PerfusionNode) -> tuple[str, float | None, slicer.vtkMRMLNode | None]:
    """Return where T1 of a study comes from: the kind of source, seconds, and the map or the series."""
    for source, role in (("map", PerfusionRole.T1_VOLUME), ("vfa", PerfusionRole.FLIP_ANGLES)):
        other = perfusion_part(node, role)
        if other is not None:
            return source, None, other
    return "seconds", perfusion_json(node, PerfusionField.T1, {}).get("seconds"), None
