"""All pictures of a verification's report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.geometry import Volume
from brachyresponse.pictures.colours import isodose_levels, structure_styles
from brachyresponse.pictures.difference_picture import difference_legend, difference_picture
from brachyresponse.pictures.displacement_chart import displacement_chart
from brachyresponse.pictures.drawing import why_not_drawn
from brachyresponse.pictures.dvh_chart import comparison_chart
from brachyresponse.pictures.implant_picture import rendered_implant
from brachyresponse.pictures.legend import slice_legend
from brachyresponse.pictures.plan_pictures import view_size_mm
from brachyresponse.pictures.plane import SlicePlane, planes_through
from brachyresponse.pictures.projection_picture import projection_picture
from brachyresponse.pictures.seed_marks import SLAB_MM
from brachyresponse.pictures.slice_picture import PicturedImplant, slice_picture
from brachyresponse.report import VerificationPictures
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.verification import Verification

LEVELS_PERCENT = (200.0, 150.0, 100.0, 50.0)
DIFFERENCE_SHARE = 0.5
"""Colours of the difference are full at this share of the prescription."""
ROUND_TARGET_MM, SMALLEST_VIEW_MM = 15.0, 50.0
"""Closer than in a plan's report: a millimetre of displacement is to be seen."""
ROUND_SEEDS_MM = 8.0
SMALLEST_PROJECTION_MM, LARGEST_PROJECTION_MM = 50.0, 200.0


def verification_pictures(verification: Verification, image: Volume, *, in_3d: bool = True) -> VerificationPictures:
    """Return slices, projections, differences, charts and the implant in 3D.

    Parameters
    ----------
    verification
        What was computed.
    image
        The implant CT, HU.
    in_3d
        Whether to render the implant. Where OpenGL is not available there is no such picture, without VTK no slices
        either; ``implant_missing`` says why.
    """
    implant = _pictured(verification, image)
    every = implant.seeds.joined(implant.reference)
    without_vtk = VerificationPictures(
        projections=tuple(_projection(implant, plane) for plane in _planes_round(every.positions_mm)),
        dvh=_dvh(verification, implant),
        displacement=_displacement(verification),
        implant_missing=why_not_drawn(),
    )
    return without_vtk if without_vtk.implant_missing else _with_drawings(without_vtk, verification, implant, in_3d)


def found_over_true(verification: Verification, image: Volume, true: Seeds) -> tuple[Markup, ...]:
    """Return projections of the implant CT with the found seeds over the true ones."""
    found = verification.implant.plan.seeds
    planes = _planes_round(found.joined(true).positions_mm)
    return tuple(projection_picture(image, plane, found, reference=true) for plane in planes)


def displacement_arrows_mm(verification: Verification) -> FloatArray:
    """Return the way of each matched seed from where it was planned to where it was found, RAS mm, (P, 2, 3)."""
    planned, found = verification.displacements.pairs.T
    tails = verification.planned_seeds.positions_mm[planned]
    return np.stack([tails, verification.found.positions_mm[found]], axis=1)


def _with_drawings(
    pictures: VerificationPictures, verification: Verification, implant: PicturedImplant, in_3d: bool
) -> VerificationPictures:
    """Return the pictures with those that VTK draws."""
    target = implant.structures[implant.target]
    size_mm = view_size_mm(target, round_mm=ROUND_TARGET_MM, smallest_mm=SMALLEST_VIEW_MM)
    planes = tuple(_with_most_seeds(plane, implant) for plane in planes_through(target.centre_mm, size_mm))
    limit_gy = DIFFERENCE_SHARE * verification.implant.plan.prescription_gy
    difference = Volume("difference", verification.difference_gy, verification.implant.grid, "Gy")
    rendered, missing = rendered_implant(implant) if in_3d else (None, "The 3D picture was not asked for.")
    return replace(
        pictures,
        slices=tuple(slice_picture(implant, plane) for plane in planes),
        legend=slice_legend(implant),
        differences=tuple(difference_picture(implant, difference, plane, limit_gy) for plane in planes),
        difference_legend=difference_legend(limit_gy),
        implant=rendered,
        implant_missing=missing,
    )


