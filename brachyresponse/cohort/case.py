"""One case of a cohort: its metrics as planned and as implanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brachyresponse.verification import VerificationRecord

SEEDS = "Seeds"
COUNT = "count"
D90, D90_PERCENT = "d90", "d90_percent"
GTV, PTV, GTV_AND_PTV = "GTV", "PTV", "GTV and PTV"


@dataclass(frozen=True)
class MetricKey:
    """A metric of a structure, the same in all cases; targets are called by their role, organs by their name."""

    structure: str
    id: str
    label: str = field(compare=False)
    unit: str = field(default="", compare=False)
    decimals: int = field(default=2, compare=False)

    @property
    def title(self) -> str:
        """Structure and metric, for headings."""
        return f"{self.structure} {self.label}".strip()

    @property
    def heading(self) -> str:
        """The title with its unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True)
class CaseValue:
    """Planned and implanted value; None where one is not known. ``stamp`` says what was not verified."""

    plan: float | None
    implant: float | None
    stamp: str = ""

    def scaled(self, factor: float) -> CaseValue:
        """Return both values times a factor."""
        plan, implant = (None if value is None else value * factor for value in (self.plan, self.implant))
        return CaseValue(plan, implant, self.stamp)


@dataclass(frozen=True, eq=False)
class CohortCase:
    """One implant.

    Parameters
    ----------
    patient_id
        Several implants may be of one patient; empty where it is not known.
    prescription_gy, days_after_implant, registration
        None and empty where they are not known.
    limits
        Limits of the site profile by their label: whether the implant keeps them, None where that cannot be told.
    """

    name: str
    values: Mapping[MetricKey, CaseValue]
    patient_id: str = ""
    prescription_gy: float | None = None
    days_after_implant: int | None = None
    registration: str = ""
    limits: Mapping[str, bool | None] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """What was not verified; empty when all was."""
        return next((value.stamp for value in self.values.values() if value.stamp), "")


def case_of(name: str, record: VerificationRecord) -> CohortCase:
    """Return the case of a verification: seeds planned and found, then every metric of targets and organs."""
    from brachyresponse.verification import ComparedRole

    titles = {ComparedRole.GTV: GTV, ComparedRole.PTV: PTV, ComparedRole.GTV_AND_PTV: GTV_AND_PTV}
    values = {
        MetricKey(SEEDS, COUNT, "planned and found", decimals=0): CaseValue(record.seeds.planned, record.seeds.found)
    }
    for metric in record.metrics:
        structure = titles.get(metric.role, metric.structure)
        key = MetricKey(structure, metric.id, metric.label, metric.unit, metric.decimals)
        values[key] = CaseValue(metric.plan, metric.implant, metric.stamp)
    return CohortCase(
        name=name,
        values=values,
        patient_id=record.patient_id,
        prescription_gy=record.prescription_gy,
        days_after_implant=record.days_after_implant,
        registration=str(record.registration.method),
        limits={finding.label: finding.passed for finding in record.findings},
    )


def with_percent_of_prescription(case: CohortCase) -> CohortCase:
    """Return the case with each D90 in percent of its prescription too, to compare where prescriptions differ."""
    if case.prescription_gy is None:
        return case
    shares = {
        MetricKey(key.structure, D90_PERCENT, key.label, "% of prescription", 1): value.scaled(
            100 / case.prescription_gy
        )
        for key, value in case.values.items()
        if key.id == D90
    }
    return replace(case, values={**case.values, **shares})
