"""The BrachyDose panel: its sections, the plan it shows, and when it is drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.nodes import attribute_name
from brachyresponse.scene.plan_parts import KIND_ATTRIBUTE, PLAN_CLASS, PLAN_KIND
from brachyresponse.slicer_panel.brachydose.display import DisplaySection
from brachyresponse.slicer_panel.brachydose.files import FilesSection
from brachyresponse.slicer_panel.brachydose.following import PlanFollower
from brachyresponse.slicer_panel.brachydose.needles import NeedlesSection
from brachyresponse.slicer_panel.brachydose.patient import PatientSection
from brachyresponse.slicer_panel.brachydose.results import ResultsSection
from brachyresponse.slicer_panel.brachydose.rules import RulesSection
from brachyresponse.slicer_panel.brachydose.seeds import SeedsSection
from brachyresponse.slicer_panel.brachydose.source import SourceSection
from brachyresponse.slicer_panel.layout import show_layout_once
from brachyresponse.slicer_panel.running import Runner
from brachyresponse.slicer_panel.sections import Accordion
from brachyresponse.slicer_panel.timing import CoalescingTimer

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTIONS = (
    "patientSection",
    "sourceSection",
    "needlesSection",
    "seedsSection",
    "doseSection",
    "resultsSection",
    "filesSection",
    "advancedSection",
)


class BrachyDosePanel:
    """Everything the BrachyDose widget does besides its life cycle.

    Parameters
    ----------
    ui
        The widgets of ``BrachyDose.ui`` by name.
    logic
        A ``BrachyDoseLogic``; each button is one call of it.
    window
        Widget in whose window Escape ends drawing.

    Attributes
    ----------
    parameters
        The module's parameter node, or None while a scene is being closed.
    refreshing
        Whether the panel itself is changing its widgets, so that their signals mean nothing.
    """

    def __init__(self, ui: Any, logic: Any, window: qt.QWidget) -> None:
        self.ui, self.logic, self.window = ui, logic, window
        self.parameters: Any = None
        self.refreshing = False
        self._shown_plan: slicer.vtkMRMLScriptedModuleNode | None = None
        self.runner = Runner(ui.statusLabel)
        self.redraw = CoalescingTimer(self.refresh, busy=lambda: self.runner.active)
        self.patient, self.source = PatientSection(self), SourceSection(self)
        self.needles, self.seeds = NeedlesSection(self), SeedsSection(self)
        self.display, self.results, self.rules = DisplaySection(self), ResultsSection(self), RulesSection(self)
        self.files = FilesSection(self)
        self.follower = PlanFollower(self)
        self.accordion = Accordion([getattr(ui, name) for name in SECTIONS], self._on_section_opened)
        self._connect_plan_buttons()

    @property
    def plan(self) -> slicer.vtkMRMLScriptedModuleNode | None:
        """The plan that the panel shows."""
        return self.parameters.plan if self.parameters else None

    def require_plan(self) -> slicer.vtkMRMLScriptedModuleNode:
        """Return the plan that the panel shows; a first one is made when there is none yet."""
        if self.plan is None:
            self.parameters.plan = self.logic.createPlan()
        return self.plan

    def show(self, parameters: Any) -> None:
        """Show another parameter node, or with None let go of the scene."""
        self._stop_placing()
        self.parameters = parameters
        self.follower.watch(self.plan)
        if parameters:
            self.accordion.open(parameters.openSection)
        self.refresh()

    def show_plan(self) -> None:
        """Watch and show the plan that is chosen now."""
        self.follower.watch(self.plan)
        self.refresh()

    def on_parameters_modified(self) -> None:
        """Another plan was chosen, or a number of the template while it is shown."""
        if self.plan is not self._shown_plan:
            self._stop_placing()
            self.ui.previewTemplateButton.checked = False
            self.show_plan()
        elif self.ui.previewTemplateButton.checked and not self.refreshing:
            self.run(self.needles.update_preview, _("Cannot show the template."))

    def enter(self) -> None:
        """Set the layout when the module is opened for the first time ever."""
        show_layout_once("BrachyDose", slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpPlotView)

    def redraw_seeds(self) -> None:
        """Draw the seeds of every plan anew: after a scene was loaded, where their models may be missing."""
        for plan in self.logic.plans():
            with self.runner.action(_("The seeds cannot be drawn."), quiet=True):
                self.logic.updateSeedModels(plan)

    def run(self, action: Callable[[], Any], failed: str) -> None:
        """Run what a widget asks for, show its error after ``failed``, and draw the panel anew."""
        with self.runner.action(failed):
            action()
        self.follower.watch(self.plan)
        self.refresh()

    def request_refresh(self) -> None:
        """Draw the panel anew soon, once for a burst of events."""
        self.redraw.request()

    def refresh(self) -> None:
        """Draw the panel anew from the plan's nodes; what cannot be read is said, and shown as if it were not there."""
        plan = self._shown_plan = self.plan
        with self._refreshing():
            try:
                self._show(plan)
            except BrachyResponseError as error:
                self._show(None)
                self.runner.tell(str(error))
            self.ui.deletePlanButton.enabled = self.ui.copyPlanButton.enabled = plan is not None

    def _show(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        for section in self.sections():
            section.refresh(plan)

    def sections(self) -> tuple[Any, ...]:
        """Return the sections, top to bottom."""
        return (
            self.patient, self.source, self.needles, self.seeds, self.display, self.results, self.rules,
            self.files,
        )  # fmt: skip

    def close(self) -> None:
        """Let go of every node and timer; the panel is about to be deleted."""
        self._stop_placing()
        self.follower.watch(None)
        self.redraw.cancel()
        self.parameters = None

    def _stop_placing(self) -> None:
        self.needles.stop_placing()
        self.seeds.stop_placing()

    @contextmanager
    def _refreshing(self) -> Iterator[None]:
        was, self.refreshing = self.refreshing, True
        try:
            yield
        finally:
            self.refreshing = was

    def _connect_plan_buttons(self) -> None:
        on = self.patient.on
        ui = self.ui
        ui.planSelector.addAttribute(PLAN_CLASS, attribute_name(KIND_ATTRIBUTE), PLAN_KIND)
        on(ui.copyPlanButton, "clicked()", self._on_copy_plan, _("Cannot copy the plan."))
        on(self.ui.newPlanButton, "clicked()", self._on_new_plan, _("Cannot start a plan."))
        on(self.ui.deletePlanButton, "clicked()", self._on_delete_plan, _("Cannot delete the plan."))

    def _on_new_plan(self) -> None:
        self.parameters.plan = self.logic.createPlan(like=self.plan)

    def _on_copy_plan(self) -> None:
        self.parameters.plan = self.logic.duplicatePlan(self.plan)

    def _on_delete_plan(self) -> None:
        plan = self.require_plan()
        question = _("Delete {plan} with its needles, seeds, dose and tables?").format(plan=plan.GetName())
        if slicer.util.confirmOkCancelDisplay(question):
            self.logic.deletePlan(plan)

    def _on_section_opened(self, name: str) -> None:
        if self.parameters:
            self.parameters.openSection = name
