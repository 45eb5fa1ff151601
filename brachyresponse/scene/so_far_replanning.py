"""Planning a plan of the scene anew round what is implanted, and the loading sheet of what remains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import slicer

from brachyresponse.errors import BrachyResponseError, Cancelled, PlanError
from brachyresponse.planning import ImplantPlan, PlanEvaluation, evaluate_plan
from brachyresponse.planning.implant import Implant
from brachyresponse.planning.inverse import Replanned, replan
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.scene import plan_locks
from brachyresponse.scene.inverse_preview import hide_best
from brachyresponse.scene.inverse_problem import read_problem
from brachyresponse.scene.inverse_running import SEARCH_SHARE, Watched
from brachyresponse.scene.inverse_search_record import write_search_record
from brachyresponse.scene.plan_editing import PlanEditor
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.plan_exports import write_sheet
from brachyresponse.scene.plan_locks import PlanLocks
from brachyresponse.scene.plan_output import shown_levels_percent, write_evaluation
from brachyresponse.scene.plan_rules import plan_profile
from brachyresponse.scene.plans import read_plan_node
from brachyresponse.scene.so_far_finding import check_so_far_current
from brachyresponse.scene.so_far_table import read_so_far

REMAINING = "what remains"


def run_replanning(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    editor: PlanEditor,
    extent: DoseExtent,
    report: Report | None,
    *,
    point_sources: bool = False,
) -> Replanned:
    """Plan the rest of an implant anew; write the whole, with what was found locked, as one step, and return it.

    Raises
    ------
    BrachyResponseError
        Nothing was found yet, something of the plan is missing, or no plan is possible; the scene is as it was.
    Cancelled
        There was no plan yet.
    """
    check_so_far_current(plan_node)
    before, problem = read_plan_node(plan_node), read_problem(plan_node)
    so_far, profile = read_so_far(plan_node, before), plan_profile(plan_node)
    watched = Watched(plan_node, problem, report)
    try:
        told = share_of(watched.report, 0.0, SEARCH_SHARE)
        found = replan(problem, so_far, before, report=told, on_best=watched.look if report else None)
    finally:
        hide_best(plan_node)
    whole = replace(before, needles=found.plan.needles, seeds=found.plan.seeds)

    def evaluated(told: Report) -> PlanEvaluation:
        shown = replace(whole, seeds=whole.seeds.without_axes()) if point_sources else whole
        grid = extent.grid(shown, problem.anatomy)
        return evaluate_plan(shown, problem.source, problem.anatomy, grid, profile=profile, report=told)

    told = ignore_progress if found.plan.search.cancelled else share_of(watched.report, SEARCH_SHARE, 1.0)
    evaluation = _in_any_case(evaluated, told)
    _write(plan_node, editor, found, evaluation)
    return replace(found, plan=replace(found.plan, evaluation=evaluation))


def remaining(plan_node: slicer.vtkMRMLScriptedModuleNode) -> ImplantPlan:
    """Return what of a plan is still to be implanted: its seeds that are not locked, with their needles.

    Raises
    ------
    PlanError
        Nothing remains.
    """
    plan = read_plan_node(plan_node)
    left = np.setdiff1d(np.arange(plan.seeds.count), np.array(plan_locks.locked_seeds(plan_node), np.int64))
    if not len(left):
        raise PlanError(f"Nothing of plan {plan.name!r} remains to be implanted: all its seeds are locked.")
    seeds = plan.seeds.select(left)
    used = set(seeds.needle.tolist())
    needles = tuple(needle for needle in plan.needles if needle.number in used)
    return replace(plan, name=f"{plan.name}: {REMAINING}", needles=needles, seeds=seeds)


def write_remaining_sheet(plan_node: slicer.vtkMRMLScriptedModuleNode, folder: str | Path) -> list[Path]:
    """Write the loading sheet of what remains, HTML and CSV, into a folder and return the files.

    Raises
    ------
    BrachyResponseError
        Nothing remains, or a file cannot be written.
    """
    return write_sheet(plan_node, remaining(plan_node), folder, "remaining_loading_sheet")


def _write(
    plan_node: slicer.vtkMRMLScriptedModuleNode, editor: PlanEditor, found: Replanned, evaluation: PlanEvaluation
) -> None:
    so_far, before = found.so_far, plan_locks.read_locks(plan_node)
    plan_locks.unlock(plan_node, None, None)  # what the CT shows takes the place of what was locked by hand
    try:
        editor.edit(plan_node, Implant(found.plan.needles, found.plan.seeds))
    except BrachyResponseError:
        plan_locks.write_locks(plan_node, before)
        raise
    loadable = {needle.number: needle.number in so_far.in_place for needle in so_far.needles}
    plan_locks.write_locks(plan_node, PlanLocks(loadable, so_far.seeds.positions_mm))
    write_evaluation(evaluation, plan_node, shown_levels_percent(plan_node))
    write_search_record(plan_node, found.plan.search, found.plan.flags)


def _in_any_case(evaluated: Callable[[Report], PlanEvaluation], report: Report) -> PlanEvaluation:
    try:
        return evaluated(report)
    except Cancelled:  # who cancels now wants the plan that is found, not none
        return evaluated(ignore_progress)
