"""How a patient stands by a schedule on a day: what was done, what is due, what is overdue, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from brachyresponse.response.schedule.protocol import load_protocol
from brachyresponse.response.schedule.schedule import Schedule, ScheduledVisit
from brachyresponse.response.schedule.vocabulary import Anchor, RowStatus
from brachyresponse.response.treatment import Treatment, TreatmentKind
from brachyresponse.response.vocabulary import Category, FieldPosition

OPEN = (RowStatus.DUE, RowStatus.UPCOMING)
BEYOND = "beyond the protocol"


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
        What the scan that is overdue or next is to have; empty where none remains.
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


def anchors_of(treatments: Iterable[Treatment]) -> dict[Anchor, date]:
    """Return the days from which schedules count, as far as they are on record.

    The latest of its kind; of surgery the latest that is not after a removed source, which it left the balloon for.
    """
    treatments = tuple(treatments)
    days = {anchor: _days_of(treatments, TreatmentKind(anchor)) for anchor in Anchor}
    if days[Anchor.SOURCE_REMOVAL]:
        removal = max(days[Anchor.SOURCE_REMOVAL])
        days[Anchor.SURGERY] = [day for day in days[Anchor.SURGERY] if day <= removal]
    return {anchor: max(found) for anchor, found in days.items() if found}


def ambiguity(category: Category | None, position: FieldPosition | None = None, *, is_growing: bool = False) -> str:
    """Return why a picture is ambiguous, a sentence; empty where it is not.

    Parameters
    ----------
    category
        Of the visit: possible pseudoprogression is ambiguous by itself.
    position, is_growing
        Where the lesion lies against the irradiated field, and whether it is new or grew: growth inside, or partly
        inside, may be necrosis.
    """
    if category is Category.PRELIMINARY_PD:
        return "The growth is preliminary (possible pseudoprogression)."
    if is_growing and position in (FieldPosition.INSIDE, FieldPosition.STRADDLES):
        return "A lesion grows in the irradiated field: recurrence or necrosis."
    return ""


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
    made = sorted({visit for visit in visits if visit <= today})
    windows = [_window(schedule, visit, anchors) for visit in schedule.visits]
    visited = _visited(windows, made)
    rows = tuple(
        _row(visit, window, on, (made, today))
        for visit, window, on in zip(schedule.visits, windows, visited, strict=True)
    )
    overdue = tuple(row for row in rows if row.status is RowStatus.OVERDUE)
    coming = _coming(rows)
    asked = [*overdue, *coming][:1]
    is_beyond = not coming and rows[-1].status is not RowStatus.UNKNOWN
    advanced = schedule.when_ambiguous if is_ambiguous else ()
    return ScheduleState(
        schedule=schedule,
        today=today,
        rows=rows,
        next_due=coming[0].due if coming else None,
        overdue=overdue,
        sequences=_sequences(schedule, asked[0].visit) if asked else (),
        advanced_imaging=advanced,
        is_beyond_protocol=is_beyond,
        sentence=" ".join(_sentences(schedule, rows, is_beyond, is_ambiguous)),
        notes=_notes(schedule),
    )


def _sequences(schedule: Schedule, visit: ScheduledVisit) -> tuple[str, ...]:
    """What a visit is to have: the sequences of the schedule's protocol where it is held to it."""
    if not (visit.has_protocol and schedule.protocol):
        return visit.imaging
    return tuple(rule.describe() for rule in load_protocol(schedule.protocol).sequences)


def _coming(rows: Iterable[ScheduleRow]) -> list[ScheduleRow]:
    """What is due or will be, the next one first."""
    return sorted((row for row in rows if row.status in OPEN), key=lambda row: row.due or date.max)


def _days_of(treatments: Iterable[Treatment], kind: TreatmentKind) -> list[date]:
    if kind is TreatmentKind.EXTERNAL_BEAM:
        return [each.end for each in treatments if each.kind is kind and each.end is not None]
    return [each.start for each in treatments if each.kind is kind]


