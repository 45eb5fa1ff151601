"""Tissue round a balloon: shells of a depth, cropped by skull and ventricles, and gaps that are no tissue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Grid, Structure, grow_structure, sample, share_on_grid
from brachyresponse.geometry.resampling import pad_structure
from brachyresponse.planning.anatomy import PlanAnatomy
from brachyresponse.planning.balloon.plan import BalloonPlan, shell_name
from brachyresponse.planning.balloon.shape import BalloonShape
from brachyresponse.planning.balloon.sphere import BalloonSphere
from brachyresponse.planning.balloon.surface_distance import share_within, soft_share
from brachyresponse.types import Float32Array, FloatArray

USUAL_DEPTHS_MM = (5.0, 10.0)
SPARE_MM = 2.0
SLACK_MM = 0.5
"""More than growth on voxels falls short of its margin, about 0.1 mm."""
SPARE_VOXELS = 2
STEP_MM = 0.25
HALF = 0.5
LEAST_SHARE = 1e-3


def shell_depths_mm(plan: BalloonPlan) -> tuple[float, ...]:
    """Return the depths of the shells that are reported: 5 and 10 mm, and that of the prescription."""
    return tuple(sorted({*USUAL_DEPTHS_MM, plan.prescription_depth_mm}))


def balloon_shell(shape: BalloonShape, depth_mm: float, plan: BalloonPlan, anatomy: PlanAnatomy) -> Structure:
    """Return the tissue up to a depth outside the balloon.

    It does not reach into the plan's barriers nor round behind them, ends at the body's surface where a body is chosen,
    and leaves out the gaps.

    Raises
    ------
    PlanError
        A barrier or a gap is not there, or they leave nothing of the shell.
    """
    k, j, i = np.ceil((depth_mm + SLACK_MM) / shape.outer.grid.spacing_ijk_mm[::-1]).astype(int) + SPARE_VOXELS
    outer = pad_structure(shape.outer, (int(k), int(j), int(i)))
    share = _share_within(outer, shape.sphere, depth_mm)
    barriers = structures_named(plan.barriers, anatomy)
    if barriers or anatomy.body is not None:
        # Where growth gets to decides what lies behind a barrier, the distance how far the shell reaches elsewhere.
        reached = grow_structure(outer, depth_mm + SLACK_MM, barriers=barriers, within=anatomy.body)
        share = np.minimum(share, reached.occupancy)
    share -= outer.occupancy
    for gap in structures_named(plan.gaps, anatomy):
        share = np.minimum(share, 1 - share_on_grid(gap, outer.grid))
    share = np.where(share > LEAST_SHARE, share, 0)
    if not share.any():
        raise PlanError(
            f"Barriers and gaps leave nothing of the shell of {depth_mm:g} mm round the balloon: check them."
        )
    return Structure(shell_name(depth_mm), share, outer.grid)


def _share_within(outer: Structure, sphere: BalloonSphere | None, depth_mm: float) -> Float32Array:
    """Share of each cell that lies within a depth outside the balloon, [k, j, i]."""
    if sphere is None:
        return share_within(outer, depth_mm)
    from_centre_mm = np.linalg.norm(outer.grid.points_mm() - sphere.centre_mm, axis=-1)
    return soft_share(sphere.radius_mm + depth_mm - from_centre_mm, outer.grid)


def structures_named(names: Sequence[str], anatomy: PlanAnatomy) -> list[Structure]:
    """Return structures by name.

    Raises
    ------
    PlanError
        One is not there.
    """
    missing = [name for name in names if name not in anatomy.structures]
    if missing:
        known = ", ".join(anatomy.structures) or "none"
        raise PlanError(f"There is no structure {missing[0]!r} to crop the balloon's target: there are {known}.")
    return [anatomy.structures[name] for name in names]


def gap_thickness_mm(shape: BalloonShape, gaps: Sequence[Structure], reach_mm: float) -> FloatArray:
    """Return how much of the first millimetres outside each point of the surface is a gap, (N,) mm."""
    if not gaps:
        return np.zeros(len(shape.surface.radii_mm))
    depths_mm = np.arange(STEP_MM / 2, reach_mm, STEP_MM)
    points = np.stack([shape.surface.at_depth(depth) for depth in depths_mm])
    inside = np.zeros(points.shape[:2], bool)
    for gap in gaps:
        inside |= sample(gap.occupancy, gap.grid, points) >= HALF
    thickness: FloatArray = inside.sum(axis=0) * STEP_MM
    return thickness


def clearance_mm(shape: BalloonShape, barriers: Sequence[Structure], reach_mm: float) -> FloatArray:
    """Return how far outside each point of the surface the first barrier lies, (N,) mm; ``reach_mm`` where none is."""
    depths_mm = np.arange(0.0, reach_mm, STEP_MM)
    points = np.stack([shape.surface.at_depth(depth) for depth in depths_mm])
    inside = np.zeros(points.shape[:2], bool)
    for barrier in barriers:
        inside |= sample(barrier.occupancy, barrier.grid, points) >= HALF
    first: FloatArray = np.where(inside.any(axis=0), depths_mm[np.argmax(inside, axis=0)], reach_mm)
    return first


def evaluation_grid(plan: BalloonPlan, anatomy: PlanAnatomy, shape: BalloonShape, spacing_mm: float = 1.0) -> Grid:
    """Return a dose grid that holds the balloon with its shells and the organs at risk."""
    lower, upper = shape.outer.bounds_mm()
    margin_mm = max(*shell_depths_mm(plan), 20.0) + SPARE_MM
    boxes = [
        anatomy.structures[name].bounds_mm() for name in anatomy.roles.reported_organs if name in anatomy.structures
    ]
    lower = np.min([lower - margin_mm, *(box[0] for box in boxes)], axis=0)
    upper = np.max([upper + margin_mm, *(box[1] for box in boxes)], axis=0)
    return Grid.covering(lower, upper, spacing_mm)
