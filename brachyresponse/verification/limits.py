"""An implant held against the verification limits of its site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from brachyresponse.planning import PlanEvaluation, RuleFinding, VerificationCheck, VerificationLimit
from brachyresponse.planning.findings import judged
from brachyresponse.planning.measurement import Measurement, Unknown
from brachyresponse.planning.organ_limits import LimitUnit, parse_metric
from brachyresponse.seeds import SeedDisplacements, SeedMatch
from brachyresponse.types import FloatArray
from brachyresponse.verification.delivery import days_after
from brachyresponse.verification.found_seeds import listed_seeds
from brachyresponse.verification.migration import SeedPlaces
from brachyresponse.verification.request import VerificationRequest


@dataclass(frozen=True, eq=False)
class ImplantCase:
    """What the limits may ask about.

    Parameters
    ----------
    request, implant
        What was asked for, and the implant's evaluation.
    match, displacements
        Planned and found seeds.
    organ_mm
        By organ, distance of each found seed's surface, (N,).
    places
        Each found seed's distance to its neighbours, the plan and the targets.
    """

    request: VerificationRequest
    implant: PlanEvaluation
    match: SeedMatch
    displacements: SeedDisplacements
    organ_mm: Mapping[str, FloatArray]
    places: SeedPlaces

    @property
    def positions_mm(self) -> FloatArray:
        """Found centres, (N, 3)."""
        return self.request.found_seeds.positions_mm


def judge_limits(case: ImplantCase) -> tuple[RuleFinding, ...]:
    """Return one finding for each verification limit of the profile, in its order; none without a profile."""
    profile = case.request.profile
    return () if profile is None else tuple(judged(row, CHECKS[row.check](case, row)) for row in profile.verification)


def most_allowed(case_profile_limits: Sequence[VerificationLimit], check: VerificationCheck) -> float | None:
    """Return the tightest upper limit of a check; None where there is none."""
    return min((row.most for row in case_profile_limits if row.check is check and row.most is not None), default=None)


def _target_metric(case: ImplantCase, row: VerificationLimit) -> Sequence[Measurement] | Unknown:
    request = case.request
    role = row.on or (request.profile.target if request.profile else None)
    name = request.anatomy.roles.name_of(role) if role else ""
    if not name:
        return Unknown(f"no {role.upper() if role else 'target'} is chosen on the implant's images")
    prescribed = case.implant.plan.target
    also = [prescribed] if row.on is None and prescribed in case.implant.metrics else []
    return [_measured_on(case, row, target) for target in dict.fromkeys([name, *also])]


def _measured_on(case: ImplantCase, row: VerificationLimit, name: str) -> Measurement:
    metric = parse_metric(row.metric)
    percent = metric.value(case.implant.dvhs[name], case.request.plan.prescription_gy, LimitUnit.PERCENT)
    of = "the prescription" if metric.is_dose else "the volume"
    return Measurement(percent, f"{metric.text} of {name}, of {of}{_stamped(case, name)}")


def _seeds_found(case: ImplantCase, row: VerificationLimit) -> Sequence[Measurement] | Unknown:
    request = case.request
    found, planned = request.found_seeds.count, request.plan.seeds.count
    if request.implanted_count is not None:
        what, expected = "implanted", request.implanted_count
    else:
        what, expected = "planned (the number implanted is not known)", planned
    return [Measurement(100 * found / expected, f"{found} found of {expected} {what}")]


def _seeds_missing(case: ImplantCase, row: VerificationLimit) -> Sequence[Measurement] | Unknown:
    missing, limit_mm = case.match.missing, case.match.max_distance_mm
    if not len(missing):
        return [Measurement(0.0, f"every planned seed has a partner within {limit_mm:g} mm")]
    place, which = case.request.planned.positions_mm[missing[0]], listed_seeds(missing)
    return [Measurement(float(len(missing)), f"planned {which} without a partner within {limit_mm:g} mm", place)]


def _displacement(case: ImplantCase, row: VerificationLimit) -> Sequence[Measurement] | Unknown:
    moved = case.displacements
    return [
        Measurement(float(total_mm), f"planned seed {first + 1} to found seed {second + 1}", case.positions_mm[second])
        for (first, second), total_mm in zip(moved.pairs, moved.total_mm, strict=True)
    ] or Unknown("no planned seed has a partner")


def _organ_distance(case: ImplantCase, row: VerificationLimit) -> Sequence[Measurement] | Unknown:
    return [
        Measurement(float(distance_mm), f"seed {n + 1} to {name}{_stamped(case, name)}", case.positions_mm[n])
        for name, distances_mm in case.organ_mm.items()
        for n, distance_mm in enumerate(distances_mm)
    ] or Unknown("no organ at risk is chosen on the implant's images")


def _lone_seed(case: ImplantCase, row: VerificationLimit) -> Sequence[Measurement] | Unknown:
    if case.request.found_seeds.count < 2:
        return Unknown("there is only one seed")
    return [
        Measurement(float(distance_mm), f"seed {n + 1} to its nearest neighbour", case.positions_mm[n])
        for n, distance_mm in enumerate(case.places.nearest_seed_mm)
    ]


def _off_plan(case: ImplantCase, row: VerificationLimit) -> Sequence[Measurement] | Unknown:
    distances_mm = case.places.off_plan_mm
    return [
        Measurement(float(distances_mm[n]), f"seed {n + 1} to the nearest planned place", case.positions_mm[n])
        for n in case.match.extra
    ] or [Measurement(0.0, "every found seed has a planned partner")]


def _outside_target(case: ImplantCase, row: VerificationLimit) -> Sequence[Measurement] | Unknown:
    names = case.request.anatomy.roles.targets
    stamp = "".join(dict.fromkeys(_stamped(case, name) for name in names))
    return [
        Measurement(float(distance_mm), f"seed {n + 1} to the surface of {' or '.join(names)}{stamp}", place)
        for n, (distance_mm, place) in enumerate(zip(case.places.outside_target_mm, case.positions_mm, strict=True))
    ]


def _scan_day(case: ImplantCase, row: VerificationLimit) -> Sequence[Measurement] | Unknown:
    implanted, scanned = case.request.implanted_on, case.request.scan_date
    if scanned is None:
        return Unknown("the date of the verification images is not known")
    return [
        Measurement(float(days_after(implanted, scanned)), f"from the implant of {implanted} to the CT of {scanned}")
    ]


def _stamped(case: ImplantCase, name: str) -> str:
    stamp = case.request.stamp(name)
    return f" ({stamp})" if stamp else ""


CHECKS: Mapping[VerificationCheck, Callable[[ImplantCase, VerificationLimit], Sequence[Measurement] | Unknown]] = {
    VerificationCheck.TARGET_METRIC: _target_metric,
    VerificationCheck.SEEDS_FOUND: _seeds_found,
    VerificationCheck.SEEDS_MISSING: _seeds_missing,
    VerificationCheck.DISPLACEMENT: _displacement,
    VerificationCheck.ORGAN_DISTANCE: _organ_distance,
    VerificationCheck.LONE_SEED: _lone_seed,
    VerificationCheck.OFF_PLAN: _off_plan,
    VerificationCheck.OUTSIDE_TARGET: _outside_target,
    VerificationCheck.SCAN_DAY: _scan_day,
}
