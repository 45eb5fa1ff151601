"""The planner's problem from a plan of the scene: its structures, limits, settings and what is locked."""

from __future__ import annotations

import slicer

from brachyresponse.planning import ImplantPlan
from brachyresponse.planning.inverse import ImplantProblem, PlanDetails, SeedPlacement
from brachyresponse.scene.inverse_settings import (
    SearchSettings,
    read_placement,
    read_search,
    read_strengths,
    read_weights,
)
from brachyresponse.scene.inverse_tracks import needle_tracks
from brachyresponse.scene.plan_activity import implant_strength_u, strength_at_implant_u
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_fields import PlanField, plan_day, plan_moment, plan_number, plan_text
from brachyresponse.scene.plan_locks import read_locked
from brachyresponse.scene.plan_setup import read_plan_source
from brachyresponse.scene.plan_targets import check_in_image
from brachyresponse.scene.results import read_limit_weights
from brachyresponse.scene.source_kind import require_seeds


def read_problem(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    *,
    placement: SeedPlacement | None = None,
    search: SearchSettings | None = None,
    preset: str | None = None,
    start: ImplantPlan | None = None,
) -> ImplantProblem:
    """Return what a planner is to solve for a plan of the scene.

    Parameters
    ----------
    placement, search, preset
        Taken instead of what the plan keeps, where they are given.
    start
        A plan to improve.

    Raises
    ------
    BrachyResponseError
        Something of the plan is missing, cannot be read, or contradicts itself.
    """
    require_seeds(plan_node)
    anatomy = read_plan_anatomy(plan_node)
    for name in anatomy.roles.targets:
        check_in_image(plan_node, anatomy.structures[name])
    search = search or read_search(plan_node)
    return ImplantProblem(
        anatomy=anatomy,
        source=read_plan_source(plan_node),
        strengths_u=strengths_on_hand_u(plan_node),
        prescription_gy=plan_number(plan_node, PlanField.PRESCRIPTION_GY),
        tracks=needle_tracks(plan_node, anatomy.structures[anatomy.roles.ptv].centre_mm),
        placement=placement or read_placement(plan_node),
        weights=preset or read_weights(plan_node),
        limit_weights=read_limit_weights(plan_node),
        target_margin_mm=search.target_margin_mm,
        locked=read_locked(plan_node),
        start=start,
        random_seed=search.random_seed,
        moves=search.moves,
        details=_details(plan_node),
    )


def strengths_on_hand_u(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[float, ...]:
    """Return the strengths of the seeds on hand as they are on the day of the implant, U.

    Raises
    ------
    SceneError, PlanError, SourceError
        There is no such plan, or no implant date or source is set.
    """
    stated = read_strengths(plan_node)
    if not stated:
        return (implant_strength_u(plan_node),)
    return tuple(strength_at_implant_u(plan_node, strength_u) for strength_u in stated)


def _details(plan_node: slicer.vtkMRMLScriptedModuleNode) -> PlanDetails:
    image_date = plan_text(plan_node, PlanField.PLANNING_IMAGE_DATE)
    return PlanDetails(
        name=plan_node.GetName(),
        patient_id=plan_text(plan_node, PlanField.PATIENT_ID),
        frame_of_reference_uid=plan_text(plan_node, PlanField.FRAME_OF_REFERENCE_UID),
        created=plan_moment(plan_node, PlanField.CREATED),
        implant_date=plan_day(plan_node, PlanField.IMPLANT_DATE),
        planning_image_date=plan_day(plan_node, PlanField.PLANNING_IMAGE_DATE) if image_date else None,
    )
