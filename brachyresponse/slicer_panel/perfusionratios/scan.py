"""Scan section: which series, of which kind, scanned on which day."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES, Section
from brachyresponse.slicer_panel.selectors import quiet, show_node

KINDS = {"dce": _("DCE (T1-weighted, signal rises)"), "dsc": _("DSC (T2*-weighted, signal falls)")}
VARIANTS = {
    "recurrence_at_margin": _("Recurrence at the margin"),
    "lesion_in_implant": _("Lesion within the implant"),
    "necrosis": _("Necrosis"),
    "never_hyperperfused": _("Never hyperperfused"),
}
FILES = "*.nrrd *.nhdr *.nii *.nii.gz"


class ScanSection(Section):
    """The series of the study. A study begins when the first series is chosen."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        for kind, label in KINDS.items():
            ui.kindSelector.addItem(label, kind)
        for kind in KINDS:
            ui.sampleKindSelector.addItem(kind.upper(), kind)
        for variant, label in VARIANTS.items():
            ui.sampleSelector.addItem(label, variant)
        failed = _("The series cannot be used.")
        self.on(ui.seriesSelector, "currentNodeChanged(vtkMRMLNode*)", self._on_series, failed)
        self.on(ui.openSeriesButton, "clicked()", self._on_open, _("The file was not read."))
        self.on_shown(ui.kindSelector, "activated(int)", self._on_kind, _("The kind was not taken."))
        self.on_shown(ui.scanDateEdit, "editingFinished()", self._on_date, _("The date was not taken."))
        ui.sampleButton.connect("clicked()", self._on_sample)

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show series, kind and date."""
        ui, logic = self.ui, self.logic
        series = logic.seriesNodes(node) if node else []
        show_node(ui.seriesSelector, series[0] if len(series) == 1 else None)
        with quiet(ui.kindSelector):
            ui.kindSelector.setCurrentIndex(ui.kindSelector.findData(self.panel.kind_of(node)))
        day = logic.scanDate(node) if node else None
        ui.scanDateEdit.text = day.isoformat() if day else ""
        say(ui.kindLabel, self._why(node) if node else "")
        for widget in (ui.sampleSelector, ui.sampleKindSelector, ui.sampleButton):
            widget.visible = node is None
        for widget in (ui.kindSelector, ui.scanDateEdit):
            allow(widget, "" if node else NO_SERIES)

    def _why(self, node: PerfusionNode) -> str:
        proposal = self.panel.proposals.of(node)
        if proposal.kind in ("", self.panel.kind_of(node)):
            return proposal.sentence
        return str(_("Proposed: {kind}. {why}").format(kind=proposal.kind.upper(), why=proposal.sentence))

    def _on_series(self, series: slicer.vtkMRMLNode | None) -> None:
        if self.panel.study is not None:
            self.logic.setSeries(self.panel.study, series)
        elif series is not None:
            self.panel.parameters.perfusion = self.logic.createStudy(series)

    def _on_open(self) -> None:
        title, kinds = _("Dynamic series"), _("Dynamic series ({endings})").format(endings=FILES)
        path = qt.QFileDialog.getOpenFileName(self.panel.window, title, "", kinds)
        if path:
            self._on_series(self.logic.loadSeries(path))

    def _on_kind(self, node: PerfusionNode, row: int) -> None:
        self.logic.setKind(node, self.ui.kindSelector.itemData(row))

    def _on_date(self, node: PerfusionNode) -> None:
        self.logic.setScanDate(node, self.ui.scanDateEdit.text.strip())

    def _on_sample(self) -> None:
        panel, variants, kinds = self.panel, self.ui.sampleSelector, self.ui.sampleKindSelector
        with panel.runner.long_action(_("Building the sample patient"), _("No sample patient.")) as report:
            variant, kind = variants.itemData(variants.currentIndex), kinds.itemData(kinds.currentIndex)
            _before, panel.parameters.perfusion = self.logic.loadSamplePatient(variant, kind, report)
            panel.show_visit()
        panel.show_node()
