"""How a plan of the scene survives misplaced seeds: a table beside the plan."""

from __future__ import annotations

import slicer

from brachyresponse.planning.inverse import PlacementErrors, PlanRobustness, test_robustness
from brachyresponse.progress import Report
from brachyresponse.scene.inverse_staleness import (
    CHANGED_PLAN,
    mark_role_current,
    plan_state_signature,
    role_state,
)
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_parts import PlanRole
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
    found = test_robustness(
        plan, source, anatomy, scenarios=scenarios, errors=errors, random_seed=random_seed, report=report
    )
    table_node = write_plan_table(found.as_table(), plan_node, PlanRole.ROBUSTNESS)
    table_node.SetDescription(found.sentence)
    mark_role_current(plan_node, ROLES, plan_state_signature(plan_node))
    return found


def robustness_state(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why the table no longer holds, as the end of a sentence; empty while it does, or while there is none."""
    return role_state(plan_node, PlanRole.ROBUSTNESS, plan_state_signature(plan_node), CHANGED_PLAN)
