"""What a dose distribution costs: the terms of a problem, with its weights, at its points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.search.dose_points import MARGIN, RIND, PointSet, fewer, problem_points
from brachyresponse.planning.inverse.search.terms import Hinge, Mean, Penalty, Quantile, Side, Term
from brachyresponse.planning.inverse.weights import as_weights
from brachyresponse.planning.organ_limits import LimitUnit, OrganLimit
from brachyresponse.types import BoolArray, Float32Array, FloatArray

HUNDRED = 100.0
ORGAN_LEVEL = 50.0
"""Organs at risk are spared from this much of the prescription on, where the weights ask for it."""
ORGAN_CC = 2.0
RESERVE = 1.0
"""Limits are aimed at with so many percent of the prescription to spare: the points are a sample."""
SHARPNESS = 0.1
LEAST_OVER_CC = 0.02
"""Dose beyond a limit is counted per this part of the limited volume, and not per less than this: so a limit that is
missed by 1 % costs about its weight."""


@dataclass(frozen=True, eq=False)
class Objective:
    """The terms of a problem at its points; doses in percent of the prescription.

    Parameters
    ----------
    point_sets
        The points; those of all sets one after the other are the M points of every dose here.
    terms
        Each looks at one set.
    """

    point_sets: tuple[PointSet, ...]
    terms: tuple[Term, ...]

    @property
    def positions_mm(self) -> FloatArray:
        """All points, RAS, (M, 3)."""
        return np.concatenate([points.positions_mm for points in self.point_sets])

    def roughly(self, problem: ImplantProblem, share: float) -> Objective:
        """Return the objective of a problem at a share of the points."""
        return objective_at(problem, tuple(fewer(points, share) for points in self.point_sets))

    def scaled(self, factor: float) -> Objective:
        """Return the objective with all its levels times a factor: what a part of the seeds has to do."""
        terms = (replace(term, level=term.level * factor) for term in self.terms)  # type: ignore[type-var]
        return Objective(self.point_sets, tuple(terms))

    def at(self, dose: Float32Array) -> tuple[Penalty, ...]:
        """Return the penalties as they stand for a dose distribution, (M,)."""
        return tuple(term.at(dose) for term in self.terms)

    def cost(self, dose: Float32Array) -> float:
        """Return the cost of a dose distribution, (M,)."""
        return cost_of(self.at(dose), dose)

    def cost_by_term(self, dose: Float32Array) -> dict[str, float]:
        """Return what each term costs, by its name."""
        parts = zip(self.terms, self.at(dose), strict=True)
        return {term.name: penalty.cost(dose[penalty.points]) for term, penalty in parts}


def cost_of(penalties: Sequence[Penalty], dose: Float32Array) -> float:
    """Return the cost of a dose distribution, (M,)."""
    return sum(penalty.cost(dose[penalty.points]) for penalty in penalties)


def bends_of(penalties: Sequence[Penalty], dose: Float32Array, added: Float32Array) -> FloatArray:
    """Return what each of K further doses, (K, M), costs beyond the slope at a dose distribution, (K,)."""
    most = added.max(axis=0)
    bends = np.zeros(len(added))
    for penalty in penalties:
        bends += penalty.bends(dose[penalty.points], added[:, penalty.points], most[penalty.points])
    return bends


def slope_of(penalties: Sequence[Penalty], dose: Float32Array) -> Float32Array:
    """Return the change of the cost with the dose at each point, (M,)."""
    slope = np.zeros(len(dose), np.float32)
    for penalty in penalties:
        slope[penalty.points] += penalty.slope(dose[penalty.points])
    return slope


def problem_objective(problem: ImplantProblem) -> Objective:
    """Return the objective of a problem."""
    return objective_at(problem, problem_points(problem))


def objective_at(problem: ImplantProblem, point_sets: tuple[PointSet, ...]) -> Objective:
    """Return the objective of a problem with its weights at points that were made for it, with any weights."""
    ends = np.cumsum([0, *(points.count for points in point_sets)])
    terms: list[Term] = []
    for points, start, end in zip(point_sets, ends[:-1], ends[1:], strict=True):
        terms += _terms_of_set(problem, points, slice(int(start), int(end)))
    return Objective(point_sets, tuple(terms))


def _terms_of_set(problem: ImplantProblem, points: PointSet, where: slice) -> list[Term]:
    weights, roles = as_weights(problem.weights), problem.anatomy.roles
    aimed, covered = (Side.BELOW, weights.underdose_percent), (Side.BELOW, HUNDRED)
    levels: list[tuple[str, float, tuple[Side, float]]] = []
    if points.name in (*roles.targets, MARGIN):
        levels.append(("underdose", weights.underdose, aimed))
        levels.append(("coverage", weights.coverage, covered))
    if points.name == problem.target:
        levels.append(("above 150 %", weights.overdose_150, (Side.ABOVE, 150.0)))
        levels.append(("above 200 %", weights.overdose_200, (Side.ABOVE, 200.0)))
    if points.name == RIND:
        levels.append(("spill", weights.spill, (Side.ABOVE, HUNDRED)))
    over_cc = points.total_cc
    if points.name in roles.reported_organs:
        levels.append(("dose of the organ", weights.organs, (Side.ABOVE, ORGAN_LEVEL)))
        over_cc = min(ORGAN_CC, points.total_cc)
    volume_cc = (
        points.volume_cc * ~_in_targets(problem, points) if points.name in roles.reported_organs else points.volume_cc
    )
    terms: list[Term] = [
        Hinge(f"{points.name}: {what}", where, (volume_cc * (weight / over_cc)).astype(np.float32), level, side)
        for what, weight, (side, level) in levels
        if weight
    ]
    limits = (limit for limit in problem.limits if limit.structure == points.name)
    return terms + [_limit_term(problem, limit, points, where) for limit in limits]


def _in_targets(problem: ImplantProblem, points: PointSet) -> BoolArray:
    """Which points of an organ lie in a target, where they cannot be spared beyond their limits."""
    inside = np.zeros(points.count, bool)
    for name in problem.anatomy.roles.targets:
        inside |= problem.anatomy.surface(name).contains(points.positions_mm)
    return inside


def _limit_term(problem: ImplantProblem, limit: OrganLimit, points: PointSet, where: slice) -> Term:
    side = Side.BELOW if limit.at_least else Side.ABOVE
    weight = as_weights(problem.weights).limits * problem.weight_of(limit)
    level, volume_cc = limited_dose(limit, points.total_cc, problem.prescription_gy)
    aim = level - side * RESERVE
    if volume_cc is None:
        shares = (points.volume_cc / points.total_cc).astype(np.float32)
        return Mean(str(limit), where, shares, aim, side, weight)
    exempt_cc = volume_cc if side is Side.ABOVE else points.total_cc - volume_cc
    over_cc = max(SHARPNESS * exempt_cc, LEAST_OVER_CC)
    return Quantile(str(limit), where, points.volume_cc, exempt_cc, over_cc, aim, side, weight)


def limited_dose(limit: OrganLimit, total_cc: float, prescription_gy: float) -> tuple[float, float | None]:
    """Return a limit as a dose of the hottest volume: percent of the prescription, and cm3, None for the mean dose.

    What a limit says of a volume is said of a dose too: V150 is at most 45 % where D45 is at most 150 %.
    """
    metric = limit.metric
    per_gy = HUNDRED / prescription_gy
    if not metric.is_dose:
        dose = metric.amount * (per_gy if metric.unit is LimitUnit.GY else 1.0)
        return dose, limit.limit * (1.0 if limit.unit is LimitUnit.CC else total_cc / HUNDRED)
    dose = limit.limit * (per_gy if limit.unit is LimitUnit.GY else 1.0)
    named = {"mean": None, "max": 0.0, "min": total_cc}
    if metric.quantity in named:
        return dose, named[metric.quantity]
    return dose, metric.amount * (1.0 if metric.unit is LimitUnit.CC else total_cc / HUNDRED)
