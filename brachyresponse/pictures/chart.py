"""Line charts as inline SVG: axes with units, curves that differ in grey too, a legend beside the plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.types import FloatArray

FONT_SIZE = 13.0
CHARACTER_WIDTH = 0.56 * FONT_SIZE  # of a sans-serif face, on average and a little generous
LEFT, TOP, BOTTOM, GAP = 62.0, 40.0, 52.0, 18.0
SWATCH_WIDTH, ROW_HEIGHT = 34.0, 21.0
LONGEST_NAME = 36
MOST_POINTS = 600


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve: points (N,) and (N,), drawn with gaps where either is NaN."""

    name: str
    x: FloatArray
    y: FloatArray
    colour: str
    dash: str = ""
    width: float = 2.0
    points: bool = False
    """Mark each point with a dot, for measurements."""
    joined: bool = True
    """Join the points by a line."""


@dataclass(frozen=True)
class Axis:
    """Title with its unit, and the range that is shown."""

    title: str
    lower: float
    upper: float

    def ticks(self, count: int = 7) -> list[float]:
        """Return about ``count`` round values within the range."""
        span = self.upper - self.lower
        power = 10.0 ** math.floor(math.log10(span / count))
        step = next(power * m for m in (1, 2, 2.5, 5, 10) if span / (power * m) <= count)
        first, last = math.ceil(self.lower / step - 1e-9), math.floor(self.upper / step + 1e-9)
        return [round(n * step, 10) for n in range(first, last + 1)]


@dataclass(frozen=True)
class Line:
    """A straight line across the plot at one value of x (vertical) or of y, with its label at the end."""

    value: float
    label: str
    vertical: bool = True


@dataclass(frozen=True)
class _Plot:
    """Rectangle of the plot within the picture, and the ranges that it shows."""

    x: Axis
    y: Axis
    width: float
    height: float

    def px(self, x: FloatArray | float) -> FloatArray:
        return LEFT + (np.asarray(x, float) - self.x.lower) / (self.x.upper - self.x.lower) * self.width

    def py(self, y: FloatArray | float) -> FloatArray:
        return TOP + self.height - (np.asarray(y, float) - self.y.lower) / (self.y.upper - self.y.lower) * self.height


def line_chart(
    curves: Sequence[Curve],
    x: Axis,
    y: Axis,
    *,
    title: str = "",
    lines: Sequence[Line] = (),
    size: tuple[float, float] = (760.0, 342.0),
) -> Markup:
    """Return a chart as an SVG element.

    The legend stands to the right of the plot, so that it covers no curve; names that are too long for it are
    cut and given whole as a tool tip. ``size`` is width and least height; a long legend makes the chart higher.
    """
    width, least_height = size
    legend_width = SWATCH_WIDTH + 12 + CHARACTER_WIDTH * max((len(shortened(c.name)) for c in curves), default=0)
    height = max(least_height, TOP + BOTTOM + ROW_HEIGHT * len(curves))
    plot = _Plot(x, y, width - LEFT - GAP - legend_width, height - TOP - BOTTOM)
    return element(
        "svg",
        element("title", title or f"{y.title} against {x.title}"),
        _axes(plot),
        _curves(curves, plot, width, height),
        *(_line(line, plot) for line in lines),
        _legend(curves, LEFT + plot.width + GAP),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        class_="chart",
        role="img",
        font_family="Helvetica, Arial, 'DejaVu Sans', sans-serif",
        font_size=f"{FONT_SIZE:g}",
        fill="#1c2733",
    )


def _axes(plot: _Plot) -> Markup:
    bottom, right = TOP + plot.height, LEFT + plot.width
    parts = [_segment(LEFT, bottom, right, bottom, "#1c2733"), _segment(LEFT, TOP, LEFT, bottom, "#1c2733")]
    for value in plot.x.ticks():
        at = float(plot.px(value))
        parts.append(_segment(at, TOP, at, bottom, "#dfe4ea"))
        parts.append(element("text", f"{value:g}", x=f"{at:.1f}", y=f"{bottom + 18:.1f}", text_anchor="middle"))
    for value in plot.y.ticks():
        at = float(plot.py(value))
        parts.append(_segment(LEFT, at, right, at, "#dfe4ea"))
        parts.append(element("text", f"{value:g}", x=f"{LEFT - 8:.1f}", y=f"{at + 4.5:.1f}", text_anchor="end"))
    middle = TOP + plot.height / 2
    parts.append(
        element("text", plot.x.title, x=f"{LEFT + plot.width / 2:.1f}", y=f"{bottom + 40:.1f}", text_anchor="middle")
    )
    parts.append(
        element("text", plot.y.title, text_anchor="middle", transform=f"translate(16 {middle:.1f}) rotate(-90)")
    )
    return element("g", *parts[2:], *parts[:2])  # the frame over the grid


