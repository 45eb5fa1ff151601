"""Dose-volume histogram as a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.pictures.chart import Axis, Curve, Line, line_chart
from brachyresponse.pictures.colours import Style, structure_styles
from brachyresponse.report.markup import Markup
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.dose import Dvh

SHOWN_PERCENT_OF_PRESCRIPTION = 300.0
PLAN_DASH = "7 4"
BESIDE_TEXT = (560.0, 330.0)


def dvh_chart(dvhs: Mapping[str, Dvh], prescription_gy: float, *, styles: Mapping[str, Style] | None = None) -> Markup:
    """Return the cumulative histograms of an implant as an SVG element, up to three times the prescription.

    Parameters
    ----------
    dvhs
        Histogram of each structure, in the order of the legend.
    prescription_gy
        Marked by a line.
    styles
        Colour and dash of each structure; by default from the order.
    """
    chosen = styles or structure_styles(dvhs)
    upper_gy = prescription_gy * SHOWN_PERCENT_OF_PRESCRIPTION / 100
    dose_gy = np.linspace(0, upper_gy, 601)
    curves = [_curve(name, dvh, dose_gy, chosen[name]) for name, dvh in dvhs.items()]
    prescription = Line(prescription_gy, f"prescription {prescription_gy:g} Gy")
    return line_chart(
        curves,
        Axis("Dose (Gy)", 0, upper_gy),
        Axis("Volume at or above the dose (%)", 0, 100),
        title="Cumulative dose-volume histogram",
        lines=[prescription],
    )


def comparison_chart(
    plan: Mapping[str, Dvh], implant: Mapping[str, Dvh], prescription_gy: float, *, colours: Mapping[str, str]
) -> Markup:
    """Return the cumulative histograms of plan (dashed) and implant (full) as an SVG element, a colour a structure."""
    upper_gy = prescription_gy * SHOWN_PERCENT_OF_PRESCRIPTION / 100
    dose_gy = np.linspace(0, upper_gy, 601)
    curves = []
    for name, dvh in implant.items():
        if name in plan:
            curves.append(_curve(f"{name}, plan", plan[name], dose_gy, Style(colours[name], PLAN_DASH)))
        curves.append(_curve(f"{name}, implant", dvh, dose_gy, Style(colours[name])))
    return line_chart(
        curves,
        Axis("Dose (Gy)", 0, upper_gy),
        Axis("Volume at or above the dose (%)", 0, 100),
        title="Cumulative dose-volume histograms of plan and implant",
        lines=[Line(prescription_gy, f"prescription {prescription_gy:g} Gy")],
        size=BESIDE_TEXT,
    )


def _curve(name: str, dvh: Dvh, dose_gy: FloatArray, style: Style) -> Curve:
    percent = dvh.cumulative_cc(dose_gy) / dvh.inside_cc * 100
    return Curve(f"{name} ({dvh.volume_cc:.3g} cc)", dose_gy, percent, style.colour, style.dash)
