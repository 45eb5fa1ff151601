"""Diffusion of the visit: the ADC map, white matter beside it, and the ADC of the chosen lesion."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.diffusion.record import DiffusionRecord
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, ChartNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.responseassess.charts import show_chart
from brachyresponse.slicer_panel.responseassess.diffusion_cells import describe_diffusion, diffusion_cells
from brachyresponse.slicer_panel.responseassess.section import NO_IMAGE, NO_VISIT, Section
from brachyresponse.slicer_panel.segment_choice import SegmentChoice
from brachyresponse.slicer_panel.selectors import quiet, show_node
from brachyresponse.slicer_panel.sentences import headline
from brachyresponse.slicer_panel.tables import fill_table, fit_columns

UNITS: dict[str, str] = {
    UNKNOWN: _("own unit"),
    "1e-6 mm2/s": "10⁻⁶ mm²/s",
    "1e-3 mm2/s": "10⁻³ mm²/s",
    "mm2/s": "mm²/s",
}
NO_MAP: str = _("Choose the ADC map of this visit first.")
NOT_MEASURED: str = _("Press Measure first.")


class DiffusionSection(Section):
    """What the ADC map says of one lesion."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, on_visit = self.ui, self.on_visit
        fit_columns(ui.diffusionTable, stretched=0)
        self._unit = Choice(ui.adcUnitSelector, UNITS)
        self._white_matter = SegmentChoice(ui.adcSegmentationSelector, ui.adcSegmentSelector)
        failed = _("The ADC map cannot be used.")
        on_visit(ui.adcSelector, "currentNodeChanged(vtkMRMLNode*)", self._on_map, failed)
        on_visit(ui.adcUnitSelector, "activated(int)", self._on_unit, failed)
        failed = _("The segment cannot be used.")
        on_visit(ui.adcSegmentSelector, "currentSegmentChanged(QString)", self._on_segment, failed)
        proposed = self.logic.proposeDiffusionReference
        on_visit(ui.proposeAdcReferenceButton, "clicked()", proposed, _("No white matter was proposed."))
        failed = _("The answer was not taken.")
        on_visit(ui.adcRegisteredCheckBox, "clicked(bool)", self.logic.setDiffusionRegistered, failed)
        on_visit(ui.adcUndistortedCheckBox, "clicked(bool)", self.logic.setDiffusionUndistorted, failed)
        ui.measureDiffusionButton.connect("clicked()", self.measure)
        on_visit(ui.diffusionHistogramButton, "clicked()", self._on_histogram, _("The histogram cannot be shown."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show map, white matter and the ADC of the lesion."""
        ui, logic, visit = self.ui, self.logic, self.visit
        show_node(ui.adcSelector, logic.diffusionVolume(visit) if visit else None)
        self._white_matter.show(logic.diffusionReference(visit) if visit else None)
        self._show_checks(visit)
        lesion = self.panel.lesions.chosen
        record = logic.diffusionRecord(visit) if visit else None
        fill_table(ui.diffusionTable, diffusion_cells(record, lesion))
        stale = logic.diffusionState(visit) if visit and record is not None else ""
        said = describe_diffusion(record, lesion) if record is not None else ""
        ui.diffusionBox.setHtml((headline(_("Out of date: {reason}").format(reason=stale)) if stale else "") + said)
        self._enable(visit, record)

    def measure(self) -> None:
        """Measure the chosen lesion, with progress."""
        panel = self.panel
        with panel.runner.long_action(_("Measuring the diffusion"), _("The diffusion was not measured.")) as report:
            self.logic.measureDiffusion(panel.visit, panel.lesions.chosen, report)
        panel.show_node()

    def _show_checks(self, visit: VisitNode | None) -> None:
        boxes = {
            self.ui.adcRegisteredCheckBox: self.logic.diffusionRegistered(visit) if visit else None,
            self.ui.adcUndistortedCheckBox: self.logic.diffusionUndistorted(visit) if visit else None,
        }
        for box, holds in boxes.items():
            with quiet(box):
                box.checked = bool(holds)
            allow(box, "" if visit else NO_VISIT)

    def _enable(self, visit: VisitNode | None, record: DiffusionRecord | None) -> None:
        ui = self.ui
        none = (visit is None, NO_VISIT)
        image = (visit is not None and self.logic.visitVolume(visit) is None, NO_IMAGE)
        no_map = (ui.adcSelector.currentNode() is None, NO_MAP)
        missing = self.panel.lesion_choice.missing
        for widget in (ui.adcSelector, ui.adcUnitSelector, ui.adcSegmentationSelector):
            allow(widget, first_reason(none))
        allow(ui.proposeAdcReferenceButton, first_reason(none, image))
        allow(ui.measureDiffusionButton, first_reason((bool(missing), missing), no_map))
        allow(ui.diffusionHistogramButton, first_reason(none, (record is None, NOT_MEASURED)))

    def _on_map(self, visit: VisitNode, volume: slicer.vtkMRMLNode | None) -> None:
        self.logic.setDiffusion(visit, volume, self._unit.value)

    def _on_unit(self, visit: VisitNode, row: int) -> None:
        volume = self.ui.adcSelector.currentNode()
        if volume is not None:
            self.logic.setDiffusion(visit, volume, self._unit.value)

    def _on_segment(self, visit: VisitNode, segment: str) -> None:
        self.logic.setDiffusionReference(visit, *self._white_matter.chosen)

    def _on_histogram(self, visit: VisitNode) -> None:
        chart: ChartNode = self.logic.diffusionHistogram(visit)
        show_chart(chart)
