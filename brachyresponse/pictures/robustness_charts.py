"""What misplaced and lost seeds do to a plan: a range for each size of error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.pictures.chart import Axis
from brachyresponse.pictures.chart_theme import LIGHT, chart_svg
from brachyresponse.pictures.framed_plot import Box, FramedPlot
from brachyresponse.pictures.response_plot import label, segment
from brachyresponse.report.markup import NOTHING, Markup, element, joined

if TYPE_CHECKING:
    from brachyresponse.dose.intervals import Interval
    from brachyresponse.planning.inverse import PlanRobustness

WIDTH, LEFT, RIGHT, TOP, ROW, BELOW = 370.0, 52.0, 14.0, 46.0, 30.0, 44.0
UPPER, LOWER = 27.0, 11.0
"""How far above the plot the names of the two lines stand: one over the other, for the lines may be close."""
MARGIN = 0.08
BAR = 11.0


def robustness_charts(found: PlanRobustness) -> tuple[Markup, ...]:
    """Return one SVG element a figure: D90 with the prescription, V100, and the hottest part of each organ."""
    sizes = [f"{row.sd_mm:g} mm" for row in found.rows]
    d90 = _chart(found.target, sizes, [row.d90 for row in found.rows], (found.prescription_gy, "prescription"))
    v100 = _chart(found.target, sizes, [row.v100 for row in found.rows])
    names = found.rows[0].organs
    return (d90, v100, *(_chart(name, sizes, [row.organs[name] for row in found.rows]) for name in names))


def _chart(
    structure: str, sizes: Sequence[str], intervals: Sequence[Interval], line: tuple[float, str] | None = None
) -> Markup:
    first = intervals[0]
    title = f"{first.label} of {structure} ({first.unit})"
    box = Box(LEFT, TOP, WIDTH - LEFT - RIGHT, ROW * len(intervals))
    values = [value for one in intervals for value in (one.as_found, one.low, one.high)]
    plot = FramedPlot(_axis(title, [*values, *([line[0]] if line else [])]), Axis("", 0, len(intervals)), box)
    rows = (_row(plot, place, size, one) for place, (size, one) in enumerate(zip(sizes, intervals, strict=True)))
    return chart_svg(
        (WIDTH, TOP + box.height + BELOW),
        LIGHT,
        f"{title} with misplaced seeds",
        plot.x_axis(count=6),
        _mark(plot, line, LIGHT.recurrence, "6 3", UPPER) if line else NOTHING,
        _mark(plot, (first.as_found, "as planned"), LIGHT.ink, "2 3", LOWER),
        *rows,
    )


def _row(plot: FramedPlot, place: int, size: str, interval: Interval) -> Markup:
    middle = plot.box.top + ROW * (place + 0.5)
    low, median, high = (float(value) for value in plot.px([interval.low, interval.median, interval.high]))
    bar = element(
        "rect", x=f"{low:.1f}", y=f"{middle - BAR / 2:.1f}", width=f"{max(high - low, 1.5):.1f}", height=f"{BAR:g}",
        fill=LIGHT.necrosis,
    )  # fmt: skip
    tick = segment((median, middle - BAR / 2 - 2), (median, middle + BAR / 2 + 2), LIGHT.ink)
    return element("g", element("title", interval.text), bar, tick, label(size, (LEFT - 7, middle + 4.5), anchor="end"))


def _mark(plot: FramedPlot, named: tuple[float, str], colour: str, dash: str, above: float) -> Markup:
    value, text = named
    at = float(plot.px(value))
    anchor = "end" if at > plot.box.middle[0] else "start"
    line = element(
        "line", x1=f"{at:.1f}", x2=f"{at:.1f}", y1=f"{TOP - above + 5:.1f}", y2=f"{plot.box.bottom:.1f}", stroke=colour,
        stroke_dasharray=dash, stroke_width="1.5",
    )  # fmt: skip
    name = element(
        "text", text, x=f"{at:.1f}", y=f"{TOP - above:.1f}", text_anchor=anchor, fill=colour,
        stroke=LIGHT.paper, stroke_width="3", paint_order="stroke",
    )  # fmt: skip
    return joined(line, name)


def _axis(title: str, values: Sequence[float]) -> Axis:
    lower, upper = float(np.min(values)), float(np.max(values))
    room = MARGIN * (upper - lower) or 1.0
    return Axis(title, lower - room, upper + room)
