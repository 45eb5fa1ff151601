"""Rules on what was prescribed, ordered and dated."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from brachyresponse.planning.measurement import Measurement, PlanCase, Unknown
from brachyresponse.planning.rules import Rule
from brachyresponse.sources import u_to_mbq

FOLLOW_UP_MONTHS = 6
VERIFICATION_DAYS = 1


def prescription(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """The prescribed dose."""
    return [Measurement(case.plan.prescription_gy, f"prescribed to {case.plan.target}")]


def seed_activity(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """Apparent activity of each seed at implantation."""
    seeds = case.plan.seeds
    if not seeds.count:
        return Unknown("the plan has no seeds")
    activity_mbq = u_to_mbq(seeds.air_kerma_strength_u, case.source.radionuclide)
    return [
        Measurement(float(mbq), f"seed {n}, {strength_u:.3f} U", position)
        for n, (mbq, strength_u, position) in enumerate(
            zip(activity_mbq, seeds.air_kerma_strength_u, seeds.positions_mm, strict=True), start=1
        )
    ]


def targets_chosen(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """How many of GTV and PTV are chosen."""
    roles = case.anatomy.roles
    named = {"GTV": roles.gtv, "PTV": roles.ptv}
    words = ", ".join(f"{role} is {name}" if name else f"no {role} is chosen" for role, name in named.items())
    return [Measurement(float(sum(bool(name) for name in named.values())), words)]


def image_age(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """Days from the planning CT to the implant."""
    made, implanted = case.plan.planning_image_date, case.plan.implant_date
    if made is None:
        return Unknown("the date of the planning CT is not known")
    return [
        Measurement(float((implanted - made).days), f"from the planning CT of {made} to the implant on {implanted}")
    ]


def verification(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """By when the implant is to be verified: nothing to pass or fail in a plan."""
    due = case.plan.implant_date + timedelta(days=VERIFICATION_DAYS)
    return Unknown(f"due after the implant: CT by {due}, then D90, D100, V100, V150, HI and DVH")


def follow_up(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """When the first follow-up is due: nothing to pass or fail in a plan."""
    due = months_after(case.plan.implant_date, FOLLOW_UP_MONTHS)
    return Unknown(f"due {due}: CT and ultrasound, RECIST 1.1")


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
