"""The answer as a bar: where the probability of recurrence lies after the markers, and where it lay before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from brachyresponse.pictures.chart import Axis
from brachyresponse.pictures.chart_theme import LIGHT, SMALL, ChartTheme, chart_svg, text_lines
from brachyresponse.pictures.framed_plot import Box, FramedPlot
from brachyresponse.pictures.response_plot import label, segment
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.response_evidence_words import range_words

if TYPE_CHECKING:
    from brachyresponse.response.evidence import Prior

WIDTH, HEIGHT = 560.0, 176.0
BOX = Box(84, 30, 456, 66)
AXIS = Axis("Probability of recurrence (%)", 0, 100)
THICK, THIN = 20.0, 7.0
EVIDENCE_Y, PRIOR_Y = 54.0, 82.0
HALF = 50.0
NO_BAR = "no marker could be weighed: there is no interval"
NECROSIS, RECURRENCE = "◀ radiation necrosis", "recurrence ▶"


Range = tuple[float, float, float]
"""Low, middle and high probability of recurrence, 0 to 1."""


@dataclass(frozen=True)
class _Bar:
    """A bar on the axis of probability: its range, and where it lies."""

    range: Range
    y: float
    thickness: float


def evidence_bar(interval: Range | None, prior: Prior, *, theme: ChartTheme = LIGHT) -> Markup:
    """Return the bar as an SVG element: the interval above the prior's range, with the line at 50 %.

    Parameters
    ----------
    interval
        Percentiles 2.5, 50 and 97.5 of the probability of recurrence, 0 to 1; None where nothing could be weighed.
    prior
        Its range and middle stand in the thin bar.
    """
    plot = FramedPlot(AXIS, Axis("", 0, 1), BOX, theme)
    before = (prior.low, prior.mid, prior.high)
    evidence = "none" if interval is None else f"{range_words(*interval)} (2.5th and 97.5th percentile)"
    said = (f"Evidence: {evidence}.", f"Prior: {range_words(*before)}.")
    return chart_svg(
        (WIDTH, HEIGHT),
        theme,
        f"Probability of recurrence. {' '.join(said)}",
        plot.x_axis(count=4),
        _ends(theme),
        label("evidence", (BOX.left - 10, EVIDENCE_Y + 4.5), anchor="end", font_weight="bold"),
        label("prior", (BOX.left - 10, PRIOR_Y + 4.5), anchor="end"),
        _drawn(plot, _Bar(before, PRIOR_Y, THIN)),
        NOTHING if interval is None else _drawn(plot, _Bar(interval, EVIDENCE_Y, THICK)),
        _half(plot),
        _none(theme) if interval is None else NOTHING,
        text_lines(said, (12, BOX.bottom + 58), step=15, font_size=f"{SMALL:g}", fill=theme.quiet),
    )


def _ends(theme: ChartTheme) -> Markup:
    ends = {"font_weight": "bold", "fill": theme.ink}
    return joined(
        label(NECROSIS, (BOX.left, 20), **ends),
        label(RECURRENCE, (BOX.right, 20), anchor="end", **ends),
        label("50 %", (BOX.middle[0], 20), anchor="middle", fill=theme.quiet),
    )


def _drawn(plot: FramedPlot, bar: _Bar) -> Markup:
    """Return a bar, what lies to the left of 50 % in the colour of necrosis and the rest in that of recurrence."""
    theme = plot.theme
    low, mid, high = (100 * value for value in bar.range)
    sides = ((low, min(high, HALF), theme.necrosis), (max(low, HALF), high, theme.recurrence))
    parts = [_rectangle(plot, (start, end), bar, colour) for start, end, colour in sides if end > start]
    outline = _rectangle(plot, (low, high), bar, "none", stroke=theme.ink, stroke_width="1")
    at, reach = float(plot.px(mid)), bar.thickness / 2 + 4
    halo = segment((at, bar.y - reach), (at, bar.y + reach), theme.paper, stroke_width="5")
    middle = segment((at, bar.y - reach), (at, bar.y + reach), theme.ink, stroke_width="2.2")
    return joined(*parts, outline, halo, middle)


def _rectangle(plot: FramedPlot, ends: tuple[float, float], bar: _Bar, fill: str, **attributes: object) -> Markup:
    start, end = (float(plot.px(value)) for value in ends)
    place = {"x": f"{start:.1f}", "width": f"{end - start:.1f}"}
    return element(
        "rect", **place, y=f"{bar.y - bar.thickness / 2:.1f}", height=f"{bar.thickness:g}", fill=fill, **attributes
    )


def _none(theme: ChartTheme) -> Markup:
    box = {"x": f"{BOX.left:g}", "y": f"{EVIDENCE_Y - THICK / 2:g}", "width": f"{BOX.width:g}", "height": f"{THICK:g}"}
    said = label(NO_BAR, (BOX.middle[0], EVIDENCE_Y + 4.5), anchor="middle", font_style="italic", fill=theme.ink)
    return joined(element("rect", **box, fill=theme.paper, stroke=theme.quiet, stroke_dasharray="4 3"), said)


def _half(plot: FramedPlot) -> Markup:
    at = float(plot.px(HALF))
    return segment((at, BOX.top - 4), (at, BOX.bottom), plot.theme.ink, stroke_dasharray="5 3", stroke_width="1.4")
