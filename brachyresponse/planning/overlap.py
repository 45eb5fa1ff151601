"""Seeds that would have to be in the same place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

SEED_LENGTH_MM = 4.5
SEED_DIAMETER_MM = 0.8
"""The usual I-125 seed: 4.5 x 0.8 mm."""
ROUNDING_MM = 1e-6


class Overlap(NamedTuple):
    """Two seeds, by their index, whose axes come nearer than a seed is thick."""

    first: int
    second: int
    distance_mm: float


def overlapping_seeds(
    seeds: Seeds, *, length_mm: float = SEED_LENGTH_MM, diameter_mm: float = SEED_DIAMETER_MM
) -> tuple[Overlap, ...]:
    """Return the pairs of seeds that overlap, in order.

    A seed is a rod with round ends of the given length and diameter; one whose axis is not known is a ball of the
    diameter. Seeds that touch do not overlap.
    """
    from scipy.spatial import cKDTree

    if seeds.count < 2:
        return ()
    near = cKDTree(seeds.positions_mm).query_pairs(length_mm, output_type="ndarray")
    half = np.where(seeds.axis_known, (length_mm - diameter_mm) / 2, 0.0)[:, None] * seeds.directions
    ends = np.stack([seeds.positions_mm - half, seeds.positions_mm + half], axis=1)
    measured = ((int(a), int(b), _segment_distance_mm(ends[a], ends[b])) for a, b in near)
    return tuple(sorted(Overlap(a, b, d) for a, b, d in measured if d < diameter_mm - ROUNDING_MM))


def _segment_distance_mm(first: FloatArray, second: FloatArray) -> float:
    """Least distance of two segments (2, 3): at an end of one, or where their lines cross."""
    from_ends = [_point_to_segment_mm(p, second) for p in first] + [_point_to_segment_mm(p, first) for p in second]
    u, v, between = first[1] - first[0], second[1] - second[0], second[0] - first[0]
    matrix = np.array([[u @ u, -u @ v], [u @ v, -v @ v]])
    if abs(np.linalg.det(matrix)) < 1e-9 * max(u @ u, 1e-9) * max(v @ v, 1e-9):
        return min(from_ends)  # parallel or a point: an end is nearest
    s, t = np.linalg.solve(matrix, [u @ between, v @ between])
    if 0 <= s <= 1 and 0 <= t <= 1:
        return float(np.linalg.norm(between + t * v - s * u))
    return min(from_ends)


def _point_to_segment_mm(point: FloatArray, segment: FloatArray) -> float:
    along = segment[1] - segment[0]
    part = np.clip((point - segment[0]) @ along / max(along @ along, 1e-12), 0.0, 1.0)
    return float(np.linalg.norm(point - segment[0] - part * along))
