"""Spectra of the visit: opened, fitted, drawn on the anatomy, and made maps."""

from __future__ import annotations

from typing import Any

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, OwnerNode, VisitNode, VolumeNode
from brachyresponse.scene.spectroscopy_maps import ratio_map_nodes
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.layout import lay_over, lies_over
from brachyresponse.slicer_panel.responseassess.charts import show_chart
from brachyresponse.slicer_panel.responseassess.numbers import number_in
from brachyresponse.slicer_panel.responseassess.section import NO_VISIT, Section
from brachyresponse.slicer_panel.responseassess.spectra_cells import describe_voxel, voxel_cells, voxel_words
from brachyresponse.slicer_panel.sentences import bullets, headline
from brachyresponse.slicer_panel.tables import fill_table, fit_columns
from brachyresponse.spectroscopy import RatioName
from brachyresponse.spectroscopy.study.record import SpectroscopyRecord, VoxelEntry

NO_SPECTRA: str = _("Open spectra first.")
NOT_FITTED: str = _("Press Fit first.")
ONE_VOXEL: str = _("There is one voxel only.")
NO_MAP: str = _("A map needs a grid of voxels of which it is known where it lies: fit it again if it was deleted.")
BY_PLACE: str = _("Of a grid the places of its voxels say it.")
FILES: str = _("Spectra (*.nii *.nii.gz);;Metabolites (*.csv)")
TABLE_ENDING = ".csv"


