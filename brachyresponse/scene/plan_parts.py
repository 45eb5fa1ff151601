"""A plan's node, and the nodes that belong to it."""

from __future__ import annotations

import slicer

from brachyresponse.scene.parts import KIND_ATTRIBUTE as KIND_ATTRIBUTE
from brachyresponse.scene.parts import (
    OWNER_CLASS,
    OwnerKind,
    PartRole,
    folder_for,
    kind_of,
    need_part,
    owners_in,
    part,
    parts,
    place_part,
    require_kind,
    set_part,
    set_parts,
)
from brachyresponse.scene.parts import remove_part as remove_part

PLAN_CLASS, PLAN_KIND = OWNER_CLASS, OwnerKind.PLAN.value


class PlanRole(PartRole):
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

    @property
    def is_input(self) -> bool:
        """Whether the plan only uses the node."""
        return self in INPUT_ROLES

    @property
    def is_listed(self) -> bool:
        """Whether people look for the node in the subject hierarchy."""
        return self is not PlanRole.DVH_SERIES


INPUT_ROLES = (PlanRole.PLANNING_VOLUME, PlanRole.SEGMENTATION)
"""Roles of nodes that a plan uses and does not own: they stay when it is deleted, and where the user put them."""

OWN_ROLES = tuple(role for role in PlanRole if role not in INPUT_ROLES)


def is_plan(node: slicer.vtkMRMLNode | None) -> bool:
    """Tell whether a node is a plan; a module's parameter node, of the same class, is not."""
    return kind_of(node) is OwnerKind.PLAN


def require_plan(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a node that is not a plan.

    Raises
    ------
    SceneError
        There is no node, or it is not a plan.
    """
    require_kind(plan_node, OwnerKind.PLAN)


def plans_in(scene: slicer.vtkMRMLScene) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the plans of a scene, in the order in which they were made."""
    return owners_in(scene, OwnerKind.PLAN)


def plan_of(node: slicer.vtkMRMLNode) -> slicer.vtkMRMLScriptedModuleNode | None:
    """Return the plan that a node belongs to, or None."""
    for plan_node in plans_in(node.GetScene()):
        if any(node is part for role in OWN_ROLES for part in plan_parts(plan_node, role)):
            return plan_node
    return None


def plan_part(plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole) -> slicer.vtkMRMLNode | None:
    """Return the node in a role of a plan, or None; of several, the first."""
    require_plan(plan_node)
    return part(plan_node, role)


def plan_parts(plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole) -> list[slicer.vtkMRMLNode]:
    """Return the nodes in a role of a plan."""
    require_plan(plan_node)
    return parts(plan_node, role)


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
    require_plan(plan_node)
    return need_part(plan_node, role, what)


def set_plan_part(plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole, node: slicer.vtkMRMLNode | None) -> None:
    """Make a node the only one in a role of a plan; None leaves the role empty."""
    require_plan(plan_node)
    set_part(plan_node, role, node)


def set_plan_parts(
    plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole, nodes: list[slicer.vtkMRMLNode]
) -> None:
    """Make nodes the ones in a role of a plan, in that order; own ones go into the plan's folder.

    Own nodes that were in the role and are no longer are removed from the scene.
    """
    require_plan(plan_node)
    set_parts(plan_node, role, nodes)


def place_in_plan(plan_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLNode, role: PlanRole) -> None:
    """Put a node into the plan's folder; a dose below a study in it, what people do not look for nowhere."""
    place_part(plan_node, node, role)


def plan_folder(plan_node: slicer.vtkMRMLScriptedModuleNode) -> int:
    """Return the item of the folder of a plan; it is made when absent."""
    return folder_for(plan_node)
