"""The names of metabolites over the peaks of a spectrum, in rows in which none covers another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from brachyresponse.pictures.chart_theme import CHARACTER, FONT_SIZE
from brachyresponse.pictures.framed_plot import FramedPlot
from brachyresponse.pictures.response_plot import label, segment
from brachyresponse.report.markup import Markup, joined
from brachyresponse.types import FloatArray

ROW = 14.0
BETWEEN, SAME_PLACE = 6.0, 7.0
LEAST_SHARE = 0.02
"""A component below this share of the largest has no peak to point at."""


def placed_peaks(
    plot: FramedPlot, ppm: FloatArray, components: Mapping[str, FloatArray], refused: Mapping[str, str]
) -> Markup:
    """Return a name for each metabolite above its largest peak, with a thin line down; refused ones in brackets."""
    ends: list[float] = []
    drawn = []
    for at, names in _merged({name: float(plot.px(at)) for name, at in _peaks(ppm, components).items()}):
        said = ", ".join(f"({name})" if name in refused else name for name in names)
        half = CHARACTER * FONT_SIZE * len(said) / 2
        row = next((n for n, end in enumerate(ends) if end + BETWEEN <= at - half), len(ends))
        ends[row : row + 1] = [at + half]
        y = plot.box.top - 5 - ROW * row
        colour = plot.theme.quiet if all(name in refused for name in names) else plot.theme.ink
        drawn.append(segment((at, y + 2), (at, plot.box.top + 8), plot.theme.quiet, stroke_width="0.7"))
        drawn.append(label(said, (at, y), anchor="middle", fill=colour))
    return joined(*drawn)


def _merged(places: Mapping[str, float]) -> list[tuple[float, list[str]]]:
    """Return the names from left to right; those whose peaks lie on one another share a place."""
    found: list[tuple[float, list[str]]] = []
    for name, at in sorted(places.items(), key=lambda one: one[1]):
        if found and at - found[-1][0] < SAME_PLACE:
            found[-1][1].append(name)
        else:
            found.append((at, [name]))
    return found


def _peaks(ppm: FloatArray, components: Mapping[str, FloatArray]) -> dict[str, float]:
    heights = {name: float(np.abs(values).max(initial=0.0)) for name, values in components.items()}
    least = LEAST_SHARE * max(heights.values(), default=0.0)
    return {
        name: float(ppm[int(np.argmax(np.abs(values)))]) for name, values in components.items() if heights[name] > least
    }
