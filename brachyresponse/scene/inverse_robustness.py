"""How a plan of the scene survives misplaced seeds: a table beside the plan."""

from __future__ import annotations

from dataclasses import asdict

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning.inverse import PlacementErrors, PlanRobustness, assess_robustness
from brachyresponse.progress import Report
from brachyresponse.scene.inverse_fields import PlannerField, planner_json, set_planner_field
from brachyresponse.scene.inverse_staleness import (
    CHANGED_PLAN,
    mark_role_current,
    plan_state_signature,
    role_state,
)
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_setup import read_plan_source
from brachyresponse.scene.plans import read_plan_node
from brachyresponse.scene.results import write_plan_table

ROLES = (PlanRole.ROBUSTNESS,)


def compute_robustness(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    *,
    scenarios: int,
    errors: PlacementErrors,
    random_seed: int,
    report: Report,
) -> PlanRobustness:
    """Compute how a plan survives misplaced seeds, write the table, and return what was found.

    Raises
    ------
    BrachyResponseError
        The plan is not complete or has no seeds, or a number cannot be used; the scene is as it was.
    Cancelled
        By the report.
    """
    plan, source, anatomy = read_plan_node(plan_node), read_plan_source(plan_node), read_plan_anatomy(plan_node)
    found = assess_robustness(
        plan, source, anatomy, scenarios=scenarios, errors=errors, random_seed=random_seed, report=report
    )
    told = {"scenarios": scenarios, "random_seed": random_seed, "errors": asdict(errors)}
    set_planner_field(plan_node, PlannerField.ROBUSTNESS, told)
    table_node = write_plan_table(found.as_table(), plan_node, PlanRole.ROBUSTNESS)
    table_node.SetDescription(found.sentence)
    mark_role_current(plan_node, ROLES, plan_state_signature(plan_node))
    return found


def robustness_again(plan_node: slicer.vtkMRMLScriptedModuleNode) -> PlanRobustness | None:
    """Return what the table holds, computed once more; None where there is no table or it no longer holds.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or what is kept of the assumptions is damaged.
    """
    told = planner_json(plan_node, PlannerField.ROBUSTNESS)
    if told is None or plan_part(plan_node, PlanRole.ROBUSTNESS) is None or robustness_state(plan_node):
        return None
    try:
        errors = PlacementErrors(**{**told["errors"], "sd_mm": tuple(told["errors"]["sd_mm"])})
        scenarios, random_seed = int(told["scenarios"]), int(told["random_seed"])
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(
            f"Plan {plan_node.GetName()!r}: the assumptions on misplaced seeds are damaged ({error}); compute the "
            "robustness again."
        ) from error
    plan, source, anatomy = read_plan_node(plan_node), read_plan_source(plan_node), read_plan_anatomy(plan_node)
    return assess_robustness(plan, source, anatomy, scenarios=scenarios, errors=errors, random_seed=random_seed)


def robustness_state(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why the table no longer holds, as the end of a sentence; empty while it does, or while there is none."""
    return role_state(plan_node, PlanRole.ROBUSTNESS, plan_state_signature(plan_node), CHANGED_PLAN)
