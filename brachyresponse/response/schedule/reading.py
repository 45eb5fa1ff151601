"""The schedules that come with the library, and those of the user's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from brachyresponse.errors import InputFileError
from brachyresponse.planning.record import Record
from brachyresponse.response.schedule.protocol import load_protocol
from brachyresponse.response.schedule.schedule import HOURS_PER_DAY, Schedule, ScheduledVisit
from brachyresponse.response.schedule.shelf import Shelf
from brachyresponse.response.schedule.vocabulary import Anchor

MOST_MONTHS = 1200
"""A schedule reaches no further than a hundred years."""
MOST_DAYS = 366
"""How wide a window and its tolerance may be."""
SCHEDULE_KEYS = (
    "schema", "id", "title", "source", "tolerance_days", "tolerance_source", "protocol", "open_points", "visits",
    "when_ambiguous",
)  # fmt: skip
VISIT_KEYS = (
    "id", "label", "anchor", "hours", "months", "every_months", "until_months", "imaging", "has_protocol", "purpose",
)  # fmt: skip
TIMES = ("hours", "months", "every_months")
_SCHEDULES = Shelf("schedules", noun="schedule")


def available_schedules() -> tuple[str, ...]:
    """Return the ids of the schedules that come with the library, sorted."""
    return _SCHEDULES.names()


def load_schedule(id_or_path: str | Path) -> Schedule:
    """Return a schedule.

    Parameters
    ----------
    id_or_path
        An id of :func:`available_schedules`, or the path of a JSON file of the same form
        (``brachyresponse/response/schedule/data/README.md`` describes it); what ends in ``.json`` is a path.

    Raises
    ------
    ResponseError
        The id is unknown.
    InputFileError
        The file cannot be read, or a field is missing, unknown or wrong.
    """
    return _schedule(_SCHEDULES.record(id_or_path))


def _schedule(record: Record) -> Schedule:
    record.refuse_unknown(SCHEDULE_KEYS)
    visits = tuple(visit for item in record.records("visits") for visit in _visits(item))
    if not visits:
        raise InputFileError(f"{record.where}: 'visits' is empty, expected at least one visit.")
    _check_ids(record, [visit.id for visit in visits])
    tolerance_days = record.whole("tolerance_days", 0)
    if not 0 <= tolerance_days <= MOST_DAYS:
        raise InputFileError(f"{record.where}: 'tolerance_days' is {tolerance_days}, expected 0 to {MOST_DAYS}.")
    ambiguous = record.part("when_ambiguous") if record.has("when_ambiguous") else None
    protocol = record.text("protocol", "")
    if protocol:
        load_protocol(protocol)  # a schedule that names an unknown protocol is refused when it is read
    return Schedule(
        id=record.text("id"),
        title=record.text("title"),
        source=record.text("source"),
        visits=visits,
        tolerance_days=tolerance_days,
        tolerance_source=record.text("tolerance_source", ""),
        protocol=protocol,
        when_ambiguous=ambiguous.texts("imaging") if ambiguous else (),
        ambiguous_purpose=ambiguous.text("purpose", "") if ambiguous else "",
        open_points=record.texts("open_points") if record.has("open_points") else (),
    )


def _check_ids(record: Record, ids: Sequence[str]) -> None:
    for visit_id in ids:
        if ids.count(visit_id) > 1:
            raise InputFileError(f"{record.where}: the id {visit_id!r} is there twice, expected once: name each visit.")


def _visits(record: Record) -> Iterator[ScheduledVisit]:
    """The visits of a row: one, or one for each time of a series."""
    record.refuse_unknown(VISIT_KEYS)
    given = [key for key in TIMES if record.has(key)]
    if len(given) != 1:
        found = " and ".join(map(repr, given)) or "none"
        raise InputFileError(f"{record.where}: the time of the visit is given by {found}, expected one of {TIMES}.")
    if given == ["every_months"]:
        for months in _series(record):
            yield _visit(record, f"{record.text('id')}-{months}", f"{record.text('label')}, month {months}", months)
    else:
        yield _visit(record, record.text("id"), record.text("label"), _months(record))


def _visit(record: Record, visit_id: str, label: str, months: int | None) -> ScheduledVisit:
    return ScheduledVisit(
        id=visit_id,
        label=label,
        anchor=record.choice("anchor", Anchor),
        imaging=record.texts("imaging"),
        purpose=record.text("purpose", ""),
        months=months,
        hours=None if months is not None else _hours(record),
        has_protocol=record.flag("has_protocol", False),
    )


def _months(record: Record) -> int | None:
    if not record.has("months"):
        return None
    months = record.whole("months")
    if not 0 <= months <= MOST_MONTHS:
        raise InputFileError(f"{record.where}: 'months' is {months}, expected 0 to {MOST_MONTHS}.")
    return months


def _series(record: Record) -> range:
    every, until = record.whole("every_months"), record.whole("until_months")
    if not 1 <= every <= until <= MOST_MONTHS:
        raise InputFileError(
            f"{record.where}: every {every} months until month {until}, expected at least 1 and no less than that, up "
            f"to {MOST_MONTHS}."
        )
    return range(every, until + 1, every)


def _hours(record: Record) -> tuple[float, float]:
    hours = record.numbers("hours")
    if len(hours) != 2 or not 0 <= hours[0] <= hours[1] <= HOURS_PER_DAY * MOST_DAYS:
        raise InputFileError(
            f"{record.where}: 'hours' is {list(hours)}, expected [from, to] with 0 <= from <= to, in hours."
        )
    return hours[0], hours[1]
