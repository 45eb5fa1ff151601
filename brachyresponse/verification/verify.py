"""The implant that was made, computed and held against its plan, in one call."""

from __future__ import annotations

from dataclasses import replace

from brachyresponse.dose import implant_dose
from brachyresponse.planning import PlanEvaluation, VerificationCheck, evaluate_plan
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds import SeedDisplacements, SeedMatch, Seeds, seed_displacements
from brachyresponse.types import Float32Array, FloatArray
from brachyresponse.verification.axis_effect import AxisCase, AxisEffect, axis_effects, axis_sentence
from brachyresponse.verification.cold_regions import ColdRegion, cold_regions
from brachyresponse.verification.comparison import compare_metrics
from brachyresponse.verification.delivery import days_after
from brachyresponse.verification.found_seeds import take_strengths
from brachyresponse.verification.limits import ImplantCase, judge_limits, most_allowed
from brachyresponse.verification.migration import MigratedSeed, MigrationLimits, SeedPlaces, migrated_seeds
from brachyresponse.verification.near_organs import NEAR_ORGAN_MM, SeedNearOrgan, organ_distances, seeds_near_organs
from brachyresponse.verification.oedema_column import Corrected, oedema_metrics
from brachyresponse.verification.organ_limits import compare_limits
from brachyresponse.verification.request import VerificationRequest
from brachyresponse.verification.verification import Verification
from brachyresponse.verification.warnings import verification_warnings


def verify_implant(request: VerificationRequest, *, report: Report = ignore_progress) -> Verification:
    """Compute plan and implant, each on its own anatomy, and return all that follows from them.

    Doses are TG-43 doses to water to complete decay. The implant is computed from the seeds as found, each with its
    own axis, or as a point source where its axis is not sure; strengths come from the plan.

    Raises
    ------
    VerificationError
        Seeds and structures lie in different spaces.
    PlanError, StructureError, SeedsError
        No target is chosen, it lies outside its dose grid, or seeds cannot be paired or computed.
    """
    request.check_one_space()
    match = request.matched()
    strengths = take_strengths(request.plan, match, request.found_seeds.count, request.decay)
    seeds = request.found_seeds.seeds(strengths.strengths_u)
    plan = _evaluated_plan(request, share_of(report, 0.0, 0.35))
    implant = _evaluated_implant(request, seeds, share_of(report, 0.35, 0.65))
    difference_gy = _difference(request, plan, implant, share_of(report, 0.65, 0.8))
    effects = _axis_effects(request, implant, share_of(report, 0.8, 0.95))
    report(0.95, "Comparison")
    case = _implant_case(request, implant, match)
    corrected, oedema_sentence = _with_oedema(request, implant)
    return Verification(
        request=request,
        plan=plan,
        implant=implant,
        match=match,
        displacements=case.displacements,
        comparison=compare_metrics(request, plan, implant, corrected),
        organ_limits=compare_limits(request, plan, implant),
        findings=judge_limits(case),
        difference_gy=difference_gy,
        cold_regions=_cold_regions(request, implant),
        near_organs=_near_organs(case),
        migrated=_migrated(case),
        point_implant=effects,
        strengths_sentence=strengths.sentence,
        axis_sentence=axis_sentence(effects, seeds, _first_target(request)),
        oedema_sentence=oedema_sentence,
        target_stamp=_target_stamp(request),
        warnings=verification_warnings(request, match, plan, implant),
    )


def _evaluated_plan(request: VerificationRequest, report: Report) -> PlanEvaluation:
    return evaluate_plan(
        request.plan, request.source, request.plan_anatomy, request.plan_grid, profile=request.profile, report=report
    )


def _evaluated_implant(request: VerificationRequest, seeds: Seeds, report: Report) -> PlanEvaluation:
    """The found seeds as a plan of their own; rules of planning only tell whether the skin's dose is wanted."""
    plan = replace(
        request.plan,
        name=f"{request.plan.name}, as implanted",
        frame_of_reference_uid=request.frame_of_reference_uid,
        implant_date=request.implanted_on,
        target=_first_target(request) or request.plan.target,
        needles=(),
        seeds=seeds,
    )
    evaluation = evaluate_plan(
        plan, request.source, request.anatomy, request.implant_grid, profile=request.profile, report=report
    )
    return replace(evaluation, findings=())


def _difference(
    request: VerificationRequest, plan: PlanEvaluation, implant: PlanEvaluation, report: Report
) -> Float32Array:
    """Implant minus plan on the implant's grid; the plan's dose is computed there, so nothing is interpolated."""
    if request.registration.grid(plan.grid) == implant.grid:
        planned_gy = plan.dose_gy
    else:
        planned_gy = implant_dose(request.source, request.planned, implant.grid, report=report)
    return implant.dose_gy - planned_gy


