"""An image, moved by a registration, over another one: a copy that can be taken away without a trace."""

from __future__ import annotations

import json

import slicer

from brachyresponse.scene.nodes import array_to_matrix, batch, get_attribute, nodes_of_class, set_attribute
from brachyresponse.scene.parts import remove_part
from brachyresponse.scene.volumes import read_grid

OVERLAY_OPACITY = 0.5
SHOWN_BEFORE, PREVIEW_OF = "ShownBefore", "PreviewOf"
"""A reference from the owner would be saved and the copy not: after loading it could meet another node."""
COMPOSITE_CLASS = "vtkMRMLSliceCompositeNode"


def show_over(
    owner: slicer.vtkMRMLScriptedModuleNode,
    moving: slicer.vtkMRMLScalarVolumeNode,
    fixed: slicer.vtkMRMLScalarVolumeNode,
    transform: slicer.vtkMRMLLinearTransformNode,
) -> slicer.vtkMRMLScalarVolumeNode:
    """Show an image under a transform over another one in every slice view, and return the copy that is shown.

    The copy shares the image's voxels and is not saved with the scene; the images are not touched. A preview of the
    owner that is shown already is taken away first.
    """
    hide_preview_of(owner)
    scene = owner.GetScene()
    with batch(scene):
        copied = _copy_of(moving, scene)
        copied.SetAndObserveTransformNodeID(transform.GetID())
        set_attribute(copied, SHOWN_BEFORE, json.dumps(_shown(scene)))
        set_attribute(copied, PREVIEW_OF, owner.GetID())
    for composite in nodes_of_class(scene, COMPOSITE_CLASS):
        composite.SetBackgroundVolumeID(fixed.GetID())
        composite.SetForegroundVolumeID(copied.GetID())
        composite.SetForegroundOpacity(OVERLAY_OPACITY)
    return copied


def hide_preview_of(owner: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Take a preview away, and show again what the slice views showed before; views changed since are left alone."""
    copied = preview_of(owner)
    if copied is None:
        return
    before = json.loads(get_attribute(copied, SHOWN_BEFORE, "{}"))
    for composite in nodes_of_class(owner.GetScene(), COMPOSITE_CLASS):
        if composite.GetForegroundVolumeID() == copied.GetID():
            background, foreground, opacity = before.get(composite.GetID(), (None, None, 0.0))
            composite.SetBackgroundVolumeID(background)
            composite.SetForegroundVolumeID(foreground)
            composite.SetForegroundOpacity(opacity)
    remove_part(copied)


def preview_of(owner: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScalarVolumeNode | None:
    """Return the copy that is shown for an owner, or None."""
    volumes = nodes_of_class(owner.GetScene(), "vtkMRMLScalarVolumeNode")
    return next((node for node in volumes if get_attribute(node, PREVIEW_OF) == owner.GetID()), None)


def _copy_of(volume_node: slicer.vtkMRMLScalarVolumeNode, scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScalarVolumeNode:
    """A volume that shows the same voxels at the same place in the world, without a transform of its own."""
    copied = slicer.vtkMRMLScalarVolumeNode()
    copied.SetName(scene.GetUniqueNameByString(f"{volume_node.GetName()} (registered, preview)"))
    copied.SetSaveWithScene(False)
    copied = scene.AddNode(copied)
    copied.SetIJKToRASMatrix(array_to_matrix(read_grid(volume_node).ijk_to_ras))
    copied.SetAndObserveImageData(volume_node.GetImageData())
    copied.CreateDefaultDisplayNodes()
    shown, showing = volume_node.GetDisplayNode(), copied.GetDisplayNode()
    if shown is not None:
        showing.SetAutoWindowLevel(False)
        showing.SetWindowLevel(shown.GetWindow(), shown.GetLevel())
    showing.SetSaveWithScene(False)
    return copied


def _shown(scene: slicer.vtkMRMLScene) -> dict[str, tuple[str | None, str | None, float]]:
    return {
        composite.GetID(): (
            composite.GetBackgroundVolumeID(),
            composite.GetForegroundVolumeID(),
            composite.GetForegroundOpacity(),
        )
        for composite in nodes_of_class(scene, COMPOSITE_CLASS)
    }
