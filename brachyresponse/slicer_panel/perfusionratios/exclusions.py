"""What is left out of lesion and white matter: seeds with their margin, segments, what is dark on T2*."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.lesions import proposed_margin_mm
from brachyresponse.perfusion import SeriesKind
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES, Section
from brachyresponse.slicer_panel.segment_choice import SegmentChoice
from brachyresponse.slicer_panel.selectors import show_node
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

MASKS = {
    "vessels": _("Vessels"),
    "necrosis": _("Necrosis"),
    "cavity": _("Cavity"),
    "blood": _("Blood"),
    "calcification": _("Calcification"),
}


class ExclusionsSection(Section):
    """Which voxels are not measured, and how much of each lesion is left."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, shown, changed = self.ui, self.on_shown, "currentNodeChanged(vtkMRMLNode*)"
        fit_columns(ui.exclusionTable, stretched=1)
        for role, label in MASKS.items():
            ui.maskSelector.addItem(label, role)
        self._segment = SegmentChoice(ui.maskSegmentationSelector, ui.maskSegmentSelector)
        failed = _("This cannot be left out.")
        shown(ui.seedsSelector, changed, self.logic.setSeeds, failed)
        shown(ui.marginSpinBox, "valueChanged(double)", self._on_margin, failed)
        shown(ui.doseSelector, changed, self._on_dose, _("The dose cannot be used."))
        shown(ui.doseLimitSpinBox, "valueChanged(double)", self._on_limit, _("The limit was not taken."))
        shown(ui.maskSegmentSelector, "currentSegmentChanged(QString)", self._on_segment, failed)
        shown(ui.t2starSelector, changed, self.logic.setT2StarVolume, failed)
        ui.maskSelector.connect("activated(int)", lambda row: self._show_mask(self.panel.study))

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show what is left out."""
        ui, logic = self.ui, self.logic
        show_node(ui.seedsSelector, logic.seedsNode(node) if node else None)
        show_node(ui.doseSelector, logic.doseNode(node) if node else None)
        show_node(ui.t2starSelector, perfusion_part(node, PerfusionRole.T2_STAR) if node else None)
        if node is not None:
            ui.marginSpinBox.specialValueText = self._proposed(node)
            ui.marginSpinBox.value = logic.setting(node, "seed_margin_mm") or 0
            ui.doseLimitSpinBox.value = logic.setting(node, "dose_limit_gy")
        self._show_mask(node)
        rows = table_rows(logic.exclusionTable(node)) if node else []
        fill_table(ui.exclusionTable, [_cells(row) for row in rows])
        for widget in (ui.seedsSelector, ui.marginSpinBox, ui.doseSelector, ui.doseLimitSpinBox, ui.t2starSelector):
            allow(widget, "" if node else NO_SERIES)

    @property
    def _role(self) -> str:
        return str(self.ui.maskSelector.itemData(self.ui.maskSelector.currentIndex))

    def _proposed(self, node: PerfusionNode) -> str:
        kind = self.panel.kind_of(node)
        if not kind:
            return str(_("proposed"))
        margin_mm, _why = proposed_margin_mm(SeriesKind(kind), self.logic.acquisition(node).te_s)
        return str(_("proposed: {mm:g} mm").format(mm=margin_mm))

    def _show_mask(self, node: PerfusionNode | None) -> None:
        self._segment.show(self.logic.mask(node, self._role) if node else None)

    def _on_margin(self, node: PerfusionNode, margin_mm: float) -> None:
        self.logic.setSetting(node, "seed_margin_mm", margin_mm or None)

    def _on_dose(self, node: PerfusionNode, dose: slicer.vtkMRMLNode | None) -> None:
        self.logic.setDose(node, dose, self.ui.doseLimitSpinBox.value)

    def _on_limit(self, node: PerfusionNode, limit_gy: float) -> None:
        self.logic.setDose(node, self.logic.doseNode(node), limit_gy)

    def _on_segment(self, node: PerfusionNode, segment: str) -> None:
        self.logic.setMask(node, self._role, *self._segment.chosen)


def _cells(row: dict[str, str]) -> list[Cell]:
    return [
        Cell(row["structure"], row["why"]),
        Cell(row["left out"], row["why"]),
        Cell(f"{float(row['share left']):.0%}", row["why"], number=True),
    ]
