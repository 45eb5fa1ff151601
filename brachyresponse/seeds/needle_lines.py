"""Straight lines in a cloud of points, the most populated first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.types import BoolArray, FloatArray

NEAR_MM = 1.3
"""Points of a line lie this near to it: the radius of a needle and half a voxel."""
TAKEN_MM = 2.5
"""Points this near to a line are not looked at again: they are its blur."""
TRIALS = 600
MOST_SAMPLED = 800
REFINEMENTS = 4
BIN_MM = 1.0
MOST_LINES = 100
TOO_NEAR_MM = 8.0
"""Two points nearer together than this do not tell a direction."""


@dataclass(frozen=True, eq=False)
class Line:
    """A straight piece: where it starts, its unit direction, how long it is, and how far its points lie from it."""

    start_mm: FloatArray
    direction: FloatArray
    length_mm: float
    spread_mm: float

    @property
    def end_mm(self) -> FloatArray:
        """Where it ends, (3,)."""
        end: FloatArray = self.start_mm + self.length_mm * self.direction
        return end

    def ends_nearer_to(self, point_mm: FloatArray) -> bool:
        """Tell whether the end lies nearer to a point than the start."""
        return bool(np.linalg.norm(self.end_mm - point_mm) <= np.linalg.norm(self.start_mm - point_mm))

    def turned(self) -> Line:
        """Return the same piece from its other end."""
        return replace(self, start_mm=self.end_mm, direction=-self.direction)


def find_lines(points_mm: FloatArray, voxel_mm: float, shortest_mm: float) -> list[Line]:
    """Return the straight lines of at least a length among points (N, 3), those with most points first.

    Points are drawn at random with a fixed seed, so the same points give the same lines. A line ends where the points
    along it leave a gap of more than two voxels (``voxel_mm``, the longest edge).
    """
    random = np.random.default_rng(0)
    left = points_mm
    lines: list[Line] = []
    misses = 0
    while len(left) >= shortest_mm / voxel_mm and misses < 3 and len(lines) < MOST_LINES:
        line = _best_line(left, voxel_mm, shortest_mm, random)
        if line is None:
            misses += 1
            continue
        lines.append(line)
        left = left[~_near(left, line, TAKEN_MM, beyond_mm=TAKEN_MM)]
    return lines


def _best_line(points_mm: FloatArray, voxel_mm: float, shortest_mm: float, random: np.random.Generator) -> Line | None:
    """The line that most points lie near to, moved to their middle; None where it is too short."""
    few = points_mm[random.choice(len(points_mm), min(len(points_mm), MOST_SAMPLED), replace=False)]
    first, second = few[random.integers(len(few), size=(2, TRIALS))]
    along = second - first
    apart = np.linalg.norm(along, axis=1)
    usable = apart > TOO_NEAR_MM
    if not usable.any():
        return None
    first, along = first[usable], along[usable] / apart[usable, None]
    offset = few - first[:, None]
    beside = np.linalg.norm(offset - np.einsum("tpx,tx->tp", offset, along)[..., None] * along[:, None], axis=2)
    best = int(np.argmax((beside < NEAR_MM).sum(axis=1)))
    return _refined(points_mm, first[best], along[best], (voxel_mm, shortest_mm))


def _refined(
    points_mm: FloatArray, point: FloatArray, along: FloatArray, lengths_mm: tuple[float, float]
) -> Line | None:
    voxel_mm, shortest_mm = lengths_mm
    line: Line | None = None
    for _ in range(REFINEMENTS):
        depth = (points_mm - point) @ along
        beside = np.linalg.norm(points_mm - point - depth[:, None] * along, axis=1)
        inliers = beside < NEAR_MM
        run = _longest_run(np.sort(depth[inliers]), max(2 * voxel_mm, 2 * BIN_MM))
        if run is None or run[1] - run[0] < shortest_mm:
            return None
        held = points_mm[inliers & (depth >= run[0]) & (depth <= run[1])]
        point = held.mean(axis=0)
        _, _, axes = np.linalg.svd(held - point, full_matrices=False)
        along = axes[0]
        depth = (held - point) @ along
        spread = np.sqrt(np.mean(np.sum((held - point - depth[:, None] * along) ** 2, axis=1)))
        line = Line(point + depth.min() * along, along, float(np.ptp(depth)), float(spread))
    return line


def _longest_run(depth_mm: FloatArray, gap_mm: float) -> tuple[float, float] | None:
    """First and last of the longest stretch of rising depths without a gap."""
    if not len(depth_mm):
        return None
    breaks = np.flatnonzero(np.diff(depth_mm) > gap_mm)
    starts, ends = depth_mm[np.r_[0, breaks + 1]], depth_mm[np.r_[breaks, len(depth_mm) - 1]]
    longest = int(np.argmax(ends - starts))
    return float(starts[longest]), float(ends[longest])


def _near(points_mm: FloatArray, line: Line, distance_mm: float, *, beyond_mm: float) -> BoolArray:
    depth = (points_mm - line.start_mm) @ line.direction
    beside = np.linalg.norm(points_mm - line.start_mm - depth[:, None] * line.direction, axis=1)
    near: BoolArray = (beside < distance_mm) & (depth > -beyond_mm) & (depth < line.length_mm + beyond_mm)
    return near
