"""A plan held against the rules of its site: what was found, what was expected, and whether it passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from brachyresponse.planning.anatomy import PlanAnatomy
from brachyresponse.planning.checks_of_dose import peripheral_dose, skin_dose, target_metric
from brachyresponse.planning.checks_of_geometry import (
    avoided_structures,
    distal_edge,
    needle_spacing,
    seed_overlap,
    seed_spacing,
    skin_depth,
)
from brachyresponse.planning.checks_of_record import (
    follow_up,
    image_age,
    prescription,
    seed_activity,
    targets_chosen,
    verification,
)
from brachyresponse.planning.measurement import Measurement, PlanCase, PlanDose, Unknown
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.planning.profile import SiteProfile
from brachyresponse.planning.rules import Check, Rule, Severity
from brachyresponse.sources import Source
from brachyresponse.types import FloatArray

CHECKS: Mapping[Check, Callable[[PlanCase, Rule], Sequence[Measurement] | Unknown]] = {
    Check.PRESCRIPTION: prescription,
    Check.SEED_ACTIVITY: seed_activity,
    Check.SEED_SPACING: seed_spacing,
    Check.NEEDLE_SPACING: needle_spacing,
    Check.PERIPHERAL_DOSE: peripheral_dose,
    Check.TARGET_METRIC: target_metric,
    Check.DISTAL_EDGE: distal_edge,
    Check.SKIN_DEPTH: skin_depth,
    Check.SKIN_DOSE: skin_dose,
    Check.AVOID: avoided_structures,
    Check.TARGETS: targets_chosen,
    Check.IMAGE_AGE: image_age,
    Check.SEED_OVERLAP: seed_overlap,
    Check.VERIFICATION: verification,
    Check.FOLLOW_UP: follow_up,
}


@dataclass(frozen=True, eq=False)
class RuleFinding:
    """One row of the rule table.

    Parameters
    ----------
    rule, label
        Id and name of the rule.
    found
        In words, the worst case named.
    value, unit
        The worst case as a number; None where nothing could be measured.
    limit
        In words.
    severity
        Of the rule, whether it is kept or not.
    passed
        None where it cannot be told; ``found`` says why.
    source
        Of the rule, "unverified" said where it is.
    position_mm
        Where the worst case lies, RAS (3,), when it has a place.
    """

    rule: str
    label: str
    found: str
    value: float | None
    unit: str
    limit: str
    severity: Severity
    passed: bool | None
    source: str
    position_mm: FloatArray | None = field(default=None, repr=False)


class JudgedRow(Protocol):
    """A row that is judged: a rule of a seed plan or of a balloon plan, or a limit of verification."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def severity(self) -> Severity: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def limit(self) -> str: ...  # noqa: D102
    @property
    def has_limit(self) -> bool: ...  # noqa: D102
    @property
    def cited(self) -> str: ...  # noqa: D102
    def room(self, value: float) -> float: ...  # noqa: D102
    def allows(self, value: float) -> bool: ...  # noqa: D102


def check_plan(
    plan: ImplantPlan,
    source: Source,
    anatomy: PlanAnatomy,
    profile: SiteProfile,
    *,
    dose: PlanDose | None = None,
) -> tuple[RuleFinding, ...]:
    """Return one finding for each rule of a profile, in its order.

    Parameters
    ----------
    plan
        May have no seeds yet; what needs them is then said not to be known.
    source
        The seed model the plan names: for the activity of the seeds.
    anatomy
        The structures and what each is.
    profile
        The rules.
    dose
        Without it the rules of dose are said not to be known.
    """
    case = PlanCase(plan, source, anatomy, profile.target, dose or PlanDose())
    return tuple(_find(case, rule) for rule in profile.rules)


def _find(case: PlanCase, rule: Rule) -> RuleFinding:
    return judged(rule, CHECKS[rule.check](case, rule))


def judged(rule: JudgedRow, outcome: Sequence[Measurement] | Unknown) -> RuleFinding:
    """Return what was measured held against its rule, or a limit of verification: the worst case decides."""
    if isinstance(outcome, Unknown):
        return _finding(rule, outcome.reason, None, None)
    worst = min(outcome, key=lambda measurement: rule.room(measurement.value))
    if not rule.has_limit:
        return _finding(rule, _range(rule, outcome), worst if len(outcome) == 1 else None, None)
    return _finding(rule, f"{_number(worst.value)} {rule.unit}: {worst.what}", worst, rule.allows(worst.value))


def _range(rule: JudgedRow, measured: Sequence[Measurement]) -> str:
    """What is found where nothing is limited: the one value, or the smallest and the largest."""
    if len(measured) == 1:
        return f"{_number(measured[0].value)} {rule.unit}: {measured[0].what}"
    values = [measurement.value for measurement in measured]
    return f"{_number(min(values))} to {_number(max(values))} {rule.unit}"


def _number(value: float) -> str:
    return f"{round(value, 3) + 0.0:.4g}"  # what is rounded to -0 reads 0


def _finding(rule: JudgedRow, found: str, worst: Measurement | None, passed: bool | None) -> RuleFinding:
    return RuleFinding(
        rule=rule.id,
        label=rule.label,
        found=found,
        value=None if worst is None else worst.value,
        unit=rule.unit,
        limit=rule.limit,
        severity=rule.severity,
        passed=passed,
        source=rule.cited,
        position_mm=None if worst is None else worst.position_mm,
    )