class SpectraSection(Section):
    """What spectroscopy says of one lesion."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, on_visit = self.ui, self.on_visit
        fit_columns(ui.metabolitesTable, stretched=3)
        self._spectra, self._voxel = Choice(ui.spectraSelector, {}), Choice(ui.voxelSelector, {})
        self._ratio = Choice(ui.ratioSelector, {name: str(name) for name in RatioName})
        self._record: SpectroscopyRecord | None = None
        for selector in (ui.spectraSelector, ui.voxelSelector, ui.ratioSelector):
            on_visit(selector, "activated(int)", lambda visit, row: None, _("These spectra cannot be shown."))
        on_visit(ui.loadSpectraButton, "clicked()", self._on_load, _("The file was not read."))
        on_visit(ui.removeSpectraButton, "clicked()", self._on_remove, _("The spectra were not removed."))
        ui.fitSpectraButton.connect("clicked()", self.fit)
        on_visit(ui.spectrumChartButton, "clicked()", self._on_chart, _("The spectrum cannot be shown."))
        on_visit(ui.voxelLesionCheckBox, "clicked(bool)", self._on_laid, _("The lesion was not taken."))
        on_visit(ui.showVoxelButton, "clicked(bool)", self._on_voxel, _("The voxel cannot be shown."))
        on_visit(ui.ratioMapButton, "clicked(bool)", self._on_map, _("The map cannot be shown."))

    @property
    def node(self) -> OwnerNode | None:
        """The spectra that are shown."""
        return slicer.mrmlScene.GetNodeByID(self._spectra.value) if self._spectra.value else None

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the spectra and what was fitted."""
        ui, logic, visit = self.ui, self.logic, self.visit
        found = list(logic.spectra(visit)) if visit else []
        self._spectra.fill({each.GetID(): _short_name(each, visit) for each in found})
        spectra, lesion = self.node, self.panel.lesions.chosen
        record = self._record = logic.spectraRecord(spectra) if spectra is not None else None
        self._voxel.fill(voxel_words(record, lesion) if record is not None else {})
        voxel = self._chosen_voxel
        fill_table(ui.metabolitesTable, voxel_cells(voxel))
        stale = logic.spectraStale(spectra) if spectra is not None else ""
        said = describe_voxel(voxel, lesion) if voxel is not None else ""
        said += bullets(logic.spectraSentences(spectra)) if spectra is not None else ""
        ui.spectraBox.setHtml((headline(_("Out of date: {reason}").format(reason=stale)) if stale else "") + said)
        self._show_drawn(spectra)
        self._enable(spectra)

    def fit(self) -> None:
        """Fit all voxels, with progress."""
        panel = self.panel
        with panel.runner.long_action(_("Fitting the spectra"), _("The spectra were not fitted.")) as report:
            self.logic.fitSpectra(self.node, report)
        panel.show_node()

    @property
    def _chosen_voxel(self) -> VoxelEntry | None:
        if self._record is None or not self._voxel.value:
            return None
        i, j, k = map(int, self._voxel.value.split())
        return self._record.voxel((i, j, k))

    def _map_of(self, spectra: OwnerNode | None) -> VolumeNode | None:
        """The map of the chosen ratio; None where there is none, or somebody deleted it."""
        return ratio_map_nodes(spectra).get(RatioName(self._ratio.value)) if spectra is not None else None

    def _show_drawn(self, spectra: OwnerNode | None) -> None:
        """Show on the buttons what is drawn, and of which lesion a voxel is."""
        ui, logic = self.ui, self.logic
        ratio = self._map_of(spectra)
        ui.ratioMapButton.checked = ratio is not None and lies_over(ratio)
        ui.showVoxelButton.checked = spectra is not None and logic.isVoxelShown(spectra)
        lesion = logic.voxelLesion(spectra) if spectra is not None else ""
        ui.voxelLesionCheckBox.checked = bool(lesion) and lesion == self.panel.lesions.chosen

    def _enable(self, spectra: OwnerNode | None) -> None:
        ui, record = self.ui, self._record
        none, missing = (self.visit is None, NO_VISIT), (spectra is None, NO_SPECTRA)
        unfitted = (record is None, NOT_FITTED)
        many = record is not None and len(record.voxels) > 1
        for widget in (ui.loadSpectraButton, ui.echoTimeEdit):
            allow(widget, first_reason(none))
        for widget in (ui.spectraSelector, ui.removeSpectraButton, ui.fitSpectraButton, ui.showVoxelButton):
            allow(widget, first_reason(none, missing))
        allow(ui.spectrumChartButton, first_reason(none, missing, unfitted))
        allow(ui.voxelSelector, first_reason(none, missing, unfitted, (not many, ONE_VOXEL)))
        allow(ui.ratioSelector, first_reason(none, missing, unfitted, (not many, ONE_VOXEL)))
        allow(ui.ratioMapButton, first_reason(none, missing, unfitted, (self._map_of(spectra) is None, NO_MAP)))
        lesion = self.panel.lesion_choice.missing
        allow(ui.voxelLesionCheckBox, first_reason(none, missing, (bool(lesion), lesion), (many, BY_PLACE)))

    def _on_load(self, visit: VisitNode) -> None:
        path = qt.QFileDialog.getOpenFileName(self.panel.window, _("Spectra"), "", FILES)
        if path:
            spectra = self._read(visit, path)
            self._spectra.fill({each.GetID(): _short_name(each, visit) for each in self.logic.spectra(visit)})
            self._spectra.show(spectra.GetID())

    def _read(self, visit: VisitNode, path: str) -> OwnerNode:
        """Spectra, or a table of metabolites by the ending of its name."""
        if path.lower().endswith(TABLE_ENDING):
            return self.logic.loadMetaboliteTable(visit, path)
        typed = self.ui.echoTimeEdit.text.strip()
        echo_time_ms = number_in(typed, _("The echo time")) if typed else None
        return self.logic.loadSpectra(visit, path, echoTimeMs=echo_time_ms)

    def _on_remove(self, visit: VisitNode) -> None:
        self.logic.removeSpectra(self.node)

    def _on_chart(self, visit: VisitNode) -> None:
        voxel: Any = self._chosen_voxel
        show_chart(self.logic.spectrumChart(self.node, voxel.voxel))

    def _on_voxel(self, visit: VisitNode, shown: bool) -> None:
        self.logic.showVoxel(self.node, shown)

    def _on_laid(self, visit: VisitNode, is_laid: bool) -> None:
        self.logic.setVoxelLesion(self.node, self.panel.lesions.chosen if is_laid else "")

    def _on_map(self, visit: VisitNode, shown: bool) -> None:
        lay_over(self.logic.ratioMap(self.node, self._ratio.value), show=shown)


def _short_name(spectra: OwnerNode, visit: VisitNode) -> str:
    """The name of spectra without that of their visit, which stands at the top of the panel."""
    name: str = spectra.GetName()
    return name.removeprefix(visit.GetName()).strip() or name
