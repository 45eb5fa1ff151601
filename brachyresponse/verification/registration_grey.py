"""Registration of two CTs by their grey values: on bone, or on the soft tissue round the target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import RegistrationError
from brachyresponse.geometry import Structure, share_on_grid
from brachyresponse.planning.surface import StructureSurface, surface_points_mm
from brachyresponse.progress import Report, share_of
from brachyresponse.registration import ImagePair, inverse, refine, search
from brachyresponse.types import AnyArray, BoolArray, FloatArray
from brachyresponse.verification.registration import Registration, RegistrationMethod, moved_grid
from brachyresponse.verification.registration_images import (
    RegistrationScan,
    WorkingImage,
    image_pair,
    within,
    working_image,
)

BONE_HU = 250.0
BONE_WINDOW_HU = (100.0, 1000.0)
"""Soft tissue is level, and so is metal."""
BONE_BAND_MM = 5.0
"""Bone with so much round it: the edge is what tells."""
BONE_EDGE_MM = 4.0
"""Soft tissue closer to bone than this is bone in part."""
LEAST_BONE_CC = 3.0
TISSUE_WINDOW_HU = (-150.0, 250.0)
BODY_HU = -300.0
TARGET_MARGIN_MM = 25.0
LEAST_TISSUE_CC = 10.0
DOUBTFUL_MM = 2.0
DOUBTFUL_CORRELATION = 0.5
SURFACE_POINTS = 20_000


def register_bone(plan: RegistrationScan, implant: RegistrationScan, report: Report) -> Registration:
    """Return the registration of two CTs on bone, seeds and metal hidden.

    Raises
    ------
    RegistrationError
        A CT is missing, one shows no bone, or they have no part of the body in common.
    """
    sides = _Sides.of(plan, implant, "bone")
    pair, is_swapped = sides.pair(_bone_band, BONE_WINDOW_HU)
    found = search(pair, sides.starts(is_swapped), share_of(report, 0.0, 0.5))
    found = refine(pair, found, share_of(report, 0.5, 1.0))
    to_implant = found if is_swapped else inverse(found)
    residual_mm = _bone_distance_mm(sides, inverse(to_implant))
    warnings = []
    if residual_mm > DOUBTFUL_MM:
        warnings.append(
            f"The bone surfaces lie {residual_mm:.1f} mm apart after the registration: look at the overlay before use."
        )
    return Registration(
        RegistrationMethod.BONE,
        to_implant,
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
    sides = _Sides.of(plan, implant, "soft tissue")
    if plan.target is None and implant.target is None:
        raise RegistrationError("Registration on soft tissue needs the target on one of the two CTs: choose it.")
    whole, is_swapped = sides.pair(_body, TISSUE_WINDOW_HU)
    found = search(whole, sides.starts(is_swapped), share_of(report, 0.0, 0.5))
    to_plan = inverse(found) if is_swapped else found
    mask = _tissue_round_target(sides, to_plan)
    near = image_pair(sides.after, sides.before, mask, TISSUE_WINDOW_HU)
    to_plan = refine(near, to_plan, share_of(report, 0.5, 1.0))
    correlation = near.correlation(to_plan, outside_counts=False)
    warnings = []
    if correlation < DOUBTFUL_CORRELATION:
        warnings.append(
            f"The grey values round the target correlate by {correlation:.2f} only: there is little to hold on to; "
            "look at the overlay, or register on bone."
        )
    return Registration(
        RegistrationMethod.SOFT_TISSUE,
        inverse(to_plan),
        None,
        f"Grey values round the target correlate by {correlation:.2f}; they tell no distance, so no residual in mm "
        "is given.",
        tuple(warnings),
    )


@dataclass(frozen=True, eq=False)
class _Sides:
    """Plan and implant with their working images, ``before`` and ``after`` the implant."""

    plan: RegistrationScan
    implant: RegistrationScan
    before: WorkingImage
    after: WorkingImage

    @classmethod
    def of(cls, plan: RegistrationScan, implant: RegistrationScan, method: str) -> _Sides:
        before, after = plan.needed_ct("plan", method), implant.needed_ct("implant", method)
        return cls(plan, implant, working_image(before, plan.seeds_mm), working_image(after, implant.seeds_mm))

    def pair(
        self, mask_of: Callable[[WorkingImage], BoolArray], window_hu: tuple[float, float]
    ) -> tuple[ImagePair, bool]:
        """Both images to be laid together, and whether the plan's is the fixed one.

        The fixed image is the one that shows less, so that most of it has a counterpart in the other.
        """
        masks = mask_of(self.before), mask_of(self.after)
        before_cc, after_cc = (
            np.count_nonzero(mask) * image.grid.voxel_cc
            for mask, image in zip(masks, (self.before, self.after), strict=True)
        )
        if before_cc < after_cc:
            return image_pair(self.before, self.after, masks[0], window_hu), True
        return image_pair(self.after, self.before, masks[1], window_hu), False

    def starts(self, is_swapped: bool) -> list[FloatArray]:
        """Motions to start from: as the scanner placed the images; bodies, or targets, on one another."""
        centres = [(_body_centre_mm(self.before), _body_centre_mm(self.after))]
        if self.plan.target is not None and self.implant.target is not None:
            centres.append((self.plan.target.centre_mm, self.implant.target.centre_mm))
        to_implant = [np.eye(4), *(_shift(after - before) for before, after in centres)]
        return to_implant if is_swapped else [inverse(motion) for motion in to_implant]


def _bone_band(image: WorkingImage) -> BoolArray:
    """Bone and what is close to it, without the hidden, [k, j, i]."""
    bone = (image.hu >= BONE_HU) & ~image.hidden
    _check_enough(bone, image, LEAST_BONE_CC, f"bone above {BONE_HU:g} HU", "register on soft tissue or contours")
    return within(bone, image.grid, BONE_BAND_MM) & ~image.hidden


def _body(image: WorkingImage) -> BoolArray:
    """The body without the hidden, [k, j, i]."""
    body: BoolArray = (image.hu >= BODY_HU) & ~image.hidden
    _check_enough(body, image, LEAST_TISSUE_CC, f"tissue above {BODY_HU:g} HU", "check that it is a CT in HU")
    return body


def _tissue_round_target(sides: _Sides, to_plan: FloatArray) -> BoolArray:
    """Soft tissue of the implant CT in and round the target, without the hidden, [k, j, i]."""
    image, target = sides.after, sides.implant.target
    if target is None and (drawn := sides.plan.target) is not None:
        target = Structure(drawn.name, drawn.occupancy, moved_grid(drawn.grid, inverse(to_plan)))
    near = np.zeros(image.grid.shape_kji, bool)
    if target is not None:
        near = within(share_on_grid(target, image.grid) >= 0.5, image.grid, TARGET_MARGIN_MM)
    near &= _body(image) & ~within(image.hu >= BONE_HU, image.grid, BONE_EDGE_MM)
    _check_enough(near, image, LEAST_TISSUE_CC, "soft tissue round the target", "register on bone or contours")
    return near


def _shift(shift_mm: FloatArray) -> FloatArray:
    motion = np.eye(4)
    motion[:3, 3] = shift_mm
    return motion


def _body_centre_mm(image: WorkingImage) -> FloatArray:
    body = image.hu >= BODY_HU
    return Structure("body", body, image.grid).centre_mm if body.any() else image.grid.centre_mm


def _bone_distance_mm(sides: _Sides, to_plan: FloatArray) -> float:
    """Median distance of the implant's bone surface, carried to the plan, from the plan's bone surface."""
    plan, implant = sides.before, sides.after
    points = surface_points_mm(_bone_share(implant), implant.grid)
    ijk = np.clip(np.rint(implant.grid.to_ijk(points)).astype(int), 0, np.array(implant.grid.size_ijk) - 1)
    points = points[~implant.hidden[tuple(ijk[:, ::-1].T)]]
    carried = points @ to_plan[:3, :3].T + to_plan[:3, 3]
    carried = carried[plan.grid.contains(carried)]
    carried = carried[:: max(len(carried) // SURFACE_POINTS, 1)]
    surface = StructureSurface(Structure("Bone", _bone_share(plan), plan.grid))
    return float(np.median(np.abs(surface.distance_mm(carried))))


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
