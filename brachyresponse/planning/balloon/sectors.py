"""The surface of a balloon by the patient's directions: dose, depth that the prescription reaches, gaps, barriers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.planning.anatomy import PlanAnatomy
from brachyresponse.planning.balloon.dose import CURVE_MM, BalloonField
from brachyresponse.planning.balloon.shells import clearance_mm, gap_thickness_mm, structures_named
from brachyresponse.planning.balloon.times import CGY_PER_GY
from brachyresponse.types import BoolArray, FloatArray

SECTORS = {
    "right": (1.0, 0.0, 0.0),
    "left": (-1.0, 0.0, 0.0),
    "anterior": (0.0, 1.0, 0.0),
    "posterior": (0.0, -1.0, 0.0),
    "superior": (0.0, 0.0, 1.0),
    "inferior": (0.0, 0.0, -1.0),
}
REACH_MM = CURVE_MM[-1]


@dataclass(frozen=True)
class Sector:
    """One sixth of the balloon's surface, round a direction of the patient.

    Parameters
    ----------
    name
        ``right`` ... ``inferior``.
    radius_mm
        Mean distance of the surface from the balloon's centre.
    surface_gy, at_depth_gy
        Mean dose on the surface, and at the prescription's depth; None where the dose grid does not reach.
    least_depth_mm, mean_depth_mm
        How far outside the surface the prescription reaches.
    gap_mm
        Thickest gap between the surface and the tissue.
    clearance_mm
        From the surface to the nearest barrier; None where there is none within 30 mm.
    """

    name: str
    radius_mm: float
    surface_gy: float
    at_depth_gy: float | None
    least_depth_mm: float
    mean_depth_mm: float
    gap_mm: float
    clearance_mm: float | None


def sectors(field: BalloonField, anatomy: PlanAnatomy) -> tuple[Sector, ...]:
    """Return the six sectors of a balloon with the dose of its plan."""
    plan, surface = field.plan, field.shape.surface
    to_gy = plan.hours_at_first_rate / CGY_PER_GY
    curve_gy = np.stack([field.at_depth(depth) for depth in CURVE_MM]) * to_gy
    reached_mm = prescription_depths_mm(curve_gy, plan.prescription_gy)
    at_depth_gy = field.at_depth(plan.prescription_depth_mm) * to_gy
    gaps_mm = gap_thickness_mm(field.shape, structures_named(plan.gaps, anatomy), plan.prescription_depth_mm)
    barriers = structures_named(plan.barriers, anatomy)
    free_mm = clearance_mm(field.shape, barriers, REACH_MM)
    nearest = np.argmax(surface.directions @ np.array(list(SECTORS.values())).T, axis=1)
    return tuple(
        Sector(
            name=name,
            radius_mm=float(surface.radii_mm[part].mean()),
            surface_gy=float(curve_gy[0, part].mean()),
            at_depth_gy=_known_mean(at_depth_gy[part]),
            least_depth_mm=float(reached_mm[part].min()),
            mean_depth_mm=float(reached_mm[part].mean()),
            gap_mm=float(gaps_mm[part].max()),
            clearance_mm=_nearest(free_mm[part]),
        )
        for name, part in _parts(nearest)
    )


def prescription_depths_mm(curve_gy: FloatArray, dose_gy: float, depths_mm: Sequence[float] = CURVE_MM) -> FloatArray:
    """Return the depths at which doses (D, N), falling with the depth, pass a dose, (N,).

    0 where the surface has less; the last known depth where more is given at every known one.
    """
    depths = np.asarray(depths_mm)
    log_dose, wanted = np.log(np.maximum(np.nan_to_num(curve_gy, nan=0.0), 1e-9)), np.log(dose_gy)
    known = np.isfinite(curve_gy)
    above = (log_dose >= wanted) & known
    first_below = np.where(above.all(axis=0), len(depths), np.argmin(above, axis=0))
    lower = np.clip(first_below - 1, 0, len(depths) - 2)
    rays = np.arange(curve_gy.shape[1])
    here, beyond = log_dose[lower, rays], log_dose[lower + 1, rays]
    share = np.clip((here - wanted) / np.maximum(here - beyond, 1e-9), 0, 1)
    share = np.where(known[lower + 1, rays], share, 0.0)
    found: FloatArray = np.where(first_below == 0, 0.0, depths[lower] + share * (depths[lower + 1] - depths[lower]))
    return np.where(first_below == len(depths), depths[-1], found)


def _parts(nearest: FloatArray) -> list[tuple[str, BoolArray]]:
    return [(name, nearest == number) for number, name in enumerate(SECTORS)]


def _known_mean(values: FloatArray) -> float | None:
    return float(values.mean()) if np.isfinite(values).all() else None


def _nearest(distances_mm: FloatArray) -> float | None:
    least = float(distances_mm.min())
    return least if least < REACH_MM else None
