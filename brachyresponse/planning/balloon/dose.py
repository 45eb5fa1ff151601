"""Dose of a balloon plan: on a grid, on its surface, and at depths outside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.dose.liquid_sphere import liquid_sphere_dose_rate
from brachyresponse.dose.liquid_voxels import liquid_dose_rate
from brachyresponse.dose.memory import check_memory
from brachyresponse.errors import PlanError
from brachyresponse.geometry import Grid, sample, share_on_grid
from brachyresponse.planning.balloon.plan import BalloonPlan
from brachyresponse.planning.balloon.shape import BalloonShape
from brachyresponse.types import Float32Array, FloatArray

CURVE_MM = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.5, 10.0, 12.5, 15.0, 20.0, 25.0, 30.0)
"""Depths of the dose curve."""
FINE_MM = 0.5
FINE_REACH_MM = 6.0
"""Up to this depth outside the balloon the dose curve is taken from a fine grid: the dose falls fast there."""
TABLE_STEP_MM = 0.1


@dataclass(frozen=True, eq=False)
class BalloonField:
    """The dose rate round a balloon, cGy/h at filling.

    Parameters
    ----------
    plan, shape
        The plan, and its balloon.
    grid, rate_cgy_per_h
        On the dose grid, [k, j, i].
    fine_grid, fine_rate
        Round the balloon on small voxels; None for a sphere, which is computed at every point.
    """

    plan: BalloonPlan
    shape: BalloonShape
    grid: Grid
    rate_cgy_per_h: Float32Array
    fine_grid: Grid | None = None
    fine_rate: Float32Array | None = None

    def at_depth(self, depth_mm: float) -> FloatArray:
        """Return the dose rate at the points of the surface moved outwards by a depth, (N,); NaN outside the grid."""
        if self.shape.sphere is not None:
            return np.full(len(self.shape.surface.radii_mm), self.of_equal_sphere(depth_mm))
        points = self.shape.surface.at_depth(depth_mm)
        if self.fine_grid is not None and self.fine_rate is not None and depth_mm <= FINE_REACH_MM:
            return sample(self.fine_rate, self.fine_grid, points, outside=np.nan)
        return sample(self.rate_cgy_per_h, self.grid, points, outside=np.nan)

    def mean_at_depth(self, depth_mm: float) -> float:
        """Return the mean dose rate over the surface moved outwards by a depth.

        Raises
        ------
        PlanError
            More than a tenth of it lies outside the dose grid.
        """
        rates = self.at_depth(depth_mm)
        inside = np.isfinite(rates)
        areas = self.shape.surface.areas_mm2
        if areas[inside].sum() < 0.9 * areas.sum():
            raise PlanError(
                f"The dose grid does not hold the points {depth_mm:g} mm from the balloon: take a larger grid."
            )
        return float(np.average(rates[inside], weights=areas[inside]))

    def of_equal_sphere(self, depth_mm: float) -> float:
        """Return the dose rate at a depth outside the balloon if its liquid were a sphere."""
        distance_mm = depth_mm + self.shape.wall_mm
        activity = self.plan.activity_at_filling_mbq
        radius_mm = self.shape.equivalent_radius_mm
        return float(liquid_sphere_dose_rate(radius_mm, distance_mm, activity, liquid=self.plan.source))


def balloon_field(plan: BalloonPlan, shape: BalloonShape, grid: Grid) -> BalloonField:
    """Return the dose rate of a plan's balloon at filling, on a grid and round the balloon.

    Raises
    ------
    DoseError
        The balloon touches the edge of the grid, or the grid is too large for the memory.
    """
    check_memory(grid)
    if shape.sphere is not None:
        return BalloonField(plan, shape, grid, _sphere_rate(plan, shape, grid))
    rate = liquid_dose_rate(
        share_on_grid(shape.liquid, grid, step_mm=FINE_MM), grid, plan.activity_at_filling_mbq, liquid=plan.source
    )
    fine = _fine_grid(shape)
    liquid = share_on_grid(shape.liquid, fine, step_mm=FINE_MM)
    fine_rate = liquid_dose_rate(liquid, fine, plan.activity_at_filling_mbq, liquid=plan.source)
    return BalloonField(plan, shape, grid, rate, fine, fine_rate)


def _fine_grid(shape: BalloonShape) -> Grid:
    lower, upper = shape.outer.bounds_mm()
    margin_mm = FINE_REACH_MM + 2 * FINE_MM
    return Grid.covering(lower - margin_mm, upper + margin_mm, FINE_MM)


def _sphere_rate(plan: BalloonPlan, shape: BalloonShape, grid: Grid) -> Float32Array:
    """Dose rate of the sphere at the voxels' centres, from a table of its exact values."""
    assert shape.sphere is not None
    radius_mm = shape.sphere.radius_mm - shape.wall_mm
    centre_mm = np.array(shape.sphere.centre_mm)
    farthest_mm = float(np.linalg.norm(grid.corners_mm() - centre_mm, axis=-1).max())
    beyond_mm = np.arange(-radius_mm, max(farthest_mm - radius_mm, 0.0) + 2 * TABLE_STEP_MM, TABLE_STEP_MM)
    table = liquid_sphere_dose_rate(radius_mm, beyond_mm, plan.activity_at_filling_mbq, liquid=plan.source)
    rate = np.empty(grid.shape_kji, np.float32)
    for k in range(grid.shape_kji[0]):
        distance_mm = np.linalg.norm(grid.points_mm(slice(k, k + 1)) - centre_mm, axis=-1) - radius_mm
        rate[k] = np.interp(distance_mm[0], beyond_mm, table)
    return rate
