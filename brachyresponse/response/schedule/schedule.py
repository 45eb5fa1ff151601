"""A schedule of follow-up imaging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from brachyresponse.planning.checks_of_record import months_after
from brachyresponse.response.schedule.vocabulary import Anchor

HOURS_PER_DAY = 24
DAYS_PER_MONTH = 365.25 / 12


class Window(NamedTuple):
    """The first day, the day and the last day on which a visit is due."""

    first: date
    due: date
    last: date

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return self.first <= day <= self.last

    def days_from_due(self, day: date) -> int:
        """Return how far a day is from the one on which it is due."""
        return abs((day - self.due).days)


@dataclass(frozen=True)
class ScheduledVisit:
    """One visit of a schedule; months are calendar months after the anchor, hours a window of its own.

    No window opens before its anchor: what was scanned before an implant is no follow-up of it.

    Parameters
    ----------
    imaging
        What is asked for.
    has_protocol
        Whether its series are held against the schedule's protocol.
    """

    id: str
    label: str
    anchor: Anchor
    imaging: tuple[str, ...]
    purpose: str
    months: int | None = None
    hours: tuple[float, float] | None = None
    has_protocol: bool = False

    @property
    def days_after_anchor(self) -> float:
        """About how long after its anchor it is due; tells the order of visits."""
        return self.hours[1] / HOURS_PER_DAY if self.hours is not None else DAYS_PER_MONTH * (self.months or 0)

    def window(self, anchor: date, tolerance_days: int) -> Window:
        """Return when it is due, from the day of its anchor."""
        if self.hours is not None:
            first, last = (anchor + timedelta(hours // HOURS_PER_DAY) for hours in self.hours)
            return Window(first, last, last)
        due = months_after(anchor, self.months or 0)
        return Window(max(anchor, due - timedelta(tolerance_days)), due, due + timedelta(tolerance_days))


@dataclass(frozen=True)
class Schedule:
    """When which imaging is due.

    Parameters
    ----------
    visits
        In order; a visit that comes back every few months stands here once for each time.
    tolerance_days, tolerance_source
        How early or late a visit may be and still count, and whose tolerance that is.
    protocol
        Name of the imaging protocol; empty where there is none.
    when_ambiguous
        What is called for when the picture is ambiguous, and for what purpose; empty where the schedule does not say.
    open_points
        What its source leaves open.
    """

    id: str
    title: str
    source: str
    visits: tuple[ScheduledVisit, ...]
    tolerance_days: int = 0
    tolerance_source: str = ""
    protocol: str = ""
    when_ambiguous: tuple[str, ...] = ()
    ambiguous_purpose: str = ""
    open_points: tuple[str, ...] = ()

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The events from which it counts, each once."""
        return tuple(dict.fromkeys(visit.anchor for visit in self.visits))
