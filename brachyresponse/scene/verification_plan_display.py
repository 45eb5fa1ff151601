"""The plan beside the implant in the views: it lies where the planning CT lies, not on the implant CT."""

from __future__ import annotations

import slicer

from brachyresponse.scene.nodes import batch
from brachyresponse.scene.plan_parts import PlanRole, plan_parts
from brachyresponse.scene.verification_parts import VerificationRole, verification_part

SHOWN_ROLES = (PlanRole.NEEDLE, PlanRole.SEEDS, PlanRole.SEED_MODEL, PlanRole.ISODOSE, PlanRole.SEGMENTATION)


def show_plan(verification_node: slicer.vtkMRMLScriptedModuleNode, visible: bool) -> None:
    """Show or hide the plan of a verification: needles, seeds, isodoses, structures.

    Structures that were chosen for the implant as well, of one frame of reference, are left alone.
    """
    with batch(verification_node.GetScene()):
        for node in _nodes(verification_node):
            node.GetDisplayNode().SetVisibility(visible)


def is_plan_shown(verification_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether anything of the plan can be seen."""
    return any(node.GetDisplayNode().GetVisibility() for node in _nodes(verification_node))


def _nodes(verification_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLDisplayableNode]:
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    if plan_node is None:
        return []
    used = [verification_part(verification_node, role) for role in (VerificationRole.TARGETS, VerificationRole.ORGANS)]
    nodes = [node for role in SHOWN_ROLES for node in plan_parts(plan_node, role)]
    return [node for node in nodes if node.GetDisplayNode() is not None and not any(node is other for other in used)]
