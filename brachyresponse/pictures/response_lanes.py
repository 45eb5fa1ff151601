"""Treatments over the time line: bars and diamonds in as few rows as their names allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brachyresponse.pictures.chart import CHARACTER_WIDTH, shortened
from brachyresponse.pictures.response_colours import INK
from brachyresponse.pictures.response_plot import TimeAxis, label
from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.response.timeline import TimelineMark

ROW, BAR = 19.0, 13.0
NAME_WIDTH = 0.9 * CHARACTER_WIDTH
LONGEST_NAME = 42
GAP, DIAMOND = 6.0, 5.0
LEAST_BAR = 3.0
RADIATION_COLOUR, DRUG_COLOUR, EVENT_COLOUR = "#cdb7e6", "#a8ddcf", "#5b6876"
RADIATION = frozenset({"implant", "source removal", "external beam"})
"""Kinds drawn in one colour, as drugs and events are."""


@dataclass(frozen=True)
class _Placed:
    """A mark with its place: from ``x1`` to ``x2``, the name from ``text_x``, all within ``start`` to ``end``."""

    mark: TimelineMark
    x1: float
    x2: float
    text_x: float
    name: str

    @property
    def start(self) -> float:
        return min(self.x1 - DIAMOND, self.text_x)

    @property
    def end(self) -> float:
        return max(self.x2 + DIAMOND, self.text_x + NAME_WIDTH * len(self.name))


def lanes(marks: Sequence[TimelineMark], time: TimeAxis, top: float) -> tuple[Markup, float]:
    """Return the marks as SVG, and the height that they take."""
    rows: list[list[_Placed]] = []
    for mark in sorted(marks, key=lambda one: (one.start, one.last)):
        placed = _place(mark, time)
        row = next((row for row in rows if row[-1].end + GAP <= placed.start), None)
        if row is None:
            rows.append(row := [])
        row.append(placed)
    drawn = (_drawn(placed, time, top + ROW * (n + 0.5)) for n, row in enumerate(rows) for placed in row)
    return joined(*drawn), ROW * len(rows)


def _place(mark: TimelineMark, time: TimeAxis) -> _Placed:
    x1 = time.px(mark.start)
    x2 = time.right if mark.is_open else time.px(mark.last)
    if mark.end or mark.is_open:
        x2 = max(x2, x1 + LEAST_BAR)
    name = _name(mark, time)
    width = NAME_WIDTH * len(name)
    if x2 - x1 >= width + GAP:
        return _Placed(mark, x1, x2, x1 + GAP / 2, name)
    if x2 + DIAMOND + GAP + width <= time.right:
        return _Placed(mark, x1, x2, x2 + DIAMOND + GAP / 2, name)
    return _Placed(mark, x1, x2, max(0.0, x1 - DIAMOND - GAP / 2 - width), name)


def _name(mark: TimelineMark, time: TimeAxis) -> str:
    """Return the name, with the day where it lies outside the axis."""
    name = shortened(mark.name, LONGEST_NAME)
    return f"{name} ({mark.start:%Y-%m})" if mark.start < time.first or mark.start > time.last else name


def _drawn(placed: _Placed, time: TimeAxis, y: float) -> Markup:
    mark = placed.mark
    text = label(placed.name, (placed.text_x, y + 4.2), font_size="11.5")
    days = mark.start.isoformat() + (f" to {mark.end.isoformat()}" if mark.end else "")
    title = element("title", f"{mark.name}, {days}")
    if mark.last < time.first and not mark.is_open:
        return element("g", title, _arrow(placed.x1, y), text)
    if placed.x2 > placed.x1:
        return element("g", title, _bar(placed, y), text)
    corners = ((-DIAMOND, 0), (0, -DIAMOND), (DIAMOND, 0), (0, DIAMOND))
    points = " ".join(f"{placed.x1 + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return element("g", title, element("polygon", points=points, fill=_colour(mark), stroke=INK), text)


def _arrow(x: float, y: float) -> Markup:
    """Return an arrow to the left: what is earlier than the axis."""
    points = f"{x + DIAMOND:.1f},{y - DIAMOND:.1f} {x:.1f},{y:.1f} {x + DIAMOND:.1f},{y + DIAMOND:.1f}"
    return element("polyline", points=points, fill="none", stroke=INK, stroke_width="1.6")


def _bar(placed: _Placed, y: float) -> Markup:
    box = {"x": f"{placed.x1:.1f}", "y": f"{y - BAR / 2:.1f}", "width": f"{placed.x2 - placed.x1:.1f}"}
    colour = _colour(placed.mark)
    return element("rect", **box, height=f"{BAR:g}", fill=colour, stroke=INK, stroke_width="0.5")


def _colour(mark: TimelineMark) -> str:
    if mark.kind in RADIATION:
        return RADIATION_COLOUR
    return DRUG_COLOUR if mark.end or mark.is_open else EVENT_COLOUR
