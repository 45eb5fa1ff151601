"""Registration of two CTs by their grey values: on bone, or on the soft tissue round the target."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brachyresponse.errors import RegistrationError
from brachyresponse.geometry import Grid, Structure, share_on_grid
from brachyresponse.planning.surface import StructureSurface, surface_points_mm
from brachyresponse.progress import Report, share_of
from brachyresponse.types import AnyArray, BoolArray, FloatArray
from brachyresponse.verification.registration import Registration, RegistrationMethod
from brachyresponse.verification.registration_images import (
    RegistrationScan,
    WorkingImage,
    within,
    working_image,
)
from brachyresponse.verification.registration_search import ImagePair, best_motion, inverse

BONE_HU = 250.0
BONE_WINDOW_HU = (100.0, 1000.0)
"""Soft tissue is level, and so is metal."""
BONE_BAND_MM = 5.0
"""Bone with so much round it: the edge is what tells."""
LEAST_BONE_CC = 3.0
TISSUE_WINDOW_HU = (-150.0, 250.0)
BODY_HU = -300.0
TARGET_MARGIN_MM = 25.0
LEAST_TISSUE_CC = 10.0
DOUBTFUL_MM = 2.0
LEAST_CORRELATION = 0.5
SURFACE_POINTS = 20_000


def register_bone(plan: RegistrationScan, implant: RegistrationScan, report: Report) -> Registration:
    """Return the registration of two CTs on bone, seeds and metal hidden.

    Raises
    ------
    RegistrationError
        A CT is missing, one shows no bone, or they have no part of the body in common.
    """
    before, after = _working(plan, implant, "bone")
    bone = (after.hu >= BONE_HU) & ~after.hidden
    for image, found in ((after, bone), (before, before.hu >= BONE_HU)):
        _check_enough(found, image, LEAST_BONE_CC, f"bone above {BONE_HU:g} HU", "register on soft tissue or contours")
    mask = within(bone, after.grid, BONE_BAND_MM) & ~after.hidden
    pair = _pair(before, after, mask, BONE_WINDOW_HU)
    motion = best_motion(pair, _starts(plan, implant, before, after), report)
    residual_mm = _bone_distance_mm(before, after, motion)
    warnings = []
    if residual_mm > DOUBTFUL_MM:
        warnings.append(
            f"The bone surfaces lie {residual_mm:.1f} mm apart after the registration: look at the overlay before use."
        )
    return Registration(
        RegistrationMethod.BONE,
        inverse(motion),
        residual_mm,
        "Median distance between the bone surfaces of the implant CT and of the plan CT carried over.",
        tuple(warnings),
    )


def register_soft_tissue(plan: RegistrationScan, implant: RegistrationScan, report: Report) -> Registration:
    """Return the registration of two CTs on the soft tissue round the target, seeds, metal and bone hidden.

    The whole body is laid on one another first, then the surroundings of the target: of the one drawn on the implant
    CT, else of the plan's, carried over by the first step.

    Raises
    ------
    RegistrationError
        A CT or the target is missing, or the CTs have no part of the body in common.
    """
    before, after = _working(plan, implant, "soft tissue")
    if plan.target is None and implant.target is None:
        raise RegistrationError("Registration on soft tissue needs the target on one of the two CTs: choose it.")
    body = (after.hu >= BODY_HU) & ~after.hidden
    _check_enough(body, after, LEAST_TISSUE_CC, f"tissue above {BODY_HU:g} HU", "check that it is a CT in HU")
    whole = _pair(before, after, body, TISSUE_WINDOW_HU)
    motion = best_motion(whole, _starts(plan, implant, before, after), share_of(report, 0.0, 0.5))
    mask = body & ~within(after.hu >= BONE_HU, after.grid, 2 * after.grid.spacing_ijk_mm.max())
    mask &= _round_target(plan, implant, after.grid, motion)
    _check_enough(mask, after, LEAST_TISSUE_CC, "soft tissue round the target", "register on bone or contours")
    near = _pair(before, after, mask, TISSUE_WINDOW_HU)
    motion = best_motion(near, [motion], share_of(report, 0.5, 1.0), wide=False)
    correlation = near.correlation(motion)
    warnings = []
    if correlation < LEAST_CORRELATION:
        warnings.append(
            f"The grey values round the target correlate by {correlation:.2f} only: there is little to hold on to; "
            "look at the overlay, or register on bone."
        )
    return Registration(
        RegistrationMethod.SOFT_TISSUE,
        inverse(motion),
        None,
        f"Grey values round the target correlate by {correlation:.2f}; they tell no distance, so no residual in mm "
        "is given.",
        tuple(warnings),
    )


def _working(plan: RegistrationScan, implant: RegistrationScan, method: str) -> tuple[WorkingImage, WorkingImage]:
    return (
        working_image(plan.needed_ct("plan", method), plan.seeds_mm),
        working_image(implant.needed_ct("implant", method), implant.seeds_mm),
    )


def _pair(plan: WorkingImage, implant: WorkingImage, mask: BoolArray, window_hu: tuple[float, float]) -> ImagePair:
    return ImagePair(implant.window(*window_hu), implant.grid, mask, plan.window(*window_hu), plan.grid)


def _starts(
    plan: RegistrationScan, implant: RegistrationScan, before: WorkingImage, after: WorkingImage
) -> Iterator[FloatArray]:
    """Motions from implant to plan to start from: as the scanner placed them; bodies, or targets, on one another."""
    yield np.eye(4)
    yield _shift(_body_centre_mm(after), _body_centre_mm(before))
    if plan.target is not None and implant.target is not None:
        yield _shift(implant.target.centre_mm, plan.target.centre_mm)


def _shift(start_mm: FloatArray, end_mm: FloatArray) -> FloatArray:
    motion = np.eye(4)
    motion[:3, 3] = end_mm - start_mm
    return motion


def _body_centre_mm(image: WorkingImage) -> FloatArray:
    body = image.hu >= BODY_HU
    return Structure("body", body, image.grid).centre_mm if body.any() else image.grid.centre_mm


def _round_target(plan: RegistrationScan, implant: RegistrationScan, grid: Grid, motion: FloatArray) -> BoolArray:
    """Voxels of the implant's grid in and round the target, [k, j, i]."""
    if implant.target is not None:
        target = implant.target
    elif plan.target is not None:
        carried = Grid(plan.target.grid.shape_kji, inverse(motion) @ plan.target.grid.ijk_to_ras)
        target = Structure(plan.target.name, plan.target.occupancy, carried)
    return within(share_on_grid(target, grid) >= 0.5, grid, TARGET_MARGIN_MM)


