"""How far needles and seeds pass structures, the skin and each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.planning.needles import Needle
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.types import FloatArray

PATH_STEP_MM = 0.25


@dataclass(frozen=True, eq=False)
class Clearance:
    """Least distance of something to a surface, negative inside, and where it is met; mm, RAS (3,)."""

    distance_mm: float
    position_mm: FloatArray


def needle_clearance(needle: Needle, surface: StructureSurface) -> Clearance:
    """Return how near the axis of a needle, entry to tip, comes to a structure; negative where it crosses it."""
    steps = int(np.ceil(needle.length_mm / PATH_STEP_MM)) + 1
    return nearest_clearance(needle.at(np.linspace(0.0, needle.length_mm, steps)), surface)


def nearest_clearance(points_mm: FloatArray, surface: StructureSurface) -> Clearance:
    """Return how near the nearest of some points (N, 3) comes to a structure; negative inside."""
    distance_mm = surface.distance_mm(points_mm)
    nearest = int(np.argmin(distance_mm))
    return Clearance(float(distance_mm[nearest]), points_mm[nearest])


def needle_crosses(needle: Needle, surface: StructureSurface, *, margin_mm: float = 0.0) -> bool:
    """Tell whether a needle's axis comes nearer to a structure than a margin; with no margin, whether it crosses it."""
    return needle_clearance(needle, surface).distance_mm < margin_mm


def track_distance_mm(first: Needle, second: Needle, surface: StructureSurface) -> float | None:
    """Return how near two needles' lines come to each other inside a structure, mm; None where one misses it."""
    points, others = (_points_inside(needle, surface) for needle in (first, second))
    if not len(points) or not len(others):
        return None
    from scipy.spatial import cKDTree

    distance_mm, _ = cKDTree(others).query(points)
    return float(distance_mm.min())


def distal_edge_mm(needle: Needle, surface: StructureSurface) -> float | None:
    """Return the depth at which a needle's line last leaves a structure, also beyond its tip; None where it misses."""
    runs = surface.intervals_mm(needle.entry_mm, needle.direction)
    return float(runs[-1, 1]) if len(runs) else None


def _points_inside(needle: Needle, surface: StructureSurface) -> FloatArray:
    runs = surface.intervals_mm(needle.entry_mm, needle.direction)
    depths = [np.linspace(first, last, int((last - first) / PATH_STEP_MM) + 2) for first, last in runs]
    return needle.at(np.concatenate(depths)) if depths else np.empty((0, 3))