def _pictured(verification: Verification, image: Volume) -> PicturedImplant:
    implant, anatomy = verification.implant, verification.request.anatomy
    target = verification.judged_target
    names = list(dict.fromkeys([target, *anatomy.roles.names]))
    return PicturedImplant(
        anatomy=image,
        structures={name: anatomy.structures[name] for name in names},
        styles=structure_styles([*names, *implant.dvhs], [target, *anatomy.roles.targets]),
        target=target,
        dose=Volume("dose", implant.dose_gy, implant.grid, "Gy"),
        levels=isodose_levels(implant.plan.prescription_gy, LEVELS_PERCENT),
        seeds=implant.plan.seeds,
        reference=verification.planned_seeds,
        arrows_mm=displacement_arrows_mm(verification),
        numbered=True,
    )


def _with_most_seeds(plane: SlicePlane, implant: PicturedImplant) -> SlicePlane:
    """Return the view moved along its normal, within the target, to where most seeds, found and planned, are seen."""
    positions = np.concatenate([implant.seeds.positions_mm, implant.reference.positions_mm])
    depth = plane.project(positions)[:, 2]
    half_mm = float(np.ptp(np.stack(implant.structures[implant.target].bounds_mm()) @ plane.normal)) / 2
    candidates = depth[np.abs(depth) <= half_mm]
    if not candidates.size:
        return plane
    seen = (np.abs(depth[None] - candidates[:, None]) <= SLAB_MM).sum(axis=1)
    best = candidates[np.lexsort((np.abs(candidates), -seen))[0]]
    x, y, z = np.array(plane.centre_mm) + best * plane.normal
    return replace(plane, centre_mm=(float(x), float(y), float(z)))


def _planes_round(positions_mm: FloatArray) -> tuple[SlicePlane, ...]:
    """Return the views of a cube that holds every seed, unless one is very far away."""
    lower, upper = positions_mm.min(axis=0), positions_mm.max(axis=0)
    size_mm = float(np.ceil((upper - lower).max() + 2 * ROUND_SEEDS_MM))
    if size_mm > LARGEST_PROJECTION_MM:
        return planes_through(np.median(positions_mm, axis=0), LARGEST_PROJECTION_MM)
    return planes_through((lower + upper) / 2, max(size_mm, SMALLEST_PROJECTION_MM))


def _projection(implant: PicturedImplant, plane: SlicePlane) -> Markup:
    return projection_picture(
        implant.anatomy, plane, implant.seeds, reference=implant.reference, arrows_mm=implant.arrows_mm
    )


def _dvh(verification: Verification, implant: PicturedImplant) -> Markup:
    """Return the chart; what is called otherwise on the planning images is brought together by its role."""
    roles, planned_roles = verification.request.anatomy.roles, verification.request.plan_anatomy.roles
    called = {roles.gtv: planned_roles.gtv, roles.ptv: planned_roles.ptv}
    plan_dvhs, implant_dvhs = verification.plan.dvhs, verification.implant.dvhs
    names = [name for name in (*roles.targets, *roles.reported_organs) if name in implant_dvhs]
    chart = comparison_chart(
        {name: plan_dvhs[called.get(name, name)] for name in names if called.get(name, name) in plan_dvhs},
        {name: implant_dvhs[name] for name in names},
        verification.implant.plan.prescription_gy,
        colours={name: implant.styles[name].colour for name in names},
    )
    return joined(chart, _stamped(verification, names))


def _stamped(verification: Verification, names: Sequence[str]) -> Markup:
    """Return the caption that stamps what was carried over: in a legend it would not leave room for the rest."""
    carried = [name for name in names if verification.request.stamp(name)]
    if not carried:
        return NOTHING
    return element("figcaption", f"{', '.join(carried)}: {verification.request.stamp(carried[0])}.")


def _displacement(verification: Verification) -> Markup:
    moved = verification.displacements
    if not moved.count:
        return Markup()
    return displacement_chart(moved.pairs[:, 0] + 1.0, moved.along_mm, moved.lateral_mm)
