"""The time after radiation, and what it makes of a finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from brachyresponse.response.case import ResponseCase
from brachyresponse.response.criteria.criteria_set import CriteriaSet

CONFIRM_OPTION = "confirm_progression"


class Circumstance(StrEnum):
    """Columns of the table of progression."""

    EARLY = "early"
    """Within the weeks after radiation in which growth may be pseudoprogression."""
    LATE = "late"
    CONFIRM = "confirm"
    """Later, with confirmation asked by the protocol."""


@dataclass(frozen=True)
class Timing:
    """When a visit is against the end of radiation.

    Parameters
    ----------
    circumstance
        Column of the table of progression.
    day
        Days since the end of radiation; None where that is not known.
    window_days
        Days that count as early; 0 where the criteria have no early window.
    is_judged
        False where the criteria have an early window, and the end of radiation is not known.
    """

    circumstance: Circumstance
    day: int | None
    window_days: int
    is_judged: bool

    @property
    def is_early(self) -> bool:
        """Whether the visit is in the early window."""
        return self.circumstance is Circumstance.EARLY


def timing_of(day: date, case: ResponseCase, criteria: CriteriaSet) -> Timing:
    """Return when a day is against the end of radiation."""
    window_days = int(criteria.number(criteria.early_window)) if criteria.early_window else 0
    since = None if case.radiation_end is None else (day - case.radiation_end).days
    is_early = since is not None and 0 <= since < window_days
    asks = case.options.must_confirm_progression and CONFIRM_OPTION in criteria.options
    later = Circumstance.CONFIRM if asks else Circumstance.LATE
    return Timing(
        circumstance=Circumstance.EARLY if is_early else later,
        day=since,
        window_days=window_days,
        is_judged=since is not None or not window_days,
    )


def window_end(case: ResponseCase, criteria: CriteriaSet) -> date | None:
    """Return the first day after the early window; None where there is none, or radiation's end is not known."""
    if case.radiation_end is None or not criteria.early_window:
        return None
    return case.radiation_end + timedelta(days=criteria.number(criteria.early_window))
