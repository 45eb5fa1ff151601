"""The BrachyDose panel: its sections, the plan it shows, and when it is drawn anew."""

from __future__ import annotations

from typing import Any

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.nodes import attribute_name
from brachyresponse.scene.plan_parts import KIND_ATTRIBUTE, PLAN_CLASS, PLAN_KIND
from brachyresponse.slicer_panel.brachydose.balloon import BalloonSection
from brachyresponse.slicer_panel.brachydose.biology import BiologySection
from brachyresponse.slicer_panel.brachydose.comparing import ComparingSection
from brachyresponse.slicer_panel.brachydose.constraints import ConstraintsSection
from brachyresponse.slicer_panel.brachydose.display import DisplaySection
from brachyresponse.slicer_panel.brachydose.files import FilesSection
from brachyresponse.slicer_panel.brachydose.following import PlanFollower
from brachyresponse.slicer_panel.brachydose.liquid import LiquidSection
from brachyresponse.slicer_panel.brachydose.needles import NeedlesSection
from brachyresponse.slicer_panel.brachydose.paths import PathsSection
from brachyresponse.slicer_panel.brachydose.patient import PatientSection
from brachyresponse.slicer_panel.brachydose.placement import PlacementSection
from brachyresponse.slicer_panel.brachydose.planner import PlannerSection
from brachyresponse.slicer_panel.brachydose.replanning import ReplanningSection
from brachyresponse.slicer_panel.brachydose.results import ResultsSection
from brachyresponse.slicer_panel.brachydose.robustness import RobustnessSection
from brachyresponse.slicer_panel.brachydose.rules import RulesSection
from brachyresponse.slicer_panel.brachydose.seeds import SeedsSection
from brachyresponse.slicer_panel.brachydose.source import SourceSection
from brachyresponse.slicer_panel.brachydose.source_kind import SourceKindSection
from brachyresponse.slicer_panel.brachydose.tissues import TissuesSection
from brachyresponse.slicer_panel.brachydose.trade_offs import TradeOffsSection
from brachyresponse.slicer_panel.brachydose.weights import WeightsSection
from brachyresponse.slicer_panel.layout import show_layout_once
from brachyresponse.slicer_panel.panel import ModulePanel

SECTIONS = (
    "patientSection",
    "sourceSection",
    "needlesSection",
    "seedsSection",
    "plannerSection",
    "doseSection",
    "resultsSection",
    "tradeOffSection",
    "replanSection",
    "biologySection",
    "filesSection",
    "advancedSection",
)


class BrachyDosePanel(ModulePanel):
    """Everything the BrachyDose widget does besides its life cycle.

    Parameters
    ----------
    ui
        The widgets of ``BrachyDose.ui`` by name.
    logic
        A ``BrachyDoseLogic``; each button is one call of it.
    window
        Widget in whose window Escape ends drawing.
    """

    def __init__(self, ui: Any, logic: Any, window: qt.QWidget) -> None:
        super().__init__(ui, logic, window, SECTIONS)
        self.patient, self.source = PatientSection(self), SourceSection(self)
        self.needles, self.seeds = NeedlesSection(self), SeedsSection(self)
        self.paths, self.placement = PathsSection(self), PlacementSection(self)
        self.constraints, self.weights = ConstraintsSection(self), WeightsSection(self)
        self.planner, self.trade_offs = PlannerSection(self), TradeOffsSection(self)
        self.comparing, self.robustness = ComparingSection(self), RobustnessSection(self)
        self.display, self.results, self.rules = DisplaySection(self), ResultsSection(self), RulesSection(self)
        self.kind, self.balloon, self.liquid = SourceKindSection(self), BalloonSection(self), LiquidSection(self)
        self.replanning = ReplanningSection(self)
        self.tissues, self.biology = TissuesSection(self), BiologySection(self)
        self.files = FilesSection(self)
        self.follower: PlanFollower = PlanFollower(self)
        self._connect_plan_buttons()

    @property
    def plan(self) -> slicer.vtkMRMLScriptedModuleNode | None:
        """The plan that the panel shows."""
        return self.parameters.plan if self.parameters else None

    node = plan

    def node_selectors(self) -> tuple[qt.QWidget, ...]:
        """Return the selectors of image and structures."""
        return self.ui.volumeSelector, self.ui.segmentationSelector

    def require_plan(self) -> slicer.vtkMRMLScriptedModuleNode:
        """Return the plan that the panel shows; a first one is made when there is none yet."""
        if self.plan is None:
            self.parameters.plan = self.logic.createPlan()
        return self.plan

    def on_parameters_modified(self) -> None:
        """Another plan was chosen, or a number of the template while it is shown."""
        if self.plan is not self.shown:
            self.stop_placing()
            self.ui.previewTemplateButton.checked = False
            self.planner.leave(self.shown)
            self.show_node()
        elif self.ui.previewTemplateButton.checked and not self.refreshing:
            self.run(self.needles.update_preview, _("Cannot show the template."))

    def dose_settings(self) -> dict[str, Any]:
        """Return how the dose is computed, as keywords of ``evaluatePlan``."""
        parameters = self.parameters
        return {
            "spacingMm": parameters.doseSpacingMm,
            "marginMm": parameters.doseMarginMm,
            "pointSource": parameters.pointSource,
        }

    def evaluation_settings(self) -> dict[str, Any]:
        """Return the same as keywords of what finds plans and evaluates them."""
        return {
            "doseSpacingMm": self.parameters.doseSpacingMm,
            "doseMarginMm": self.parameters.doseMarginMm,
            "pointSource": self.parameters.pointSource,
        }

    def enter(self) -> None:
        """Set the layout when the module is opened for the first time ever."""
        show_layout_once("BrachyDose", slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpPlotView)

    def redraw_seeds(self) -> None:
        """Draw the seeds of every plan anew: after a scene was loaded, where their models may be missing."""
        for plan in self.logic.plans():
            with self.runner.action(_("The seeds cannot be drawn."), quiet=True):
                self.logic.updateSeedModels(plan)

    def draw(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show a plan, or that there is none."""
        super().draw(node)
        self.ui.deletePlanButton.enabled = self.ui.copyPlanButton.enabled = self.plan is not None

    def sections(self) -> tuple[Any, ...]:
        """Return the sections, top to bottom."""
        return (
            self.patient, self.source, self.kind, self.balloon, self.liquid, self.needles, self.seeds, self.paths,
            self.placement, self.constraints, self.weights, self.planner, self.display, self.results, self.rules,
            self.trade_offs, self.comparing, self.robustness, self.replanning, self.tissues, self.biology,
            self.files,
        )  # fmt: skip

    def stop_placing(self) -> None:
        """End drawing needles and clicking seeds."""
        for section in (self.needles, self.seeds, self.paths, self.balloon):
            section.stop_placing()

    def close(self) -> None:
        """End what runs in processes of its own, and let go of every node."""
        self.trade_offs.stop()
        super().close()

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
