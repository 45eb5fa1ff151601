"""A plan's node, and the nodes that belong to it."""

from __future__ import annotations

from enum import StrEnum

import slicer

from brachyresponse.scene.hierarchy import folder_of, forget, named_folder, place, place_dose
from brachyresponse.scene.nodes import (
    SceneError,
    get_attribute,
    nodes_of_class,
    referenced_nodes,
    require_node,
    set_referenced_nodes,
)
from brachyresponse.scene.seeds_as_written import AS_WRITTEN_ROLE
from brachyresponse.scene.slicerrt import LEVELS_ROLE

PLAN_CLASS = "vtkMRMLScriptedModuleNode"
KIND_ATTRIBUTE, PLAN_KIND = "Kind", "ImplantPlan"


class PlanRole(StrEnum):
    """What a node is to a plan; the value is the role of the node reference."""

    PLANNING_VOLUME = "planningVolumeRef"
    SEGMENTATION = "segmentationRef"
    NEEDLE = "needleRef"
    SEEDS = "seedsRef"
    SEED_MODEL = "seedModelRef"
    DOSE = "doseRef"
    ISODOSE = "isodoseRef"
    DVH_TABLE = "dvhTableRef"
    DVH_SERIES = "dvhSeriesRef"
    DVH_CHART = "dvhChartRef"
    METRICS = "metricsTableRef"
    RULES = "rulesTableRef"
    LIMITS = "limitsTableRef"
    RULE_LIMITS = "ruleLimitsTableRef"
    LOADING = "loadingTableRef"


INPUT_ROLES = (PlanRole.PLANNING_VOLUME, PlanRole.SEGMENTATION)
"""Roles of nodes that a plan uses and does not own: they stay when it is deleted, and where the user put them."""

BELONGINGS = (AS_WRITTEN_ROLE, LEVELS_ROLE)
"""Roles in which a node of ours refers to a table that serves it alone."""

OWN_ROLES = tuple(role for role in PlanRole if role not in INPUT_ROLES)


def is_plan(node: slicer.vtkMRMLNode | None) -> bool:
    """Tell whether a node is a plan; a module's parameter node, of the same class, is not."""
    return node is not None and node.IsA(PLAN_CLASS) and get_attribute(node, KIND_ATTRIBUTE) == PLAN_KIND


def require_plan(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a node that is not a plan.

    Raises
    ------
    SceneError
        There is no node, or it is not a plan.
    """
    require_node(plan_node, PLAN_CLASS, "plan")
    if not is_plan(plan_node):
        raise SceneError(f"{plan_node.GetName()!r} is no plan: choose one, or create one.")


def plans_in(scene: slicer.vtkMRMLScene) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the plans of a scene, in the order in which they were made."""
    return [node for node in nodes_of_class(scene, PLAN_CLASS) if is_plan(node)]


def plan_of(node: slicer.vtkMRMLNode) -> slicer.vtkMRMLScriptedModuleNode | None:
    """Return the plan that a node belongs to, or None."""
    for plan_node in plans_in(node.GetScene()):
        if any(node is part for role in OWN_ROLES for part in plan_parts(plan_node, role)):
            return plan_node
    return None


def plan_part(plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole) -> slicer.vtkMRMLNode | None:
    """Return the node in a role of a plan, or None; of several, the first."""
    return next(iter(plan_parts(plan_node, role)), None)


def plan_parts(plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole) -> list[slicer.vtkMRMLNode]:
    """Return the nodes in a role of a plan."""
    require_plan(plan_node)
    return referenced_nodes(plan_node, role)


def need_plan_part(plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole, what: str) -> slicer.vtkMRMLNode:
    """Return the node in a role of a plan.

    Parameters
    ----------
    what
        How the user calls it: ``"planning image"``.

    Raises
    ------
    SceneError
        The plan has none.
    """
    node = plan_part(plan_node, role)
    if node is None:
        raise SceneError(f"Plan {plan_node.GetName()!r} has no {what}: choose one.")
    return node


def set_plan_part(plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole, node: slicer.vtkMRMLNode | None) -> None:
    """Make a node the only one in a role of a plan; None leaves the role empty."""
    set_plan_parts(plan_node, role, [] if node is None else [node])


def set_plan_parts(
    plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole, nodes: list[slicer.vtkMRMLNode]
) -> None:
    """Make nodes the ones in a role of a plan, in that order; own ones go into the plan's folder.

    Own nodes that were in the role and are no longer are removed from the scene.
    """
    before = plan_parts(plan_node, role)
    if before != nodes:
        set_referenced_nodes(plan_node, role, nodes)
    if role in INPUT_ROLES:
        return
    for node in before:
        if not any(node is kept for kept in nodes):
            remove_part(node)
    for node in nodes:
        place_in_plan(plan_node, node, role)


def place_in_plan(plan_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLNode, role: PlanRole) -> None:
    """Put a node into the plan's folder; a dose below a study in it, what people do not look for nowhere."""
    folder = plan_folder(plan_node)
    if role is PlanRole.DOSE:
        place_dose(node, folder)
    elif role is not PlanRole.DVH_SERIES and not node.GetHideFromEditors():
        place(node, folder)


def plan_folder(plan_node: slicer.vtkMRMLScriptedModuleNode) -> int:
    """Return the item of the folder of a plan; it is made when absent."""
    folder = folder_of(plan_node)
    if folder is None:
        folder = named_folder(plan_node.GetScene(), plan_node.GetName())
        place(plan_node, folder)
    return folder


def remove_part(node: slicer.vtkMRMLNode) -> None:
    """Remove a node from the scene, with its display and storage nodes and what we keep beside it."""
    scene = node.GetScene()
    roles = ("display", "storage", *BELONGINGS)
    others = [other for role in roles for other in referenced_nodes(node, role)]
    forget(node)
    for removed in (node, *others):
        scene.RemoveNode(removed)
