"""Needles and seeds of another plan of the same problem, taken over and evaluated."""

from __future__ import annotations

from dataclasses import replace

import slicer

from brachyresponse.planning import ImplantPlan, evaluate_plan
from brachyresponse.planning.implant import Implant
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_editing import PlanEditor
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.plan_locks import check_locked_stay
from brachyresponse.scene.plan_output import shown_levels_percent, write_evaluation
from brachyresponse.scene.plan_rules import plan_profile
from brachyresponse.scene.plan_setup import copy_plan, read_plan_source
from brachyresponse.scene.plans import read_plan_node


def load_plan(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    editor: PlanEditor,
    chosen: ImplantPlan,
    extent: DoseExtent,
    *,
    point_sources: bool,
    new_name: str = "",
) -> slicer.vtkMRMLScriptedModuleNode:
    """Give a plan other needles and seeds, with dose and tables, as a step that can be undone; return its node.

    Parameters
    ----------
    new_name
        Of a plan like it that gets them instead; empty to change the plan itself.

    Raises
    ------
    BrachyResponseError
        Something of the plan is missing, or a locked needle or seed would change; the scene is as it was.
    """
    implant = Implant(chosen.needles, chosen.seeds)
    check_locked_stay(plan_node, editor.implant(plan_node), implant)
    anatomy, source, profile = read_plan_anatomy(plan_node), read_plan_source(plan_node), plan_profile(plan_node)
    seeds = chosen.seeds.without_axes() if point_sources else chosen.seeds
    plan = replace(read_plan_node(plan_node), needles=chosen.needles, seeds=seeds)
    evaluation = evaluate_plan(plan, source, anatomy, extent.grid(plan, anatomy), profile=profile)
    changed = copy_plan(plan_node, new_name) if new_name else plan_node
    editor.edit(changed, implant)
    evaluation = replace(evaluation, plan=replace(evaluation.plan, name=changed.GetName()))
    write_evaluation(evaluation, changed, shown_levels_percent(plan_node))
    return changed
