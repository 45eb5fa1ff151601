"""Showing the plan beside the implant, or only the implant: the plan's needles, seeds and isodoses."""

from __future__ import annotations

import slicer

from brachyresponse.scene.plan_parts import PlanRole, plan_parts
from brachyresponse.scene.verification_parts import VerificationRole, verification_part

DRAWN_ROLES = (PlanRole.NEEDLE, PlanRole.SEEDS, PlanRole.SEED_MODEL, PlanRole.ISODOSE)


def show_plan(verification_node: slicer.vtkMRMLScriptedModuleNode, visible: bool) -> None:
    """Show or hide what is drawn of the plan, which lies where it was planned, not where the registration puts it.

    Raises
    ------
    SceneError
        There is no such verification.
    """
    for node in _drawn(verification_node):
        node.GetDisplayNode().SetVisibility(visible)


def is_plan_shown(verification_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether anything of the plan is drawn."""
    return any(node.GetDisplayNode().GetVisibility() for node in _drawn(verification_node))


def _drawn(verification_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLDisplayableNode]:
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    if plan_node is None:
        return []
    nodes = [node for role in DRAWN_ROLES for node in plan_parts(plan_node, role)]
    return [node for node in nodes if node.GetDisplayNode() is not None]
