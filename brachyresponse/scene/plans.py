"""Plans in the scene: one node a plan, its needles, seeds and results in one folder."""

from __future__ import annotations

from datetime import datetime

import slicer

from brachyresponse.planning import ImplantPlan
from brachyresponse.scene.needles import read_needles, write_needles
from brachyresponse.scene.nodes import add_node, attribute_name, batch, rigid_world_matrix, set_attribute
from brachyresponse.scene.parts import delete_owner, rename_owner
from brachyresponse.scene.plan_fields import (
    PlanField,
    plan_activity_basis,
    plan_day,
    plan_moment,
    plan_number,
    plan_text,
    set_plan_field,
)
from brachyresponse.scene.plan_locks import read_locks, write_locks
from brachyresponse.scene.plan_parts import (
    INPUT_ROLES,
    KIND_ATTRIBUTE,
    OWN_ROLES,
    PLAN_CLASS,
    PLAN_KIND,
    PlanRole,
    need_plan_part,
    plan_folder,
    plan_part,
    require_plan,
    set_plan_part,
)
from brachyresponse.scene.plan_structures import target_name
from brachyresponse.scene.seeds import create_seeds_node, read_origins, read_seeds, write_seeds
from brachyresponse.scene.source_kind import require_seeds


def create_plan(
    scene: slicer.vtkMRMLScene, name: str = "Plan", *, created: datetime | None = None
) -> slicer.vtkMRMLScriptedModuleNode:
    """Add a plan without needles and seeds, in a folder of its own, and return its node.

    Parameters
    ----------
    created
        Now, when not given.
    """
    with batch(scene):
        plan_node = add_node(scene, PLAN_CLASS, name)
        set_attribute(plan_node, KIND_ATTRIBUTE, PLAN_KIND)
        plan_node.SetHideFromEditors(False)  # so that a node selector can offer it
        set_plan_field(plan_node, PlanField.CREATED, created or datetime.now().replace(microsecond=0))
        plan_folder(plan_node)
        set_plan_part(plan_node, PlanRole.SEEDS, create_seeds_node(scene, f"{plan_node.GetName()} seeds"))
    return plan_node


def read_plan_node(plan_node: slicer.vtkMRMLScriptedModuleNode) -> ImplantPlan:
    """Return the plan that a node stands for.

    Raises
    ------
    SceneError, PlanError, SeedsError, StructureError, GeometryError
        There is no such plan or it is of a balloon, something of it is missing or wrong, or its needles or seeds cannot
        be read.
    """
    require_seeds(plan_node)
    image_date = plan_text(plan_node, PlanField.PLANNING_IMAGE_DATE)
    return ImplantPlan(
        name=plan_node.GetName(),
        patient_id=plan_text(plan_node, PlanField.PATIENT_ID),
        frame_of_reference_uid=plan_text(plan_node, PlanField.FRAME_OF_REFERENCE_UID),
        created=plan_moment(plan_node, PlanField.CREATED),
        implant_date=plan_day(plan_node, PlanField.IMPLANT_DATE),
        planning_image_date=plan_day(plan_node, PlanField.PLANNING_IMAGE_DATE) if image_date else None,
        target=target_name(plan_node),
        source=plan_text(plan_node, PlanField.SOURCE),
        surrogate_for=plan_text(plan_node, PlanField.SURROGATE_FOR),
        activity_basis=plan_activity_basis(plan_node),
        prescription_gy=plan_number(plan_node, PlanField.PRESCRIPTION_GY),
        notes=plan_text(plan_node, PlanField.NOTES),
        needles=read_needles(plan_node),
        seeds=read_seeds(seeds_node_of(plan_node)),
    )


def write_plan_node(plan: ImplantPlan, plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Make a node stand for a plan: its values, needles and seeds.

    The target is a choice of segment (:func:`write_plan_segments`), which a plan's name for it cannot make.

    Raises
    ------
    SceneError, GeometryError
        There is no such plan, or its needles or seeds lie under a transform that is not rigid.
    """
    seeds_node = seeds_node_of(plan_node)
    rigid_world_matrix(seeds_node)  # before anything is changed
    with batch(plan_node.GetScene()):
        write_needles(plan.needles, plan_node)
        write_seeds(plan.seeds, seeds_node)
        for field, value in _fields_of(plan).items():
            set_plan_field(plan_node, field, value)
        if plan.name != plan_node.GetName():
            rename_plan(plan_node, plan.name)


def seeds_node_of(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLMarkupsFiducialNode:
    """Return the node that holds the seeds of a plan.

    Raises
    ------
    SceneError
        There is no such plan, or its seeds were deleted.
    """
    return need_plan_part(plan_node, PlanRole.SEEDS, "list of seeds")


def rename_plan(plan_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
    """Rename a plan, its folder, and the nodes in it that carry its name."""
    rename_owner(plan_node, name, OWN_ROLES)


def duplicate_plan(plan_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> slicer.vtkMRMLScriptedModuleNode:
    """Add a plan with the same values, structures, needles and seeds, to be changed and compared; without results.

    Raises
    ------
    SceneError, PlanError, SeedsError, GeometryError
        There is no such plan, or its needles or seeds cannot be read.
    """
    needles, seeds = read_needles(plan_node), read_seeds(seeds_node_of(plan_node))
    origins = read_origins(seeds_node_of(plan_node))
    copied = create_plan(plan_node.GetScene(), name)
    for attribute in plan_node.GetAttributeNames():
        if attribute != attribute_name(PlanField.CREATED):
            copied.SetAttribute(attribute, plan_node.GetAttribute(attribute))
    for field in PlanField:
        set_plan_field(copied, field, plan_text(copied, field))
    for role in INPUT_ROLES:
        set_plan_part(copied, role, plan_part(plan_node, role))
    write_needles(needles, copied)
    write_seeds(seeds, seeds_node_of(copied), origin=origins)
    write_locks(copied, read_locks(plan_node))
    _copy_limits(plan_node, copied)
    return copied


def delete_plan(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Delete a plan with everything that belongs to it; images and segmentations stay.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    require_plan(plan_node)
    delete_owner(plan_node, OWN_ROLES)


def _fields_of(plan: ImplantPlan) -> dict[PlanField, object]:
    return {
        PlanField.PATIENT_ID: plan.patient_id,
        PlanField.FRAME_OF_REFERENCE_UID: plan.frame_of_reference_uid,
        PlanField.CREATED: plan.created,
        PlanField.IMPLANT_DATE: plan.implant_date,
        PlanField.PLANNING_IMAGE_DATE: plan.planning_image_date,
        PlanField.SOURCE: plan.source,
        PlanField.SURROGATE_FOR: plan.surrogate_for,
        PlanField.ACTIVITY_BASIS: plan.activity_basis,
        PlanField.PRESCRIPTION_GY: repr(float(plan.prescription_gy)),
        PlanField.NOTES: plan.notes,
    }


def _copy_limits(plan_node: slicer.vtkMRMLScriptedModuleNode, copied: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Give a copied plan tables of its own of the limits of doses and rules, and of its tissues."""
    copied_tables = {PlanRole.LIMITS: "limits", PlanRole.RULE_LIMITS: "rule limits", PlanRole.TISSUES: "tissues"}
    for role, name in copied_tables.items():
        limits = plan_part(plan_node, role)
        if limits is not None:
            table_node = add_node(plan_node.GetScene(), "vtkMRMLTableNode", f"{copied.GetName()} {name}")
            table_node.CopyContent(limits)
            set_plan_part(copied, role, table_node)
