"""The ADC of a lesion and its parts against white matter: a histogram with its percentiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.pictures.chart import Axis, shortened
from brachyresponse.pictures.chart_theme import LIGHT, SMALL, ChartTheme, chart_svg
from brachyresponse.pictures.framed_plot import Box, FramedPlot
from brachyresponse.pictures.response_plot import label, segment
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.types import FloatArray

WIDTH = 600.0
BOX = Box(58, 24, 522, 220)
LANE, LANES_TOP = 38.0, BOX.bottom + 62
MEDIAN = 50.0
PERCENTILE_WORDS = {MEDIAN: "median"}
TITLE = "Apparent diffusion coefficient"
DASHES = ("", "8 3", "2 3", "8 3 2 3")
SHOWN_SHARE = 1e-3
"""Bins at both ends that together hold less of every part are not shown."""


@dataclass(frozen=True, eq=False)
class HistogramPart:
    """One part of a lesion, or the reference.

    Parameters
    ----------
    name
        As in the legend.
    edges_um2_per_s
        (B + 1,) of the bins, 1e-6 mm2/s.
    share
        (B,) of the part's volume in each bin; together 1.
    percentiles
        ADC by percent: 5, 10, 50, 90.
    is_reference
        White matter: drawn filled, behind the others.
    """

    name: str
    edges_um2_per_s: FloatArray
    share: FloatArray
    percentiles: Mapping[float, float] = field(default_factory=dict)
    is_reference: bool = False


def diffusion_histogram(parts: Sequence[HistogramPart], *, theme: ChartTheme = LIGHT) -> Markup:
    """Return the histogram as an SVG element, the percentiles of each part in a lane below; nothing without parts."""
    if not parts:
        return NOTHING
    low, high = _shown(parts)
    highest = max(float(100 * part.share.max(initial=0.0)) for part in parts)
    plot = FramedPlot(
        Axis("ADC (10⁻⁶ mm²/s)", low, high),
        Axis("Share of the volume in a bin (%)", 0, 1.08 * highest or 1.0),
        BOX,
        theme,
    )
    ordered = sorted(parts, key=lambda part: not part.is_reference)
    styles = {part.name: _style(number, theme) for number, part in enumerate(p for p in parts if not p.is_reference)}
    return chart_svg(
        (WIDTH, LANES_TOP + LANE * len(parts) - 8),
        theme,
        f"{TITLE}: {', '.join(part.name for part in parts)}",
        plot.x_axis(count=8),
        plot.y_axis(),
        *(_steps(plot, part, styles) for part in ordered),
        *(_lane(plot, part, styles, number) for number, part in enumerate(parts)),
    )


def _style(number: int, theme: ChartTheme) -> tuple[str, str]:
    return theme.series[number % len(theme.series)], DASHES[number % len(DASHES)]


def _shown(parts: Sequence[HistogramPart]) -> tuple[float, float]:
    """Return the range in which all but a thousandth of each part lies."""
    lows, highs = [], []
    for part in parts:
        running = np.cumsum(part.share)
        total = running[-1] if running.size else 0.0
        first = int(np.searchsorted(running, SHOWN_SHARE * total))
        last = int(np.searchsorted(running, (1 - SHOWN_SHARE) * total))
        lows.append(float(part.edges_um2_per_s[first]))
        highs.append(float(part.edges_um2_per_s[min(last + 1, len(part.edges_um2_per_s) - 1)]))
    low, high = min(lows), max(highs)
    return (low, high) if high > low else (low, low + 1.0)


def _steps(plot: FramedPlot, part: HistogramPart, styles: Mapping[str, tuple[str, str]]) -> Markup:
    x = np.repeat(part.edges_um2_per_s, 2)
    y = np.concatenate([[0.0], np.repeat(100 * part.share, 2), [0.0]])
    inside = np.clip(x, plot.x.lower, plot.x.upper)
    if part.is_reference:
        steps = "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(plot.px(inside), plot.py(y), strict=True))
        return element("path", element("title", part.name), d=f"M{steps}Z", fill=plot.theme.quiet, fill_opacity="0.35")
    colour, dash = styles[part.name]
    return plot.curve(inside, y, colour, stroke_width="2", stroke_dasharray=dash or None)


def _lane(plot: FramedPlot, part: HistogramPart, styles: Mapping[str, tuple[str, str]], number: int) -> Markup:
    """Return a part's name with its percentiles in numbers, and under it the same as marks on the histogram's axis."""
    y = LANES_TOP + LANE * number
    colour, dash = styles.get(part.name, (plot.theme.quiet, ""))
    known = {percent: value for percent, value in sorted(part.percentiles.items()) if np.isfinite(value)}
    numbers = ", ".join(
        f"{PERCENTILE_WORDS.get(percent, f'{percent:g}th')} {value:.0f}" for percent, value in known.items()
    )
    thick = {"stroke_width": "10", "stroke_opacity": "0.5"} if part.is_reference else {"stroke_width": "3"}
    swatch = segment((BOX.left, y - 4), (BOX.left + 28, y - 4), colour, stroke_dasharray=dash or None, **thick)
    name = label(shortened(part.name), (BOX.left + 36, y), font_weight="bold")
    values = label(numbers, (BOX.right, y), anchor="end", font_size=f"{SMALL:g}", fill=plot.theme.quiet)
    return joined(swatch, name, values, _marks(plot, known, y + 12, colour))


def _marks(plot: FramedPlot, known: Mapping[float, float], y: float, colour: str) -> Markup:
    """Return a line from the lowest to the highest percentile with a mark at each, the median's thick."""
    places = {percent: float(plot.px(min(max(value, plot.x.lower), plot.x.upper))) for percent, value in known.items()}
    if not places:
        return NOTHING
    span = segment((min(places.values()), y), (max(places.values()), y), colour, stroke_width="1.6")
    marks = (
        segment((at, y - 5), (at, y + 5), colour, stroke_width="4" if percent == MEDIAN else "1.4")
        for percent, at in places.items()
    )
    return joined(span, *marks)
