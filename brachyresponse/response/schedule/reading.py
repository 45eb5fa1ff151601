"""The schedules that come with the library, and those of the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from brachyresponse.errors import InputFileError, ResponseError
from brachyresponse.planning.record import Record, parse_record, read_record
from brachyresponse.response.schedule.protocol import load_protocol
from brachyresponse.response.schedule.schedule import HOURS_PER_DAY, Schedule, ScheduledVisit
from brachyresponse.response.schedule.vocabulary import Anchor

SCHEMA = 1
MOST_MONTHS = 1200
"""A schedule reaches no further than a hundred years."""
MOST_DAYS = 366
"""How wide a window and its tolerance may be."""
SUFFIX = ".json"
SCHEDULE_KEYS = (
    "schema", "id", "title", "source", "tolerance_days", "tolerance_source", "protocol", "open_points", "visits",
    "when_ambiguous",
)  # fmt: skip
VISIT_KEYS = (
    "id", "label", "anchor", "hours", "months", "every_months", "until_months", "imaging", "has_protocol", "purpose",
)  # fmt: skip
TIMES = ("hours", "months", "every_months")
_SCHEDULES = files("brachyresponse.response.schedule") / "data" / "schedules"


@cache
def available_schedules() -> tuple[str, ...]:
    """Return the ids of the schedules that come with the library, sorted."""
    names = (entry.name for entry in _SCHEDULES.iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


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
    if isinstance(id_or_path, Path) or id_or_path.lower().endswith(SUFFIX):
        return _schedule(read_record(Path(id_or_path), SCHEMA))
    return _shipped(id_or_path)


@cache
def _shipped(name: str) -> Schedule:
    known = available_schedules()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}? Or give" if near else f"choose one of {', '.join(known)}, or give"
        raise ResponseError(f"There is no schedule {name!r}; {hint} the path of a JSON file.")
    text = (_SCHEDULES / f"{name}{SUFFIX}").read_text(encoding="utf-8")
    return _schedule(parse_record(text, f"{name}{SUFFIX}", SCHEMA))


def _schedule(record: Record) -> Schedule:
    record.refuse_unknown(SCHEDULE_KEYS)
    visits = tuple(visit for item in record.records("visits") for visit in _visits(item))
    if not visits:
        raise InputFileError(f"{record.where}: 'visits' is empty, expected at least one visit.")
    ids = [visit.id for visit in visits]
    for visit_id in ids:
        if ids.count(visit_id) > 1:
            raise InputFileError(f"{record.where}: the id {visit_id!r} is there twice, expected once: name each visit.")
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
