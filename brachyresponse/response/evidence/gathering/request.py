"""What is asked about one lesion: its markers, what is known of the circumstances, and how to weigh them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.finding import ConditionAnswer, Finding, OwnCutoff, Prior
from brachyresponse.response.evidence.gathering.checks import (
    check_answers,
    check_cutoffs,
    check_findings,
    check_population,
)
from brachyresponse.response.evidence.gathering.context import EvidenceContext
from brachyresponse.response.evidence.gathering.settings import EvidenceSettings
from brachyresponse.response.evidence.gathering.united import united_answers


@dataclass(frozen=True)
class EvidenceRequest:
    """One lesion at one visit; several lesions are asked about apart, and nothing is pooled.

    Parameters
    ----------
    lesion, visit
        Which lesion, on which day.
    prior
        How likely recurrence is before any marker is looked at.
    findings
        Markers, each at most once; what could not be measured is among them with its reason.
    answers
        Which conditions hold, each at most once.
    own_cutoffs
        Of the clinic.
    population
        In words of the table of markers: irradiated brain metastasis, high-grade glioma; empty where not known.
    context
        What is shown without weight.
    settings
        How it is gathered and weighed.
    random_seed
        Of the draws.
    patient_id
        Empty where not known.
    inputs
        What the findings were taken from, one sentence each.
    scan_dates
        Of the scans that the findings were measured on, where they are known.
    measured_as
        Names that the lesion has in studies that call it otherwise, each having one lesion only.

    Raises
    ------
    ResponseError
        A marker, a condition or the population is not known, a marker or a condition stands twice, a value has no unit
        or no reference region, or the random seed is negative.
    """

    lesion: str
    visit: date
    prior: Prior
    findings: tuple[Finding, ...] = ()
    answers: tuple[ConditionAnswer, ...] = ()
    own_cutoffs: tuple[OwnCutoff, ...] = ()
    population: str = ""
    context: EvidenceContext = field(default_factory=EvidenceContext)
    settings: EvidenceSettings = field(default_factory=EvidenceSettings)
    random_seed: int = 0
    patient_id: str = ""
    inputs: tuple[str, ...] = ()
    scan_dates: tuple[date, ...] = ()
    measured_as: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("findings", "answers", "own_cutoffs", "inputs", "scan_dates", "measured_as"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.lesion:
            raise ResponseError(f"The evidence of {self.visit} names no lesion: give its name.")
        if self.random_seed < 0:
            raise ResponseError(
                f"{self.where}: the random seed is {self.random_seed}, expected 0 or above: correct it."
            )
        check_findings(self.where, self.findings)
        check_population(self.where, self.population)
        check_answers(self.where, self.answers)
        check_cutoffs(self.where, self.own_cutoffs)

    @property
    def where(self) -> str:
        """How errors call it."""
        return f"Evidence of {self.lesion!r} on {self.visit}"

    @property
    def scan_days(self) -> tuple[date, ...]:
        """Days that treatments are held against: of the scans that were measured, else of the visit.

        Each counts: a drug that was begun between two scans can have changed the later one, radiation or a high dose of
        steroids the earlier one.
        """
        return tuple(sorted(set(self.scan_dates))) or (self.visit,)

    def measured_in(self, study: str, name: str) -> EvidenceRequest:
        """Return it with the name that the lesion has in a study, where that is another, and with that said."""
        if name == self.lesion:
            return self
        said = f"{study}: its only lesion, {name!r}, is taken for {self.lesion!r}."
        names = tuple(dict.fromkeys((*self.measured_as, name)))
        return replace(self, measured_as=names, inputs=(*self.inputs, said))

    def with_answers(self, answers: Iterable[ConditionAnswer]) -> EvidenceRequest:
        """Return it with more of what is known; where a person has answered already, the person's word stands."""
        return replace(self, answers=united_answers((*self.answers, *answers)))

    def with_findings(
        self, findings: Iterable[Finding], *inputs: str, scan_dates: Iterable[date | None] = ()
    ) -> EvidenceRequest:
        """Return it with more markers, what they were taken from, and the days of the scans."""
        days = {*self.scan_dates, *(day for day in scan_dates if day is not None)}
        return replace(
            self,
            findings=(*self.findings, *findings),
            inputs=(*self.inputs, *inputs),
            scan_dates=tuple(sorted(days)),
        )
