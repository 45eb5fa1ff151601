"""Everything that is computed of a balloon plan, in one call: dose, histograms, figures, limits, rules, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.dose import Dvh, StructureSamples
from brachyresponse.dose.metrics import Metric, implant_metrics, organ_metrics
from brachyresponse.errors import PlanError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning.anatomy import PlanAnatomy
from brachyresponse.planning.balloon.dose import BalloonField, balloon_field
from brachyresponse.planning.balloon.figures import DepthCurve, balloon_figures, depth_curve
from brachyresponse.planning.balloon.fill import FillComparison, compare_fill
from brachyresponse.planning.balloon.findings import BalloonCase, check_balloon
from brachyresponse.planning.balloon.leakage import LeakageBalance, leakage_balance
from brachyresponse.planning.balloon.plan import BalloonPlan, shell_name
from brachyresponse.planning.balloon.profile import BalloonProfile
from brachyresponse.planning.balloon.sectors import Sector, sectors
from brachyresponse.planning.balloon.shape import BalloonShape, balloon_shape
from brachyresponse.planning.balloon.shells import balloon_shell, shell_depths_mm
from brachyresponse.planning.balloon.statements import notes_of, warnings_of
from brachyresponse.planning.balloon.times import CGY_PER_GY, days_between
from brachyresponse.planning.findings import RuleFinding
from brachyresponse.planning.organ_limits import LimitResult, judge_limit
from brachyresponse.planning.sampling import PlanSampling
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import Float32Array

SHELL_METRICS = ("volume", "d90", "d95", "d100", "mean", "v100", "v150", "v200")
"""Of a shell; indices of conformity do not apply, for the balloon itself is inside every isodose."""


@dataclass(frozen=True, eq=False)
class BalloonEvaluation:
    """What was computed of a balloon plan; fields that a :class:`PlanEvaluation` has mean the same.

    Parameters
    ----------
    plan, grid, dose_gy
        The plan, and its dose on the dose grid, Gy, [k, j, i]: of its dwell time, with decay.
    dvhs
        By structure: the shells, drawn targets, organs.
    metrics
        By target: the shells, and drawn targets.
    organ_metrics
        By organ.
    limits
        The organs' dose limits with what was found.
    findings
        The rule table; empty without a profile.
    warnings
        Whole sentences.
    notes
        What was assumed, whole sentences.
    figures
        Of the balloon: surface dose, dose at the depth, shape, volumes outside it.
    shape
        The balloon as it lies in the patient.
    shells
        By name: the tissue up to 5 and 10 mm, and to the prescription's depth.
    sectors
        The surface by the patient's directions.
    curve
        Dose against depth.
    fill
        The fill volume held against the images and the model; empty where it is not known.
    leakage
        The balance of the activity; None where the recovered one is not known.
    """

    plan: BalloonPlan
    grid: Grid
    dose_gy: Float32Array
    dvhs: Mapping[str, Dvh]
    metrics: Mapping[str, tuple[Metric, ...]]
    organ_metrics: Mapping[str, tuple[Metric, ...]]
    limits: tuple[LimitResult, ...]
    findings: tuple[RuleFinding, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    figures: tuple[Metric, ...]
    shape: BalloonShape
    shells: Mapping[str, Structure]
    sectors: tuple[Sector, ...]
    curve: DepthCurve
    fill: tuple[FillComparison, ...] = ()
    leakage: LeakageBalance | None = None

    @property
    def surface_dose_gy(self) -> float:
        """Mean dose on the balloon's surface."""
        return self._figure("surface_dose")

    @property
    def dose_at_depth_gy(self) -> float:
        """Mean dose at the prescription's depth outside the surface."""
        return self._figure("dose_at_depth")

    @property
    def sphericity(self) -> float:
        """Surface of the sphere of the same volume over the balloon's surface."""
        return self._figure("sphericity")

    def metric(self, structure: str, metric_id: str) -> Metric:
        """Return a metric of a shell, a drawn target or an organ, or a figure of the balloon, by its id.

        Raises
        ------
        PlanError
            There is no such structure or metric.
        """
        known = {**self.organ_metrics, **self.metrics, self.plan.balloon_name: self.figures}
        for metric in known.get(structure, ()):
            if metric.id == metric_id:
                return metric
        raise PlanError(f"No metric {metric_id!r} of {structure!r} was computed for plan {self.plan.name!r}.")

    def _figure(self, figure_id: str) -> float:
        value = self.metric(self.plan.balloon_name, figure_id).value
        assert value is not None  # only volumes may be unknown
        return value