def _axis_effects(request: VerificationRequest, implant: PlanEvaluation, report: Report) -> tuple[AxisEffect, ...]:
    anatomy = request.anatomy
    targets = tuple(replace(anatomy.structures[name], name=name) for name in anatomy.roles.targets)
    case = AxisCase(
        request.source,
        implant.plan.seeds,
        request.found_seeds.has_axis,
        targets,
        implant.grid,
        request.plan.prescription_gy,
    )
    effects = axis_effects(case, implant.dvhs, report)
    return tuple(replace(effect, stamp=request.stamp(effect.structure)) for effect in effects)


def _implant_case(request: VerificationRequest, implant: PlanEvaluation, match: SeedMatch) -> ImplantCase:
    seeds, anatomy = implant.plan.seeds, request.anatomy
    targets = [anatomy.surface(name) for name in anatomy.roles.targets]
    return ImplantCase(
        request=request,
        implant=implant,
        match=match,
        displacements=_displacements(request, seeds, match),
        organ_mm=organ_distances(seeds, anatomy),
        places=SeedPlaces.of(seeds.positions_mm, request.planned.positions_mm, match, targets),
    )


def _displacements(request: VerificationRequest, seeds: Seeds, match: SeedMatch) -> SeedDisplacements:
    directions = {needle.number: request.registration.turned(needle.direction) for needle in request.plan.needles}
    depths_mm = _depths_mm(request, seeds)
    return seed_displacements(request.planned, seeds, match, needle_directions=directions, depths_mm=depths_mm)


def _depths_mm(request: VerificationRequest, seeds: Seeds) -> tuple[FloatArray, FloatArray] | None:
    """Depths under the skin, each in its own image; None where the skin of one is not known, or was carried over."""
    before, after = request.plan_anatomy.roles.body, request.anatomy.roles.body
    if not before or not after or request.stamp(after):
        return None
    planned_mm = -request.plan_anatomy.surface(before).distance_mm(request.plan.seeds.positions_mm)
    return planned_mm, -request.anatomy.surface(after).distance_mm(seeds.positions_mm)


def _with_oedema(request: VerificationRequest, implant: PlanEvaluation) -> tuple[Corrected, str]:
    """The target's metrics with the oedema model, and its assumption; nothing without a model."""
    if request.oedema is None or request.scan_date is None:
        return {}, ""
    days, half_life = days_after(request.implanted_on, request.scan_date), request.source.half_life_days
    corrected = oedema_metrics(implant, request.oedema.correction(half_life, days))
    return corrected, request.oedema.sentence(half_life, days)


def _cold_regions(request: VerificationRequest, implant: PlanEvaluation) -> tuple[ColdRegion, ...]:
    anatomy, prescription_gy = request.anatomy, request.plan.prescription_gy
    return tuple(
        replace(region, structure=name, stamp=request.stamp(name))
        for name in anatomy.roles.targets
        for region in cold_regions(implant.dose_gy, implant.grid, anatomy.structures[name], prescription_gy)
    )


def _near_organs(case: ImplantCase) -> tuple[SeedNearOrgan, ...]:
    rows = case.request.profile.verification if case.request.profile else ()
    asked = [row.least for row in rows if row.check is VerificationCheck.ORGAN_DISTANCE and row.least is not None]
    near = seeds_near_organs(case.implant.plan.seeds, case.organ_mm, max([NEAR_ORGAN_MM, *asked]))
    return tuple(replace(seed, stamp=case.request.stamp(seed.organ)) for seed in near)


def _migrated(case: ImplantCase) -> tuple[MigratedSeed, ...]:
    rows = case.request.profile.verification if case.request.profile else ()
    given = MigrationLimits(
        most_allowed(rows, VerificationCheck.LONE_SEED),
        most_allowed(rows, VerificationCheck.OFF_PLAN),
        most_allowed(rows, VerificationCheck.OUTSIDE_TARGET),
    )
    migrated = migrated_seeds(case.places, given if rows else MigrationLimits())
    return tuple(replace(seed, stamp=_target_stamp(case.request)) for seed in migrated)


def _first_target(request: VerificationRequest) -> str:
    """The target that the plan names, by its name on the implant's images."""
    before, after = request.plan_anatomy.roles, request.anatomy.roles
    same_role = after.ptv if request.plan.target == before.ptv != before.gtv else after.gtv
    return same_role or after.gtv or after.ptv


def _target_stamp(request: VerificationRequest) -> str:
    return next((stamp for name in request.anatomy.roles.targets if (stamp := request.stamp(name))), "")
