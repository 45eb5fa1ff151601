"""The visits of a schedule on a day: each with its dates and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from brachyresponse.response.schedule.schedule import Schedule, ScheduledVisit, Window
from brachyresponse.response.schedule.vocabulary import Anchor, RowStatus

_WORDS = {
    RowStatus.DUE: "due on",
    RowStatus.OVERDUE: "overdue; was due on",
    RowStatus.UPCOMING: "will be due on",
}


@dataclass(frozen=True)
class ScheduleRow:
    """A scheduled visit with its days; dates are None where its anchor is not on record."""

    visit: ScheduledVisit
    status: RowStatus
    first: date | None
    due: date | None
    last: date | None
    visited_on: date | None
    sentence: str


def schedule_rows(
    schedule: Schedule, anchors: Mapping[Anchor, date], made: Sequence[date], today: date
) -> tuple[ScheduleRow, ...]:
    """Return every visit of a schedule, as it stands on a day.

    Parameters
    ----------
    anchors
        The days from which the schedule counts.
    made
        Dates on which the patient was scanned by today, in order.
    """
    windows = [
        visit.window(anchors[visit.anchor], schedule.tolerance_days) if visit.anchor in anchors else None
        for visit in schedule.visits
    ]
    return tuple(
        _unknown_row(visit) if window is None else _row(visit, window, on, _status(window, on, made, today))
        for visit, window, on in zip(schedule.visits, windows, _visited(windows, made), strict=True)
    )


def _visited(windows: Sequence[Window | None], made: Sequence[date]) -> list[date | None]:
    """The visit that counts for each window: the nearest pair first, and every visit for one window only."""
    near = [
        (window.days_from_due(day), place, day)
        for place, window in enumerate(windows)
        for day in made
        if window is not None and window.holds(day)
    ]
    chosen: dict[int, date] = {}
    for _, place, day in sorted(near):
        if place not in chosen and day not in chosen.values():
            chosen[place] = day
    return [chosen.get(place) for place in range(len(windows))]


def _status(window: Window, visited_on: date | None, made: Sequence[date], today: date) -> RowStatus:
    if visited_on is not None:
        return RowStatus.DONE
    if today < window.first:
        return RowStatus.UPCOMING
    if today <= window.last:
        return RowStatus.DUE
    return RowStatus.MISSED if made and made[-1] > window.last else RowStatus.OVERDUE


def _row(visit: ScheduledVisit, window: Window, visited_on: date | None, status: RowStatus) -> ScheduleRow:
    what, when = f"{visit.label} ({', '.join(visit.imaging)})", f"{window.due}, from {window.first} to {window.last}"
    if status is RowStatus.DONE:
        sentence = f"{what}: done on {visited_on}; due on {when}."
    elif status is RowStatus.MISSED:
        sentence = f"{what}: missed; was due on {when}, and a later visit was made."
    else:
        sentence = f"{what}: {_WORDS[status]} {when}."
    return ScheduleRow(visit, status, *window, visited_on, sentence)


def _unknown_row(visit: ScheduledVisit) -> ScheduleRow:
    sentence = f"{visit.label}: the date of {visit.anchor} is not on record, so no day can be told."
    return ScheduleRow(visit, RowStatus.UNKNOWN, None, None, None, None, sentence)
