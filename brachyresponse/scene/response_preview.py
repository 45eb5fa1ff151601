"""The image of a visit, moved by its registration, over that of the baseline."""

from __future__ import annotations

import slicer

from brachyresponse.scene.image_preview import hide_preview_of, preview_of, show_over
from brachyresponse.scene.response_parts import VisitPart, need_assessment, need_visit_part, require_visit
from brachyresponse.scene.response_registration import check_target, other_baseline
from brachyresponse.scene.response_visits import IMAGE


def is_previewed(visit_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether the registration of a visit is being shown."""
    require_visit(visit_node)
    return preview_of(visit_node) is not None


def show_preview(visit_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScalarVolumeNode:
    """Show the image of a visit over that of the baseline in every slice view, and return the copy that is shown.

    The copy shares the voxels and is not saved with the scene; no image of the user is moved.

    Raises
    ------
    SceneError, ResponseError
        An image is missing, or the visit is not registered to the baseline's.
    """
    moving = need_visit_part(visit_node, VisitPart.VOLUME, IMAGE)
    fixed = need_visit_part(other_baseline(visit_node), VisitPart.VOLUME, IMAGE)
    transform = need_visit_part(visit_node, VisitPart.REGISTRATION, "registration")
    check_target(transform, need_assessment(visit_node))
    return show_over(visit_node, moving, fixed, transform)


def hide_preview(visit_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Take the preview away, and show what the slice views showed before; views changed since are left alone."""
    require_visit(visit_node)
    hide_preview_of(visit_node)
