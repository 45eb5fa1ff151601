"""Following what the user does to nodes in the views and in other modules, and updating the panel with it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import slicer
import vtk
from slicer.util import VTKObservationMixin

from brachyresponse.slicer_panel.timing import CoalescingTimer

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.panel import ModulePanel

GATHER_MS = 20
STRUCTURE_EVENTS = (
    slicer.vtkSegmentation.SourceRepresentationModified,
    slicer.vtkSegmentation.SegmentAdded,
    slicer.vtkSegmentation.SegmentRemoved,
    slicer.vtkSegmentation.SegmentModified,
)


class NodeFollower(VTKObservationMixin):  # type: ignore[misc]  # Slicer's Python has no types
    """Watches the nodes that belong to the panel's one. A burst of events becomes one update, none during a run.

    Attributes
    ----------
    dragging
        Whether the user holds a control point now.
    """

    def __init__(self, panel: ModulePanel) -> None:
        super().__init__()
        self.panel = panel
        self.dragging = False
        self._node: slicer.vtkMRMLScriptedModuleNode | None = None
        self._watched: list[str] = []
        self.timer = CoalescingTimer(self._on_timer, interval_ms=GATHER_MS, busy=lambda: panel.runner.active)

    @abstractmethod
    def nodes_of(self, node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLNode]:
        """Return the nodes that belong to a node."""

    @abstractmethod
    def follow(self, node: slicer.vtkMRMLScriptedModuleNode) -> None:
        """Take in what was done to the nodes."""

    def on_other(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Told that another node is watched from now on."""

    def watch(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Watch a node with those that belong to it, and no others."""
        nodes = {each.GetID(): each for each in (node, *self.nodes_of(node))} if node is not None else {}
        watched = list(nodes)
        if watched == self._watched:
            return
        self.removeObservers()
        if node is not self._node:
            self.on_other(node)
        self._node, self._watched = node, watched
        for each in nodes.values():
            self._observe(each)

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
            self.addObserver(node, node.TransformModifiedEvent, self._on_edited)
        else:
            self.addObserver(node, vtk.vtkCommand.ModifiedEvent, self._on_edited)

    def _on_edited(self, caller: vtk.vtkObject, event: str) -> None:
        self.timer.request()

    def _on_drag_started(self, node: slicer.vtkMRMLNode, event: str) -> None:
        self.dragging = True

    def _on_drag_ended(self, node: slicer.vtkMRMLNode, event: str) -> None:
        self.dragging = False
        self.timer.request()

    def _on_timer(self) -> None:
        node = self._node
        if node is not None and node.GetScene() is not None:
            self.follow(node)
            self.panel.show_node()
