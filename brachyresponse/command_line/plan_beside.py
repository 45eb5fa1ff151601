"""``plan --optimise``: what is computed beside the plan; none of it may cost the plan itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from brachyresponse.command_line.images import Notes
from brachyresponse.errors import BrachyResponseError, Cancelled, InputFileError
from brachyresponse.planning.inverse import (
    ImplantProblem,
    Loading,
    OptimisedPlan,
    PlacementErrors,
    PlanRobustness,
    TradeOffs,
    assess_robustness,
    trade_offs,
)
from brachyresponse.planning.inverse.placement import MOST_MARGIN_MM, check_within
from brachyresponse.planning.inverse.robustness.assess import check_scenarios
from brachyresponse.planning.inverse.robustness.margins import MarginRow, margin_trade_off
from brachyresponse.planning.inverse.trade_off.run import PROCESSES, check_processes
from brachyresponse.planning.inverse.trade_off.weight_variants import check_count
from brachyresponse.progress import Report, share_of

Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Beside:
    """What was computed beside a plan: None or empty where not asked for, or where the notes say why not."""

    robustness: PlanRobustness | None = None
    margins: tuple[MarginRow, ...] = ()
    trade_offs: TradeOffs | None = None
    notes: Notes = ()


def check_beside(options: argparse.Namespace) -> None:
    """Refuse, before the search, numbers with which nothing could be computed beside the plan.

    Raises
    ------
    BrachyResponseError
        A number is out of range, or an option is missing.
    """
    if options.processes is not None:
        if options.trade_offs is None:
            raise InputFileError("--processes is for trade-offs: give --trade-offs too.")
        check_processes(options.processes)
    if options.trade_offs is not None:
        check_count(options.trade_offs)
    if options.robustness is not None:
        check_scenarios(options.robustness)
    for margin_mm in options.margins or ():
        check_within("margin round the target", margin_mm, 0.0, MOST_MARGIN_MM)


def share_beside(options: argparse.Namespace) -> float:
    """Return the share of the time that goes to what is computed beside the plan."""
    return 0.5 if options.trade_offs or options.margins else 0.05


def compute_beside(
    options: argparse.Namespace, problem: ImplantProblem, found: OptimisedPlan, report: Report
) -> Beside:
    """Compute what the options ask for; what cannot be computed is said in a note, and Ctrl-C leaves the rest out."""
    work = _Work(options, problem, found, report)
    kept = _Kept()
    beside = Beside()
    if options.robustness is not None:
        beside = replace(beside, robustness=kept.computed("Robustness was", work.robustness))
    if options.margins:
        margins = (
            kept.computed(f"A margin of {one:g} mm was", work.margin, one) for one in sorted(set(options.margins))
        )
        beside = replace(beside, margins=tuple(row for row in margins if row is not None))
    if options.trade_offs is not None:
        more = kept.computed("Trade-offs were", work.trade_offs)
        beside = replace(beside, trade_offs=more)
        if more is not None and more.is_cancelled:
            kept.notes.append(f"{len(more.plans)} of {options.trade_offs} plans with other weights were made.")
    return replace(beside, notes=tuple(kept.notes))


@dataclass
class _Kept:
    """Runs one computation after the other until the run is stopped, and notes what was not computed and why."""

    notes: list[str] = field(default_factory=list)
    stopped: bool = False

    def computed(self, what: str, compute: Callable[..., Found], *values: object) -> Found | None:
        if not self.stopped:
            try:
                return compute(*values)
            except Cancelled:
                self.stopped = True
            except BrachyResponseError as error:
                self.notes.append(f"{what} not computed: {error}")
                return None
        self.notes.append(f"{what} not computed: the run was stopped.")
        return None


@dataclass(frozen=True, eq=False)
class _Work:
    options: argparse.Namespace
    problem: ImplantProblem
    found: OptimisedPlan
    report: Report

    @property
    def errors(self) -> PlacementErrors:
        """Seeds of a strand share all of their needle's error along it."""
        stranded = self.problem.placement.loading is Loading.STRANDED
        return PlacementErrors(shared_by_needle=1.0) if stranded else PlacementErrors()

    def robustness(self) -> PlanRobustness:
        problem = self.problem
        return assess_robustness(
            self.found,
            problem.source,
            problem.anatomy,
            scenarios=self.options.robustness,
            errors=self.errors,
            random_seed=problem.random_seed,
            report=share_of(self.report, 0.0, 0.1),
        )

    def margin(self, margin_mm: float) -> MarginRow:
        report = share_of(self.report, 0.1, 0.1)
        (row,) = margin_trade_off(self.problem, (margin_mm,), errors=self.errors, report=report)
        return row

    def trade_offs(self) -> TradeOffs:
        return trade_offs(
            self.problem,
            count=self.options.trade_offs,
            random_seed=self.problem.random_seed,
            processes=PROCESSES if self.options.processes is None else self.options.processes,
            report=share_of(self.report, 0.1, 1.0),
        )
