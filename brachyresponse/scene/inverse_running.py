"""Planning a plan of the scene: what is there is read, the best so far is shown, and the result is written last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import slicer

from brachyresponse.errors import Cancelled, PlanError
from brachyresponse.planning import ImplantPlan, PlanEvaluation, SiteProfile, evaluate_plan
from brachyresponse.planning.implant import Implant
from brachyresponse.planning.inverse import (
    ImplantProblem,
    OptimisedPlan,
    SeedPlacement,
    load_weights,
    plan_implant,
)
from brachyresponse.planning.inverse.trade_off.figures import FigureReader
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.scene.inverse_fields import PlannerField, changed, snake_case, write_settings
from brachyresponse.scene.inverse_preview import hide_best, show_best
from brachyresponse.scene.inverse_problem import read_problem
from brachyresponse.scene.inverse_search_record import write_search_record
from brachyresponse.scene.inverse_settings import (
    SearchSettings,
    checked_search,
    read_placement,
    read_search,
    set_weights,
)
from brachyresponse.scene.plan_editing import PlanEditor
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.plan_output import shown_levels_percent, write_evaluation
from brachyresponse.scene.plan_rules import plan_profile
from brachyresponse.scene.plans import read_plan_node

SEARCH_SHARE = 0.85


@dataclass(frozen=True)
class RunChoices:
    """What a run is told besides what the plan keeps.

    Parameters
    ----------
    preset
        Of the weights; None for the plan's own.
    settings
        Of placement and search by their names, which differ; they are kept in the plan when the run succeeds.
    improve
        Whether to start from the needles and seeds that are there.
    extent, point_sources
        As for :func:`evaluate_plan_node`.
    """

    preset: str | None
    settings: Mapping[str, object]
    improve: bool
    extent: DoseExtent
    point_sources: bool = False


@dataclass(frozen=True, eq=False)
class _Job:
    """What a run was started with; written into the plan when it succeeds."""

    problem: ImplantProblem
    before: ImplantPlan
    profile: SiteProfile
    placement: SeedPlacement
    search: SearchSettings


def run_planner(
    plan_node: slicer.vtkMRMLScriptedModuleNode, editor: PlanEditor, choices: RunChoices, report: Report | None
) -> OptimisedPlan:
    """Plan a plan of the scene, write needles, seeds, dose and tables as one step, and return what was found.

    Parameters
    ----------
    report
        Told the progress, with the best plan so far in a few words; when it raises ``Cancelled``, the best so far is
        written. None, as from a script, draws nothing on the way.

    Raises
    ------
    BrachyResponseError
        Something of the plan is missing or contradicts itself, or nothing can be planned; the scene is as it was.
    Cancelled
        There was no plan yet.
    """
    job = _read_job(plan_node, choices)
    watched = Watched(plan_node, job.problem, report)
    try:
        told = share_of(watched.report, 0.0, SEARCH_SHARE)
        found = plan_implant(job.problem, report=told, on_best=watched.look if report else None)
    finally:
        hide_best(plan_node)
    evaluation = _evaluated(job, found, choices, watched.report)
    found = replace(found, evaluation=evaluation)
    _write(plan_node, editor, job, choices.preset, found)
    return found


def _read_job(plan_node: slicer.vtkMRMLScriptedModuleNode, choices: RunChoices) -> _Job:
    before = read_plan_node(plan_node)
    of_search = {item.name for item in fields(SearchSettings)}
    named = {snake_case(name): value for name, value in choices.settings.items()}
    unknown = sorted(set(named) - of_search - {item.name for item in fields(SeedPlacement)})
    if unknown:
        raise PlanError(f"There is no setting {unknown[0]!r} of the planner: see setPlacement and setSearch.")
    search = checked_search(changed(read_search(plan_node), _only(named, of_search)))
    placement = changed(read_placement(plan_node), _only(named, set(named) - of_search))
    if choices.preset is not None:
        load_weights(choices.preset)
    if choices.improve and not before.seeds.count:
        raise PlanError(f"Plan {before.name!r} has no seeds to begin with: plan it first, or lay some by hand.")
    start = before if choices.improve else None
    problem = read_problem(plan_node, placement=placement, search=search, preset=choices.preset, start=start)
    return _Job(problem, before, plan_profile(plan_node), placement, search)


def _only(values: Mapping[str, object], names: set[str]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name in names}


def _evaluated(job: _Job, found: OptimisedPlan, choices: RunChoices, report: Report) -> PlanEvaluation:
    seeds = found.seeds.without_axes() if choices.point_sources else found.seeds
    plan, anatomy = replace(job.before, needles=found.needles, seeds=seeds), job.problem.anatomy

    def evaluated(told: Report) -> PlanEvaluation:
        grid = choices.extent.grid(plan, anatomy)
        return evaluate_plan(plan, job.problem.source, anatomy, grid, profile=job.profile, report=told)

    if found.search.cancelled:
        return evaluated(ignore_progress)
    try:
        return evaluated(share_of(report, SEARCH_SHARE, 1.0))
    except Cancelled:  # who cancels now wants the plan that is found, not none
        return evaluated(ignore_progress)


def _write(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    editor: PlanEditor,
    job: _Job,
    preset: str | None,
    found: OptimisedPlan,
) -> None:
    editor.edit(plan_node, Implant(found.needles, found.seeds))  # first: it may refuse, for what is locked
    write_settings(plan_node, PlannerField.PLACEMENT, job.placement)
    write_settings(plan_node, PlannerField.SEARCH, job.search)
    if preset is not None:
        set_weights(plan_node, preset, {})
    write_evaluation(found.evaluation, plan_node, shown_levels_percent(plan_node))
    write_search_record(plan_node, found.search, found.flags)


class Watched:
    """The best plan so far, drawn in the scene and told in the progress."""

    def __init__(
        self, plan_node: slicer.vtkMRMLScriptedModuleNode, problem: ImplantProblem, report: Report | None
    ) -> None:
        self._plan_node, self._report = plan_node, report or ignore_progress
        self._reader = FigureReader(problem) if report else None
        self._glance = ""

    def look(self, best: ImplantPlan) -> None:
        """Draw the best plan so far, and look at its dose."""
        show_best(self._plan_node, best)
        if self._reader is not None:
            found = self._reader.read(best.seeds)
            self._glance = (
                f"Best so far: D90 {found.d90:.0f} %, V100 {found.v100:.0f} %, V150 {found.v150:.0f} %, "
                f"{len(best.needles)} needles, {best.seeds.count} seeds"
            )

    def report(self, fraction: float, message: str) -> None:
        """Pass the progress on, with the best plan so far in a few words."""
        self._report(fraction, f"{message}\n{self._glance}" if self._glance else message)