def evaluate_balloon(
    plan: BalloonPlan,
    anatomy: PlanAnatomy,
    dose_grid: Grid,
    *,
    profile: BalloonProfile | None = None,
    report: Report = ignore_progress,
) -> BalloonEvaluation:
    """Compute the dose of a balloon plan on a grid and return all that follows from it.

    Parameters
    ----------
    anatomy
        The structures, with the organs at risk, their limits and the body; targets drawn beside the shells, if any.
    dose_grid
        Holds the balloon and its shells: :func:`brachyresponse.planning.balloon.evaluation_grid` makes one.
    profile
        The rules; without one none are checked.

    Raises
    ------
    PlanError
        The balloon, a barrier or a gap is not there, the balloon touches the edge of its image, or nothing is left of
        the target.
    DoseError
        The dose grid does not hold the balloon, or is too large for the memory.
    """
    report(0.0, "Balloon and shells")
    shape = balloon_shape(plan, anatomy)
    shells = {shell_name(depth): balloon_shell(shape, depth, plan, anatomy) for depth in shell_depths_mm(plan)}
    report(0.3, "Dose of the liquid")
    field = balloon_field(plan, shape, dose_grid)
    dose_gy = field.rate_cgy_per_h * np.float32(plan.hours_at_first_rate / CGY_PER_GY)
    report(0.8, "Histograms, figures and rules")
    return _evaluation(field, dose_gy, _with_shells(anatomy, shells, plan.target), shells, profile)


def prescription_rate(plan: BalloonPlan, anatomy: PlanAnatomy, dose_grid: Grid) -> float:
    """Return the mean dose rate at the prescription's depth when the balloon is filled, cGy/h.

    What :meth:`BalloonPlan.with_removal_for` and :meth:`BalloonPlan.with_activity_for` take.

    Raises
    ------
    PlanError, DoseError
        As :func:`evaluate_balloon`.
    """
    field = balloon_field(plan, balloon_shape(plan, anatomy), dose_grid)
    return field.mean_at_depth(plan.prescription_depth_mm)


def _with_shells(anatomy: PlanAnatomy, shells: Mapping[str, Structure], target: str) -> PlanAnatomy:
    drawn = anatomy.roles.targets
    roles = replace(anatomy.roles, ptv=target, gtv=drawn[0] if drawn else "")
    return PlanAnatomy({**anatomy.structures, **shells}, roles)


def _evaluation(
    field: BalloonField,
    dose_gy: Float32Array,
    anatomy: PlanAnatomy,
    shells: Mapping[str, Structure],
    profile: BalloonProfile | None,
) -> BalloonEvaluation:
    plan, grid = field.plan, field.grid
    sampling = PlanSampling(anatomy, grid)
    targets, organs = _target_dvhs(sampling, shells, dose_gy), sampling.organ_dvhs(dose_gy)
    dvhs = targets | organs
    found = _case(field, dose_gy, anatomy, dvhs[plan.target])
    limits = anatomy.roles.limits
    return BalloonEvaluation(
        plan=plan,
        grid=grid,
        dose_gy=dose_gy,
        dvhs=dvhs,
        metrics={name: _target_metrics(dvh, dose_gy, grid, plan) for name, dvh in targets.items()},
        organ_metrics={name: organ_metrics(dvh) for name, dvh in organs.items()},
        limits=tuple(judge_limit(limit, dvhs.get(limit.structure), plan.prescription_gy) for limit in limits),
        findings=() if profile is None else check_balloon(found, profile),
        warnings=warnings_of(found, field, sampling, dvhs),
        notes=notes_of(plan, field.shape),
        figures=tuple(found.figures.values()),
        shape=field.shape,
        shells=shells,
        sectors=found.sectors,
        curve=depth_curve(field),
        fill=found.fill,
        leakage=found.leakage,
    )


def _target_dvhs(sampling: PlanSampling, shells: Mapping[str, Structure], dose_gy: Float32Array) -> dict[str, Dvh]:
    """Histograms of the shells, in their order, and of drawn targets after them."""
    known = sampling.target_dvhs(dose_gy)
    others = [name for name in shells if name not in known]
    known |= {name: StructureSamples(shells[name], sampling.grid).dvh(dose_gy) for name in others}
    drawn = [name for name in known if name not in shells]
    return {name: known[name] for name in (*shells, *drawn)}


def _case(field: BalloonField, dose_gy: Float32Array, anatomy: PlanAnatomy, shell: Dvh) -> BalloonCase:
    plan, shape = field.plan, field.shape
    return BalloonCase(
        plan=plan,
        figures={metric.id: metric for metric in balloon_figures(field, dose_gy)},
        shell=shell,
        sectors=sectors(field, anatomy),
        fill=compare_fill(plan.fill_volume_ml, shape.liquid_ml, plan.balloon_model, drawn=shape.sphere is None),
        leakage=_leakage(plan),
    )


def _target_metrics(dvh: Dvh, dose_gy: Float32Array, grid: Grid, plan: BalloonPlan) -> tuple[Metric, ...]:
    metrics = implant_metrics(dvh, dose_gy, grid, plan.prescription_gy)
    return tuple(metric for metric in metrics if metric.id in SHELL_METRICS)


def _leakage(plan: BalloonPlan) -> LeakageBalance | None:
    if plan.recovered_mbq is None:
        return None
    elapsed = days_between(plan.filled, plan.removed)
    return leakage_balance(
        plan.activity_at_filling_mbq,
        plan.recovered_mbq,
        elapsed_days=elapsed,
        half_life_days=plan.source.half_life_days,
    )
