"""The rules that a plan is held to: those of its site profile, with the limits that the user has changed."""

from __future__ import annotations

import slicer

from brachyresponse.planning import SiteProfile, load_profile
from brachyresponse.scene.nodes import add_node
from brachyresponse.scene.plan_fields import PlanField, plan_text
from brachyresponse.scene.plan_parts import PlanRole, plan_part, require_plan, set_plan_part
from brachyresponse.scene.results import read_rule_limits, write_rule_limits
from brachyresponse.scene.tables import Cell, read_table


def plan_profile(plan_node: slicer.vtkMRMLScriptedModuleNode) -> SiteProfile:
    """Return the site profile of a plan with the limits that were changed for this plan.

    Raises
    ------
    SceneError, PlanError, InputFileError
        There is no such plan or profile, or the table of changed limits is damaged.
    """
    profile = _own_profile(plan_node)
    table_node = plan_part(plan_node, PlanRole.RULE_LIMITS)
    return profile if table_node is None else read_rule_limits(profile, table_node)


def set_rule_limit(
    plan_node: slicer.vtkMRMLScriptedModuleNode, rule_id: str, least: float | None, most: float | None
) -> None:
    """Change the limits of a rule for a plan, in the rule's unit; None is no limit on that side.

    Raises
    ------
    SceneError, PlanError
        There is no such plan or rule, a limit is not a finite number, or the two contradict each other.
    """
    limits = {rule.id: (rule.least, rule.most) for rule in plan_profile(plan_node).rules}
    own = _own_profile(plan_node)
    changed = own.with_limits({**limits, rule_id: (least, most)})
    if changed == own:
        reset_rule_limits(plan_node)
    else:
        _write(changed, plan_node)


def reset_rule_limits(plan_node: slicer.vtkMRMLScriptedModuleNode, rule_id: str = "") -> None:
    """Go back to the profile's own limits, of one rule or of all.

    Raises
    ------
    SceneError, PlanError
        There is no such plan or rule.
    """
    if not rule_id:
        set_plan_part(plan_node, PlanRole.RULE_LIMITS, None)
        return
    own = _own_profile(plan_node).rule(rule_id)
    set_rule_limit(plan_node, rule_id, own.least, own.most)


def changed_limits(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows of the table of changed limits, as they are; none where no limit was changed."""
    table_node = plan_part(plan_node, PlanRole.RULE_LIMITS)
    return () if table_node is None else read_table(table_node).rows


def _own_profile(plan_node: slicer.vtkMRMLScriptedModuleNode) -> SiteProfile:
    require_plan(plan_node)
    return load_profile(plan_text(plan_node, PlanField.PROFILE))


def _write(profile: SiteProfile, plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    table_node = plan_part(plan_node, PlanRole.RULE_LIMITS)
    if table_node is None:
        table_node = add_node(plan_node.GetScene(), "vtkMRMLTableNode", f"{plan_node.GetName()} rule limits")
        set_plan_part(plan_node, PlanRole.RULE_LIMITS, table_node)
    write_rule_limits(profile, table_node)
