"""An assessed patient: the category of every visit with its reason, and all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from brachyresponse.response.case import ResponseCase
from brachyresponse.response.criteria import ResponseAssessment
from brachyresponse.response.evidence import LesionEvidence
from brachyresponse.response.schedule import ScheduleState
from brachyresponse.response.study.adjudication import Adjudication
from brachyresponse.response.study.assumption import Assumption
from brachyresponse.response.study.entries import InputEntry, MeasurementEntry, PerfusionEntry, SiteEntry
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.treatment import RadiationEnd, SerumMarker, Treatment, TreatmentRecord


@dataclass(frozen=True)
class VersionEntry:
    """A piece of software or of data, and its version."""

    name: str
    version: str


@dataclass(frozen=True)
class ResponseStudy:
    """What an assessment gives.

    Parameters
    ----------
    request
        What it started from.
    case
        The case as it was assessed: what was unknown is filled from the treatment record, as the assumptions say.
    assessment
        The categories with their reasons.
    radiation_end
        Which day counts as the end of radiation, and why.
    beside
        The same case by the criteria that are shown beside the chosen ones.
    schedule
        How the patient stands by the schedule; None without one.
    assumptions, warnings
        What the result rests on, and what a person has to look at.
    versions
        Of the software and of the rules.
    """

    request: ResponseRequest
    case: ResponseCase
    assessment: ResponseAssessment
    beside: tuple[ResponseAssessment, ...]
    radiation_end: RadiationEnd
    schedule: ScheduleState | None
    assumptions: tuple[Assumption, ...]
    warnings: tuple[str, ...]
    versions: tuple[VersionEntry, ...]
    today: date

    @property
    def patient_id(self) -> str:
        """Empty where not known."""
        return self.request.patient_id

    @property
    def treatments(self) -> TreatmentRecord | None:
        """None where nothing is on record."""
        return self.request.treatments

    @property
    def adjudications(self) -> tuple[Adjudication, ...]:
        """The reader's word, in order of the visits."""
        return tuple(sorted(self.request.adjudications, key=lambda said: said.visit))

    @property
    def measurements(self) -> tuple[MeasurementEntry, ...]:
        """How lesions were measured, in order of the visits."""
        return tuple(sorted(self.request.measurements, key=lambda entry: (entry.visit, entry.lesion)))

    @property
    def perfusion(self) -> tuple[PerfusionEntry, ...]:
        """Perfusion ratios over time."""
        return tuple(sorted(self.request.perfusion, key=lambda entry: (entry.map, entry.lesion, entry.date)))

    @property
    def sites(self) -> tuple[SiteEntry, ...]:
        """Where lesions lie against the dose, in order of the visits."""
        return tuple(sorted(self.request.sites, key=lambda entry: (entry.visit, entry.lesion)))

    @property
    def evidence(self) -> tuple[LesionEvidence, ...]:
        """On recurrence or necrosis, in order of the visits."""
        return tuple(sorted(self.request.evidence, key=lambda one: (one.visit, one.lesion)))

    @property
    def inputs(self) -> tuple[InputEntry, ...]:
        """What it was read from."""
        return self.request.inputs

    @property
    def serum_markers(self) -> tuple[tuple[Treatment, SerumMarker], ...]:
        """Serum markers in order of their day."""
        return () if self.treatments is None else self.treatments.detailed(SerumMarker)

    def adjudication(self, visit: date) -> Adjudication | None:
        """Return the reader's word on a visit; None where there is none."""
        return next((said for said in self.adjudications if said.visit == visit), None)

    def evidence_of(self, visit: date, lesion: str) -> LesionEvidence | None:
        """Return the evidence on a lesion at a visit; None where none was weighed."""
        return next((one for one in self.evidence if (one.visit, one.lesion) == (visit, lesion)), None)

    def measurement(self, visit: date, lesion: str) -> MeasurementEntry | None:
        """Return how a lesion was measured at a visit; None where only its size is known."""
        return next((each for each in self.measurements if (each.visit, each.lesion) == (visit, lesion)), None)
