"""How much of the target could get the prescription at best: a bound that no plan exceeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.dose import dose_rate
from brachyresponse.planning.inverse.candidates.places import Candidates
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.search.dose_points import PointSet, structure_points
from brachyresponse.planning.inverse.search.influence import CGY_PER_GY, influence_gy_per_u
from brachyresponse.sources import integrated_hours
from brachyresponse.types import Float32Array, FloatArray

POINTS = 200
PLACES = 4000
"""More places are thinned out, every one left standing for several: the bound stays one."""


@dataclass(frozen=True, order=True)
class Reach:
    """What the seeds of some candidates could do at best.

    Parameters
    ----------
    covered_percent
        Of the target, that gets the prescription where every point has the seeds it would choose for itself.
    places
        For seeds.
    """

    covered_percent: float
    places: int


def best_reach(candidates: Candidates, points: PointSet) -> Reach:
    """Return the part of the target that could get the prescription from the strongest seeds on hand.

    Every point is given the seeds that do most for it, as many as are allowed, or all where any number is: no plan
    gives a point more, since one plan's seeds serve all points. Where their number is limited, they also give no more
    useful dose in all than the best of them as many times.

    Parameters
    ----------
    points
        Of the target, see :func:`reach_points`.
    """
    problem, places = candidates.problem, candidates.places
    step = max(1, -(-places.count // PLACES))
    influence = influence_gy_per_u(
        problem.source, places.positions_mm[::step], places.directions[::step], points.positions_mm
    )
    most = problem.placement.most_seeds
    count = min(most - problem.locked.seeds.count, places.count) if most else places.count
    strongest = -np.sort(-influence, axis=0)[: -(-count // step)]
    dose_gy = strongest.sum(axis=0, dtype=np.float64) * step * max(problem.strengths_u)
    locked_cgy_per_h = dose_rate(problem.source, problem.locked.seeds, points.positions_mm)
    locked_gy = locked_cgy_per_h * integrated_hours(problem.source.half_life_days) / CGY_PER_GY
    dose_gy += locked_gy
    covered = float(points.volume_cc[dose_gy >= problem.prescription_gy].sum() / points.total_cc)
    if most:
        useful = _useful_share(problem, influence * max(problem.strengths_u), points)
        locked = _useful_share(problem, locked_gy[None], points)
        covered = min(covered, float(locked.sum() + count * useful.max(initial=0.0)))
    return Reach(100 * covered, places.count)


def _useful_share(problem: ImplantProblem, dose_gy: Float32Array | FloatArray, points: PointSet) -> FloatArray:
    """Return which part of the dose that a wholly covered target needs each of K doses, (K, N), gives: (K,).

    Dose beyond the prescription does not count, so the parts of some seeds add up to no less than what they cover.
    """
    useful = np.minimum(dose_gy, problem.prescription_gy) @ points.volume_cc
    result: FloatArray = useful / (problem.prescription_gy * points.total_cc)
    return result


def reach_points(problem: ImplantProblem) -> PointSet:
    """Return the points of the target at which the bound is taken."""
    return structure_points(problem, problem.target, POINTS)
