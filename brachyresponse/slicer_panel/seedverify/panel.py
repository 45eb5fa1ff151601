"""The SeedVerify panel: its sections, the verification it shows, and when it is drawn anew."""

from __future__ import annotations

from typing import Any

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.nodes import attribute_name
from brachyresponse.scene.parts import KIND_ATTRIBUTE
from brachyresponse.scene.verification_parts import VERIFICATION_CLASS, VERIFICATION_KIND
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.layout import show_layout_once
from brachyresponse.slicer_panel.panel import ModulePanel
from brachyresponse.slicer_panel.seedverify.comparing import ComparingSection
from brachyresponse.slicer_panel.seedverify.correcting import CorrectingSection
from brachyresponse.slicer_panel.seedverify.dose import DoseSection
from brachyresponse.slicer_panel.seedverify.finding import FindingSection
from brachyresponse.slicer_panel.seedverify.following import VerificationFollower
from brachyresponse.slicer_panel.seedverify.images import ImagesSection
from brachyresponse.slicer_panel.seedverify.limits import VerificationLimitsSection
from brachyresponse.slicer_panel.seedverify.matching import MatchingSection
from brachyresponse.slicer_panel.seedverify.outcome import OutcomeSection
from brachyresponse.slicer_panel.seedverify.plan_files import PlanFilesSection
from brachyresponse.slicer_panel.seedverify.rejected import RejectedSection
from brachyresponse.slicer_panel.seedverify.report import ReportSection
from brachyresponse.slicer_panel.seedverify.results import ResultsSection
from brachyresponse.slicer_panel.seedverify.robustness import RobustnessSection
from brachyresponse.slicer_panel.seedverify.section import NO_CT
from brachyresponse.slicer_panel.seedverify.watching import WatchingSection

SECTIONS = (
    "imagesSection",
    "findSection",
    "correctSection",
    "registerSection",
    "doseSection",
    "resultsSection",
    "reportSection",
)


class SeedVerifyPanel(ModulePanel):
    """Everything the SeedVerify widget does besides its life cycle.

    Parameters
    ----------
    ui
        The widgets of ``SeedVerify.ui`` by name.
    logic
        A ``SeedVerifyLogic``; each button is one call of it.
    window
        Widget in whose window Escape ends placing.
    """

    def __init__(self, ui: Any, logic: Any, window: qt.QWidget) -> None:
        super().__init__(ui, logic, window, SECTIONS)
        self.images, self.plan_files = ImagesSection(self), PlanFilesSection(self)
        self.finding = FindingSection(self)
        self.correcting, self.rejected = CorrectingSection(self), RejectedSection(self)
        self.matching, self.dose, self.results = MatchingSection(self), DoseSection(self), ResultsSection(self)
        self.limits, self.watching = VerificationLimitsSection(self), WatchingSection(self)
        self.robustness, self.comparing = RobustnessSection(self), ComparingSection(self)
        self.report, self.outcome = ReportSection(self), OutcomeSection(self)
        self.follower: VerificationFollower = VerificationFollower(self)
        self._connect_verification_buttons()

    @property
    def verification(self) -> slicer.vtkMRMLScriptedModuleNode | None:
        """The verification that the panel shows."""
        return self.parameters.verification if self.parameters else None

    node = verification

    def sections(self) -> tuple[Any, ...]:
        """Return the sections, top to bottom."""
        return (
            self.images, self.plan_files, self.finding, self.correcting, self.rejected, self.matching, self.dose,
            self.results, self.limits, self.watching, self.robustness, self.comparing, self.report, self.outcome,
        )  # fmt: skip

    def node_selectors(self) -> tuple[qt.QWidget, ...]:
        """Return the selectors of images, plan and structures."""
        ui = self.ui
        return (
            ui.implantVolumeSelector, ui.planSelector, ui.planVolumeSelector, ui.targetSegmentationSelector,
            ui.organSegmentationSelector,
        )  # fmt: skip

    def on_parameters_modified(self) -> None:
        """Another verification was chosen, or another number."""
        if self.verification is not self.shown:
            self.stop_placing()
            self.show_node()

    def enter(self) -> None:
        """Set the layout when the module is opened for the first time ever."""
        show_layout_once("SeedVerify", slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpPlotView)

    def redraw_seeds(self) -> None:
        """Draw the seeds of every verification anew: after a scene was loaded, where their models may be missing."""
        for verification in self.logic.verifications():
            with self.runner.action(_("The seeds cannot be drawn."), quiet=True):
                self.logic.updateSeedModels(verification)

    def draw(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show a verification, or that there is none."""
        super().draw(node)
        chosen = self.verification is not None
        for button in (self.ui.newVerificationButton, self.ui.deleteVerificationButton):
            allow(button, "" if chosen else NO_CT)

    def stop_placing(self) -> None:
        """End clicking seeds."""
        self.correcting.stop_placing()

    def _connect_verification_buttons(self) -> None:
        ui, on = self.ui, self.images.on
        for selector in (ui.verificationSelector, ui.otherSelector):
            selector.addAttribute(VERIFICATION_CLASS, attribute_name(KIND_ATTRIBUTE), VERIFICATION_KIND)
        on(ui.newVerificationButton, "clicked()", self._on_new, _("Cannot start a verification."))
        on(ui.deleteVerificationButton, "clicked()", self._on_delete, _("Cannot delete the verification."))

    def _on_new(self) -> None:
        logic, before = self.logic, self.verification
        self.parameters.verification = logic.createVerification(logic.implantVolumeNode(before), logic.planNode(before))

    def _on_delete(self) -> None:
        verification: Any = self.verification
        question = _("Delete {verification} with its seeds, dose and tables?").format(
            verification=verification.GetName()
        )
        if slicer.util.confirmOkCancelDisplay(question):
            self.logic.deleteVerification(verification)
