"""How an optimised plan was found: its cost over the search, and what each term costs in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from brachyresponse.pictures.chart import Axis, shortened
from brachyresponse.pictures.chart_theme import LIGHT, SMALL, chart_svg
from brachyresponse.pictures.framed_plot import Box, FramedPlot
from brachyresponse.pictures.response_plot import label
from brachyresponse.report.markup import Markup, element

WIDTH, HEIGHT = 370.0, 270.0
BOX = Box(58.0, 34.0, 298.0, 184.0)
STEP_COLOUR, LOWEST_COLOUR = "#8aa4bf", LIGHT.series[0]
SHOWN_START = 3.0
"""The axis ends at so many times the range of the second half: a greedy start begins far above it."""
MOST_POINTS = 600
LEAST_SHARE = 1e-4
BAR_LEFT, BAR_WIDTH, ROW, TOP = 204.0, 112.0, 22.0, 8.0
LONGEST_NAME = 30


def convergence_chart(costs: Sequence[float]) -> Markup:
    """Return the cost after every step of a search and the lowest until then, as an SVG element."""
    cost = np.asarray(costs, float)
    lowest = np.minimum.accumulate(cost)
    bottom = float(lowest[-1])
    spread = max(float(cost[len(cost) // 2 :].max()) - bottom, 0.05 * abs(bottom), 1e-6)
    top = min(float(cost.max()), bottom + SHOWN_START * spread)
    room = 0.05 * max(top - bottom, spread)
    last = float(max(len(cost), 2))
    plot = FramedPlot(Axis("Step of the search", 0, last), Axis("Cost", bottom - room, top + room), BOX)
    shown = np.unique(np.linspace(0, len(cost) - 1, min(MOST_POINTS, len(cost))).astype(int))
    curves = [
        plot.curve(shown + 1.0, cost[shown], STEP_COLOUR, stroke_width="1"),
        plot.curve(shown + 1.0, lowest[shown], LOWEST_COLOUR, stroke_width="2.5"),
    ]
    legend = [
        label("lowest so far", (BOX.left, BOX.top - 14), anchor="start", fill=LOWEST_COLOUR),
        label("after each step", (BOX.left + 104, BOX.top - 14), anchor="start", fill="#56718f"),
    ]
    size = (WIDTH, HEIGHT)
    return chart_svg(size, LIGHT, "Cost over the search", plot.x_axis(count=5), plot.y_axis(), *curves, *legend)


def cost_terms_chart(terms: Mapping[str, float]) -> Markup:
    """Return what each term of the objective costs in the plan as bars, the largest first, as an SVG element."""
    ordered = sorted(terms.items(), key=lambda item: -item[1])
    total, highest = sum(terms.values()), max(max(terms.values(), default=0.0), 1e-9)
    rows = [_bar(place, name, cost, cost / highest) for place, (name, cost) in enumerate(ordered)]
    height = 2 * TOP + ROW * (len(rows) + 1)
    end = TOP + ROW * (len(rows) + 0.5) + 4
    summed = label(f"together {total:.2f}", (BAR_LEFT, end), anchor="start")
    return chart_svg((WIDTH, height), LIGHT, "What each term of the objective costs", *rows, summed)


def _bar(place: int, name: str, cost: float, share: float) -> Markup:
    middle = TOP + ROW * (place + 0.5)
    bar = element(
        "rect",
        x=f"{BAR_LEFT:g}",
        y=f"{middle - 6:.1f}",
        width=f"{max(share, LEAST_SHARE) * BAR_WIDTH:.1f}",
        height="12",
        fill=LIGHT.series[1],
    )
    text = label(shortened(name, LONGEST_NAME), (BAR_LEFT - 8, middle + 4.5), anchor="end")
    value = label(f"{cost:.2f}", (BAR_LEFT + share * BAR_WIDTH + 6, middle + 4.5), anchor="start")
    return element("g", element("title", f"{name}: {cost:.3f}"), text, bar, value, font_size=f"{SMALL:g}")
