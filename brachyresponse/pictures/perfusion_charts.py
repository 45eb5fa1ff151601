"""Curves of a study with their fits, and the motion of a series, as charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.pictures.chart import LONGEST_NAME, Axis, Curve, Line, line_chart, shortened
from brachyresponse.pictures.colours import Style
from brachyresponse.report.markup import NOTHING, Markup
from brachyresponse.types import AnyArray, FloatArray

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brachyresponse.perfusion.study import StudyCurve

SPARE = 0.06
"""Share of the range that is left free above and below the curves."""
FIT, FIT_WIDTH = ", fit", 2.4
MOST_MEASURED_POINTS = 160
SIZE = (760.0, 260.0)
AXIS_COLOURS = {"R": "#e0245e", "A": "#2b9a4a", "S": "#2f7ed8"}


def curves_chart(
    curves: Sequence[StudyCurve], styles: Mapping[str, Style], *, title: str, lines: Sequence[Line] = ()
) -> Markup:
    """Return measured curves as dots and their fits as lines, as an SVG element; nothing where there are no curves.

    Parameters
    ----------
    curves
        Of one unit.
    styles
        By the name of the curve.
    lines
        Times to be marked, as the arrival of the bolus.
    """
    if not curves:
        return NOTHING
    drawn = [part for curve in curves for part in _drawn(curve, styles[curve.name].colour)]
    times = np.concatenate([curve.time_s for curve in curves])
    lower, upper = _range(np.concatenate([part.y for part in drawn]))
    return line_chart(
        drawn,
        Axis("Time (s)", float(times.min()), float(times.max())),
        Axis(_quantity(curves[0].unit), lower, upper),
        title=title,
        lines=lines,
        size=SIZE,
    )


def motion_chart(time_s: FloatArray, translations_mm: AnyArray, rotations_deg: AnyArray) -> Markup:
    """Return the motion of a series as an SVG element: (T, 3) shifts in mm and turns in degrees, along R, A and S."""
    curves = []
    for axis, (letter, colour) in enumerate(AXIS_COLOURS.items()):
        curves.append(Curve(f"shift {letter} (mm)", time_s, np.asarray(translations_mm[:, axis], float), colour))
        turn = np.asarray(rotations_deg[:, axis], float)
        curves.append(Curve(f"turn about {letter} (°)", time_s, turn, colour, dash="6 3"))
    lower, upper = _range(np.concatenate([curve.y for curve in curves]), least=0.5)
    return line_chart(
        curves,
        Axis("Time (s)", float(time_s.min()), float(time_s.max())),
        Axis("Shift (mm), turn (°)", lower, upper),
        title="Motion of the head during the series",
        size=SIZE,
    )


def _drawn(curve: StudyCurve, colour: str) -> list[Curve]:
    if curve.fitted is None:
        return [Curve(curve.name, curve.time_s, curve.values, colour, width=1.8)]
    of_fit = f"{shortened(curve.name, LONGEST_NAME - len(FIT))}{FIT}"
    measured = Curve(curve.name, curve.time_s, curve.values, colour, points=True, joined=False)
    return [measured, Curve(of_fit, curve.time_s, curve.fitted, colour, width=FIT_WIDTH)]


def _quantity(unit: str) -> str:
    return "Concentration (mmol/L)" if unit == "mmol/L" else "Change of R2* (1/s)"


def _range(values: FloatArray, least: float = 1e-3) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    low, high = float(known.min(initial=0.0)), float(known.max(initial=0.0))
    spare = SPARE * max(high - low, least)
    return low - spare, high + spare
