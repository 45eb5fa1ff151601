"""The balloon of a plan on the images: its outer surface, the liquid within its wall, and how round it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.geometry.resampling import crop_structure, pad_structure, refine_structure
from brachyresponse.planning.anatomy import PlanAnatomy
from brachyresponse.planning.balloon.plan import BalloonPlan
from brachyresponse.planning.balloon.sphere import (
    MM3_PER_ML,
    BalloonSphere,
    sphere_occupancy,
    sphere_radius_mm,
    sphere_volume_ml,
)
from brachyresponse.planning.balloon.surface_points import SurfacePoints, balloon_points, sphere_points
from brachyresponse.types import Float32Array, IntArray

CELL_MM = 0.6
"""The balloon is kept on voxels no larger than this, split from those of its image."""
STAIRS_VOXELS = 1.0
"""How far, in voxels of its image, a mask is smoothed to take its stairs away; its volume is kept."""
BISECTIONS = 14
STAR = 0.03
LEAST_SLOPE = 0.02
"""A cell, of the smoothed occupancy: what is flatter lies deep inside or far outside."""


@dataclass(frozen=True, eq=False)
class BalloonShape:
    """A balloon as it lies in the patient.

    Parameters
    ----------
    outer, liquid
        The balloon with its wall, and the liquid in it, on a grid of their own; occupancy 0 to 1.
    surface
        Of the balloon.
    sphere
        Where the balloon is one.
    wall_mm
        Thickness of the wall.
    is_mask
        Whether the balloon was given as a mask, whose stairs were smoothed away.
    """

    outer: Structure
    liquid: Structure
    surface: SurfacePoints
    sphere: BalloonSphere | None
    wall_mm: float
    is_mask: bool = False

    @cached_property
    def liquid_ml(self) -> float:
        """Volume of the liquid."""
        if self.sphere is not None:
            return sphere_volume_ml(self.sphere.radius_mm - self.wall_mm)
        return self.liquid.volume_cc

    @cached_property
    def pieces(self) -> int:
        """How many pieces the balloon is drawn in."""
        from scipy.ndimage import label

        return 1 if self.sphere is not None else int(label(self.outer.mask, np.ones((3, 3, 3)))[1])

    @property
    def is_star(self) -> bool:
        """Whether every ray from the centre leaves the balloon once, so that surface and sectors are all of it."""
        return abs(self.surface.volume_cc / self.outer.volume_cc - 1) < STAR

    @property
    def equivalent_radius_mm(self) -> float:
        """Radius of the sphere that holds as much liquid."""
        return sphere_radius_mm(self.liquid_ml)


def balloon_shape(plan: BalloonPlan, anatomy: PlanAnatomy) -> BalloonShape:
    """Return the balloon of a plan.

    Raises
    ------
    PlanError
        There is no such structure, it touches the edge of its image, or the wall leaves no liquid.
    """
    if isinstance(plan.balloon, BalloonSphere):
        return _sphere_shape(plan.balloon, plan.wall_mm, plan.balloon_name)
    if plan.balloon not in anatomy.structures:
        known = ", ".join(anatomy.structures) or "none"
        raise PlanError(f"There is no structure {plan.balloon!r} for the balloon: there are {known}.")
    return _drawn_shape(anatomy.structures[plan.balloon], plan.wall_mm)


def _sphere_shape(sphere: BalloonSphere, wall_mm: float, name: str) -> BalloonShape:
    centre = np.array(sphere.centre_mm)
    reach_mm = sphere.radius_mm + 2 * CELL_MM
    grid = Grid.covering(centre - reach_mm, centre + reach_mm, CELL_MM)
    outer = sphere.structure(name, grid)
    liquid = outer
    if wall_mm > 0:
        liquid = Structure(name, sphere_occupancy(grid, centre, sphere.radius_mm - wall_mm), grid)
    return BalloonShape(outer, liquid, sphere_points(centre, sphere.radius_mm), sphere, wall_mm)


def _drawn_shape(balloon: Structure, wall_mm: float) -> BalloonShape:
    lower, upper = balloon.index_box()
    if (lower == 0).any() or (upper == np.array(balloon.grid.shape_kji) - 1).any():
        raise PlanError(
            f"The balloon {balloon.name!r} touches the edge of its image, so part of it may be missing: take an image "
            "that holds all of it, or draw it again."
        )
    box = pad_structure(crop_structure(balloon, 1), (2, 2, 2))
    parts = np.maximum(np.ceil(box.grid.spacing_ijk_mm[::-1] / CELL_MM - 0.25), 1).astype(int)
    fine = refine_structure(box, (int(parts[0]), int(parts[1]), int(parts[2])))
    is_mask = balloon.occupancy.dtype == bool
    outer = _smooth(fine, parts, fine.volume_cc, balloon.name) if is_mask else fine
    surface = balloon_points(outer if is_mask else box)
    liquid = outer if wall_mm == 0 else _smooth(fine, parts, _volume_within(surface, wall_mm), balloon.name)
    return BalloonShape(outer, liquid, surface, None, wall_mm, is_mask)


def _smooth(fine: Structure, parts_kji: IntArray, volume_cc: float, name: str) -> Structure:
    """The balloon without the stairs of its mask, and shrunk evenly to a volume: a level of its smoothed occupancy."""
    from scipy.ndimage import gaussian_filter

    smooth = gaussian_filter(fine.occupancy.astype(np.float32), STAIRS_VOXELS * parts_kji)
    slope = np.maximum(np.linalg.norm(np.stack(np.gradient(smooth)), axis=0), LEAST_SLOPE)
    cells = volume_cc / fine.grid.voxel_cc
    if cells < 1:
        raise PlanError(f"The wall leaves no liquid in the balloon {name!r}: check its thickness, and the balloon.")
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        level = (low + high) / 2
        is_larger = _share_above(smooth, slope, level).sum(dtype=np.float64) > cells
        low, high = (level, high) if is_larger else (low, level)
    return Structure(name, _share_above(smooth, slope, (low + high) / 2), fine.grid)


def _share_above(smooth: Float32Array, slope: Float32Array, level: float) -> Float32Array:
    """Share of each cell above a level of what falls by ``slope`` a cell."""
    share: Float32Array = np.clip((smooth - np.float32(level)) / slope + np.float32(0.5), 0, 1)
    return share


def _volume_within(surface: SurfacePoints, wall_mm: float) -> float:
    """Volume, cm3, of what lies deeper than the wall, by Steiner's formula with the mean curvature of a sphere."""
    radius_mm = sphere_radius_mm(surface.volume_cc)
    if wall_mm >= radius_mm:
        return 0.0
    taken_mm3 = wall_mm * float(surface.areas_mm2.sum()) - 4 * np.pi * (radius_mm * wall_mm**2 - wall_mm**3 / 3)
    return surface.volume_cc - taken_mm3 / MM3_PER_ML
