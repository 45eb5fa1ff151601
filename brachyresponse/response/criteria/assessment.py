"""What the criteria say of a case, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from brachyresponse.response.case import ResponseCase
from brachyresponse.response.criteria.criteria_set import CriteriaSet
from brachyresponse.response.criteria.reasons import Reason
from brachyresponse.response.criteria.records import visit_record
from brachyresponse.response.criteria.row_keys import CLINICAL, STEROIDS
from brachyresponse.response.criteria.wording import listed, say
from brachyresponse.response.vocabulary import Category, VisitRole

Day = date
"""The type, where a field is called date."""


@dataclass(frozen=True)
class RowFinding:
    """A row of the table as it was walked: what was found, and which categories that leaves open."""

    row: str
    found: str
    allows: tuple[Category, ...]


@dataclass(frozen=True)
class Outcome:
    """What the category would be if something unknown were known."""

    condition: str
    category: Category

    @property
    def sentence(self) -> str:
        """For people."""
        return f"{self.condition}: {self.category}."


@dataclass(frozen=True)
class Change:
    """How much more or less would change the target response.

    Parameters
    ----------
    to
        The target response on the other side of the threshold.
    amount
        Change of the sum that reaches it, in ``unit``; below 0 for shrinking.
    percent
        The same in per cent of this visit's sum; None where that is 0.
    """

    to: Category
    amount: float
    unit: str
    percent: float | None
    sentence: str


class ConfirmationStatus(StrEnum):
    """Whether a response, or a preliminary progression, was seen again."""

    NOT_NEEDED = "not needed"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not confirmed"


@dataclass(frozen=True)
class ConfirmationState:
    """Whether what a visit shows was, or is to be, seen again; ``day`` decided it, or is the first that can."""

    status: ConfirmationStatus = ConfirmationStatus.NOT_NEEDED
    day: date | None = None
    sentence: str = ""


@dataclass(frozen=True)
class VisitAssessment:
    """One visit: sizes, the category, and everything that led to it.

    Parameters
    ----------
    date, role
        Of the visit.
    category
        None for a visit before the baseline.
    sum, unit
        Size of the targets; None where it is not known, or there are no targets.
    target_response
        By the size of the targets alone; None without targets.
    percent_from_baseline, percent_from_nadir
        Rounded to 0.01; the nadir is that of the visits before this one. None where there is none, or it is 0.
    nadir, nadir_date
        The smallest sum before this visit.
    confirmed
        Whether this visit confirms an earlier response of the same or better rank; None where nothing is to confirm.
    deciding_rule
        The rule that decided the category.
    reasons
        All reasons, the deciding one first.
    rows
        The table, walked row by row.
    unknown
        Rows of the table that are not known and could change the category; the category then is that of what is known.
    if_known
        What the category would become.
    progression_threshold, response_threshold
        Sums from which on, and down to which, this visit would be progression or response of the targets.
    changes
        Margins to the thresholds.
    is_near_threshold
        Whether a threshold lies within what readers differ by.
    volume_percent_from_baseline, volume_percent_from_nadir
        Change of the targets' volume; None where a volume is not known.
    deviations
        Where targets are summed that the criteria would not take.
    conventions
        Readings that the papers leave open and that were used here.
    """

    date: date
    role: VisitRole
    category: Category | None
    sum: float | None
    unit: str
    target_response: Category | None = None
    percent_from_baseline: float | None = None
    percent_from_nadir: float | None = None
    nadir: float | None = None
    nadir_date: Day | None = None
    confirmed: bool | None = None
    reasons: tuple[Reason, ...] = ()
    rows: tuple[RowFinding, ...] = ()
    unknown: tuple[str, ...] = ()
    if_known: tuple[Outcome, ...] = ()
    progression_threshold: float | None = None
    response_threshold: float | None = None
    changes: tuple[Change, ...] = ()
    is_near_threshold: bool = False
    reader_variability: str = ""
    confirmation: ConfirmationState = field(default_factory=ConfirmationState)
    volume_percent_from_baseline: float | None = None
    volume_percent_from_nadir: float | None = None
    deviations: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()

    @property
    def deciding_rule(self) -> Reason | None:
        """The rule that decided the category; None before the baseline."""
        return self.reasons[0] if self.reasons else None

    @property
    def is_imaging_only(self) -> bool:
        """Whether clinical status or steroids are not known and could change the category."""
        return any(row in (STEROIDS, CLINICAL) for row in self.unknown)

    @property
    def label(self) -> str:
        """What to print beside the category where it is that of what is known; empty otherwise."""
        if not self.unknown:
            return ""
        names = listed([say(f"unknown_{row}") for row in self.unknown])
        return say("imaging_only" if self.is_imaging_only else "incomplete", names=names)

    @property
    def sentence(self) -> str:
        """Why, in one go; rules that were not verified are marked."""
        return " ".join(str(reason) for reason in self.reasons)

    def as_json(self) -> dict[str, Any]:
        """Return the visit as the response schema has it, with the reasons."""
        return visit_record(self)


@dataclass(frozen=True)
class ResponseAssessment:
    """A case by its criteria.

    Parameters
    ----------
    best_overall_response
        The best up to and including the first progression; NE without a visit that could be judged.
    progression_date
        Of the first progression, dated back where the criteria say so; None without.
    warnings
        What the reader must know beside the result.
    conventions
        Readings that the papers leave open and that were used.
    """

    case: ResponseCase
    criteria: CriteriaSet
    visits: tuple[VisitAssessment, ...]
    best_overall_response: Category
    progression_date: date | None
    warnings: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the ``expected`` part of the response schema, with the reasons."""
        return {
            "criteria": str(self.criteria.name),
            "badge": self.criteria.badge,
            "visits": [visit.as_json() for visit in self.visits],
            "best_overall_response": self.best_overall_response,
            "progression_date": self.progression_date.isoformat() if self.progression_date else None,
            "warnings": list(self.warnings),
            "conventions": list(self.conventions),
        }
