"""What a rule's check sees of a plan, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from brachyresponse.planning.anatomy import PlanAnatomy, TargetRole
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.planning.rules import Rule
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.sources import Source
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.dose.dvh import Dvh


@dataclass(frozen=True, eq=False)
class Measurement:
    """One thing that a rule limits: its value in the rule's unit, what it is in words, and where (RAS, mm, (3,))."""

    value: float
    what: str
    position_mm: FloatArray | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Unknown:
    """Nothing could be measured, and why."""

    reason: str


@dataclass(frozen=True, eq=False)
class PlanDose:
    """What the rules need to know of a plan's dose; what is not given is said not to be known.

    Parameters
    ----------
    dvhs
        By structure name.
    matched_dose_gy
        By target name: the dose whose isodose encloses as much volume as the target has, Gy.
    skin
        Of the skin near the seeds.
    skin_unknown
        Why the dose of the hottest skin is not known; empty where it is.
    """

    dvhs: Mapping[str, Dvh] = field(default_factory=dict)
    matched_dose_gy: Mapping[str, float] = field(default_factory=dict)
    skin: Dvh | None = None
    skin_unknown: str = ""


@dataclass(frozen=True, eq=False)
class PlanCase:
    """A plan with all that the rules may ask about; see :func:`brachyresponse.planning.findings.check_plan`."""

    plan: ImplantPlan
    source: Source
    anatomy: PlanAnatomy
    target: TargetRole
    dose: PlanDose

    def target_of(self, rule: Rule) -> str:
        """Return the name of the target a rule is judged on; empty where it is not chosen."""
        return self.anatomy.roles.name_of(rule.on or self.target)

    def target_surface(self, rule: Rule) -> StructureSurface | Unknown:
        """Return the surface of the target a rule is judged on."""
        name = self.target_of(rule)
        return self.anatomy.surface(name) if name else Unknown(f"no {(rule.on or self.target).upper()} is chosen")

    def target_dvh(self, rule: Rule) -> Dvh | Unknown:
        """Return the dose-volume histogram of the target a rule is judged on."""
        name = self.target_of(rule)
        if not name:
            return Unknown(f"no {(rule.on or self.target).upper()} is chosen")
        return self.dose.dvhs[name] if name in self.dose.dvhs else Unknown(f"the dose of {name} is not computed")
