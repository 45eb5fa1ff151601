"""The planning CT, moved by the registration, over the implant CT."""

from __future__ import annotations

import slicer

from brachyresponse.scene.image_preview import hide_preview_of, preview_of, show_over
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    need_verification_part,
    require_verification,
)


def is_previewed(verification_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether the registration is being shown."""
    require_verification(verification_node)
    return preview_of(verification_node) is not None


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
    return show_over(verification_node, plan_volume, implant_volume, transform)


def hide_preview(verification_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Take the preview away, and show again what the slice views showed before; views changed since are left alone."""
    require_verification(verification_node)
    hide_preview_of(verification_node)
