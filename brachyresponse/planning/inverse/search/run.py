"""A whole search: the sets of tracks tried shortly, the best one searched through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from brachyresponse.errors import Cancelled, PlanError
from brachyresponse.planning.inverse.candidates.places import Candidates
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.result import SearchRecord, TriedTracks
from brachyresponse.planning.inverse.search.board import Board
from brachyresponse.planning.inverse.search.filling import Filling
from brachyresponse.planning.inverse.search.moves import Course, anneal, fill_evenly, fill_greedily, sweep, trim
from brachyresponse.planning.inverse.search.objective import Objective, problem_objective
from brachyresponse.planning.inverse.search.track_choice import first_sets, further_sets, with_places_between
from brachyresponse.planning.needles import Needle
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds import Seeds

Implant = tuple[tuple[Needle, ...], Seeds]
SHOWN = 12
"""How often the best plan so far is shown at most."""
ROUGH_SHARE = 0.3
"""Of the points, where sets of tracks are compared."""
FINALISTS, FINALIST_MOVES = 3, 200
"""So many sets of tracks are searched a little at all points before one is chosen."""


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
        """Lay the plan to improve and fill it up, or fill evenly."""
        start = self.board.loads_of_start()
        if start:
            self.filling.reset(start)
            self.course.note(self.filling)
            fill_greedily(self.filling, self.course)
        else:
            self._fill_and_trim()
        sweep(self.filling, self.course)

    def _fill_and_trim(self) -> None:
        """Fill evenly with any number of needles and seeds, then take away what is too many."""
        filling, allowed, course = self.filling, self.filling.rules, Course()
        filling.rules = replace(allowed, most_needles=0, most_seeds=0)
        fill_evenly(filling, course, *self.board.seeds_needed())
        filling.rules = allowed
        trim(filling)
        filling.reset(filling.laid)
        self.course.costs += course.costs
        self.course.note(filling)

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
        Called with needles and seeds of the best so far: of the beginning, and whenever a better one was found since.
    """

    problem: ImplantProblem
    on_best: Callable[[Implant], None] | None = None
    tried: list[TriedTracks] = field(default_factory=list)
    lead: Trial | None = None

    def search(self, report: Report = ignore_progress) -> SearchRecord:
        """Search; where the report raises ``Cancelled``, end with the best until then, which ``lead`` holds.

        Raises
        ------
        Cancelled
            There is nothing yet.
        """
        cancelled = False
        try:
            self._choose_tracks(report)
            self._search_through(report)
        except Cancelled:
            if self.lead is None:
                raise
            cancelled = True
        return self._record(cancelled)

    def _choose_tracks(self, report: Report) -> None:
        """Try sets of tracks at few points, then the best of them at all points, and begin on the best of these."""
        report(0.0, "Points at which the dose is looked at")
        objective = problem_objective(self.problem)
        sets = list(first_sets(self.problem))
        if not sets:
            raise PlanError(f"No needle reaches {self.problem.target}: give the tracks more freedom.")
        if len(sets) > 1:
            sets = self._finalists(sets, objective, report)
        trials = []
        for number, candidates in enumerate(sets):
            report(0.25 + 0.1 * number / len(sets), f"Best needle tracks {number + 1} of {len(sets)}")
            trials.append(self._begun(with_places_between(candidates), objective))
            if len(sets) > 1:
                anneal(trials[-1].filling, trials[-1].course, FINALIST_MOVES, self._rng())
            else:
                self._note_tried(candidates, trials[-1].course.best_cost)
        self.lead = min(trials, key=lambda trial: trial.course.best_cost)

    def _finalists(self, sets: list[Candidates], objective: Objective, report: Report) -> list[Candidates]:
        rough = objective.roughly(self.problem, ROUGH_SHARE)
        ranked = self._ranked(sets, rough, share_of(report, 0.05, 0.15))
        further = list(further_sets(self.problem, [candidates for _, candidates in ranked]))
        ranked += self._ranked(further, rough, share_of(report, 0.15, 0.25))
        return [candidates for _, candidates in sorted(ranked, key=lambda pair: pair[0])[:FINALISTS]]

    def _ranked(self, sets: list[Candidates], rough: Objective, report: Report) -> list[tuple[float, Candidates]]:
        """Sets of tracks with what a short search on each comes to cost, the best first."""
        found = []
        for number, candidates in enumerate(sets):
            report(number / len(sets), f"Needle tracks {number + 1} of {len(sets)}")
            trial = self._begun(candidates, rough)
            cost = trial.course.best_cost
            self._note_tried(candidates, cost)
            if self.lead is None or cost < self.lead.course.best_cost:
                self.lead = trial
            found.append((cost, candidates))
        return sorted(found, key=lambda pair: pair[0])

    def _begun(self, candidates: Candidates, objective: Objective) -> Trial:
        board = Board.of(self.problem, objective, candidates)
        trial = Trial(board, board.filling())
        trial.begin()
        return trial

    def _note_tried(self, candidates: Candidates, cost: float) -> None:
        self.tried.append(TriedTracks(candidates.needles[-1].direction, len(candidates.needles), cost))

    def _search_through(self, report: Report) -> None:
        trial = self.lead
        assert trial is not None
        moves = self.problem.moves
        rest, shown = share_of(report, 0.35, 1.0), [trial.course.best_cost]
        self._show(trial)

        def on_move(move: int) -> None:
            if move % 20 == 0:
                rest(move / moves, f"Move {move} of {moves}, cost {trial.course.best_cost:.2f}")
            is_due = (move + 1) * (SHOWN - 1) // moves > move * (SHOWN - 1) // moves
            if is_due and trial.course.best_cost < shown[0]:
                shown[0] = trial.course.best_cost
                self._show(trial)

        trial.filling.reset(trial.course.best)
        anneal(trial.filling, trial.course, moves, self._rng(), on_move)
        trial.finish()

    def _show(self, trial: Trial) -> None:
        implant = trial.implant
        if self.on_best and implant[1].count:  # with weights that make seeds dear, there may be none yet
            self.on_best(implant)

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
