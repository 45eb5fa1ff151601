"""BED of a tumour over time: how it rises, where regrowth overtakes it, and how far that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.pictures.chart import Axis, Curve, line_chart
from brachyresponse.report.markup import NOTHING, Markup
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.dose.biology import BiologicalDose, BiologyEvaluation, Extent

LONGEST_HALF_LIVES = 6.0
POINTS = 121
COLOURS = ("#e0245e", "#2f7ed8", "#f08c00", "#2b9a4a")
DASHES = {"low": "7 3", "mid": "", "high": "2 2.5"}
NAMES = {"low": "least", "mid": "likely", "high": "greatest"}


def biology_chart(evaluation: BiologyEvaluation) -> Markup:
    """Return BED at the D90 of each tumour over time, least, likely and greatest, as an SVG element.

    Nothing where no tissue regrows: BED then only rises with the dose.
    """
    tumours = [dose for dose in evaluation.doses.values() if dose.tissue.regrows]
    if not tumours:
        return NOTHING
    exposure = evaluation.exposure
    end = LONGEST_HALF_LIVES * exposure.half_life_days if exposure.is_permanent else exposure.duration_days
    days = np.linspace(0, end, POINTS)
    curves = [
        Curve(f"{dose.name}, {NAMES[extent]}", days, _course(dose, extent, days), colour, DASHES[extent])
        for dose, colour in zip(tumours, COLOURS * len(tumours), strict=False)
        for extent in _extents()
    ]
    highest = max(float(np.nanmax(curve.y)) for curve in curves)
    return line_chart(
        curves,
        Axis("Days after the start", 0, end),
        Axis("BED at D90 (Gy)", 0, max(1.1 * highest, 1.0)),
        title="BED over time",
    )


def _extents() -> tuple[Extent, ...]:
    from brachyresponse.dose.biology import Extent

    return tuple(Extent)


def _course(dose: BiologicalDose, extent: Extent, days: FloatArray) -> FloatArray:
    """Return BED at each time with what has regrown by then; nothing is drawn below 0."""
    from brachyresponse.dose.biology import bed_until_gy
    from brachyresponse.dose.biology.bounds import parameters_at

    found = parameters_at(dose.tissue, extent)
    rate = dose.exposure.initial_rate_cgy_per_h(dose.dose.d(90))
    given = bed_until_gy(
        rate,
        days,
        half_life_days=dose.exposure.half_life_days,
        alpha_beta_gy=found["alpha_beta_gy"],
        repair_half_time_h=found["repair_half_time_h"],
    )
    lost_per_day = np.log(2) / (found["alpha_per_gy"] * found["doubling_time_days"])
    left = given - lost_per_day * np.maximum(days - found["kick_off_days"], 0)
    return np.where(left >= 0, left, np.nan)
