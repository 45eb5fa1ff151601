"""The points at which the objective looks at the dose: a few thousand that stand for millions of voxels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.dose.samples import sample_points
from brachyresponse.geometry import Grid
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.types import FloatArray, IntArray

TARGET_POINTS = 2500
OTHER_TARGET_POINTS = 1000
FEWEST_ORGAN_POINTS, MOST_ORGAN_POINTS = 200, 1200
ORGAN_POINT_CC = 0.02
"""About what a point of an organ stands for where the organ is hot."""
RIND_POINTS = 500
RIND_MM = 10.0
"""Tissue as near as this to the target is looked at for dose that spills."""
RIND_STEP_MM = 1.5
HOT_MM, HOT_CC = 6.0, 2.0
"""An organ may be hot this near to the target, and this much of it is looked at as closely in any case."""
RIND = "tissue round the target"
MARGIN = "margin of the target"
MORTON_BITS = 10


@dataclass(frozen=True, eq=False)
class PointSet:
    """Points of a structure and the volume that each stands for.

    Parameters
    ----------
    positions_mm
        RAS, (N, 3).
    volume_cc
        (N,); their sum is the structure's volume.
    """

    name: str
    positions_mm: FloatArray
    volume_cc: FloatArray

    @property
    def count(self) -> int:
        """Number of points."""
        return len(self.volume_cc)

    @cached_property
    def total_cc(self) -> float:
        """Volume of the structure, cm3."""
        return float(self.volume_cc.sum())


def problem_points(problem: ImplantProblem) -> tuple[PointSet, ...]:
    """Return the points of a problem: its targets, margin, organs and the tissue round the target, in this order."""
    roles = problem.anatomy.roles
    target = structure_points(problem, problem.target, TARGET_POINTS)
    others = [structure_points(problem, name, OTHER_TARGET_POINTS) for name in roles.targets if name != problem.target]
    organs = [_organ_points(problem, name, target) for name in roles.reported_organs]
    return (target, *others, *_round_target(problem, target), *organs)


def structure_points(problem: ImplantProblem, name: str, count: int) -> PointSet:
    """Return about ``count`` points spread evenly over a structure."""
    positions_mm, volume_cc = sample_points(problem.anatomy.structures[name])
    return thinned(PointSet(name, positions_mm, volume_cc), volume_cc, count)


def thinned(points: PointSet, importance: FloatArray, count: int) -> PointSet:
    """Return at most ``count`` of the points, drawn evenly in space with a density in proportion to their importance.

    Points are put on a curve that fills space (Morton's) and taken at even steps of the importance summed along it,
    so that neighbours in space are neighbours on the curve and no region is left out. What each drawn point stands
    for is the volume divided by the density, scaled to keep the whole.
    """
    if points.count <= count:
        return points
    order = np.argsort(_along_curve(points.positions_mm), kind="stable")
    summed = np.cumsum(importance[order])
    wanted = (np.arange(count) + 0.5) / count * summed[-1]
    drawn = np.unique(np.searchsorted(summed, wanted))
    chosen = order[drawn]
    hits = np.bincount(np.searchsorted(summed, wanted), minlength=len(order))[drawn]
    volume_cc = points.volume_cc[chosen] / importance[chosen] * hits
    return PointSet(points.name, points.positions_mm[chosen], volume_cc * (points.total_cc / volume_cc.sum()))


def fewer(points: PointSet, share: float) -> PointSet:
    """Return a share of the points, as dense to each other as all are."""
    return thinned(points, np.ones(points.count), max(int(points.count * share), 1))


def _along_curve(positions_mm: FloatArray) -> IntArray:
    """Place of each point on Morton's curve through the box that holds them, (N,)."""
    lower, upper = positions_mm.min(axis=0), positions_mm.max(axis=0)
    cells = (positions_mm - lower) / max(float((upper - lower).max()), 1e-9) * (2**MORTON_BITS - 1)
    whole = cells.astype(np.int64)
    place = np.zeros(len(whole), np.int64)
    for bit in range(MORTON_BITS):
        for axis in range(3):
            place |= ((whole[:, axis] >> bit) & 1) << (3 * bit + axis)
    return place


def _organ_points(problem: ImplantProblem, name: str, target: PointSet) -> PointSet:
    """Points of an organ, evenly dense where it may be hot, and beyond as many for every doubling of the volume."""
    positions_mm, volume_cc = sample_points(problem.anatomy.structures[name])
    distance_mm = _distance_mm(positions_mm, target)
    order = np.argsort(distance_mm, kind="stable")
    nearer_cc = np.empty_like(volume_cc)
    nearer_cc[order] = np.cumsum(volume_cc[order])
    hot_cc = max(float(volume_cc[distance_mm < HOT_MM].sum()), HOT_CC)
    density = 1 / np.maximum(nearer_cc, hot_cc)
    wanted = hot_cc * float((density * volume_cc).sum()) / ORGAN_POINT_CC
    count = int(np.clip(wanted, FEWEST_ORGAN_POINTS, MOST_ORGAN_POINTS))
    return thinned(PointSet(name, positions_mm, volume_cc), volume_cc * density, count)


def _round_target(problem: ImplantProblem, target: PointSet) -> tuple[PointSet, ...]:
    """The tissue round the target, and the margin within it where one is asked for."""
    reach_mm = RIND_MM + problem.target_margin_mm
    lower, upper = target.positions_mm.min(axis=0) - reach_mm, target.positions_mm.max(axis=0) + reach_mm
    grid = Grid.covering(lower, upper, RIND_STEP_MM)
    positions_mm = grid.points_mm().reshape(-1, 3)
    distance_mm = _distance_mm(positions_mm, target, reach_mm)
    near = distance_mm < reach_mm
    positions_mm, distance_mm = positions_mm[near], distance_mm[near]
    outside = _free_tissue(problem, positions_mm)
    positions_mm, distance_mm = positions_mm[outside], distance_mm[outside]
    return tuple(
        _rind(name, positions_mm[chosen], grid.voxel_cc, count)
        for name, chosen, count in (
            (MARGIN, distance_mm < problem.target_margin_mm, OTHER_TARGET_POINTS),
            (RIND, distance_mm >= problem.target_margin_mm, RIND_POINTS),
        )
        if chosen.any()
    )


def _rind(name: str, positions_mm: FloatArray, voxel_cc: float, count: int) -> PointSet:
    volume_cc = np.full(len(positions_mm), voxel_cc)
    return thinned(PointSet(name, positions_mm, volume_cc), volume_cc, count)


def _free_tissue(problem: ImplantProblem, positions_mm: FloatArray) -> FloatArray:
    """Which positions lie outside the targets and inside the body."""
    anatomy, roles = problem.anatomy, problem.anatomy.roles
    free = np.ones(len(positions_mm), bool)
    for name in roles.targets:
        free &= ~anatomy.surface(name).contains(positions_mm)
    if roles.body:
        free &= anatomy.surface(roles.body).contains(positions_mm)
    return free


def _distance_mm(positions_mm: FloatArray, target: PointSet, farthest_mm: float = np.inf) -> FloatArray:
    """Distance of positions (N, 3) from the nearest point of the target, infinite beyond the farthest, (N,)."""
    from scipy.spatial import cKDTree

    tree = cKDTree(target.positions_mm)
    distance_mm: FloatArray = tree.query(positions_mm, eps=0.3, distance_upper_bound=farthest_mm)[0]
    return distance_mm
