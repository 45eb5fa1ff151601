"""Everything that is computed of a plan, in one call: dose, histograms, metrics, limits, rules, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from brachyresponse.dose import Dvh, StructureSamples, compute_dvh, implant_dose
from brachyresponse.dose.metrics import Metric, implant_metrics, organ_metrics
from brachyresponse.errors import PlanError
from brachyresponse.geometry import Grid
from brachyresponse.planning.anatomy import PlanAnatomy
from brachyresponse.planning.findings import RuleFinding, check_plan
from brachyresponse.planning.measurement import PlanDose
from brachyresponse.planning.organ_limits import LimitResult, judge_limit
from brachyresponse.planning.plan import ActivityBasis, ImplantPlan
from brachyresponse.planning.profile import SiteProfile
from brachyresponse.planning.rules import Check
from brachyresponse.planning.sampling import PlanSampling
from brachyresponse.planning.skin import skin_in_grid, skin_near
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.sources import Source
from brachyresponse.types import Float32Array

COARSE_MM = 2.5
"""Dose grids coarser than this blur the dose between seeds 5 to 10 mm apart."""
SMALL_TARGET_CC = 2.0
COARSE_FOR_SMALL_MM = 1.0
MATCHED_DOSE = "mpd"


@dataclass(frozen=True, eq=False)
class PlanEvaluation:
    """What was computed of a plan.

    Parameters
    ----------
    plan, grid, dose_gy
        The plan, which names the implanted seed where the source is a surrogate, and its dose to all time on the dose
        grid, Gy, [k, j, i].
    dvhs
        By structure: targets, organs, and the skin near the seeds where the profile asks for it and a body is chosen.
    metrics
        By target.
    organ_metrics
        By organ.
    limits
        The organs' dose limits with what was found.
    findings
        The rule table; empty without a profile.
    warnings
        Whole sentences, the surrogate first.
    """

    plan: ImplantPlan
    grid: Grid
    dose_gy: Float32Array
    dvhs: Mapping[str, Dvh]
    metrics: Mapping[str, tuple[Metric, ...]]
    organ_metrics: Mapping[str, tuple[Metric, ...]]
    limits: tuple[LimitResult, ...]
    findings: tuple[RuleFinding, ...]
    warnings: tuple[str, ...]

    def metric(self, target: str, metric_id: str) -> Metric:
        """Return a metric of a target, or of an organ, by its id.

        Raises
        ------
        PlanError
            There is no such structure or metric.
        """
        metrics = {**self.organ_metrics, **self.metrics}.get(target, ())
        for metric in metrics:
            if metric.id == metric_id:
                return metric
        raise PlanError(f"No metric {metric_id!r} of {target!r} was computed for plan {self.plan.name!r}.")


def evaluate_plan(
    plan: ImplantPlan,
    source: Source,
    anatomy: PlanAnatomy,
    dose_grid: Grid,
    *,
    profile: SiteProfile | None = None,
    report: Report = ignore_progress,
) -> PlanEvaluation:
    """Compute the dose of a plan on a grid and return all that follows from it.

    Parameters
    ----------
    source
        The seed model that the plan names.
    anatomy
        The structures and what each is to the plan, with the organs' limits.
    dose_grid
        Holds the targets.
    profile
        The rules; without one none are checked.

    Raises
    ------
    PlanError
        No target is chosen, the plan has no seeds, or it names another seed model.
    StructureError
        A target lies wholly outside the dose grid.
    """
    if not plan.seeds.count:
        raise PlanError(f"Plan {plan.name!r} has no seeds: lay seeds along its needles first.")
    _check_source(plan, source)
    sampling = PlanSampling(anatomy, dose_grid)
    dose_gy = implant_dose(source, plan.seeds, dose_grid, report=share_of(report, 0.0, 0.8))
    report(0.8, "Histograms, metrics and rules")
    return evaluate_dose(plan, source, sampling, dose_gy, profile=profile)


def evaluate_dose(
    plan: ImplantPlan,
    source: Source,
    sampling: PlanSampling,
    dose_gy: Float32Array,
    *,
    profile: SiteProfile | None = None,
) -> PlanEvaluation:
    """Return all that follows from the dose of a plan, Gy, [k, j, i] on the grid of ``sampling``.

    Without a profile it is quick enough for every move of a seed: rules and skin are left out.

    Raises
    ------
    DoseError
        The dose has not the grid's shape, or is not finite.
    """
    plan = replace(plan, surrogate_for=plan.surrogate_for or source.surrogate_for or "")
    targets, organs = sampling.target_dvhs(dose_gy), sampling.organ_dvhs(dose_gy)
    skin, skin_unknown = _skin_dvh(plan, sampling, dose_gy) if _asks_skin(profile) else (None, "")
    dvhs = targets | organs | ({skin.name: skin} if skin else {})
    grid, rx_gy = sampling.grid, plan.prescription_gy
    metrics = {name: implant_metrics(dvh, dose_gy, grid, rx_gy, organs) for name, dvh in targets.items()}
    known = PlanDose(dvhs, _matched_doses(metrics), skin, skin_unknown)
    limits = sampling.anatomy.roles.limits
    return PlanEvaluation(
        plan=plan,
        grid=grid,
        dose_gy=dose_gy,
        dvhs=dvhs,
        metrics=metrics,
        organ_metrics={name: organ_metrics(dvh) for name, dvh in organs.items()},
        limits=tuple(judge_limit(limit, dvhs.get(limit.structure), rx_gy) for limit in limits),
        findings=() if profile is None else check_plan(plan, source, sampling.anatomy, profile, dose=known),
        warnings=tuple(filter(None, (*_warnings(plan, source, sampling, dvhs), skin_unknown))),
    )


def surrogate_sentence(plan: ImplantPlan, source: Source) -> str:
    """Return the sentence that goes with every result of a plan whose seed model is a surrogate; else empty."""
    seed = plan.surrogate_for or source.surrogate_for
    if not seed:
        return ""
    return f"The implanted seed is {seed}; every dose was computed with {source.model} ({source.name}) as a surrogate."


def _check_source(plan: ImplantPlan, source: Source) -> None:
    if source.name not in (plan.source, Path(plan.source).stem):
        raise PlanError(
            f"Plan {plan.name!r} is made for source {plan.source!r}, not for {source.name!r}: load the plan's source."
        )


def _asks_skin(profile: SiteProfile | None) -> bool:
    return profile is not None and any(rule.check is Check.SKIN_DOSE for rule in profile.rules)


def _skin_dvh(plan: ImplantPlan, sampling: PlanSampling, dose_gy: Float32Array) -> tuple[Dvh | None, str]:
    """The histogram of the skin near the seeds in the dose grid, and why its hottest dose is not known, if so."""
    body = sampling.anatomy.roles.body
    skin = skin_near(plan.seeds, sampling.anatomy.surface(body)) if body and plan.seeds.count else None
    if skin is None:
        return None, ""
    part, unknown = skin_in_grid(skin, plan.seeds, sampling.grid)
    return (None if part is None else compute_dvh(dose_gy, sampling.grid, part)), unknown


def _matched_doses(metrics: Mapping[str, tuple[Metric, ...]]) -> dict[str, float]:
    found = ((name, metric) for name, values in metrics.items() for metric in values if metric.id == MATCHED_DOSE)
    return {name: metric.value for name, metric in found if metric.value is not None}


def _warnings(plan: ImplantPlan, source: Source, sampling: PlanSampling, dvhs: Mapping[str, Dvh]) -> tuple[str, ...]:
    missing = (reason for reason in sampling.organs.values() if not isinstance(reason, StructureSamples))
    partly = (dvh.warning for dvh in dvhs.values())
    said = (surrogate_sentence(plan, source), _basis_sentence(plan), *_coarse(sampling), *missing, *partly)
    return tuple(filter(None, said))


def _basis_sentence(plan: ImplantPlan) -> str:
    if plan.activity_basis is ActivityBasis.APPARENT:
        return ""
    return (
        "The plan's activities were given as contained in the capsule; activities shown here are apparent, computed "
        "from the air-kerma strength: compare strengths in U."
    )


def _coarse(sampling: PlanSampling) -> list[str]:
    spacing_mm = float(sampling.grid.spacing_ijk_mm.max())
    if spacing_mm > COARSE_MM:
        return [
            f"The dose grid is {spacing_mm:g} mm coarse: compute on {COARSE_MM:g} mm or finer before judging the plan."
        ]
    return [
        f"{name} has {samples.volume_cc:.2f} cc and the dose grid is {spacing_mm:g} mm coarse: "
        f"compute on {COARSE_FOR_SMALL_MM:g} mm or finer before judging it."
        for name, samples in sampling.targets.items()
        if samples.volume_cc < SMALL_TARGET_CC and spacing_mm > COARSE_FOR_SMALL_MM
    ]
