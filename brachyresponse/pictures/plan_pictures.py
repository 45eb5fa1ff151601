"""All pictures of a plan's report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.geometry import Structure, Volume
from brachyresponse.pictures.colours import isodose_levels, structure_styles
from brachyresponse.pictures.drawing import why_not_drawn
from brachyresponse.pictures.dvh_chart import dvh_chart
from brachyresponse.pictures.implant_picture import rendered_implant
from brachyresponse.pictures.legend import slice_legend
from brachyresponse.pictures.plane import planes_through
from brachyresponse.pictures.slice_picture import PicturedImplant, slice_picture
from brachyresponse.report import PlanPictures

if TYPE_CHECKING:
    from brachyresponse.planning import PlanAnatomy, PlanEvaluation

ROUND_TARGET_MM = 28.0
SMALLEST_VIEW_MM = 80.0


def plan_pictures(
    evaluation: PlanEvaluation, anatomy: PlanAnatomy, image: Volume, *, in_3d: bool = True
) -> PlanPictures:
    """Return slices through the target's centre, the implant in 3D and the dose-volume histograms.

    Where OpenGL is not available the 3D picture is missing, without VTK the slices too; ``implant_missing`` says why.
    """
    plan = evaluation.plan
    implant = _pictured(evaluation, anatomy, image)
    dvh = dvh_chart(evaluation.dvhs, plan.prescription_gy, styles=implant.styles)
    if no_vtk := why_not_drawn():
        return PlanPictures(dvh=dvh, implant_missing=no_vtk)
    target = anatomy.structures[plan.target]
    planes = planes_through(target.centre_mm, view_size_mm(target))
    rendered, missing = rendered_implant(implant) if in_3d else (None, "The 3D picture was not asked for.")
    return PlanPictures(
        slices=tuple(slice_picture(implant, plane) for plane in planes),
        legend=slice_legend(implant),
        dvh=dvh,
        implant=rendered,
        implant_missing=missing,
    )


def _pictured(evaluation: PlanEvaluation, anatomy: PlanAnatomy, image: Volume) -> PicturedImplant:
    plan = evaluation.plan
    names = list(dict.fromkeys([plan.target, *anatomy.roles.names]))
    styles = structure_styles([*names, *evaluation.dvhs], [plan.target, *anatomy.roles.targets])
    return PicturedImplant(
        anatomy=image,
        structures={name: anatomy.structures[name] for name in names},
        styles=styles,
        target=plan.target,
        dose=Volume("dose", evaluation.dose_gy, evaluation.grid, "Gy"),
        levels=isodose_levels(plan.prescription_gy),
        seeds=plan.seeds,
        needles=plan.needles,
    )


def view_size_mm(
    target: Structure, *, round_mm: float = ROUND_TARGET_MM, smallest_mm: float = SMALLEST_VIEW_MM
) -> float:
    """Return the side of a target's pictures: the target with what surrounds it, in whole centimetres."""
    lower, upper = target.bounds_mm()
    widest = float(np.max(upper - lower))
    return float(np.ceil(max(widest + 2 * round_mm, smallest_mm) / 10) * 10)
