"""Plans to choose among: two figures against each other, and all figures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.pictures.chart import Axis, shortened
from brachyresponse.pictures.chart_theme import LIGHT, SMALL, chart_svg
from brachyresponse.pictures.framed_plot import Box, FramedPlot
from brachyresponse.pictures.response_plot import label
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.planning.inverse import Criterion, TradeOffPlan, TradeOffs

SCATTER_SIZE = (370.0, 300.0)
PARALLEL_SIZE = (760.0, 330.0)
PARALLEL_BOX = Box(58.0, 56.0, 650.0, 200.0)
BEATEN, UNBEATEN, THIS = "#aab4bf", LIGHT.series[1], LIGHT.series[0]
MARGIN = 0.06


def trade_off_scatter(found: TradeOffs, across: Criterion, up: Criterion, this: TradeOffPlan | None = None) -> Markup:
    """Return the plans by two criteria as an SVG element: filled where none beats them, ``this`` one ringed."""
    shown = [*found.plans, *([this] if this else [])]
    x, y = (np.array([plan.value(criterion) for plan in shown]) for criterion in (across, up))
    box = Box(58.0, 16.0, SCATTER_SIZE[0] - 74.0, SCATTER_SIZE[1] - 66.0)
    plot = FramedPlot(_axis(across, x), _axis(up, y), box)
    front = set(found.front)
    order = sorted(range(len(found.plans)), key=lambda place: place in front)
    dots = [_dot(plot, found.plans[place], (across, up), place in front) for place in order]
    ring = _ring(plot, this.value(across), this.value(up)) if this else NOTHING
    title = f"{up.name} against {across.name} of {len(found.plans)} plans"
    return chart_svg(SCATTER_SIZE, LIGHT, title, plot.x_axis(count=6), plot.y_axis(), *dots, ring)


def trade_off_parallel(found: TradeOffs, this: TradeOffPlan | None = None) -> Markup:
    """Return all criteria side by side as an SVG element: a line a plan, on every axis the better end is up."""
    criteria = found.criteria
    shown = [*found.plans, *([this] if this else [])]
    values = np.array([[plan.value(criterion) for criterion in criteria] for plan in shown])
    heights = np.stack([_height(criterion, column) for criterion, column in zip(criteria, values.T, strict=True)])
    across = np.linspace(PARALLEL_BOX.left, PARALLEL_BOX.right, len(criteria))
    front = set(found.front)
    order = sorted(range(len(found.plans)), key=lambda place: place in front)
    lines = [
        _line(across, heights[:, place], _words(found.plans[place], criteria), UNBEATEN if place in front else BEATEN)
        for place in order
    ]
    own = _line(across, heights[:, -1], "this plan", THIS, width=3.0) if this else NOTHING
    axes = (
        _vertical(float(at), criterion, column)
        for at, criterion, column in zip(across, criteria, values.T, strict=True)
    )
    title = f"All criteria of {len(found.plans)} plans, the better end up"
    return chart_svg(PARALLEL_SIZE, LIGHT, title, *lines, own, *axes, _legend(this is not None))


def _axis(criterion: Criterion, values: FloatArray) -> Axis:
    lower, upper = float(values.min()), float(values.max())
    room = MARGIN * (upper - lower) or max(criterion.step, 1e-6)
    unit = f" ({criterion.unit})" if criterion.unit else ""
    return Axis(f"{criterion.name}{unit}", lower - room, upper + room)


def _dot(plot: FramedPlot, plan: TradeOffPlan, criteria: Sequence[Criterion], unbeaten: bool) -> Markup:
    across, up = criteria
    return element(
        "circle",
        element("title", _words(plan, criteria)),
        cx=f"{float(plot.px(plan.value(across))):.1f}",
        cy=f"{float(plot.py(plan.value(up))):.1f}",
        r="4",
        fill=UNBEATEN if unbeaten else LIGHT.paper,
        stroke=UNBEATEN if unbeaten else BEATEN,
        stroke_width="1.5",
    )


def _ring(plot: FramedPlot, x: float, y: float) -> Markup:
    at = {"cx": f"{float(plot.px(x)):.1f}", "cy": f"{float(plot.py(y)):.1f}"}
    ring = element("circle", element("title", "this plan"), **at, r="7", fill="none", stroke=THIS, stroke_width="3")
    return joined(element("circle", **at, r="2", fill=THIS), ring)


def _height(criterion: Criterion, values: FloatArray) -> FloatArray:
    """Places down the picture, (plans,): the best value at the top."""
    lower, upper = float(values.min()), float(values.max())
    share = (values - lower) / (upper - lower) if upper > lower else np.full(len(values), 0.5)
    goodness = share if criterion.more_is_better else 1 - share
    height: FloatArray = PARALLEL_BOX.bottom - goodness * PARALLEL_BOX.height
    return height


def _line(across: FloatArray, down: FloatArray, words: str, colour: str, width: float = 1.2) -> Markup:
    path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, down, strict=True))
    return element(
        "path",
        element("title", words),
        d=path,
        fill="none",
        stroke=colour,
        stroke_width=f"{width:g}",
        stroke_opacity=None if width > 2 else "0.65",
    )


def _vertical(at: float, criterion: Criterion, values: FloatArray) -> Markup:
    best, worst = (values.max(), values.min()) if criterion.more_is_better else (values.min(), values.max())
    line = element(
        "line", x1=f"{at:.1f}", x2=f"{at:.1f}", y1=f"{PARALLEL_BOX.top:g}", y2=f"{PARALLEL_BOX.bottom:g}",
        stroke=LIGHT.ink,
    )  # fmt: skip
    name = label(shortened(criterion.name, 18), (at, PARALLEL_BOX.top - 30), anchor="middle")
    top = label(_figure(criterion, best), (at, PARALLEL_BOX.top - 9), anchor="middle")
    bottom = label(_figure(criterion, worst), (at, PARALLEL_BOX.bottom + 18), anchor="middle")
    return element("g", line, name, top, bottom)


def _legend(with_this: bool) -> Markup:
    entries = [
        ("not beaten by another plan", UNBEATEN),
        ("beaten", BEATEN),
        *([("this plan", THIS)] if with_this else []),
    ]
    parts, left = [], PARALLEL_BOX.left
    base = PARALLEL_BOX.bottom + 50
    for name, colour in entries:
        swatch = element(
            "line", x1=f"{left:.1f}", x2=f"{left + 26:.1f}", y1=f"{base - 4:.1f}", y2=f"{base - 4:.1f}", stroke=colour,
            stroke_width="3",
        )  # fmt: skip
        parts.append(joined(swatch, label(name, (left + 32, base), anchor="start")))
        left += 60 + 7.4 * len(name)
    return element("g", *parts, font_size=f"{SMALL + 1:g}")


def _figure(criterion: Criterion, value: float) -> str:
    return f"{value:.1f} %" if criterion.unit else f"{value:.0f}"


def _words(plan: TradeOffPlan, criteria: Sequence[Criterion]) -> str:
    figures = ", ".join(f"{criterion.name} {_figure(criterion, plan.value(criterion))}" for criterion in criteria)
    return f"plan {plan.number}: {figures}"
