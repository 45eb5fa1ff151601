"""How a patient stands by a schedule on a day: what was done, what is due, what is overdue, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from brachyresponse.response.schedule.protocol import load_protocol
from brachyresponse.response.schedule.rows import ScheduleRow, schedule_rows
from brachyresponse.response.schedule.schedule import Schedule, ScheduledVisit
from brachyresponse.response.schedule.vocabulary import Anchor, RowStatus

OPEN = (RowStatus.DUE, RowStatus.UPCOMING)
BEYOND = "beyond the protocol"


@dataclass(frozen=True)
class ScheduleState:
    """A patient's standing by a schedule.

    Parameters
    ----------
    rows
        Every visit of the schedule.
    next_due
        When the next scan is due; None where none remains, or its anchor is not on record.
    overdue
        The rows whose time passed with no visit since.
    sequences
        What the next scan to be made is to have: that which is due now, else what is overdue last, else what comes
        next; empty where none remains.
    advanced_imaging
        What the ambiguous picture calls for; empty where it does not.
    is_beyond_protocol
        Whether the schedule has nothing to say of the time from now on.
    sentence
        All of it for people.
    notes
        The tolerance with whose it is, and what the schedule's source leaves open.
    """

    schedule: Schedule
    today: date
    rows: tuple[ScheduleRow, ...]
    next_due: date | None
    overdue: tuple[ScheduleRow, ...]
    sequences: tuple[str, ...]
    advanced_imaging: tuple[str, ...]
    is_beyond_protocol: bool
    sentence: str
    notes: tuple[str, ...]


def schedule_state(
    schedule: Schedule,
    anchors: Mapping[Anchor, date],
    visits: Iterable[date],
    today: date,
    is_ambiguous: bool = False,
) -> ScheduleState:
    """Return what was done, is due, is overdue and comes next.

    A visit counts for the scheduled one whose date it is nearest to, within the tolerance. What passed without a visit
    is overdue, or missed where a later visit was made.

    Parameters
    ----------
    anchors
        The days from which the schedule counts; see :func:`anchors_of`.
    visits
        Dates on which the patient was scanned; those after ``today`` do not count yet.
    is_ambiguous
        Whether the picture is ambiguous, which may call for advanced imaging; see :func:`ambiguity`.
    """
    rows = schedule_rows(schedule, anchors, sorted({visit for visit in visits if visit <= today}), today)
    overdue, coming = _overdue(rows), _coming(rows)
    is_beyond = not coming and _last(rows).status is not RowStatus.UNKNOWN
    said = [
        *_standing(rows),
        *([_end(schedule, _last(rows))] if is_beyond else []),
        *([_advice(schedule)] if is_ambiguous else []),
    ]
    return ScheduleState(
        schedule=schedule,
        today=today,
        rows=rows,
        next_due=coming[0].due if coming else None,
        overdue=tuple(overdue),
        sequences=_sequences(schedule, overdue, coming),
        advanced_imaging=schedule.when_ambiguous if is_ambiguous else (),
        is_beyond_protocol=is_beyond,
        sentence=" ".join(said),
        notes=_notes(schedule),
    )


def _overdue(rows: Iterable[ScheduleRow]) -> list[ScheduleRow]:
    """What is overdue, the last one last."""
    return sorted((row for row in rows if row.status is RowStatus.OVERDUE), key=_due)


def _coming(rows: Iterable[ScheduleRow]) -> list[ScheduleRow]:
    """What is due or will be, the next one first."""
    return sorted((row for row in rows if row.status in OPEN), key=_due)


def _due(row: ScheduleRow) -> date:
    return row.due or date.max


def _sequences(schedule: Schedule, overdue: Sequence[ScheduleRow], coming: Sequence[ScheduleRow]) -> tuple[str, ...]:
    """What the next scan to be made is to have."""
    due = [row for row in coming if row.status is RowStatus.DUE]
    return next((_asked_of(schedule, row.visit) for row in (*due, *reversed(overdue), *coming)), ())


def _asked_of(schedule: Schedule, visit: ScheduledVisit) -> tuple[str, ...]:
    """What a visit is to have: the sequences of the schedule's protocol where it is held to it."""
    if not (visit.has_protocol and schedule.protocol):
        return visit.imaging
    return tuple(rule.describe() for rule in load_protocol(schedule.protocol).sequences)


def _standing(rows: Sequence[ScheduleRow]) -> list[str]:
    """What is not known, what is overdue and what comes next."""
    said = _unknown(rows)
    overdue, coming = _overdue(rows), _coming(rows)
    if len(overdue) > 1:
        labels = "; ".join(row.visit.label for row in overdue)
        said.append(f"{len(overdue)} visits are overdue, the last since {overdue[-1].last}: {labels}.")
    else:
        said += [row.sentence for row in overdue]
    return said + [f"Next: {row.sentence}" for row in coming[:1]]


def _unknown(rows: Sequence[ScheduleRow]) -> list[str]:
    """Which visits have no day, a sentence for each event that is not on record."""
    unknown = [row.visit for row in rows if row.status is RowStatus.UNKNOWN]
    return [
        f"{'; '.join(visit.label for visit in unknown if visit.anchor is anchor)}: the date of {anchor} is not on "
        "record, so no day can be told."
        for anchor in dict.fromkeys(visit.anchor for visit in unknown)
    ]


def _last(rows: Sequence[ScheduleRow]) -> ScheduleRow:
    """The row with which the schedule ends, in whatever order its file has them."""
    return max(reversed(rows), key=lambda row: row.visit.days_after_anchor)


def _end(schedule: Schedule, last: ScheduleRow) -> str:
    return (
        f"From now on the patient is {BEYOND}: {schedule.title!r} ends with {last.visit.label!r}; "
        "agree on further scans with the patient's doctors."
    )


def _advice(schedule: Schedule) -> str:
    if not schedule.when_ambiguous:
        return f"The picture is ambiguous, of which {schedule.title!r} says nothing."
    imaging = " and ".join(schedule.when_ambiguous)
    return f"The picture is ambiguous: {imaging} are called for ({schedule.ambiguous_purpose})."


def _notes(schedule: Schedule) -> tuple[str, ...]:
    whose = f" ({schedule.tolerance_source})" if schedule.tolerance_source else ""
    return (f"A visit counts within {schedule.tolerance_days} days of its date{whose}.", *schedule.open_points)
