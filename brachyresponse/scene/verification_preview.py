"""The planning CT, moved by the registration, over the implant CT: a copy that can be taken away without a trace."""

from __future__ import annotations

import json

import slicer

from brachyresponse.scene.nodes import array_to_matrix, batch, get_attribute, nodes_of_class, set_attribute
from brachyresponse.scene.parts import remove_part
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    need_verification_part,
    require_verification,
)
from brachyresponse.scene.volumes import read_grid

OVERLAY_OPACITY = 0.5
SHOWN_BEFORE, PREVIEW_OF = "ShownBefore", "PreviewOf"
"""A reference from the verification would be saved and the copy not: after loading it could meet another node."""
COMPOSITE_CLASS = "vtkMRMLSliceCompositeNode"


def is_previewed(verification_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether the registration is being shown."""
    return _preview_of(verification_node) is not None


def show_preview(verification_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScalarVolumeNode:
    """Show the planning CT over the implant CT in every slice view, and return the copy that is shown.

    The copy shares the planning CT's voxels and is not saved with the scene; plan and planning CT are not touched.

    Raises
    ------
    SceneError
        There is no planning CT, implant CT or registration.
    """
    plan_volume = need_verification_part(verification_node, VerificationRole.PLAN_VOLUME, "planning CT")
    implant_volume = need_verification_part(verification_node, VerificationRole.IMPLANT_VOLUME, "implant CT")
    transform = need_verification_part(verification_node, VerificationRole.REGISTRATION, "registration")
    hide_preview(verification_node)
    scene = verification_node.GetScene()
    with batch(scene):
        copied = _copy_of(plan_volume, scene)
        copied.SetAndObserveTransformNodeID(transform.GetID())
        set_attribute(copied, SHOWN_BEFORE, json.dumps(_shown(scene)))
        set_attribute(copied, PREVIEW_OF, verification_node.GetID())
    for composite in nodes_of_class(scene, COMPOSITE_CLASS):
        composite.SetBackgroundVolumeID(implant_volume.GetID())
        composite.SetForegroundVolumeID(copied.GetID())
        composite.SetForegroundOpacity(OVERLAY_OPACITY)
    return copied


def hide_preview(verification_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Take the preview away, and show again what the slice views showed before; views changed since are left alone."""
    copied = _preview_of(verification_node)
    if copied is None:
        return
    before = json.loads(get_attribute(copied, SHOWN_BEFORE, "{}"))
    for composite in nodes_of_class(verification_node.GetScene(), COMPOSITE_CLASS):
        if composite.GetForegroundVolumeID() == copied.GetID():
            background, foreground, opacity = before.get(composite.GetID(), (None, None, 0.0))
            composite.SetBackgroundVolumeID(background)
            composite.SetForegroundVolumeID(foreground)
            composite.SetForegroundOpacity(opacity)
    remove_part(copied)


def _preview_of(
    verification_node: slicer.vtkMRMLScriptedModuleNode,
) -> slicer.vtkMRMLScalarVolumeNode | None:
    require_verification(verification_node)
    volumes = nodes_of_class(verification_node.GetScene(), "vtkMRMLScalarVolumeNode")
    return next((node for node in volumes if get_attribute(node, PREVIEW_OF) == verification_node.GetID()), None)


def _copy_of(volume_node: slicer.vtkMRMLScalarVolumeNode, scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScalarVolumeNode:
    """A volume that shows the same voxels at the same place in the world, without a transform of its own."""
    copied = slicer.vtkMRMLScalarVolumeNode()
    copied.SetName(scene.GetUniqueNameByString(f"{volume_node.GetName()} (registered, preview)"))
    copied.SetSaveWithScene(False)
    copied = scene.AddNode(copied)
    copied.SetIJKToRASMatrix(array_to_matrix(read_grid(volume_node, "planning CT").ijk_to_ras))
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