def _window(
    schedule: Schedule, visit: ScheduledVisit, anchors: Mapping[Anchor, date]
) -> tuple[date, date, date] | None:
    anchor = anchors.get(visit.anchor)
    return None if anchor is None else visit.window(anchor, schedule.tolerance_days)


def _visited(windows: Sequence[tuple[date, date, date] | None], made: Sequence[date]) -> list[date | None]:
    """The visit that counts for each window: of those nearer to its date than to another's, the nearest."""
    chosen: list[date | None] = [None] * len(windows)
    for day in made:
        near = [
            (abs((day - window[1]).days), place)
            for place, window in enumerate(windows)
            if window is not None and window[0] <= day <= window[2]
        ]
        if near:
            distance, place = min(near)
            window, before = windows[place], chosen[place]
            if window is not None and (before is None or distance < abs((before - window[1]).days)):
                chosen[place] = day
    return chosen


def _row(
    visit: ScheduledVisit,
    window: tuple[date, date, date] | None,
    visited_on: date | None,
    known: tuple[Sequence[date], date],
) -> ScheduleRow:
    if window is None:
        sentence = f"{visit.label}: the date of {visit.anchor} is not on record, so no day can be told."
        return ScheduleRow(visit, RowStatus.UNKNOWN, None, None, None, None, sentence)
    status = _status(window, visited_on, *known)
    return ScheduleRow(visit, status, *window, visited_on, _row_sentence(visit, status, window, visited_on))


def _status(window: tuple[date, date, date], visited_on: date | None, made: Sequence[date], today: date) -> RowStatus:
    first, _, last = window
    if visited_on is not None:
        return RowStatus.DONE
    if today < first:
        return RowStatus.UPCOMING
    if today <= last:
        return RowStatus.DUE
    return RowStatus.MISSED if made and made[-1] > last else RowStatus.OVERDUE


def _row_sentence(
    visit: ScheduledVisit, status: RowStatus, window: tuple[date, date, date], visited_on: date | None
) -> str:
    first, due, last = window
    what = f"{visit.label} ({', '.join(visit.imaging)})"
    range_of = f"{due}, from {first} to {last}"
    return {
        RowStatus.DONE: f"{what}: done on {visited_on}; due on {range_of}.",
        RowStatus.DUE: f"{what}: due on {range_of}.",
        RowStatus.OVERDUE: f"{what}: overdue; was due on {range_of}.",
        RowStatus.MISSED: f"{what}: missed; was due on {range_of}, and a later visit was made.",
        RowStatus.UPCOMING: f"{what}: will be due on {range_of}.",
    }[status]


def _sentences(schedule: Schedule, rows: Sequence[ScheduleRow], is_beyond: bool, is_ambiguous: bool) -> list[str]:
    said = [row.sentence for row in rows if row.status is RowStatus.UNKNOWN]
    said += _overdue_sentences([row for row in rows if row.status is RowStatus.OVERDUE])
    coming = _coming(rows)
    if coming:
        said.append(f"Next: {coming[0].sentence}")
    if is_beyond:
        said.append(
            f"From now on the patient is {BEYOND}: {schedule.title!r} ends with {schedule.visits[-1].label!r}; "
            "agree on further scans with the patient's doctors."
        )
    if is_ambiguous and schedule.when_ambiguous:
        said.append(
            f"The picture is ambiguous: {' and '.join(schedule.when_ambiguous)} are called for "
            f"({schedule.ambiguous_purpose})."
        )
    elif is_ambiguous:
        said.append(f"The picture is ambiguous, of which {schedule.title!r} says nothing.")
    return said


def _overdue_sentences(overdue: Sequence[ScheduleRow]) -> list[str]:
    if len(overdue) < 2:
        return [row.sentence for row in overdue]
    labels = "; ".join(row.visit.label for row in overdue)
    return [f"{len(overdue)} visits are overdue, the last since {overdue[-1].last}: {labels}."]


def _notes(schedule: Schedule) -> tuple[str, ...]:
    tolerance = f"A visit counts within {schedule.tolerance_days} days of its date"
    whose = f" ({schedule.tolerance_source})" if schedule.tolerance_source else ""
    return (f"{tolerance}{whose}.", *schedule.open_points)
