"""A patient's course as series and marks over time, for the charts of the report and of Slicer; nothing is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from brachyresponse.response.vocabulary import Category


@dataclass(frozen=True)
class TimelinePoint:
    """A value of one day, None where it is not known; ``low`` and ``high`` are its interval, if it has one."""

    date: date
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class TimelineSeries:
    """Values over time in one unit ("" for none)."""

    name: str
    unit: str
    points: tuple[TimelinePoint, ...]

    @property
    def values(self) -> tuple[float, ...]:
        """The values that are known, with the ends of their intervals."""
        each = (value for point in self.points for value in (point.value, point.low, point.high))
        return tuple(value for value in each if value is not None)


@dataclass(frozen=True)
class LevelStep:
    """A value that holds from one day to another."""

    start: date
    end: date
    value: float


@dataclass(frozen=True)
class TimelineLevel:
    """A threshold, or the nadir: a line of level steps."""

    name: str
    steps: tuple[LevelStep, ...]


@dataclass(frozen=True)
class TimelineVisit:
    """What was said of a day; the reader's word stands beside the computed category, never instead of it."""

    date: date
    category: Category | None
    adjudicated: Category | None = None
    is_confirmed: bool = False
    is_imaging_only: bool = False
    has_new_lesion: bool = False
    is_deviating: bool = False
    """Whether targets are summed that the criteria would not take."""


@dataclass(frozen=True)
class TimelineMark:
    """A treatment or an event: a day, or a stretch of days; ``is_open`` where it goes on."""

    name: str
    kind: str
    start: date
    end: date | None = None
    is_open: bool = False

    @property
    def last(self) -> date:
        """The last day on record."""
        return self.end or self.start


@dataclass(frozen=True)
class TimelineWindow:
    """Days that the criteria treat apart; the end is the first day that counts again."""

    name: str
    start: date
    end: date


@dataclass(frozen=True)
class TimelineLimit:
    """A published value that ratios are held against; ``caveats`` are sentences that have to stand beside it."""

    value: float
    name: str
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class Timeline:
    """All that a time-line chart shows."""

    title: str
    size: TimelineSeries
    """The sum of the target lesions at each visit."""
    nadir: TimelineLevel
    """The smallest sum before each visit."""
    response: TimelineLevel
    progression: TimelineLevel
    visits: tuple[TimelineVisit, ...]
    marks: tuple[TimelineMark, ...] = ()
    window: TimelineWindow | None = None
    perfusion: tuple[TimelineSeries, ...] = ()
    perfusion_limit: TimelineLimit | None = None
    serum: tuple[TimelineSeries, ...] = ()
    next_due: date | None = None
    today: date | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """Every day with something on it, in order."""
        series = (point.date for each in (self.size, *self.perfusion, *self.serum) for point in each.points)
        marks = (day for mark in self.marks for day in (mark.start, mark.last))
        window = (self.window.start, self.window.end) if self.window else ()
        due = (self.next_due,) if self.next_due else ()
        return tuple(sorted({*(visit.date for visit in self.visits), *series, *marks, *window, *due}))
