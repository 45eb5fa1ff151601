"""All pictures of a balloon plan's report: slices through the balloon, histograms, dose against depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.geometry import Structure, Volume
from brachyresponse.pictures.chart import Axis, Curve, Line, line_chart
from brachyresponse.pictures.chart_theme import LIGHT
from brachyresponse.pictures.colours import isodose_levels, structure_styles
from brachyresponse.pictures.drawing import why_not_drawn
from brachyresponse.pictures.dvh_chart import dvh_chart
from brachyresponse.pictures.legend import slice_legend
from brachyresponse.pictures.plan_pictures import view_size_mm
from brachyresponse.pictures.plane import planes_through
from brachyresponse.pictures.slice_picture import PicturedImplant, slice_picture
from brachyresponse.report.balloon_report import BalloonPictures
from brachyresponse.report.markup import Markup
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.planning import PlanAnatomy
    from brachyresponse.planning.balloon import BalloonEvaluation

LEVELS_PERCENT = (400.0, 200.0, 150.0, 100.0, 50.0)
LEAST_GY = 1e-3


def balloon_pictures(evaluation: BalloonEvaluation, anatomy: PlanAnatomy, image: Volume | None) -> BalloonPictures:
    """Return slices through the balloon's centre, the dose-volume histograms, and dose against depth.

    Without an image or without VTK there are no slices; ``slices_missing`` says why.
    """
    depth = depth_chart(evaluation)
    shown = {evaluation.plan.balloon_name: evaluation.shape.outer, **evaluation.shells}
    styles = structure_styles([*shown, *evaluation.dvhs], [evaluation.plan.target])
    dvh = dvh_chart(evaluation.dvhs, evaluation.plan.prescription_gy, styles=styles)
    missing = why_not_drawn() if image is not None else "There is no image, so that there are no slices."
    if image is None or missing:
        return BalloonPictures(dvh=dvh, depth=depth, slices_missing=missing)
    pictured = _pictured(evaluation, anatomy, image)
    size_mm = view_size_mm(evaluation.shells[evaluation.plan.target])
    planes = planes_through(evaluation.shape.surface.centre_mm, size_mm)
    return BalloonPictures(
        slices=tuple(slice_picture(pictured, plane) for plane in planes),
        legend=slice_legend(pictured),
        dvh=dvh,
        depth=depth,
    )


def depth_chart(evaluation: BalloonEvaluation) -> Markup:
    """Return dose against depth outside the balloon: the mean over the surface, its range, and the sphere's."""
    curve, plan = evaluation.curve, evaluation.plan
    accent, other = LIGHT.series[:2]
    fine_mm = np.linspace(0.0, float(curve.depth_mm[-1]), 241)
    curves = [Curve("mean over the surface", fine_mm, _between(fine_mm, curve.depth_mm, curve.mean_gy), accent)]
    if evaluation.shape.sphere is None:
        low, high = (_between(fine_mm, curve.depth_mm, values) for values in (curve.low_gy, curve.high_gy))
        sphere = _between(fine_mm, curve.depth_mm, curve.sphere_gy)
        curves += [
            Curve("least over the surface", fine_mm, low, accent, "2 2.5", 1.2),
            Curve("most over the surface", fine_mm, high, accent, "7 3", 1.2),
            Curve("sphere of the same volume", fine_mm, sphere, other, "9 3 2 3", 1.6),
        ]
    highest = float(np.nanmax(curve.high_gy))
    return line_chart(
        curves,
        Axis("Depth outside the balloon's surface (mm)", 0, float(curve.depth_mm[-1])),
        Axis("Dose (Gy)", 0, float(np.ceil(highest / 50) * 50)),
        title="Dose against depth outside the balloon",
        lines=[
            Line(plan.prescription_depth_mm, f"{plan.prescription_depth_mm:g} mm"),
            Line(plan.prescription_gy, f"prescription {plan.prescription_gy:g} Gy", vertical=False),
        ],
    )


def _between(depth_mm: FloatArray, known_mm: FloatArray, dose_gy: FloatArray) -> FloatArray:
    """Doses between the known depths: straight in the logarithm."""
    found: FloatArray = np.exp(np.interp(depth_mm, known_mm, np.log(np.maximum(dose_gy, LEAST_GY))))
    return found


def _pictured(evaluation: BalloonEvaluation, anatomy: PlanAnatomy, image: Volume) -> PicturedImplant:
    plan = evaluation.plan
    named = dict.fromkeys([*anatomy.roles.names, *plan.barriers, *plan.gaps])
    drawn: dict[str, Structure] = {name: anatomy.structures[name] for name in named if name in anatomy.structures}
    structures = {plan.balloon_name: evaluation.shape.outer, plan.target: evaluation.shells[plan.target], **drawn}
    return PicturedImplant(
        anatomy=image,
        structures=structures,
        styles=structure_styles(structures, [plan.target]),
        target=plan.target,
        dose=Volume("dose", evaluation.dose_gy, evaluation.grid, "Gy"),
        levels=isodose_levels(plan.prescription_gy, LEVELS_PERCENT),
    )
