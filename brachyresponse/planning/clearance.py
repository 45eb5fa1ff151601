"""How far needles and seeds pass structures, the skin and each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.geometry import Structure
from brachyresponse.planning.needles import Needle
from brachyresponse.planning.surface import StructureSurface, surface_of
from brachyresponse.types import FloatArray

PATH_STEP_MM = 0.25


@dataclass(frozen=True, eq=False)
class Clearance:
    """Least distance of something to a surface, negative inside, and where it is met; mm, RAS (3,)."""

    distance_mm: float
    position_mm: FloatArray


@dataclass(frozen=True, eq=False)
class TrackDistance:
    """The distance between two needles' lines where they are nearest inside a structure; mm, RAS (3,)."""

    needle: Needle
    nearest: Needle
    distance_mm: float
    position_mm: FloatArray


def needle_clearance(needle: Needle, structure: Structure | StructureSurface) -> Clearance:
    """Return how near the axis of a needle, entry to tip, comes to a structure; negative where it crosses it."""
    steps = int(np.ceil(needle.length_mm / PATH_STEP_MM)) + 1
    return nearest_clearance(needle.at(np.linspace(0.0, needle.length_mm, steps)), surface_of(structure))


def nearest_clearance(points_mm: FloatArray, surface: StructureSurface) -> Clearance:
    """Return how near the nearest of some points (N, 3) comes to a structure; negative inside."""
    distance_mm = surface.distance_mm(points_mm)
    nearest = int(np.argmin(distance_mm))
    return Clearance(float(distance_mm[nearest]), points_mm[nearest])


def needle_crosses(needle: Needle, structure: Structure | StructureSurface, *, margin_mm: float = 0.0) -> bool:
    """Tell whether a needle's axis comes nearer to a structure than a margin; with no margin, whether it crosses it."""
    return needle_clearance(needle, structure).distance_mm < margin_mm


def nearest_tracks(needles: Sequence[Needle], surface: StructureSurface) -> list[TrackDistance]:
    """Return, for each needle that crosses a structure, the distance of the nearest other one inside it.

    Lines are compared at steps of a quarter of a millimetre, also beyond the tips; nothing where only one crosses.
    """
    from scipy.spatial import cKDTree

    inside = [(needle, points) for needle in needles if len(points := track_points_mm(needle, surface))]
    found = []
    for needle, points in inside if len(inside) > 1 else []:
        others = [(other, theirs) for other, theirs in inside if other is not needle]
        distance_mm, place = cKDTree(np.concatenate([theirs for _, theirs in others])).query(points)
        last = np.cumsum([len(theirs) for _, theirs in others])
        nearest = int(np.argmin(distance_mm))
        other = others[int(np.searchsorted(last, place[nearest], side="right"))][0]
        found.append(TrackDistance(needle, other, float(distance_mm[nearest]), points[nearest]))
    return found


def distal_edge_mm(needle: Needle, surface: StructureSurface) -> float | None:
    """Return the depth at which a needle's line last leaves a structure, also beyond its tip; None where it misses."""
    runs = surface.intervals_mm(needle.entry_mm, needle.direction)
    return float(runs[-1, 1]) if len(runs) else None


def track_points_mm(needle: Needle, surface: StructureSurface) -> FloatArray:
    """Return points of a needle's line inside a structure, a quarter of a millimetre apart or less, (N, 3) RAS."""
    runs = surface.intervals_mm(needle.entry_mm, needle.direction)
    depths = [np.linspace(first, last, int((last - first) / PATH_STEP_MM) + 2) for first, last in runs]
    return needle.at(np.concatenate(depths)) if depths else np.empty((0, 3))
