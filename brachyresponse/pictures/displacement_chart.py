"""How far the seeds lie from where they were planned, as charts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.pictures.chart import Axis, Curve, Line, line_chart
from brachyresponse.report.markup import Markup
from brachyresponse.types import FloatArray

ALONG_COLOUR, LATERAL_COLOUR, TOTAL_COLOUR = "#2f7ed8", "#f08c00", "#1c2733"
LEAST_RANGE_MM = 2.0


def displacement_chart(seed_numbers: ArrayLike, along_mm: FloatArray, lateral_mm: FloatArray) -> Markup:
    """Return displacement of each matched seed: along its needle (deeper positive) and lateral, mm.

    Parameters
    ----------
    seed_numbers
        Planned numbers, (P,).
    along_mm, lateral_mm
        (P,); NaN where not known.
    """
    numbers, total = np.asarray(seed_numbers, float), np.hypot(along_mm, lateral_mm)
    curves = [
        _dots("total", numbers, total, TOTAL_COLOUR),
        _dots("along needle", numbers, along_mm, ALONG_COLOUR),
        _dots("lateral", numbers, lateral_mm, LATERAL_COLOUR),
    ]
    lower, upper = _range(np.concatenate([along_mm, lateral_mm, total]))
    last = float(numbers.max(initial=1.0))
    return line_chart(
        curves,
        Axis("Planned seed", 0, last + 1),
        Axis("Displacement (mm)", lower, upper),
        title="Displacement of each seed",
        lines=[Line(0.0, "", vertical=False)],
    )


def _dots(name: str, x: FloatArray, y: FloatArray, colour: str) -> Curve:
    return Curve(name, x, y, colour, points=True, joined=False)


def _range(values_mm: FloatArray) -> tuple[float, float]:
    known = values_mm[np.isfinite(values_mm)]
    highest = max(float(known.max(initial=0.0)), LEAST_RANGE_MM)
    lowest = min(float(known.min(initial=0.0)), 0.0)
    return float(np.floor(lowest - 0.1 * highest)), float(np.ceil(1.1 * highest))
