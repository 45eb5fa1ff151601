"""Upkeep of the subject hierarchy that the application does and the wheel's scene does not."""

from __future__ import annotations

import slicer
import vtk


def keep_hierarchy(scene: slicer.vtkMRMLScene) -> None:
    """Take removed nodes out of the hierarchy and begin a new one after closing, as qSlicerSubjectHierarchyPluginLogic.

    It does not add nodes to the hierarchy by itself, as the application does: tests see where our code puts them.
    """

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def remove_item(caller: slicer.vtkMRMLScene, event: str, node: slicer.vtkMRMLNode) -> None:
        hierarchy = caller.GetSubjectHierarchyNode()
        if caller.IsClosing() or hierarchy is None or node.IsA("vtkMRMLSubjectHierarchyNode"):
            return
        if item := hierarchy.GetItemByDataNode(node):
            hierarchy.RemoveItem(item, False, False)

    def empty(caller: slicer.vtkMRMLScene, event: str) -> None:
        hierarchy = caller.GetSubjectHierarchyNode()
        if hierarchy is not None:
            hierarchy.RemoveAllItems()  # its items outlive it, and then claim nodes that get a removed one's address

    def begin_anew(caller: slicer.vtkMRMLScene, event: str) -> None:
        slicer.vtkMRMLSubjectHierarchyNode.ResolveSubjectHierarchy(caller)

    scene.AddObserver(slicer.vtkMRMLScene.NodeAboutToBeRemovedEvent, remove_item)
    scene.AddObserver(slicer.vtkMRMLScene.StartCloseEvent, empty)
    scene.AddObserver(slicer.vtkMRMLScene.EndCloseEvent, begin_anew)
    scene.AddObserver(slicer.vtkMRMLScene.EndImportEvent, begin_anew)
