"""From a problem to a plan."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields

import numpy as np

from brachyresponse.errors import Cancelled, PlanError
from brachyresponse.geometry import Grid
from brachyresponse.planning.evaluate import evaluate_plan
from brachyresponse.planning.inverse.feasibility.check import check_problem
from brachyresponse.planning.inverse.feasibility.shortfall import flags_of_shortfall
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.result import OptimisedPlan
from brachyresponse.planning.inverse.search.run import Implant, SearchRun
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.progress import Report, ignore_progress, share_of

EVALUATION_MM = 1.0
ROUND_TARGET_MM = 15.0
FARTHEST_ORGAN_MM = 50.0
"""The evaluation's grid reaches over the organs at risk, but no further from the target than this."""


def plan_implant(
    problem: ImplantProblem,
    *,
    report: Report = ignore_progress,
    on_best: Callable[[ImplantPlan], None] | None = None,
) -> OptimisedPlan:
    """Search for needles and seeds that solve a problem, and evaluate them.

    The number of moves is fixed, so the same problem with the same random seed gives the same plan.

    Parameters
    ----------
    report
        Told the fraction done; one that raises ``Cancelled`` ends the search, and the best plan so far is returned.
    on_best
        Called with the best plan so far, at most a dozen times.

    Raises
    ------
    PlanError
        The problem cannot be solved: the message names the constraint. Or it is too large for memory.
    Cancelled
        The search was stopped before there was any plan.
    """
    flags = check_problem(problem)
    run = SearchRun(problem, None if on_best is None else lambda implant: on_best(implant_plan(problem, implant)))
    record = run.search(share_of(report, 0.0, 0.9))
    assert run.lead is not None
    if not record.cancelled:
        with suppress(Cancelled):  # who cancels now wants the plan that is found, not none
            report(0.9, "Evaluation of the plan")
    plan = implant_plan(problem, run.lead.implant)
    evaluation = evaluate_plan(plan, problem.source, problem.anatomy, evaluation_grid(problem))
    parts = {item.name: getattr(evaluation.plan, item.name) for item in fields(ImplantPlan)}
    flags = (*flags, *flags_of_shortfall(problem, evaluation))
    return OptimisedPlan(**parts, evaluation=evaluation, search=record, flags=flags)


def implant_plan(problem: ImplantProblem, implant: Implant) -> ImplantPlan:
    """Return the plan of a problem with some needles and seeds.

    Raises
    ------
    PlanError
        There are no seeds.
    """
    needles, seeds = implant
    if not seeds.count:
        raise PlanError(
            f"The best plan for {problem.target!r} with these weights has no seeds: let seeds and needles cost less."
        )
    return problem.plan_of(needles, seeds)


def evaluation_grid(problem: ImplantProblem, spacing_mm: float = EVALUATION_MM) -> Grid:
    """Return a grid that holds the targets, what lies round them, and the organs at risk as far as they are near."""
    anatomy, roles = problem.anatomy, problem.anatomy.roles
    targets = np.stack([anatomy.structures[name].bounds_mm() for name in roles.targets])
    lower, upper = targets[:, 0].min(axis=0), targets[:, 1].max(axis=0)
    lowest, highest = lower - FARTHEST_ORGAN_MM, upper + FARTHEST_ORGAN_MM
    lower, upper = lower - ROUND_TARGET_MM, upper + ROUND_TARGET_MM
    for name in roles.reported_organs:
        first, last = anatomy.structures[name].bounds_mm()
        lower, upper = np.minimum(lower, np.maximum(first, lowest)), np.maximum(upper, np.minimum(last, highest))
    return Grid.covering(lower, upper, spacing_mm)
