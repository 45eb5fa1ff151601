"""The time axis and the panels above one another that a time line is drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from brachyresponse.pictures.chart import Axis
from brachyresponse.pictures.response_colours import GRID, INK
from brachyresponse.report.markup import Markup, element, joined

LEFT, RIGHT_SPARE = 66.0, 16.0
DAYS_OF_MONTH = 30.44
MOST_TICKS = 8
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
WEEK_STEPS = (7, 14)
SHORT_COURSE_DAYS = 75
"""Below this the axis has days, not months."""


@dataclass(frozen=True)
class TimeAxis:
    """The days that are shown, and where."""

    first: date
    last: date
    width: float
    left: float = LEFT

    @property
    def right(self) -> float:
        """The right end."""
        return self.left + self.width

    def px(self, day: date) -> float:
        """Return the place of a day; one outside the axis is put at its end."""
        share = (day - self.first).days / (self.last - self.first).days
        return self.left + min(max(share, 0.0), 1.0) * self.width

    def ticks(self) -> list[tuple[date, str]]:
        """Return round days with their labels: the first of months, or every week or two of a short course."""
        span = (self.last - self.first).days
        if span < SHORT_COURSE_DAYS:
            step = next((step for step in WEEK_STEPS if span / step <= MOST_TICKS), WEEK_STEPS[-1])
            days = [self.first + timedelta(days=n) for n in range(0, span + 1, step)]
            return [(day, day.isoformat()) for day in days]
        months = span / DAYS_OF_MONTH
        every = next((step for step in MONTH_STEPS if months / step <= MOST_TICKS), MONTH_STEPS[-1])
        return [(day, f"{day:%Y-%m}") for day in self._firsts_of_months(every)]

    def _firsts_of_months(self, every: int) -> list[date]:
        start, end = self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month - 1
        each = (date(number // 12, number % 12 + 1, 1) for number in range(start, end + 1) if number % every == 0)
        return [day for day in each if self.first <= day <= self.last]


@dataclass(frozen=True)
class Panel:
    """A strip of the chart with a vertical axis of its own."""

    y: Axis
    top: float
    height: float
    ticks: int = 5

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def py(self, value: float) -> float:
        """Return the place of a value."""
        return self.bottom - (value - self.y.lower) / (self.y.upper - self.y.lower) * self.height

    def frame(self, time: TimeAxis) -> Markup:
        """Return grid, axis values and title."""
        parts = [segment((time.px(day), self.top), (time.px(day), self.bottom), GRID) for day, _ in time.ticks()]
        for value in self.y.ticks(self.ticks):
            at = self.py(value)
            parts.append(segment((time.left, at), (time.right, at), GRID))
            parts.append(label(f"{value:g}", (time.left - 7, at + 4.5), anchor="end"))
        parts.append(segment((time.left, self.bottom), (time.right, self.bottom), INK))
        parts.append(segment((time.left, self.top), (time.left, self.bottom), INK))
        middle = f"translate(13 {self.top + self.height / 2:.1f}) rotate(-90)"
        title = element("text", self.y.title, text_anchor="middle", transform=middle)
        return element("g", *parts, title)


def time_labels(time: TimeAxis, y: float) -> Markup:
    """Return the labels under the lowest panel."""
    return joined(*(label(text, (_within(time, day, text), y), anchor="middle") for day, text in time.ticks()))


def segment(start: tuple[float, float], end: tuple[float, float], colour: str, **attributes: object) -> Markup:
    """Return a straight line."""
    ends = {"x1": f"{start[0]:.1f}", "y1": f"{start[1]:.1f}", "x2": f"{end[0]:.1f}", "y2": f"{end[1]:.1f}"}
    return element("line", **ends, stroke=colour, **attributes)


def label(text: str, at: tuple[float, float], *, anchor: str = "start", **attributes: object) -> Markup:
    """Return a line of text."""
    return element("text", text, x=f"{at[0]:.1f}", y=f"{at[1]:.1f}", text_anchor=anchor, **attributes)


def path(points: Sequence[tuple[float, float]], colour: str, **attributes: object) -> Markup:
    """Return a line through points; nothing for fewer than two."""
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    if len(points) < 2:
        return Markup()
    return element("path", d=f"M{steps}", fill="none", stroke=colour, stroke_linejoin="round", **attributes)


def _within(time: TimeAxis, day: date, text: str) -> float:
    half = 3.6 * len(text)
    return min(max(time.px(day), time.left - 20 + half), time.right + RIGHT_SPARE - half)
