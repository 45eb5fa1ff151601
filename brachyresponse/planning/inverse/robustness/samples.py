"""The points at which the implants of a robustness test are looked at, and the figures that are read there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.dose import Dvh
from brachyresponse.dose.intervals import Interval, interval_of
from brachyresponse.dose.samples import sample_points
from brachyresponse.geometry import Structure
from brachyresponse.planning.inverse.robustness.placement_errors import DrawnErrors
from brachyresponse.planning.inverse.robustness.point_histogram import hot_volume_cc, point_histogram, worth_by_rank
from brachyresponse.planning.inverse.robustness.scenario_dose import scenario_dose_gy
from brachyresponse.planning.inverse.search.dose_points import PointSet, thinned
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source
from brachyresponse.types import Float32Array, FloatArray

TARGET_POINTS, ORGAN_POINTS = 900, 300
PLANNED_POINTS = 10_000
"""Points at which the plan itself is looked at; what the fewer ones of the implants change there is taken off."""
COVERAGE_PERCENT = 90.0
"""Of an interval: its ends are the 5th and the 95th percentile."""


@dataclass(frozen=True)
class Figure:
    """A number read from a histogram."""

    label: str
    unit: str
    value: Callable[[Dvh], float]


def figures_of(plan: ImplantPlan, structure: Structure) -> tuple[Figure, ...]:
    """Return what is read from a structure: D90 and V100 of the target, the hottest part of an organ that has one."""
    if structure.name == plan.target:
        return (
            Figure("D90", "Gy", lambda dvh: dvh.d(90)),
            Figure("V100", "%", lambda dvh: dvh.v(plan.prescription_gy)),
        )
    hot_cc = hot_volume_cc(structure.volume_cc)
    if hot_cc is None:
        return ()
    return (Figure(f"D{hot_cc:g}cc", "Gy", lambda dvh: dvh.d_cc(min(hot_cc, dvh.inside_cc))),)


@dataclass(frozen=True, eq=False)
class PlannedImplant:
    """The seeds as planned."""

    source: Source
    seeds: Seeds

    def planned_gy(self, points: PointSet) -> Float32Array:
        """Dose at points as planned, Gy, (M,)."""
        unmoved = np.zeros((1, self.seeds.count, 3), np.float32)
        lost = np.zeros((1, self.seeds.count), bool)
        planned: Float32Array = scenario_dose_gy(self.source, self.seeds, points.positions_mm, unmoved, lost)[0]
        return planned

    def dose_gy(self, sampled: Sequence[SampledStructure], drawn: DrawnErrors, sd_mm: float) -> list[Float32Array]:
        """Dose of every implant at the points of each structure, Gy, (implants, M) each."""
        points_mm = np.concatenate([one.points.positions_mm for one in sampled])
        moved_mm = drawn.moved_mm * np.float32(sd_mm)
        dose_gy = scenario_dose_gy(self.source, self.seeds, points_mm, moved_mm, drawn.lost)
        return np.split(dose_gy, np.cumsum([one.points.count for one in sampled])[:-1], axis=1)


@dataclass(frozen=True, eq=False)
class SampledStructure:
    """A structure's points and figures: ``planned`` at many points, ``at_points`` at the few of the implants."""

    points: PointSet
    figures: tuple[Figure, ...]
    planned: FloatArray
    at_points: FloatArray

    @classmethod
    def of(cls, implant: PlannedImplant, structure: Structure, figures: tuple[Figure, ...]) -> SampledStructure:
        """Choose the points of a structure: evenly in the target, denser in an organ where the plan is hot."""
        positions_mm, volume_cc = sample_points(structure)
        many = thinned(PointSet(structure.name, positions_mm, volume_cc), volume_cc, PLANNED_POINTS)
        planned_gy = implant.planned_gy(many)
        if len(figures) > 1:
            few = thinned(many, many.volume_cc, TARGET_POINTS)
        else:
            few = thinned(many, worth_by_rank(many.volume_cc, -planned_gy), ORGAN_POINTS)
        return cls(
            few,
            figures,
            _read(figures, point_histogram(many, planned_gy)),
            _read(figures, point_histogram(few, implant.planned_gy(few))),
        )

    def intervals(self, dose_gy: Float32Array) -> tuple[FloatArray, list[Interval]]:
        """What was sampled of each figure, (implants, figures), and its interval, for doses (implants, M)."""
        found = np.array([_read(self.figures, point_histogram(self.points, implant_gy)) for implant_gy in dose_gy])
        found = np.maximum(found + (self.planned - self.at_points), 0.0)
        for column, figure in enumerate(self.figures):
            if figure.unit == "%":
                found[:, column] = np.minimum(found[:, column], 100.0)
        return found, [
            interval_of(figure.label, figure.unit, float(planned), values, COVERAGE_PERCENT)
            for figure, planned, values in zip(self.figures, self.planned, found.T, strict=True)
        ]


def _read(figures: Sequence[Figure], dvh: Dvh) -> FloatArray:
    return np.array([figure.value(dvh) for figure in figures])
