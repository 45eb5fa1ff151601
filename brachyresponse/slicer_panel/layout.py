"""Views and modules: the layout a module likes, slices that go to a point, a segmentation in the Segment Editor."""

from __future__ import annotations

import slicer

from brachyresponse.types import FloatArray

OVERLAY_OPACITY = 0.6


def show_layout_once(module_name: str, layout: int) -> None:
    """Set the layout the first time the module is ever opened; after that the user's choice is left alone."""
    manager = slicer.app.layoutManager()
    key = f"{module_name}/LayoutWasShown"
    if manager is None or slicer.util.settingsValue(key, False, converter=slicer.util.toBool):
        return
    manager.setLayout(layout)
    slicer.app.userSettings().setValue(key, True)


def jump_slices(scene: slicer.vtkMRMLScene, position_mm: FloatArray) -> None:
    """Make all slice views show a point, (3,) RAS, in their centre."""
    slicer.vtkMRMLSliceNode.JumpAllSlices(scene, *map(float, position_mm), slicer.vtkMRMLSliceNode.CenteredJumpSlice)


def show_volume(volume_node: slicer.vtkMRMLScalarVolumeNode, *, in_full: bool = True) -> None:
    """Show an image in all slice views, in full or where they are now."""
    for node in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"):
        node.SetBackgroundVolumeID(volume_node.GetID())
    if in_full and slicer.app.layoutManager() is not None:
        slicer.util.resetSliceViews()


def lay_over(volume_node: slicer.vtkMRMLScalarVolumeNode, *, show: bool = True) -> None:
    """Lay a map over the images in all slice views, or take it away."""
    for node in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"):
        if show:
            node.SetForegroundVolumeID(volume_node.GetID())
            node.SetForegroundOpacity(OVERLAY_OPACITY)
        elif node.GetForegroundVolumeID() == volume_node.GetID():
            node.SetForegroundVolumeID(None)


def lies_over(volume_node: slicer.vtkMRMLScalarVolumeNode) -> bool:
    """Tell whether a map lies over the images in a slice view."""
    views = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    return any(node.GetForegroundVolumeID() == volume_node.GetID() for node in views)


def edit_segments(
    segmentation_node: slicer.vtkMRMLSegmentationNode, volume_node: slicer.vtkMRMLScalarVolumeNode | None
) -> None:
    """Open the Segment Editor with a segmentation chosen, and the image it is drawn on where there is one."""
    slicer.util.selectModule("SegmentEditor")
    if not hasattr(slicer.modules, "segmenteditor"):
        return
    editor = slicer.modules.segmenteditor.widgetRepresentation().self().editor
    editor.setSegmentationNode(segmentation_node)
    if volume_node is not None:
        editor.setSourceVolumeNode(volume_node)
