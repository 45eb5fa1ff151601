"""A whole search: the sets of tracks tried shortly, the best one searched through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import Cancelled, PlanError
from brachyresponse.planning.inverse.board import Board
from brachyresponse.planning.inverse.filling import Filling
from brachyresponse.planning.inverse.objective import problem_objective
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.result import SearchRecord, TriedTracks
from brachyresponse.planning.inverse.search import Course, anneal, fill_greedily, sweep
from brachyresponse.planning.needles import Needle
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds import Seeds

if TYPE_CHECKING:
    from brachyresponse.planning.inverse.candidates import Candidates

Implant = tuple[tuple[Needle, ...], Seeds]
SHOWN = 12
"""How often the best plan so far is shown at most."""
SHORT_MOVES = 100
"""Moves of the search that compares one set of tracks with others."""
SHORT_SHARE = 0.4
"""Of the progress, for the short searches where there are several sets of tracks."""


@dataclass(eq=False)
class Trial:
    """A search on one set of tracks."""

    board: Board
    filling: Filling
    course: Course = field(default_factory=Course)

    @property
    def implant(self) -> Implant:
        """Needles and seeds of the best so far."""
        return self.board.implant(self.course.best)

    def begin(self) -> None:
        """Lay the plan to improve, or nothing, and fill up greedily."""
        self.filling.reset(self.board.loads_of_start())
        self.course.note(self.filling)
        fill_greedily(self.filling, self.course)
        sweep(self.filling, self.course)

    def finish(self) -> None:
        """Go back to the best and sweep until nothing gets better."""
        self.filling.reset(self.course.best)
        sweep(self.filling, self.course)
        self.filling.reset(self.course.best)


@dataclass(eq=False)
class SearchRun:
    """The search for one problem.

    Parameters
    ----------
    on_best
        Called with needles and seeds of the best so far.
    """

    problem: ImplantProblem
    on_best: Callable[[Implant], None] | None = None
    tried: list[TriedTracks] = field(default_factory=list)
    lead: Trial | None = None

    def search(self, sets: Callable[[], Iterable[Candidates]], report: Report = ignore_progress) -> SearchRecord:
        """Search; where the report raises ``Cancelled``, end with the best until then, which ``lead`` holds.

        Raises
        ------
        Cancelled
            There is nothing yet.
        """
        cancelled = False
        try:
            self._try_sets(list(sets()), report)
            self._search_through(report)
        except Cancelled:
            if self.lead is None:
                raise
            cancelled = True
        return self._record(cancelled)

    def _try_sets(self, sets: list[Candidates], report: Report) -> None:
        report(0.0, "Points at which the dose is looked at")
        objective = problem_objective(self.problem)
        several = len(sets) > 1
        for number, candidates in enumerate(sets):
            report(0.02 + SHORT_SHARE * several * number / len(sets), f"Needle tracks {number + 1} of {len(sets)}")
            board = Board.of(self.problem, objective, candidates)
            trial = Trial(board, board.filling())
            trial.begin()
            if several:
                anneal(trial.filling, trial.course, SHORT_MOVES, self._rng())
            cost = trial.course.best_cost
            self.tried.append(TriedTracks(candidates.needles[-1].direction, len(candidates.needles), cost))
            if self.lead is None or cost < self.lead.course.best_cost:
                self.lead = trial
        if self.lead is None:
            raise PlanError("There are no needle tracks to search: give the tracks more freedom.")

    def _search_through(self, report: Report) -> None:
        trial = self.lead
        assert trial is not None
        moves, start = self.problem.moves, SHORT_SHARE if len(self.tried) > 1 else 0.1
        rest, shown = share_of(report, start, 1.0), [trial.course.best_cost]

        def on_move(move: int) -> None:
            if move % 20 == 0:
                rest(move / moves, f"Move {move} of {moves}, cost {trial.course.best_cost:.2f}")
            if self.on_best and (move + 1) % max(moves // SHOWN, 1) == 0 and trial.course.best_cost < shown[0]:
                shown[0] = trial.course.best_cost
                self.on_best(trial.implant)

        trial.filling.reset(trial.course.best)
        anneal(trial.filling, trial.course, moves, self._rng(), on_move)
        trial.finish()

    def _record(self, cancelled: bool) -> SearchRecord:
        assert self.lead is not None
        filling, course = self.lead.filling, self.lead.course
        filling.reset(course.best)
        terms = self.lead.board.objective.cost_by_term(filling.dose)
        terms["needles"] = filling.upkeep - filling.rules.seed_cost * filling.seeds
        terms["seeds"] = filling.rules.seed_cost * filling.seeds
        return SearchRecord(tuple(course.costs), terms, tuple(self.tried), self.problem.random_seed, cancelled)

    def _rng(self) -> np.random.Generator:
        return np.random.default_rng(self.problem.random_seed)
