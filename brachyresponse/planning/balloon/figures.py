"""What is said of a balloon beside the doses of structures: shape, dose on its surface and at depths, volumes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.dose.metrics import Metric
from brachyresponse.geometry import share_on_grid
from brachyresponse.planning.balloon.dose import CURVE_MM, BalloonField
from brachyresponse.planning.balloon.times import CGY_PER_GY
from brachyresponse.types import Float32Array, FloatArray

OWN = "this software"


@dataclass(frozen=True, eq=False)
class DepthCurve:
    """Dose outside a balloon against the depth, Gy: (D,) each; NaN where the dose grid does not reach.

    ``sphere_gy`` is that of a sphere with as much liquid.
    """

    depth_mm: FloatArray
    mean_gy: FloatArray
    low_gy: FloatArray
    high_gy: FloatArray
    sphere_gy: FloatArray


def depth_curve(field: BalloonField) -> DepthCurve:
    """Return the dose of a plan against the depth outside its balloon."""
    to_gy = field.plan.hours_at_first_rate / CGY_PER_GY
    rays = np.stack([field.at_depth(depth) for depth in CURVE_MM]) * to_gy
    mean = np.array([field.shape.surface.mean(row) for row in rays])
    sphere = np.array([field.of_equal_sphere(depth) for depth in CURVE_MM]) * to_gy
    return DepthCurve(np.array(CURVE_MM), mean, rays.min(axis=1), rays.max(axis=1), sphere)


def balloon_figures(field: BalloonField, dose_gy: Float32Array) -> tuple[Metric, ...]:
    """Return the figures of a balloon plan, in the order they are shown."""
    return (*_dose_figures(field), *_shape_figures(field), *_volume_figures(field, dose_gy))


def _dose_figures(field: BalloonField) -> list[Metric]:
    plan = field.plan
    to_gy = plan.hours_at_first_rate / CGY_PER_GY
    depth = plan.prescription_depth_mm
    surface_gy, at_depth_gy = field.mean_at_depth(0.0) * to_gy, field.mean_at_depth(depth) * to_gy
    sphere_gy = field.of_equal_sphere(depth) * to_gy
    name = plan.balloon_name
    return [
        Metric("surface_dose", "Surface dose", surface_gy, "Gy", "mean dose on the balloon's surface", OWN, name),
        Metric(
            "dose_at_depth", f"Dose at {depth:g} mm", at_depth_gy, "Gy",
            "mean dose at the prescription's depth outside the balloon's surface", OWN, name,
        ),
        Metric(
            "surface_ratio", f"Surface / {depth:g} mm", surface_gy / at_depth_gy, "",
            "surface dose over the dose at the prescription's depth", OWN, name,
        ),
        Metric(
            "rate_at_depth", f"Dose rate at {depth:g} mm", at_depth_gy / to_gy, "cGy/h",
            "mean dose rate at the prescription's depth when the balloon is filled", OWN, name,
        ),
        Metric(
            "sphere_difference", "Against a sphere", (at_depth_gy / sphere_gy - 1) * 100, "%",
            "mean dose at the prescription's depth against that of a sphere with as much liquid", OWN, name,
        ),
    ]  # fmt: skip


def _shape_figures(field: BalloonField) -> list[Metric]:
    shape, name = field.shape, field.plan.balloon_name
    radii = shape.surface.radii_mm
    return [
        Metric("liquid_volume", "Liquid", shape.liquid_ml, "mL", "volume within the balloon's wall", OWN, name),
        Metric(
            "equivalent_radius", "Equivalent radius", shape.equivalent_radius_mm, "mm",
            "radius of the sphere with as much liquid", OWN, name,
        ),
        Metric("least_radius", "Least radius", float(radii.min()), "mm", "from the balloon's centre", OWN, name),
        Metric("largest_radius", "Largest radius", float(radii.max()), "mm", "from the balloon's centre", OWN, name),
        Metric(
            "sphericity", "Sphericity", shape.surface.sphericity, "",
            "surface of the sphere of the same volume over the balloon's surface", "Wadell 1932, J Geol 40:443", name,
            decimals=3,
        ),
    ]  # fmt: skip


def _volume_figures(field: BalloonField, dose_gy: Float32Array) -> list[Metric]:
    """Volumes of the isodoses outside the balloon."""
    outside_cc = (1 - share_on_grid(field.shape.outer, field.grid)) * field.grid.voxel_cc
    return [_volume_figure(field, outside_cc, dose_gy, percent) for percent in (100, 150, 200)]


def _volume_figure(field: BalloonField, outside_cc: Float32Array, dose_gy: Float32Array, percent: int) -> Metric:
    level_gy = field.plan.prescription_gy * percent / 100
    above = dose_gy >= level_gy
    cut = any(above.take(end, axis).any() for axis in range(3) for end in (0, -1))
    return Metric(
        id=f"outside_{percent}",
        label=f"Outside, {percent} %",
        value=None if cut else float(outside_cc[above].sum(dtype=np.float64)),
        unit="cc",
        formula=f"volume outside the balloon, of whatever tissue, with at least {percent} % of the prescription",
        source=OWN,
        structure=field.plan.balloon_name,
        note=f"the isodose of {level_gy:.4g} Gy reaches the edge of the dose grid: enlarge it" if cut else "",
    )
