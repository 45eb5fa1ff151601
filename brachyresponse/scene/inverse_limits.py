"""The limits that a planner is held to, one by one, each with its weight in the objective."""

from __future__ import annotations

from math import isfinite

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import OrganLimit, parse_limit
from brachyresponse.scene.results import read_limit_weights, read_limits, write_limit_weights, write_limits


def add_limit(plan_node: slicer.vtkMRMLScriptedModuleNode, limit: str | OrganLimit, weight: float) -> None:
    """Add a limit to a plan, last.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, the text is no limit, the plan has it already, or the weight is negative.
    """
    added, before = _limit(limit), read_limits(plan_node)
    if added in before:
        raise PlanError(f"The limit {added} is there already: change its weight, or give another one.")
    weights = {**read_limit_weights(plan_node), str(added): _checked(added, weight)}
    write_limits([*before, added], plan_node, weights=weights)


def remove_limit(plan_node: slicer.vtkMRMLScriptedModuleNode, limit: str | OrganLimit) -> None:
    """Take a limit away from a plan.

    Raises
    ------
    SceneError, PlanError
        There is no such plan or limit.
    """
    removed = _present(plan_node, limit)
    write_limits([each for each in read_limits(plan_node) if each != removed], plan_node)


def set_limit_weight(plan_node: slicer.vtkMRMLScriptedModuleNode, limit: str | OrganLimit, weight: float) -> None:
    """Change the weight of a limit; what was found of it stays where it is.

    Raises
    ------
    SceneError, PlanError
        There is no such plan or limit, or the weight is negative.
    """
    changed = _present(plan_node, limit)
    write_limit_weights({str(changed): _checked(changed, weight)}, plan_node)


def _limit(limit: str | OrganLimit) -> OrganLimit:
    return limit if isinstance(limit, OrganLimit) else parse_limit(limit)


def _present(plan_node: slicer.vtkMRMLScriptedModuleNode, limit: str | OrganLimit) -> OrganLimit:
    wanted, there = _limit(limit), read_limits(plan_node)
    if wanted not in there:
        raise PlanError(f"There is no limit {wanted} (limits: {', '.join(map(str, there)) or 'none'}): add it first.")
    return wanted


def _checked(limit: OrganLimit, weight: float) -> float:
    if not (isfinite(weight) and weight >= 0):
        raise PlanError(f"The weight of {limit} is {weight}: give a number from 0 on.")
    return float(weight)
