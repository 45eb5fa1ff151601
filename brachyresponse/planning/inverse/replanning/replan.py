"""Planning anew during the procedure: the rest of an implant round what is implanted already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.dose import Dvh, compute_dvh, implant_dose
from brachyresponse.planning.inverse.optimise import evaluation_grid, plan_implant
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.replanning.so_far import ImplantedSoFar
from brachyresponse.planning.inverse.result import OptimisedPlan
from brachyresponse.planning.inverse.tracks import NeedleTracks, ParallelTracks
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.progress import Report, ignore_progress, share_of

if TYPE_CHECKING:
    from brachyresponse.verification.cold_regions import ColdRegion

MOVES = 800
"""Of the search: what is locked leaves less to choose, and the patient waits."""


@dataclass(frozen=True, eq=False)
class DoseSoFar:
    """The dose of the seeds that are implanted.

    Parameters
    ----------
    d90_gy, v100_percent
        Of the target.
    dvhs
        By structure, target first.
    cold_regions
        Parts of the target below the prescription, largest first.
    """

    d90_gy: float
    v100_percent: float
    dvhs: dict[str, Dvh]
    cold_regions: tuple[ColdRegion, ...]


@dataclass(frozen=True, eq=False)
class Replanned:
    """The plan made anew.

    Parameters
    ----------
    plan
        The whole: what is implanted and what remains.
    remaining
        Needles and seeds that are still to be implanted, for the loading sheet; None where nothing is.
    so_far
        What was found.
    dose_so_far
        Of the seeds that are implanted.
    """

    plan: OptimisedPlan
    remaining: ImplantPlan | None
    so_far: ImplantedSoFar
    dose_so_far: DoseSoFar


def replan(
    problem: ImplantProblem,
    so_far: ImplantedSoFar,
    plan: ImplantPlan | None = None,
    *,
    report: Report = ignore_progress,
    on_best: Callable[[ImplantPlan], None] | None = None,
) -> Replanned:
    """Plan the rest of an implant anew.

    What was found stays. Needles in place may still be loaded; what of the plan is not begun may stay or change.

    Parameters
    ----------
    problem
        What the plan was made for; its prescription, limits and rules hold for the whole.
    so_far
        What is implanted.
    plan
        The plan until now, whose needles that are not inserted yet are begun with; None for none.
    report, on_best
        As of :func:`plan_implant`.

    Raises
    ------
    PlanError
        There is no plan round what is implanted: the message names the constraint.
    Cancelled
        The search was stopped before there was any plan.
    """
    report(0.0, "Dose so far")
    dose = dose_so_far(problem, so_far)
    rest = replanning_problem(problem, so_far, plan)
    found = plan_implant(rest, report=share_of(report, 0.05, 1.0), on_best=on_best)
    return Replanned(found, remaining_plan(found.plan, so_far), so_far, dose)


def replanning_problem(problem: ImplantProblem, so_far: ImplantedSoFar, plan: ImplantPlan | None) -> ImplantProblem:
    """Return the problem of what remains: everything found locked, new needles along those that are in.

    The plan is begun with where any of it is left. Numbers that were limited grow by what is found in excess.
    """
    placement, locked = problem.placement, so_far.locked
    needles = placement.most_needles and max(placement.most_needles, len(locked.needles))
    seeds = placement.most_seeds and max(placement.most_seeds, locked.seeds.count)
    return replace(
        problem,
        locked=locked,
        start=None if plan is None else _left_of(plan, so_far),
        tracks=_along(problem.tracks, so_far, plan),
        placement=replace(placement, most_needles=needles, most_seeds=seeds),
        moves=min(problem.moves, MOVES),
    )


def remaining_plan(plan: ImplantPlan, so_far: ImplantedSoFar) -> ImplantPlan | None:
    """Return what of a replanned whole is still to be implanted; None where nothing is.

    The locked seeds come first in the whole, so all after them remain.
    """
    seeds = plan.seeds.select(slice(so_far.seeds.count, None))
    used = set(seeds.needle.tolist())
    needles = tuple(needle for needle in plan.needles if needle.number in used)
    return replace(plan, name=f"{plan.name}: what remains", needles=needles, seeds=seeds) if seeds.count else None


def dose_so_far(problem: ImplantProblem, so_far: ImplantedSoFar) -> DoseSoFar:
    """Return the dose of the seeds that are implanted, to all time, and where the target is cold."""
    from brachyresponse.verification.cold_regions import cold_regions

    grid = evaluation_grid(problem)
    some = so_far.seeds.count > 0
    dose_gy = implant_dose(problem.source, so_far.seeds, grid) if some else np.zeros(grid.shape_kji, np.float32)
    structures = problem.anatomy.structures
    names = (problem.target, *(name for name in problem.anatomy.roles.reported_organs if name != problem.target))
    target = compute_dvh(dose_gy, grid, structures[problem.target])
    dvhs = {problem.target: target} | {name: compute_dvh(dose_gy, grid, structures[name]) for name in names[1:]}
    cold = cold_regions(dose_gy, grid, structures[problem.target], problem.prescription_gy)
    return DoseSoFar(target.d(90.0), target.v(problem.prescription_gy), dvhs, cold)


def _left_of(plan: ImplantPlan, so_far: ImplantedSoFar) -> ImplantPlan | None:
    """The needles of a plan that are not inserted yet, with their seeds."""
    left = np.isin(plan.seeds.needle, so_far.not_inserted)
    needles = tuple(needle for needle in plan.needles if needle.number in so_far.not_inserted)
    return replace(plan, needles=needles, seeds=plan.seeds.select(left)) if left.any() else None


def _along(tracks: NeedleTracks, so_far: ImplantedSoFar, plan: ImplantPlan | None) -> NeedleTracks:
    """Parallel tracks in the mean direction of the needles that are in, or planned; others as they are."""
    needles = so_far.needles or (plan.needles if plan else ())
    if not isinstance(tracks, ParallelTracks) or not needles:
        return tracks
    direction = np.mean([needle.direction for needle in needles], axis=0)
    return replace(tracks, direction=direction, cone_deg=0.0)
