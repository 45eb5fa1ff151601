"""The continuous outline of a lesion in one slice: sub-voxel, with its holes, and when a segment stays inside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from brachyresponse.response.measurement.smoothing import NEAREST_CENTRE, smoothed
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

LEVEL = 0.5
"""Occupancy at the outline."""
WIDENING = 1e-3
"""Of a pixel; a segment counts as inside as long as it stays in the outline widened by this."""
MOST_AT_ONCE = 1 << 19
"""Pairs of segment and edge that are looked at together, so that memory stays bounded."""
MOST_POINTS_KNOWN, FEW = 4000, 0.2
"""Up to so many points, on which side of each edge each of them lies is kept, unless only a few segments are asked for,
as a part of the number of points."""


@dataclass(frozen=True, eq=False)
class Outline:
    """Closed loops of points round a region, and round its holes.

    Parameters
    ----------
    points_mm
        (N, 2) x along columns, y along rows, loop by loop; the region lies to the left of the way round.
    following
        (N,) index of the next point of the same loop.
    pixel_mm
        (2,) size of a pixel along x and y.
    """

    points_mm: FloatArray
    following: IntArray
    pixel_mm: FloatArray

    @cached_property
    def preceding(self) -> IntArray:
        """(N,) index of the point before, in the same loop."""
        preceding = np.empty_like(self.following)
        preceding[self.following] = np.arange(len(preceding))
        return preceding

    @cached_property
    def loops(self) -> list[IntArray]:
        """Indices of the points of each loop, in order."""
        ends = np.flatnonzero(self.following != np.arange(len(self.following)) + 1)
        return np.split(np.arange(len(self.following)), ends[:-1] + 1)

    @cached_property
    def widened_mm(self) -> FloatArray:
        """(N, 2) the points, moved out of the region by a thousandth of a pixel."""
        along = self.points_mm[self.following] - self.points_mm
        along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12)
        outward = np.stack([along[:, 1], -along[:, 0]], axis=1)
        both = outward + outward[self.preceding]
        both /= np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-12)
        widened: FloatArray = self.points_mm + WIDENING * self.pixel_mm.min() * both
        return widened

    def divided(self, parts: int) -> Outline:
        """Return the same outline with every edge divided into equal parts by more points."""
        share = (np.arange(parts) / parts)[:, None]
        edge = self.points_mm[self.following] - self.points_mm
        points = (self.points_mm[:, None] + share * edge[:, None]).reshape(-1, 2)
        following = np.arange(1, len(points) + 1)
        following[parts - 1 :: parts] = parts * self.following
        return Outline(points, following, self.pixel_mm)

    def holds(self, start_mm: FloatArray, end_mm: FloatArray, edges: IntArray | None = None) -> BoolArray:
        """Tell which segments between places on the outline, (M, 2) each, stay inside the region, (M,).

        Where it is known which edges come near, see :meth:`edges_near`, no others are looked at.
        """
        inside = np.empty(len(start_mm), bool)
        for part in self._parts(len(start_mm)):
            one, other = start_mm[part], end_mm[part]
            inside[part] = ~self._crosses(one, other, (self._sides(one, edges), self._sides(other, edges)), edges)
        return inside

    def edges_near(self, start_mm: FloatArray, end_mm: FloatArray, reach_mm: float) -> IntArray:
        """Return the edges, each by the place of its first point, that may come so near to a segment, (2,) each."""
        along = (end_mm - start_mm) / max(float(np.hypot(*(end_mm - start_mm))), 1e-12)
        relative = self.widened_mm - start_mm
        is_far = np.zeros(len(relative), bool)
        for direction in (along, np.array([-along[1], along[0]])):
            here, end = relative @ direction, float((end_mm - start_mm) @ direction)
            beyond = here[self.following]
            is_far |= np.maximum(here, beyond) < min(end, 0.0) - reach_mm
            is_far |= np.minimum(here, beyond) > max(end, 0.0) + reach_mm
        return np.flatnonzero(~is_far)

    def holds_between(self, start: IntArray, end: IntArray) -> BoolArray:
        """Tell which segments between points of the outline, by their places (M,), stay inside the region, (M,)."""
        points = self.points_mm
        if len(points) > MOST_POINTS_KNOWN or len(start) < len(points) * FEW:
            return self.holds(points[start], points[end])
        inside = np.empty(len(start), bool)
        for part in self._parts(len(start)):
            one, other = start[part], end[part]
            sides = self._known_sides[one], self._known_sides[other]
            inside[part] = ~self._crosses(points[one], points[other], sides)
        return inside

    def _parts(self, count: int) -> list[slice]:
        at_once = max(1, MOST_AT_ONCE // len(self.points_mm))
        return [slice(first, first + at_once) for first in range(0, count, at_once)]

    @cached_property
    def _known_sides(self) -> BoolArray:
        return np.concatenate([self._sides(self.points_mm[part]) for part in self._parts(len(self.points_mm))])

    def _sides(self, points_mm: FloatArray, edges: IntArray | None = None) -> BoolArray:
        """On which side of each edge, or of some, of the widened outline points (M, 2) lie, (M, N)."""
        corner, following = self._corners(edges)
        edge = following - corner
        sides: BoolArray = np.outer(points_mm[:, 1], edge[:, 0]) - np.outer(points_mm[:, 0], edge[:, 1]) > (
            edge[:, 0] * corner[:, 1] - edge[:, 1] * corner[:, 0]
        )
        return sides

    def _corners(self, edges: IntArray | None) -> tuple[FloatArray, FloatArray]:
        """First and second points of all edges, or of some, (N, 2) each."""
        corner = self.widened_mm
        return (corner, corner[self.following]) if edges is None else (corner[edges], corner[self.following[edges]])

    def _crosses(
        self,
        start_mm: FloatArray,
        end_mm: FloatArray,
        sides: tuple[BoolArray, BoolArray],
        edges: IntArray | None = None,
    ) -> BoolArray:
        """Tell which segments cross an edge: it parts their ends, and they part its ends."""
        along = end_mm - start_mm
        offset = along[:, 0] * start_mm[:, 1] - along[:, 1] * start_mm[:, 0]

        def is_left(corner: FloatArray) -> BoolArray:
            left: BoolArray = (
                np.outer(along[:, 0], corner[:, 1]) - np.outer(along[:, 1], corner[:, 0]) > offset[:, None]
            )
            return left

        corner, following = self._corners(edges)
        side = is_left(corner)
        next_side = side[:, self.following] if edges is None else is_left(following)
        crossed: BoolArray = ((sides[0] != sides[1]) & (side != next_side)).any(axis=1)
        return crossed


def trace_outline(occupancy: AnyArray, pixel_mm: FloatArray) -> Outline:
    """Return the outline of a slice at half occupancy.

    Parameters
    ----------
    occupancy
        [row, column], 0 to 1 or bool; beyond it there is nothing.
    pixel_mm
        (2,) size of a pixel along columns' and rows' index. The centre of pixel [0, 0] lies at (0, 0).
    """
    share = np.pad(np.asarray(occupancy, np.float64), 1)
    crossings = _Crossings.of(share)
    order, following = _loop_order(crossings.following)
    points = crossings.points[order] - 1.0  # the padding
    rough = Outline(points * pixel_mm, following, pixel_mm)
    return replace(
        rough, points_mm=np.concatenate([smoothed(points[loop], pixel_mm) for loop in rough.loops]) * pixel_mm
    )


@dataclass(frozen=True, eq=False)
class _Crossings:
    """Where the outline crosses the lines between neighbouring pixel centres, and which crossing follows which."""

    points: FloatArray
    following: IntArray

    @classmethod
    def of(cls, share: FloatArray) -> _Crossings:
        inside = share >= LEVEL
        along_row = inside[:, 1:] != inside[:, :-1]
        along_column = inside[1:] != inside[:-1]
        row_number, column_number = np.full(along_row.shape, -1), np.full(along_column.shape, -1)
        row_count = np.count_nonzero(along_row)
        row_number[along_row] = np.arange(row_count)
        column_number[along_column] = row_count + np.arange(np.count_nonzero(along_column))
        points = np.concatenate([_points(share, along_row, 1), _points(share, along_column, 0)])
        return cls(points, _following(inside, row_number, column_number, len(points)))


def _points(share: FloatArray, crossed: BoolArray, axis: int) -> FloatArray:
    """(N, 2) x, y of the crossings between neighbours along an axis, by linear interpolation."""
    row, column = np.nonzero(crossed)
    here = share[row, column]
    beyond = share[row + (axis == 0), column + (axis == 1)]
    step = np.clip((LEVEL - here) / (beyond - here), NEAREST_CENTRE, 1 - NEAREST_CENTRE)
    return np.stack([column + step * (axis == 1), row + step * (axis == 0)], axis=1)


def _following(inside: BoolArray, row_number: IntArray, column_number: IntArray, count: int) -> IntArray:
    """For each crossing the next one, with the region to the left; diagonal neighbours hang together.

    Round the four corners of a cell, the outline comes in where the way leaves the region and goes out where it enters
    it next.
    """
    corners = [inside[:-1, :-1], inside[:-1, 1:], inside[1:, 1:], inside[1:, :-1]]
    sides = [row_number[:-1], column_number[:, 1:], row_number[1:], column_number[:, :-1]]
    enters = [~corners[n] & corners[(n + 1) % 4] for n in range(4)]
    following = np.empty(count, np.int64)
    for n in range(4):
        leaves = corners[n] & ~corners[(n + 1) % 4]
        for later in (1, 2, 3):
            side = (n + later) % 4
            here = leaves & enters[side]
            following[sides[n][here]] = sides[side][here]
            leaves = leaves & ~here
    return following


def _loop_order(following: IntArray) -> tuple[IntArray, IntArray]:
    """Order of the crossings loop by loop, and for each place in that order the next one's place."""
    after: list[int] = following.tolist()
    order: list[int] = []
    places: list[int] = []
    is_seen = [False] * len(after)
    for start in range(len(after)):
        if is_seen[start]:
            continue
        first, here = len(order), start
        while not is_seen[here]:
            is_seen[here] = True
            order.append(here)
            here = after[here]
        places += [*range(first + 1, len(order)), first]
    return np.array(order, np.int64), np.array(places, np.int64)
