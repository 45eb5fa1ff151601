"""How the answer depends on the prior and on the weight of the markers after the first: a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.pictures.chart import Axis
from brachyresponse.pictures.chart_theme import LIGHT, SMALL, ChartTheme, chart_svg
from brachyresponse.pictures.framed_plot import Box, FramedPlot
from brachyresponse.pictures.response_plot import label, segment
from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brachyresponse.response.evidence import Prior

WIDTH = 560.0
BOX = Box(58, 34, 478, 250)
X = Axis("Prior probability of recurrence (%)", 0, 100)
Y = Axis("After the markers (%)", 0, 100)
LEGEND_TOP, LEGEND_STEP, SWATCH = BOX.bottom + 62, 19.0, 34.0
STYLES = (("", 2.0), ("9 4", 3.0), ("2 3", 2.4))
"""Dash and width of the curves, in order of the weight."""
TITLE = "Probability of recurrence after the markers, over the prior, for three weights of the markers after the first"


def sensitivity_chart(
    priors: FloatArray, weights: Sequence[float], probability: FloatArray, prior: Prior, *, theme: ChartTheme = LIGHT
) -> Markup:
    """Return the chart as an SVG element: a curve a weight, the chosen prior with its range, the line at 50 %.

    Parameters
    ----------
    priors
        (P,) probabilities of recurrence before the markers.
    weights
        (W,) of the markers after the first.
    probability
        (P, W) after the markers.
    prior
        The chosen one.
    """
    plot = FramedPlot(X, Y, BOX, theme)
    legend = _legend(weights, theme)
    return chart_svg(
        (WIDTH, LEGEND_TOP + LEGEND_STEP * (len(weights) + 1)),
        theme,
        TITLE,
        _range(plot, prior),
        plot.x_axis(count=10),
        plot.y_axis(),
        _line_at_half(plot),
        _unchanged(plot),
        *(
            plot.curve(100 * priors, 100 * probability[:, number], **_style(number, theme))
            for number in range(len(weights))
        ),
        _sides(plot),
        _chosen(plot, priors, probability, prior),
        legend,
    )


def _style(number: int, theme: ChartTheme) -> dict[str, str]:
    dash, width = STYLES[number % len(STYLES)]
    colour = theme.series[number % len(theme.series)]
    return {"colour": colour, "stroke_width": f"{width:g}", **({"stroke_dasharray": dash} if dash else {})}


def _range(plot: FramedPlot, prior: Prior) -> Markup:
    left, right = float(plot.px(100 * prior.low)), float(plot.px(100 * prior.high))
    box = {"x": f"{left:.1f}", "width": f"{max(right - left, 1):.1f}", "y": f"{BOX.top:g}", "height": f"{BOX.height:g}"}
    return element("rect", element("title", "range of the prior"), **box, fill=plot.theme.grid, fill_opacity="0.55")


def _line_at_half(plot: FramedPlot) -> Markup:
    at = float(plot.py(50))
    return segment((BOX.left, at), (BOX.right, at), plot.theme.ink, stroke_dasharray="5 3", stroke_width="1.4")


def _sides(plot: FramedPlot) -> Markup:
    """Return what lies above and below 50 %, readable where a curve passes behind."""
    at = float(plot.py(50))
    small = {"font_size": f"{SMALL:g}", "stroke": plot.theme.paper, "stroke_width": "4", "paint_order": "stroke"}
    return joined(
        label("recurrence more likely", (BOX.right - 6, at - 7), anchor="end", **small),
        label("necrosis more likely", (BOX.right - 6, at + 16), anchor="end", **small),
    )


def _unchanged(plot: FramedPlot) -> Markup:
    """Return the diagonal on which markers change nothing."""
    return plot.curve(np.array([0.0, 100.0]), np.array([0.0, 100.0]), plot.theme.quiet, stroke_width="1")


def _chosen(plot: FramedPlot, priors: FloatArray, probability: FloatArray, prior: Prior) -> Markup:
    """Return the chosen prior as a line with a dot on each curve."""
    at = float(plot.px(100 * prior.mid))
    line = segment((at, BOX.top - 6), (at, BOX.bottom), plot.theme.ink, stroke_width="1.4")
    name = label("chosen prior", (min(max(at, BOX.left + 42), BOX.right - 42), BOX.top - 12), anchor="middle")
    dots = (
        element(
            "circle",
            cx=f"{at:.1f}",
            cy=f"{float(plot.py(100 * np.interp(prior.mid, priors, column))):.1f}",
            r="4",
            fill=plot.theme.ink,
        )
        for column in probability.T
    )
    return joined(line, name, *dots)


def _legend(weights: Sequence[float], theme: ChartTheme) -> Markup:
    rows = []
    for number, weight in enumerate(weights):
        y = LEGEND_TOP + LEGEND_STEP * number
        style = _style(number, theme)
        rows.append(segment((BOX.left, y - 4), (BOX.left + SWATCH, y - 4), **style))
        rows.append(label(_named(weight), (BOX.left + SWATCH + 8, y)))
    y = LEGEND_TOP + LEGEND_STEP * len(weights)
    rows.append(segment((BOX.left, y - 4), (BOX.left + SWATCH, y - 4), theme.quiet))
    rows.append(label("no marker: the prior stays; grey band: the prior's range", (BOX.left + SWATCH + 8, y)))
    return joined(*rows)


def _named(weight: float) -> str:
    said = {0.0: "the first marker alone", 1.0: "as if all markers were independent"}.get(weight, "")
    return f"weight {weight:g} of further markers{f': {said}' if said else ''}"
