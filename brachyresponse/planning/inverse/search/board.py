"""One set of needle tracks made ready for the search, and the way back from loads to needles and seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.dose.rate import dose_rate
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.search.filling import Filling, Rules
from brachyresponse.planning.inverse.search.influence import influence_gy_per_u
from brachyresponse.planning.inverse.search.loads import Loads, make_loads
from brachyresponse.planning.inverse.search.objective import HUNDRED, Objective
from brachyresponse.planning.inverse.weights import as_weights
from brachyresponse.planning.needles import Needle
from brachyresponse.seeds import Seeds
from brachyresponse.sources import integrated_hours
from brachyresponse.types import Float32Array

if TYPE_CHECKING:
    from brachyresponse.planning.inverse.candidates.candidates import Candidates

CGY_PER_GY = 100.0
MORE_SEEDS = 1.15
"""Seeds needed over those of an even filling: what lies near the seeds gets more than its share."""


@dataclass(frozen=True, eq=False)
class Board:
    """Tracks with their places, the loads that may be laid there, and what they would give."""

    problem: ImplantProblem
    objective: Objective
    candidates: Candidates
    loads: Loads
    base: Float32Array

    @classmethod
    def of(cls, problem: ImplantProblem, objective: Objective, candidates: Candidates) -> Board:
        """Compute the influence of the places of a set of tracks."""
        places = candidates.places
        influence = influence_gy_per_u(problem.source, places.positions_mm, places.directions, objective.positions_mm)
        influence *= np.float32(HUNDRED / problem.prescription_gy)
        loads = make_loads(places, influence, problem.strengths_u, problem.placement)
        return cls(problem, objective, candidates, loads, locked_dose(problem, objective))

    def filling(self) -> Filling:
        """Return a filling with no loads."""
        return Filling(self.objective, self.loads, self._rules(), self.base)

    def implant(self, laid: Sequence[int]) -> tuple[tuple[Needle, ...], Seeds]:
        """Return needles and seeds of some loads, the locked ones first."""
        loads = self.loads
        runs = [np.arange(loads.first[load], loads.last[load] + 1) for load in laid]
        strengths_u = np.array(self.problem.strengths_u)[np.repeat(loads.kind[list(laid)], [len(run) for run in runs])]
        return self.candidates.implant(np.concatenate([np.empty(0, np.int64), *runs]), strengths_u)

    def loads_of_start(self) -> list[int]:
        """Return the loads of the plan to improve; seeds that are locked or lie at no place are left out."""
        start = self.problem.start
        if start is None:
            return []
        places = self.candidates.places_of(start.seeds)
        off_u = np.abs(start.seeds.air_kerma_strength_u[:, None] - np.array(self.problem.strengths_u))
        kinds = off_u.argmin(axis=1)[places >= 0]
        return self.loads.covering(places[places >= 0], kinds)

    def seeds_needed(self) -> tuple[float, float]:
        """Return about how many seeds the target needs, and to how many the locked ones amount.

        By filling all places evenly until 90 % of the target reach the dose that is aimed at.
        """
        count = self.objective.point_sets[0].count
        even = self.loads.influence[:, :count].mean(axis=0) * float(np.mean(self.problem.strengths_u))
        aim = as_weights(self.problem.weights).underdose_percent * MORE_SEEDS
        alone = float(np.percentile(aim / even, 90.0))
        missing = max(float(np.percentile((aim - self.base[:count]) / even, 90.0)), 0.0)
        return missing, alone - missing

    def _rules(self) -> Rules:
        weights, placement, locked = as_weights(self.problem.weights), self.problem.placement, self.problem.locked
        count = len(self.candidates.needles)
        is_there = np.arange(count) < len(locked.needles)
        return Rules(
            needle_cost=np.where(is_there, 0.0, weights.needle),
            is_there=is_there,
            seed_cost=weights.seed,
            used_needles=len(locked.needles),
            used_seeds=locked.seeds.count,
            most_needles=placement.most_needles,
            most_seeds=placement.most_seeds,
        )


def locked_dose(problem: ImplantProblem, objective: Objective) -> Float32Array:
    """Return the dose of the locked seeds at the points, percent of the prescription, (M,)."""
    gy_per_rate = integrated_hours(problem.source.half_life_days) / CGY_PER_GY
    rate = dose_rate(problem.source, problem.locked.seeds, objective.positions_mm)
    return (rate * (gy_per_rate * HUNDRED / problem.prescription_gy)).astype(np.float32)
