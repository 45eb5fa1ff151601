"""Whether a segment stays inside closed loops, told plainly: points along it, even-odd, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[Any]


def even_odd(points: Points, loops: Sequence[Points]) -> NDArray[np.bool_]:
    """Which points (M, 2) an odd number of edges lies to the right of."""
    inside = np.zeros(len(points), bool)
    for loop in loops:
        for (x, y), (to_x, to_y) in zip(loop, np.roll(loop, -1, axis=0), strict=True):
            spans = (points[:, 1] < y) != (points[:, 1] < to_y)
            if spans.any():
                crossing = x + (points[spans, 1] - y) / (to_y - y) * (to_x - x)
                inside[spans] ^= points[spans, 0] < crossing
    return inside


def distance_to_loops(points: Points, loops: Sequence[Points]) -> Points:
    """Distance of points from the nearest edge."""
    nearest = np.full(len(points), np.inf)
    for loop in loops:
        for start, end in zip(loop, np.roll(loop, -1, axis=0), strict=True):
            along = end - start
            share = np.clip((points - start) @ along / max(along @ along, 1e-30), 0, 1)
            nearest = np.minimum(nearest, np.linalg.norm(points - start - share[:, None] * along, axis=1))
    return nearest


def outside_by_mm(segment: Points, loops: Sequence[Points], steps: int = 300) -> float:
    """How far the segment (2, 2) leaves the loops at most."""
    points = segment[0] + np.linspace(0, 1, steps)[:, None] * (segment[1] - segment[0])
    points = points[~even_odd(points, loops)]
    return float(distance_to_loops(points, loops).max(initial=0.0))
