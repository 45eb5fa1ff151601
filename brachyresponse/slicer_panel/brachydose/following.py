"""Following what the user does to the plan's nodes in the views, and updating dose and panel with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.plan_staleness import structure_stamps
from brachyresponse.scene.source_kind import SourceKind
from brachyresponse.slicer_panel.following import NodeFollower

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.brachydose.panel import BrachyDosePanel


class PlanFollower(NodeFollower):
    """Watches the nodes of one plan.

    While a point is being dragged the update is coarse and quick; when the drag ends it is done in full.
    """

    panel: BrachyDosePanel

    def __init__(self, panel: BrachyDosePanel) -> None:
        super().__init__(panel)
        self._moved = False
        self._stamps: tuple[tuple[str, int], ...] = ()

    def nodes_of(self, node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLNode]:
        """Return needles, seeds, structures and image of a plan."""
        nodes: list[slicer.vtkMRMLNode] = self.panel.logic.planNodes(node)
        return nodes

    def on_other(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Know the structures of the plan that is watched from now on."""
        self.know_structures(node)

    def know_structures(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Take the structures of a plan as those that its results belong to."""
        self._stamps = structure_stamps(plan) if plan is not None else ()

    def follow(self, node: slicer.vtkMRMLScriptedModuleNode) -> None:
        """Make plan and dose agree with what was done to the nodes."""
        with self.panel.runner.action(_("The plan was not updated."), quiet=True):
            self._take_in(node)

    def _take_in(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        panel = self.panel
        stamps = structure_stamps(plan)
        if stamps != self._stamps:
            self._stamps = stamps
            panel.logic.markStale(plan, "a structure was edited")
        if panel.logic.sourceKind(plan) == SourceKind.BALLOON:
            panel.logic.updateBalloonModel(plan)
            return  # its dose takes seconds: it is computed when asked for
        changed = panel.logic.followEdits(plan, final=not self.dragging)
        self._moved = self._moved or changed
        wants_dose = changed if self.dragging else self._moved
        self._moved = self._moved and self.dragging
        if wants_dose and panel.parameters.liveUpdate and panel.logic.doseNode(plan) is not None:
            self._update_dose(plan)

    def _update_dose(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        parameters, logic = self.panel.parameters, self.panel.logic
        if self.dragging:
            logic.updateLive(
                plan, parameters.liveSpacingMm, parameters.doseMarginMm, pointSource=parameters.pointSource
            )
        else:
            self.panel.results.evaluate()
