"""What an assessment starts from: the case, and everything on record beside it. No images."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import ResponseCase
from brachyresponse.response.evidence import LesionEvidence
from brachyresponse.response.evidence.gathering.completing import check_patient
from brachyresponse.response.study.adjudication import Adjudication, check_adjudications
from brachyresponse.response.study.entries import InputEntry, MeasurementEntry, PerfusionEntry, SiteEntry
from brachyresponse.response.treatment import ReferenceChoice, TreatmentRecord
from brachyresponse.response.vocabulary import CriteriaName

SAME_MM = 0.051
"""Sizes are written to a tenth of a millimetre in some tables."""


@dataclass(frozen=True)
class ResponseRequest:
    """A patient to be assessed.

    Parameters
    ----------
    case
        Visits and criteria.
    patient_id
        Empty where not known.
    treatments
        None: nothing is on record, which is said.
    reference
        Which day counts as the end of radiation: a choice of the treatment record, or a day. The case's own
        ``radiation_end`` comes first.
    adjudications
        The reader's word on visits.
    schedule
        Id of a schedule that comes with the library, or the path of one; empty for none.
    today
        The day of the assessment, which the schedule is held against; None: the last visit's.
    measurements, perfusion, sites
        How lesions were measured, their perfusion ratios, and where they lie against the dose.
    evidence
        On recurrence or necrosis, one a lesion and visit.
    earlier_criteria, accepts_new_criteria
        By which criteria the patient was assessed before, and whether the user agreed to other ones.
    inputs
        What it was all read from.
    notes
        Sentences that belong to the record: how targets were chosen, how visits were registered.

    Raises
    ------
    ResponseError
        An adjudication, a measurement, a site or evidence is of a visit or a lesion that the case has not, a
        measurement contradicts the case, or evidence is of another patient or there twice for one lesion and visit.
    """

    case: ResponseCase
    patient_id: str = ""
    treatments: TreatmentRecord | None = None
    reference: ReferenceChoice | date | None = None
    adjudications: tuple[Adjudication, ...] = ()
    schedule: str = ""
    today: date | None = None
    measurements: tuple[MeasurementEntry, ...] = ()
    perfusion: tuple[PerfusionEntry, ...] = ()
    sites: tuple[SiteEntry, ...] = ()
    evidence: tuple[LesionEvidence, ...] = ()
    earlier_criteria: CriteriaName | None = None
    accepts_new_criteria: bool = False
    inputs: tuple[InputEntry, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_adjudications(self.case, self.adjudications)
        _check_places(self.case, "a measurement", self.measurements)
        _check_places(self.case, "a site of failure", self.sites)
        _check_places(self.case, "evidence", self.evidence)
        _check_evidence(self)
        for entry in self.measurements:
            _check_size(self.case, entry)


def _check_places(
    case: ResponseCase, what: str, entries: Iterable[MeasurementEntry | SiteEntry | LesionEvidence]
) -> None:
    lesions = {
        visit.date: [*(each.id for each in visit.lesions), *(each.id for each in visit.new_lesions)]
        for visit in case.visits
    }
    for entry in entries:
        if entry.visit not in lesions:
            raise ResponseError(
                f"Case {case.id!r} has {what} of {entry.lesion!r} on {entry.visit}, but no visit that day: correct the "
                "date, or add the visit."
            )
        if entry.lesion not in lesions[entry.visit]:
            found = ", ".join(map(repr, lesions[entry.visit])) or "none"
            raise ResponseError(
                f"Case {case.id!r} has {what} of {entry.lesion!r} on {entry.visit}, but the visit's lesions are: "
                f"{found}; correct the name."
            )


def _check_evidence(request: ResponseRequest) -> None:
    seen: set[tuple[date, str]] = set()
    for one in request.evidence:
        check_patient(one.request, request.patient_id, f"case {request.case.id!r}")
        if (one.visit, one.lesion) in seen:
            raise ResponseError(
                f"Case {request.case.id!r} has evidence of {one.lesion!r} on {one.visit} twice: keep one of them."
            )
        seen.add((one.visit, one.lesion))


def _check_size(case: ResponseCase, entry: MeasurementEntry) -> None:
    visit = next(visit for visit in case.visits if visit.date == entry.visit)
    lesion: Any = next((each for each in visit.lesions if each.id == entry.lesion), None)
    if lesion is None or lesion.longest_mm is None or entry.longest_mm is None:
        return
    if abs(lesion.longest_mm - entry.longest_mm) > SAME_MM:
        raise ResponseError(
            f"Case {case.id!r}: lesion {entry.lesion!r} of {entry.visit} is {lesion.longest_mm:g} mm long in the case "
            f"and {entry.longest_mm:g} mm in its measurement: take the measurement over, or remove it."
        )
