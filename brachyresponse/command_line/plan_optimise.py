"""``plan --optimise``: the plan that is searched for, and what is computed beside it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace

from brachyresponse.command_line.images import Notes
from brachyresponse.command_line.interrupts import cancelled_by_interrupt
from brachyresponse.command_line.plan_beside import Beside, check_beside, compute_beside, share_beside
from brachyresponse.command_line.plan_optimise_arguments import DEFAULT_PRESET
from brachyresponse.command_line.plan_problem import problem_of
from brachyresponse.command_line.plan_so_far import so_far_of
from brachyresponse.planning import ImplantPlan, PlanAnatomy
from brachyresponse.planning.inverse import ImplantProblem, OptimisedPlan, plan_implant
from brachyresponse.planning.inverse.replanning.replan import Replanned
from brachyresponse.planning.inverse.trade_off.figures import FigureReader
from brachyresponse.progress import Report, share_of

STOPPED = "The search was stopped: this is the best plan until then."


@dataclass(frozen=True, eq=False)
class OptimisedCase:
    """A plan that was searched for, with what was computed beside it.

    Parameters
    ----------
    problem
        What was to be solved.
    found
        The plan with its search.
    preset
        Name of the weights that were begun with.
    beside
        Robustness, margins and trade-offs, where asked for.
    notes
        What was assumed.
    replanned
        During the procedure: what is implanted already, and what remains; None before it.
    """

    problem: ImplantProblem
    found: OptimisedPlan
    preset: str
    beside: Beside = field(default_factory=Beside)
    notes: Notes = ()
    replanned: Replanned | None = None

    @property
    def needs_a_person(self) -> bool:
        """Whether something was stopped or could not be computed, or there is something to look at."""
        return bool(self.found.search.cancelled or self.found.flags or self.beside.notes or self.replanned is not None)


def optimised_case(options: argparse.Namespace, anatomy: PlanAnatomy, report: Report) -> OptimisedCase:
    """Search for a plan; Ctrl-C ends the search with the best until then.

    Raises
    ------
    BrachyResponseError
        The options make no problem, or it cannot be solved: the message names the constraint.
    """
    check_beside(options)
    so_far = so_far_of(options, problem_of(options, anatomy), share_of(report, 0.0, 0.4))
    made, problem = so_far.made, so_far.made.problem
    end = 1.0 - share_beside(options)
    with cancelled_by_interrupt(report) as cancellable:
        progress = _Progress(problem, share_of(cancellable, 0.4 if so_far.found else 0.0, end))
        found = plan_implant(problem, report=progress.report, on_best=progress.tell_best)
        case = OptimisedCase(problem, found, options.preset or DEFAULT_PRESET, notes=made.notes)
        case = replace(case, replanned=so_far.replanned(found))
        if found.search.cancelled:
            return replace(case, notes=(*made.notes, STOPPED))
        beside = compute_beside(options, problem, found, share_of(cancellable, end, 1.0))
    return replace(case, beside=beside, notes=(*made.notes, *beside.notes))


def plan_of(case: OptimisedCase, options: argparse.Namespace) -> ImplantPlan:
    """Return the plan itself, with the source as it was asked for and a word on how it was found."""
    search = case.found.search
    text = f"Optimised: preset {case.preset}, random seed {search.random_seed}, {case.problem.moves} moves."
    notes = f"{text} {STOPPED}" if search.cancelled else text
    return replace(case.found.plan, source=options.source, surrogate_for=options.surrogate_for, notes=notes)


class _Progress:
    """Progress of a search, with the figures of the best plan so far before what it is doing."""

    def __init__(self, problem: ImplantProblem, report: Report) -> None:
        self._problem, self._report = problem, report
        self._reader: FigureReader | None = None
        self._fraction, self._step = 0.0, "Search"

    def report(self, fraction: float, message: str) -> None:
        """Take a progress report; in a log it is one step until there is a better plan."""
        self._fraction = max(fraction, self._fraction)
        self._report(self._fraction, f"{self._step}: {message}")

    def tell_best(self, plan: ImplantPlan) -> None:
        """Take the best plan so far."""
        self._reader = self._reader or FigureReader(self._problem)
        figures = self._reader.read(plan.seeds)
        self._step = (
            f"Best so far {len(plan.needles)} needles, {plan.seeds.count} seeds, D90 {figures.d90:.1f} %, "
            f"V100 {figures.v100:.1f} %, V150 {figures.v150:.1f} %"
        )
