"""Visits, lesions and what else the criteria ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from brachyresponse.response.vocabulary import (
    Certainty,
    ClinicalStatus,
    CriteriaName,
    FieldPosition,
    LesionKind,
    LesionRole,
    LesionState,
    Measure,
    NonTargetStatus,
    SteroidTrend,
    T2Flair,
    VisitRole,
)


@dataclass(frozen=True)
class LesionPart:
    """A part of a lesion that fell apart."""

    longest_mm: float | None = None
    perpendicular_mm: float | None = None
    short_axis_mm: float | None = None
    volume_ml: float | None = None


@dataclass(frozen=True)
class CaseLesion:
    """A lesion known from the baseline, as found at one visit; a size is None where it was not measured."""

    id: str
    role: LesionRole = LesionRole.TARGET
    organ: str = "brain"
    kind: LesionKind = LesionKind.ENHANCING
    state: LesionState = LesionState.MEASURED
    longest_mm: float | None = None
    perpendicular_mm: float | None = None
    short_axis_mm: float | None = None
    volume_ml: float | None = None
    parts: tuple[LesionPart, ...] = ()
    merged_into: str | None = None

    @property
    def is_target(self) -> bool:
        """Whether it is summed."""
        return self.role is LesionRole.TARGET


@dataclass(frozen=True)
class NewLesion:
    """A lesion that the baseline did not have."""

    id: str
    field: FieldPosition = FieldPosition.NOT_APPLICABLE
    is_measurable: bool = False
    certainty: Certainty = Certainty.UNEQUIVOCAL


@dataclass(frozen=True)
class CaseVisit:
    """What was found on one day. None stands for unknown, never for none."""

    date: date
    role: VisitRole
    lesions: tuple[CaseLesion, ...] = ()
    non_target: NonTargetStatus = NonTargetStatus.NONE
    t2_flair: T2Flair = T2Flair.NOT_ASSESSED
    steroid_dose_mg: float | None = None
    """Dexamethasone a day; replacement dose counts as 0."""
    steroid_trend: SteroidTrend | None = None
    clinical_status: ClinicalStatus = ClinicalStatus.NOT_ASSESSED
    has_histology_of_tumour: bool = False
    new_lesions: tuple[NewLesion, ...] = ()
    is_antiangiogenic: bool | None = None
    is_immunotherapy: bool | None = None
    """Whether an antiangiogenic drug, or immunotherapy, was begun by the day; None: as the case's options say."""

    @property
    def targets(self) -> tuple[CaseLesion, ...]:
        """The lesions that are summed."""
        return tuple(lesion for lesion in self.lesions if lesion.is_target)


@dataclass(frozen=True)
class CaseOptions:
    """Choices that a protocol makes within the criteria."""

    measure: Measure = Measure.TWO_D
    is_antiangiogenic: bool = False
    must_confirm_progression: bool = False
    is_non_measurable_only: bool = False
    must_confirm_response: bool = False
    min_sd_weeks: int = 0
    holds_confirmed_pr: bool = False
    is_immunotherapy: bool = False
    """RANO-BM: new lesions alone are no progression."""
    has_protocol_targets: bool = False
    """Targets below the criteria's size are summed because the protocol says so; every category says it."""


@dataclass(frozen=True)
class ResponseCase:
    """One patient by one set of criteria; the visits in order of date."""

    id: str
    criteria: CriteriaName
    visits: tuple[CaseVisit, ...]
    title: str = ""
    options: CaseOptions = field(default_factory=CaseOptions)
    radiation_end: date | None = None
    treatment_start: date | None = None
    """None: the baseline's date."""

    @property
    def baseline(self) -> CaseVisit:
        """The visit that sets the reference; a checked case has exactly one."""
        return next(visit for visit in self.visits if visit.role is VisitRole.BASELINE)

    @property
    def started(self) -> date:
        """The day from which the duration of stable disease counts."""
        return self.treatment_start or self.baseline.date
