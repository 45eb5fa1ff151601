"""Points of a plan that the user clicks: entries of needles, the centre of a balloon."""

from __future__ import annotations

import slicer

from brachyresponse.scene.nodes import add_node, modify, require_node
from brachyresponse.scene.plan_parts import PlanRole, plan_part, set_plan_part

POINTS_CLASS = "vtkMRMLMarkupsFiducialNode"
Colour = tuple[float, float, float]


def choose_points(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    role: PlanRole,
    node: slicer.vtkMRMLMarkupsFiducialNode | None,
    what: str,
) -> None:
    """Make a list of points that of a plan in a role; None takes it away. ``what`` is how errors call it.

    Raises
    ------
    SceneError
        There is no such plan, or the node is no list of points.
    """
    if node is not None:
        require_node(node, POINTS_CLASS, what)
    set_plan_part(plan_node, role, node)


def made_points(
    plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole, what: str, colour: Colour, *, most: int | None = None
) -> slicer.vtkMRMLMarkupsFiducialNode:
    """Return the list of points of a plan in a role, for the user to click into; one that is made holds ``most``."""
    node = plan_part(plan_node, role)
    if node is not None:
        return node
    node = add_node(plan_node.GetScene(), POINTS_CLASS, f"{plan_node.GetName()} {what}")
    if most is not None:
        node.SetMaximumNumberOfControlPoints(most)
    node.CreateDefaultDisplayNodes()
    with modify(node.GetDisplayNode()):
        node.GetDisplayNode().SetSelectedColor(*colour)
        node.GetDisplayNode().SetTextScale(0.0)
    set_plan_part(plan_node, role, node)
    return node