def _bone_distance_mm(plan: WorkingImage, implant: WorkingImage, motion: FloatArray) -> float:
    """Median distance of the implant's bone surface, carried to the plan, from the plan's bone surface."""
    points = surface_points_mm(_bone_share(implant), implant.grid)
    ijk = np.clip(np.rint(implant.grid.to_ijk(points)).astype(int), 0, np.array(implant.grid.size_ijk) - 1)
    points = points[~implant.hidden[tuple(ijk[:, ::-1].T)]]
    carried = points @ motion[:3, :3].T + motion[:3, 3]
    carried = carried[plan.grid.contains(carried)]
    carried = carried[:: max(len(carried) // SURFACE_POINTS, 1)]
    surface = StructureSurface(Structure("Bone", _bone_share(plan), plan.grid))
    distance = np.abs(surface.distance_mm(carried))
    return float(np.median(distance))


def _bone_share(image: WorkingImage) -> AnyArray:
    """Occupancy by bone that passes one half at the threshold, [k, j, i]."""
    share: AnyArray = np.clip(image.hu / (2 * BONE_HU), 0, 1, dtype=np.float32)
    return share


def _check_enough(mask: BoolArray, image: WorkingImage, least_cc: float, what: str, instead: str) -> None:
    found_cc = np.count_nonzero(mask) * image.grid.voxel_cc
    if found_cc < least_cc:
        raise RegistrationError(
            f"{image.name!r} shows {found_cc:.1f} cc of {what}, at least {least_cc:g} cc are needed: {instead}."
        )
