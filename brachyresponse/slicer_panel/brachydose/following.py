"""Following what the user does to the plan's nodes in the views, and updating dose and panel with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import slicer
import vtk
from slicer.i18n import tr as _
from slicer.util import VTKObservationMixin

from brachyresponse.scene.plan_staleness import structure_stamps
from brachyresponse.slicer_panel.timing import CoalescingTimer

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.brachydose.panel import BrachyDosePanel

GATHER_MS = 20
STRUCTURE_EVENTS = (
    slicer.vtkSegmentation.SourceRepresentationModified,
    slicer.vtkSegmentation.SegmentAdded,
    slicer.vtkSegmentation.SegmentRemoved,
    slicer.vtkSegmentation.SegmentModified,
)


class PlanFollower(VTKObservationMixin):  # type: ignore[misc]  # Slicer's Python has no types
    """Watches the nodes of one plan. A burst of events becomes one update, and none comes while a run is active.

    While a point is being dragged the update is coarse and quick; when the drag ends it is done in full.
    """

    def __init__(self, panel: BrachyDosePanel) -> None:
        super().__init__()
        self._panel = panel
        self._plan: slicer.vtkMRMLScriptedModuleNode | None = None
        self._watched: list[str] = []
        self._dragging = self._moved = False
        self._stamps: tuple[tuple[str, int], ...] = ()
        self.timer = CoalescingTimer(self._follow, interval_ms=GATHER_MS, busy=lambda: panel.runner.active)

    def watch(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Watch the nodes of a plan, and no others."""
        nodes = [plan, *self._panel.logic.planNodes(plan)] if plan is not None else []
        watched = [node.GetID() for node in nodes]
        if watched == self._watched:
            return
        self.removeObservers()
        if plan is not self._plan:
            self.know_structures(plan)
        self._plan, self._watched = plan, watched
        for node in nodes:
            self._observe(node)

    def know_structures(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Take the structures of a plan as those that its results belong to."""
        self._stamps = structure_stamps(plan) if plan is not None else ()

    def _observe(self, node: slicer.vtkMRMLNode) -> None:
        if node.IsA("vtkMRMLMarkupsNode"):
            for event in (node.PointModifiedEvent, node.PointAddedEvent, node.PointRemovedEvent):
                self.addObserver(node, event, self._on_edited)
            self.addObserver(node, node.PointStartInteractionEvent, self._on_drag_started)
            self.addObserver(node, node.PointEndInteractionEvent, self._on_drag_ended)
            self.addObserver(node, node.TransformModifiedEvent, self._on_edited)
        elif node.IsA("vtkMRMLSegmentationNode"):
            for event in STRUCTURE_EVENTS:
                self.addObserver(node.GetSegmentation(), event, self._on_edited)
        else:
            self.addObserver(node, vtk.vtkCommand.ModifiedEvent, self._on_edited)

    def _on_edited(self, caller: vtk.vtkObject, event: str) -> None:
        self.timer.request()

    def _on_drag_started(self, node: slicer.vtkMRMLNode, event: str) -> None:
        self._dragging = True

    def _on_drag_ended(self, node: slicer.vtkMRMLNode, event: str) -> None:
        self._dragging = False
        self.timer.request()

    def _follow(self) -> None:
        panel, plan = self._panel, self._plan
        if plan is None or plan.GetScene() is None:
            return
        with panel.runner.action(_("The plan was not updated."), quiet=True):
            self._take_in(plan)
        self.watch(panel.plan)
        panel.refresh()

    def _take_in(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        """Make plan and dose agree with what was done to the nodes."""
        panel = self._panel
        stamps = structure_stamps(plan)
        if stamps != self._stamps:
            self._stamps = stamps
            panel.logic.markStale(plan, "a structure was edited")
        changed = panel.logic.followEdits(plan, final=not self._dragging)
        self._moved = self._moved or changed
        wants_dose = changed if self._dragging else self._moved
        self._moved = self._moved and self._dragging
        if wants_dose and panel.parameters.liveUpdate and panel.logic.doseNode(plan) is not None:
            self._update_dose(plan)

    def _update_dose(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        parameters, logic = self._panel.parameters, self._panel.logic
        if self._dragging:
            logic.updateLive(
                plan, parameters.liveSpacingMm, parameters.doseMarginMm, pointSource=parameters.pointSource
            )
        else:
            self._panel.results.evaluate()
