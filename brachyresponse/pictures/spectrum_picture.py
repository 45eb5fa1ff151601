"""A spectrum with its fit, the baseline, what is left over, and each metabolite; chemical shift runs to the left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from textwrap import wrap

import numpy as np

from brachyresponse.pictures.chart import Axis
from brachyresponse.pictures.chart_theme import LIGHT, SMALL, ChartTheme, characters_in, chart_svg, text_lines
from brachyresponse.pictures.framed_plot import Box, FramedPlot
from brachyresponse.pictures.response_plot import label, segment
from brachyresponse.pictures.spectrum_peaks import placed_peaks
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.types import FloatArray

WIDTH = 600.0
LEFT, PLOT_WIDTH = 58.0, 352.0
NOTE_LEFT = LEFT + PLOT_WIDTH + 12
TOP, LABELS, HEADER_STEP = 30.0, 46.0, 15.0
RESIDUAL_HEIGHT, MAIN_HEIGHT, ROW_HEIGHT = 44.0, 210.0, 40.0
GAP = 12.0
SHOWN_PPM = (0.2, 4.2)
SPARE = 0.06
MOST_NOTE_LINES = 3


@dataclass(frozen=True, eq=False)
class PicturedSpectrum:
    """What is drawn of a fit: real parts after phasing, all (N,) and in one unit.

    Parameters
    ----------
    name
        Title of the picture.
    ppm
        Chemical shift, in any order.
    measured, fitted, baseline, residual
        Fit with baseline; residual is measured minus fitted.
    components
        Of each metabolite, in the order of the rows.
    notes
        What stands beside a row: its bound.
    refused
        Why a metabolite is not used; its row is grey.
    facts
        What stands under the title: signal to noise, line width.
    warning
        Why the spectrum as a whole is not used; empty where it is.
    """

    name: str
    ppm: FloatArray
    measured: FloatArray
    fitted: FloatArray
    baseline: FloatArray
    residual: FloatArray
    components: Mapping[str, FloatArray]
    notes: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    facts: str = ""
    warning: str = ""

    @property
    def header(self) -> list[str]:
        """What stands under the title, in lines."""
        said = [text for text in (self.facts, f"Not used: {self.warning}" if self.warning else "") if text]
        return [line for text in said for line in wrap(text, characters_in(WIDTH - LEFT - 12, SMALL))]


def spectrum_picture(
    spectrum: PicturedSpectrum, *, shown_ppm: tuple[float, float] = SHOWN_PPM, theme: ChartTheme = LIGHT
) -> Markup:
    """Return the spectrum as an SVG element: residual above, measured and fit, the metabolites below in rows."""
    cut = _cut(spectrum, shown_ppm)
    main = _main_plot(cut, shown_ppm, theme)
    rows_top = main.box.bottom + GAP
    height = rows_top + ROW_HEIGHT * len(cut.components) + 78
    return chart_svg(
        (WIDTH, height),
        theme,
        f"Spectrum of {spectrum.name} with its fit",
        _header(spectrum, theme),
        _residual(cut, main),
        _main(cut, main),
        _rows(cut, main, rows_top),
        _legend(theme, height - 14),
    )


def _header(spectrum: PicturedSpectrum, theme: ChartTheme) -> Markup:
    title = label(spectrum.name, (LEFT, 19), font_weight="bold")
    small = {"font_size": f"{SMALL:g}", "fill": theme.ink if spectrum.warning else theme.quiet}
    return joined(title, text_lines(spectrum.header, (LEFT, 36), step=HEADER_STEP, **small))


def _cut(spectrum: PicturedSpectrum, shown_ppm: tuple[float, float]) -> PicturedSpectrum:
    """Return what lies within the range shown, in order of the chemical shift."""
    order = np.argsort(spectrum.ppm)
    keep = order[(spectrum.ppm[order] >= shown_ppm[0]) & (spectrum.ppm[order] <= shown_ppm[1])]
    return replace(
        spectrum,
        ppm=spectrum.ppm[keep],
        measured=np.real(spectrum.measured)[keep],
        fitted=np.real(spectrum.fitted)[keep],
        baseline=np.real(spectrum.baseline)[keep],
        residual=np.real(spectrum.residual)[keep],
        components={name: np.real(values)[keep] for name, values in spectrum.components.items()},
    )


def _main_plot(cut: PicturedSpectrum, shown_ppm: tuple[float, float], theme: ChartTheme) -> FramedPlot:
    lower, upper = _range(np.concatenate([cut.measured, cut.fitted, cut.baseline]))
    strip = _residual_half(cut) / (upper - lower) * 2 * MAIN_HEIGHT
    top = TOP + HEADER_STEP * len(cut.header) + max(RESIDUAL_HEIGHT, strip) + LABELS
    box = Box(LEFT, top, PLOT_WIDTH, MAIN_HEIGHT)
    return FramedPlot(Axis("Chemical shift (ppm)", *shown_ppm), Axis("Signal", lower, upper), box, theme, True)


def _residual(cut: PicturedSpectrum, main: FramedPlot) -> Markup:
    """Return the residual in a strip of its own, on the scale of the spectrum."""
    top = TOP + HEADER_STEP * len(cut.header)
    box = Box(LEFT, top, PLOT_WIDTH, main.box.top - LABELS - top)
    half = (main.y.upper - main.y.lower) * box.height / MAIN_HEIGHT / 2
    plot = FramedPlot(main.x, Axis("", -half, half), box, main.theme, True)
    zero = segment((box.left, box.middle[1]), (box.right, box.middle[1]), main.theme.grid)
    name = label("residual", (NOTE_LEFT, box.middle[1] + 4.5), fill=main.theme.quiet)
    return joined(zero, plot.curve(cut.ppm, cut.residual, main.theme.quiet, stroke_width="1"), name)


def _residual_half(cut: PicturedSpectrum) -> float:
    known = np.abs(cut.residual[np.isfinite(cut.residual)])
    return float(known.max(initial=0.0))


def _main(cut: PicturedSpectrum, plot: FramedPlot) -> Markup:
    theme = plot.theme
    return joined(
        plot.x_axis(is_named=False),
        plot.y_title(),
        plot.curve(cut.ppm, cut.measured, theme.ink, stroke_width="1"),
        plot.curve(cut.ppm, cut.baseline, theme.series[1], stroke_width="1.6", stroke_dasharray="7 3"),
        plot.curve(cut.ppm, cut.fitted, theme.series[0], stroke_width="2.2", stroke_opacity="0.85"),
        placed_peaks(plot, cut.ppm, cut.components, cut.refused),
    )


def _rows(cut: PicturedSpectrum, main: FramedPlot, top: float) -> Markup:
    """Return a row a metabolite, all on one scale, and the axis under the last."""
    if not cut.components:
        return _axis_under(main, top)
    lower, upper = _range(np.concatenate(list(cut.components.values())))
    rows = []
    for number, (name, values) in enumerate(cut.components.items()):
        box = Box(LEFT, top + ROW_HEIGHT * number, PLOT_WIDTH, ROW_HEIGHT)
        rows.append(_row(name, values, cut, FramedPlot(main.x, Axis("", lower, upper), box, main.theme, True)))
    return joined(_axis_under(main, top + ROW_HEIGHT * len(rows)), *rows)


def _row(name: str, values: FloatArray, cut: PicturedSpectrum, plot: FramedPlot) -> Markup:
    theme, box = plot.theme, plot.box
    refused = cut.refused.get(name, "")
    colour = theme.quiet if refused else theme.series[2]
    dash = {"stroke_dasharray": "3 2"} if refused else {}
    at = float(plot.py(0))
    note = f"not used: {refused}" if refused else cut.notes.get(name, "")
    lines = wrap(note, characters_in(WIDTH - NOTE_LEFT - 4, SMALL), max_lines=MOST_NOTE_LINES, placeholder=" …")
    first = at + 4 - 6.5 * (len(lines) - 1)
    return joined(
        segment((box.left, at), (box.right, at), theme.grid),
        plot.curve(cut.ppm, values, colour, stroke_width="1.8", **dash),
        label(name, (box.left - 8, at + 4.5), anchor="end", font_weight="bold", fill=colour if refused else theme.ink),
        text_lines(lines, (NOTE_LEFT, first), step=13, font_size=f"{SMALL:g}", fill=theme.quiet) if lines else NOTHING,
        element("title", f"{name}: {note}") if note else NOTHING,
    )


def _axis_under(main: FramedPlot, bottom: float) -> Markup:
    under = FramedPlot(main.x, main.y, Box(LEFT, bottom, PLOT_WIDTH, 0), main.theme, True)
    return under.x_axis()


def _legend(theme: ChartTheme, y: float) -> Markup:
    entries = (
        ("measured", theme.ink, "1", ""),
        ("fit", theme.series[0], "2.2", ""),
        ("baseline", theme.series[1], "1.6", "7 3"),
        ("metabolite", theme.series[2], "1.8", ""),
    )
    rows = []
    for number, (name, colour, width, dash) in enumerate(entries):
        x = LEFT + 118 * number
        rows.append(segment((x, y - 4), (x + 28, y - 4), colour, stroke_width=width, stroke_dasharray=dash or None))
        rows.append(label(name, (x + 34, y)))
    return joined(*rows)


def _range(values: FloatArray) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    low, high = float(known.min(initial=0.0)), float(known.max(initial=0.0))
    spare = SPARE * (high - low or 1.0)
    return low - spare, high + spare
