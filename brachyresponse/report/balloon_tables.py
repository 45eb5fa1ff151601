"""Tables of a balloon plan's report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.report.document import table
from brachyresponse.report.markup import Markup, element
from brachyresponse.report.plan_tables import verdict_word

if TYPE_CHECKING:
    from brachyresponse.dose.metrics import Metric
    from brachyresponse.planning.balloon import BalloonEvaluation, BalloonPlan, Sector
    from brachyresponse.planning.balloon.figures import DepthCurve

TABLED_MM = (0.0, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0)


def figure_table(figures: Sequence[Metric]) -> Markup:
    """Return the figures of the balloon, one a row."""
    rows = ([metric.label, metric.text, element("span", metric.formula, class_="quiet")] for metric in figures)
    return table(["Figure", "Found", "What it is"], rows, numbers=(1,))


def sector_table(evaluation: BalloonEvaluation) -> Markup:
    """Return the six sectors: radius, doses, depth of the prescription; gap and barrier where drawn."""
    plan = evaluation.plan
    headings = [
        "Sector",
        "Radius mm",
        "Surface Gy",
        f"At {plan.prescription_depth_mm:g} mm Gy",
        f"{plan.prescription_gy:g} Gy reach mm",
        *(["Thickest gap mm"] if plan.gaps else []),
        *(["To barrier mm"] if plan.barriers else []),
    ]
    rows = (_sector_row(sector, plan) for sector in evaluation.sectors)
    return table(headings, rows, numbers=range(1, len(headings)))


def _sector_row(sector: Sector, plan: BalloonPlan) -> list[str | None]:
    clearance = "none within 30" if sector.clearance_mm is None else f"{sector.clearance_mm:.1f}"
    return [
        sector.name.capitalize(),
        f"{sector.radius_mm:.1f}",
        f"{sector.surface_gy:.0f}",
        None if sector.at_depth_gy is None else f"{sector.at_depth_gy:.1f}",
        f"{sector.mean_depth_mm:.1f} (least {sector.least_depth_mm:.1f})",
        *([f"{sector.gap_mm:.1f}"] if plan.gaps else []),
        *([clearance] if plan.barriers else []),
    ]


def depth_table(curve: DepthCurve, *, is_sphere: bool) -> Markup:
    """Return dose against depth: mean over the surface, and for a drawn balloon its range and the sphere's dose."""
    rows = []
    for depth in TABLED_MM:
        at = int(np.flatnonzero(curve.depth_mm == depth)[0])
        row = [f"{depth:g}", _gy(curve.mean_gy[at])]
        if not is_sphere:
            low, high = _gy(curve.low_gy[at]), _gy(curve.high_gy[at])
            row += [f"{low} to {high}" if low and high else None, _gy(curve.sphere_gy[at])]
        rows.append(row)
    headings = ["Depth mm", "Mean Gy", *([] if is_sphere else ["Range Gy", "Sphere of the same volume Gy"])]
    return table(headings, rows, numbers=range(len(headings)))


def balance_table(evaluation: BalloonEvaluation) -> Markup:
    """Return the balance of the activity, and the comparisons of the fill volume; nothing where neither is known."""
    rows = [
        [f"Fill volume against {fill.other}", fill.sentence, verdict_word(not fill.is_flagged)]
        for fill in evaluation.fill
    ]
    if evaluation.leakage is not None:
        balance = evaluation.leakage
        rows.append(["Activity recovered", balance.sentence, verdict_word(not balance.is_flagged)])
    return table(["What", "Found", "Result"], rows) if rows else Markup()


def _gy(dose_gy: float) -> str | None:
    return f"{dose_gy:.4g}" if np.isfinite(dose_gy) else None
