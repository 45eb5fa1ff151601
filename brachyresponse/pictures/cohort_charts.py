"""Charts of a cohort: every case from plan to implant, and Bland and Altman's plot of their agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.pictures.chart import Axis, Curve, Line, line_chart
from brachyresponse.report.markup import Markup
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.cohort import Agreement, CohortRow

CASE_COLOUR, MIDDLE_COLOUR = "#8aa4bf", "#b3261e"
MOST_LINES = 150
"""Cases in one curve: longer ones are thinned out, which would join the wrong ends."""
SIZE = (470.0, 300.0)
MARGIN = 0.08
LABEL_ROOM = 0.35
"""Share of the range left free at the right, for the labels of the levels."""


@dataclass(frozen=True)
class _PlanToImplant(Axis):
    """An axis with two places and no numbers."""

    def ticks(self, count: int = 7) -> list[float]:
        return []


def paired_chart(row: CohortRow) -> Markup:
    """Return each case as a line from its planned to its implanted value, and the medians, as an SVG element."""
    median = np.array([row.comparison.plan.median, row.comparison.implant.median])
    curves = [_cases(part, row) for part in _parts(len(row.plan))]
    curves.append(Curve("median", np.array([0.0, 1.0]), median, MIDDLE_COLOUR, width=3.5, points=True))
    return line_chart(
        curves,
        _PlanToImplant("", -0.25, 1.25),
        _axis(row.key.heading, np.concatenate([row.plan, row.implant])),
        title=f"{row.key.title} as planned and as implanted, {len(row.plan)} cases",
        lines=[Line(0.0, "plan"), Line(1.0, "implant")],
        size=SIZE,
    )


def agreement_chart(row: CohortRow, agreement: Agreement) -> Markup:
    """Return differences against means with the bias and the limits of agreement, as an SVG element."""
    cases = Curve("case", agreement.means, agreement.differences, CASE_COLOUR, points=True, joined=False)
    levels = {"bias": agreement.bias, "−1.96 SD": agreement.lower_limit, "+1.96 SD": agreement.upper_limit}
    shown = np.concatenate([agreement.differences, [0.0, *levels.values()]])
    unit = f" ({row.key.unit})" if row.key.unit else ""
    means = _axis(f"Mean of plan and implant{unit}", agreement.means)
    return line_chart(
        [cases],
        replace(means, upper=means.upper + LABEL_ROOM * (means.upper - means.lower)),
        _axis(f"Implant − plan{unit}", shown),
        title=f"Agreement of {row.key.title}, {len(agreement.means)} cases",
        lines=[Line(value, f"{name} {value:.{row.key.decimals}f}", vertical=False) for name, value in levels.items()],
        size=SIZE,
    )


def _cases(part: slice, row: CohortRow) -> Curve:
    """Some cases as one curve with gaps between them."""
    plan, implant = row.plan[part], row.implant[part]
    gap = np.full(len(plan), np.nan)
    x = np.tile([0.0, 1.0, np.nan], len(plan))
    name = f"case (n = {len(row.plan)})" if part.start == 0 else ""
    return Curve(name, x, np.stack([plan, implant, gap], axis=1).ravel(), CASE_COLOUR, width=1.2, points=True)


def _parts(count: int) -> Sequence[slice]:
    return [slice(start, start + MOST_LINES) for start in range(0, count, MOST_LINES)]


def _axis(title: str, values: FloatArray) -> Axis:
    lower, upper = float(values.min()), float(values.max())
    room = MARGIN * (upper - lower) or max(abs(upper), 1.0) * MARGIN
    return Axis(title, lower - room, upper + room)
