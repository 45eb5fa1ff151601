"""A problem made ready once, to be solved with many weights: points, tracks and influence are the same for all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.search.board import Board
from brachyresponse.planning.inverse.search.moves import anneal
from brachyresponse.planning.inverse.search.objective import objective_at
from brachyresponse.planning.inverse.search.run import Implant, SearchRun, Trial
from brachyresponse.planning.inverse.weights import ObjectiveWeights
from brachyresponse.progress import Report, ignore_progress


@dataclass(frozen=True, eq=False)
class PreparedProblem:
    """The tracks on which plans are searched, with the influence of their places.

    Where several sets of tracks may be taken (a cone of directions), the one that is best for the problem's own
    weights is kept for all others.
    """

    board: Board

    @classmethod
    def of(cls, problem: ImplantProblem, report: Report = ignore_progress) -> PreparedProblem:
        """Lay the tracks of a problem out and compute what their places give.

        Raises
        ------
        PlanError
            The problem cannot be solved.
        Cancelled
            By the report.
        """
        run = SearchRun(replace(problem, moves=0))
        run.search(report)
        assert run.lead is not None
        return cls(replace(run.lead.board, problem=problem))

    def solve(self, weights: ObjectiveWeights, moves: int) -> tuple[Implant, float]:
        """Return needles and seeds for other weights, and what they cost with these."""
        problem = replace(self.board.problem, weights=weights, moves=moves)
        objective = objective_at(problem, self.board.objective.point_sets)
        board = replace(self.board, problem=problem, objective=objective)
        trial = Trial(board, board.filling())
        trial.begin()
        trial.filling.reset(trial.course.best)
        anneal(trial.filling, trial.course, moves, np.random.default_rng(problem.random_seed))
        trial.finish()
        return trial.implant, trial.course.best_cost
