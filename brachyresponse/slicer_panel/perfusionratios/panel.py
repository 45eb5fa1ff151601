"""The PerfusionRatios panel: its sections, the study it shows, and when it is drawn anew."""

from __future__ import annotations

from typing import Any

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.nodes import attribute_name
from brachyresponse.scene.parts import KIND_ATTRIBUTE
from brachyresponse.scene.perfusion_parts import PERFUSION_CLASS, PERFUSION_KIND
from brachyresponse.scene.perfusion_records import read_record
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.layout import show_layout_once, show_volume
from brachyresponse.slicer_panel.panel import ModulePanel
from brachyresponse.slicer_panel.perfusionratios.acquisition import AcquisitionSection
from brachyresponse.slicer_panel.perfusionratios.artery import ArterySection
from brachyresponse.slicer_panel.perfusionratios.curves import CurvesSection
from brachyresponse.slicer_panel.perfusionratios.exclusions import ExclusionsSection
from brachyresponse.slicer_panel.perfusionratios.following import StudyFollower
from brachyresponse.slicer_panel.perfusionratios.lesions import LesionsSection
from brachyresponse.slicer_panel.perfusionratios.maps import MapsSection
from brachyresponse.slicer_panel.perfusionratios.outcome import OutcomeSection
from brachyresponse.slicer_panel.perfusionratios.proposal import KindProposals
from brachyresponse.slicer_panel.perfusionratios.ratios import RatiosSection
from brachyresponse.slicer_panel.perfusionratios.report import ReportSection
from brachyresponse.slicer_panel.perfusionratios.scan import ScanSection
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES
from brachyresponse.slicer_panel.perfusionratios.settings import SettingsSection
from brachyresponse.slicer_panel.perfusionratios.t1 import T1Section
from brachyresponse.slicer_panel.perfusionratios.white_matter import WhiteMatterSection

SECTIONS = (
    "scanSection",
    "arterySection",
    "lesionSection",
    "mapsSection",
    "ratioSection",
    "advancedSection",
)


class PerfusionRatiosPanel(ModulePanel):
    """Everything the PerfusionRatios widget does besides its life cycle.

    Parameters
    ----------
    ui
        The widgets of ``PerfusionRatios.ui`` by name.
    logic
        A ``PerfusionRatiosLogic``; each button is one call of it.
    window
        Widget in whose window Escape ends clicking a lesion.
    """

    def __init__(self, ui: Any, logic: Any, window: qt.QWidget) -> None:
        super().__init__(ui, logic, window, SECTIONS)
        self.proposals = KindProposals(logic)
        self.scan, self.acquisition = ScanSection(self), AcquisitionSection(self)
        self.t1, self.artery = T1Section(self), ArterySection(self)
        self.lesions, self.white_matter = LesionsSection(self), WhiteMatterSection(self)
        self.exclusions = ExclusionsSection(self)
        self.maps, self.curves = MapsSection(self), CurvesSection(self)
        self.ratios, self.report = RatiosSection(self), ReportSection(self)
        self.settings, self.outcome = SettingsSection(self), OutcomeSection(self)
        self.follower: StudyFollower = StudyFollower(self)
        self._connect_study_buttons()

    @property
    def study(self) -> slicer.vtkMRMLScriptedModuleNode | None:
        """The study that the panel shows."""
        return self.parameters.perfusion if self.parameters else None

    node = study

    def kind_of(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> str:
        """Return what the series of a study is: as chosen, else as it seems to be, else as it was when it was measured.

        Empty where nothing tells it.
        """
        if node is None:
            return ""
        record = read_record(node)
        return str(self.logic.kind(node) or self.proposals.of(node).kind or (record.kind if record else ""))

    def sections(self) -> tuple[Any, ...]:
        """Return the sections, top to bottom."""
        return (
            self.scan, self.acquisition, self.t1, self.artery, self.lesions, self.white_matter, self.exclusions,
            self.maps, self.curves, self.ratios, self.report, self.settings, self.outcome,
        )  # fmt: skip

    def show(self, parameters: Any) -> None:
        """Show another parameter node, or with None let go of the scene."""
        if parameters is None:
            self.proposals.forget()
        super().show(parameters)

    def node_selectors(self) -> tuple[qt.QWidget, ...]:
        """Return the selectors of series, images, segments and other studies."""
        ui = self.ui
        return (
            ui.seriesSelector, ui.t1MapSelector, ui.vfaSelector, ui.aifSegmentationSelector, ui.anatomicalSelector,
            ui.lesionSegmentationSelector, ui.whiteMatterSegmentationSelector, ui.carrySelector, ui.seedsSelector,
            ui.doseSelector, ui.maskSegmentationSelector, ui.t2starSelector, ui.preTreatmentSelector,
            ui.aifSegmentSelector, ui.lesionSegmentSelector, ui.whiteMatterSelector, ui.maskSegmentSelector,
        )  # fmt: skip

    def on_parameters_modified(self) -> None:
        """Another study was chosen, or what is shown of it."""
        if self.study is not self.shown:
            self.stop_placing()
            self.show_node()
            self.show_visit()
        elif not self.refreshing:
            self.request_refresh()

    def show_visit(self) -> None:
        """Show the image and the segments of the study in the views, and hide segments and maps of other visits.

        Where a map of another visit was on view, the same of this one takes its place.
        """
        study = self.study
        if study is None:
            return
        shown = self.logic.segmentationNodes(study)
        for node in {each for other in self.logic.studies() for each in self.logic.segmentationNodes(other)}:
            node.SetDisplayVisibility(node in shown)
        image = self.logic.anatomicalVolume(study)
        if image is not None:
            show_volume(image)
        for other in self.logic.studies():
            name = self.logic.shownMap(other) if other is not study else None
            if name is not None:
                self.logic.showMap(other, None)
                self.logic.showMap(study, name if name in self.logic.maps(study) else None)

    def enter(self) -> None:
        """Set the layout when the module is opened for the first time ever."""
        show_layout_once("PerfusionRatios", slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpPlotView)

    def redraw_seeds(self) -> None:
        """Nothing of a study is drawn that is not saved."""

    def draw(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show a study, or that there is none."""
        super().draw(node)
        for button in (self.ui.newStudyButton, self.ui.deleteStudyButton):
            allow(button, "" if self.study is not None else NO_SERIES)

    def stop_placing(self) -> None:
        """End clicking a lesion."""
        self.lesions.stop_clicking()

    def close(self) -> None:
        """Let go of every node and timer; the panel is about to be deleted."""
        super().close()
        self.curves.crosshair.follow(False)

    def _connect_study_buttons(self) -> None:
        ui, on = self.ui, self.scan.on
        for selector in (ui.studySelector, ui.preTreatmentSelector, ui.carrySelector):
            selector.addAttribute(PERFUSION_CLASS, attribute_name(KIND_ATTRIBUTE), PERFUSION_KIND)
        on(ui.newStudyButton, "clicked()", self._on_new, _("Cannot start a study."))
        on(ui.deleteStudyButton, "clicked()", self._on_delete, _("Cannot delete the study."))

    def _on_new(self) -> None:
        self.parameters.perfusion = None  # a study begins when its series is chosen

    def _on_delete(self) -> None:
        study: Any = self.study
        question = _("Delete {study} with its maps, curves and tables?").format(study=study.GetName())
        if slicer.util.confirmOkCancelDisplay(question):
            self.logic.deleteStudy(study)
