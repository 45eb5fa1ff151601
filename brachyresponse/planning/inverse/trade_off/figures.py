"""The figures by which many plans of one problem are compared, read at some points of each structure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brachyresponse.dose import Dvh
from brachyresponse.dose.samples import sample_points
from brachyresponse.geometry import Structure
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.robustness.point_histogram import hot_volume_cc, point_histogram, worth_by_rank
from brachyresponse.planning.inverse.robustness.scenario_dose import scenario_dose_gy
from brachyresponse.planning.inverse.search.dose_points import PointSet, thinned
from brachyresponse.planning.organ_limits import judge_limit
from brachyresponse.seeds import Seeds

TARGET_POINTS, ORGAN_POINTS = 6000, 3000


@dataclass(frozen=True)
class PlanFigures:
    """Figures of one plan, doses in percent of the prescription, volumes in percent of the target.

    Parameters
    ----------
    d90, v100, v150, v200
        Of the target.
    organs
        By what it is: ``Rectum D2cc``, D0.1cc of a small organ, Dmean of a very small one.
    broken
        The limits that are not kept, or that cannot be judged.
    """

    d90: float
    v100: float
    v150: float
    v200: float
    organs: Mapping[str, float]
    broken: tuple[str, ...] = ()


class FigureReader:
    """Reads the figures of one plan after another at the same points; others than the search looks at."""

    def __init__(self, problem: ImplantProblem) -> None:
        self._problem = problem
        structures = problem.anatomy.structures
        target = _even_points(structures[problem.target])
        names = dict.fromkeys([*problem.anatomy.roles.targets, *problem.anatomy.roles.reported_organs])
        organs = [_near_points(structures[name], target) for name in names if name != problem.target]
        self._points = (target, *organs)

    def read(self, seeds: Seeds) -> PlanFigures:
        """Return the figures of an implant."""
        problem, rx_gy = self._problem, self._problem.prescription_gy
        dvhs = self._dvhs(seeds)
        target = dvhs[problem.target]
        results = [judge_limit(limit, dvhs.get(limit.structure), rx_gy) for limit in problem.limits]
        return PlanFigures(
            d90=100 * target.d(90) / rx_gy,
            v100=target.v(rx_gy),
            v150=target.v(1.5 * rx_gy),
            v200=target.v(2 * rx_gy),
            organs=dict(_hot(dvhs[name], rx_gy) for name in problem.anatomy.roles.reported_organs),
            broken=tuple(str(result.limit) for result in results if not result.passed),
        )

    def _dvhs(self, seeds: Seeds) -> dict[str, Dvh]:
        points_mm = np.concatenate([points.positions_mm for points in self._points])
        unmoved = np.zeros((1, seeds.count, 3), np.float32)
        none_lost = np.zeros((1, seeds.count), bool)
        dose_gy = scenario_dose_gy(self._problem.source, seeds, points_mm, unmoved, none_lost)[0]
        parts = np.split(dose_gy, np.cumsum([points.count for points in self._points])[:-1])
        return {points.name: point_histogram(points, part) for points, part in zip(self._points, parts, strict=True)}


def _even_points(structure: Structure) -> PointSet:
    positions_mm, volume_cc = sample_points(structure)
    return thinned(PointSet(structure.name, positions_mm, volume_cc), volume_cc, TARGET_POINTS)


def _near_points(structure: Structure, target: PointSet) -> PointSet:
    """Points of an organ, denser the nearer it comes to the target."""
    from scipy.spatial import cKDTree

    positions_mm, volume_cc = sample_points(structure)
    distance_mm = cKDTree(target.positions_mm).query(positions_mm)[0]
    worth = worth_by_rank(volume_cc, distance_mm)
    return thinned(PointSet(structure.name, positions_mm, volume_cc), worth, ORGAN_POINTS)


def _hot(dvh: Dvh, prescription_gy: float) -> tuple[str, float]:
    hot_cc = hot_volume_cc(dvh.inside_cc)
    if hot_cc is None:
        return f"{dvh.name} Dmean", 100 * dvh.mean_gy / prescription_gy
    return f"{dvh.name} D{hot_cc:g}cc", 100 * dvh.d_cc(hot_cc) / prescription_gy