def _segment(x1: float, y1: float, x2: float, y2: float, colour: str, dash: str | None = None) -> Markup:
    return element(
        "line",
        x1=f"{x1:.1f}",
        y1=f"{y1:.1f}",
        x2=f"{x2:.1f}",
        y2=f"{y2:.1f}",
        stroke=colour,
        stroke_dasharray=dash,
    )


def _curves(curves: Sequence[Curve], plot: _Plot, width: float, height: float) -> Markup:
    """Return the curves in an inner picture the size of the plot, which cuts off what lies outside."""
    drawn = [_curve(curve, plot) for curve in curves]
    box = f"{LEFT:g} {TOP - 1:g} {plot.width:g} {plot.height + 2:g}"
    return element(
        "svg",
        *drawn,
        x=f"{LEFT:g}",
        y=f"{TOP - 1:g}",
        width=f"{plot.width:g}",
        height=f"{plot.height + 2:g}",
        viewBox=box,
    )


def _curve(curve: Curve, plot: _Plot) -> Markup:
    x, y = plot.px(curve.x), plot.py(curve.y)
    path = element(
        "path",
        element("title", curve.name),
        d=_path(x, y) if curve.joined else "",
        fill="none",
        stroke=curve.colour,
        stroke_width=f"{curve.width:g}",
        stroke_dasharray=curve.dash or None,
        stroke_linejoin="round",
    )
    if not curve.points:
        return path
    good = np.isfinite(x) & np.isfinite(y)
    dots = (
        element("circle", cx=f"{a:.1f}", cy=f"{b:.1f}", r="3.5", fill=curve.colour)
        for a, b in zip(x[good], y[good], strict=True)
    )
    return joined(path, *dots)


def _path(x: FloatArray, y: FloatArray) -> str:
    """Return the points as an SVG path, with a new start after each gap; dense curves lose what a pixel hides."""
    every = max(1, math.ceil(len(x) / MOST_POINTS))
    keep = np.unique(np.append(np.arange(0, len(x), every), len(x) - 1)) if len(x) else np.arange(0)
    steps, pen_down = [], False
    for a, b in zip(x[keep], y[keep], strict=True):
        if math.isfinite(a) and math.isfinite(b):
            steps.append(f"{'L' if pen_down else 'M'}{a:.1f} {b:.1f}")
            pen_down = True
        else:
            pen_down = False
    return " ".join(steps)


def _line(line: Line, plot: _Plot) -> Markup:
    right, bottom = LEFT + plot.width, TOP + plot.height
    if not line.vertical:
        at = float(plot.py(line.value))
        label = element("text", line.label, x=f"{right - 4:.1f}", y=f"{at - 5:.1f}", text_anchor="end")
        return joined(_segment(LEFT, at, right, at, "#1c2733", "5 3"), label)
    at = float(plot.px(line.value))
    half = len(line.label) * CHARACTER_WIDTH / 2
    middle = min(max(at, LEFT + half), right - half)
    label = element("text", line.label, x=f"{middle:.1f}", y=f"{TOP - 10:.1f}", text_anchor="middle")
    return joined(_segment(at, TOP - 5, at, bottom, "#1c2733", "5 3"), label)


def _legend(curves: Sequence[Curve], left: float) -> Markup:
    rows = []
    for number, curve in enumerate(curves):
        y = TOP + ROW_HEIGHT * (number + 0.5)
        swatch = _swatch(curve, left, y)
        name = element("text", shortened(curve.name), x=f"{left + SWATCH_WIDTH + 8:.1f}", y=f"{y + 4.5:.1f}")
        rows.append(element("g", element("title", curve.name), swatch, name))
    return element("g", *rows)


def _swatch(curve: Curve, left: float, y: float) -> Markup:
    if not curve.joined:
        return element("circle", cx=f"{left + SWATCH_WIDTH / 2:.1f}", cy=f"{y:.1f}", r="3.5", fill=curve.colour)
    return element(
        "line",
        x1=f"{left:.1f}",
        x2=f"{left + SWATCH_WIDTH:.1f}",
        y1=f"{y:.1f}",
        y2=f"{y:.1f}",
        stroke=curve.colour,
        stroke_width=f"{curve.width + 0.5:g}",
        stroke_dasharray=curve.dash or None,
    )


def shortened(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name as it fits into a legend."""
    return name if len(name) <= longest else name[: longest - 1] + "…"
