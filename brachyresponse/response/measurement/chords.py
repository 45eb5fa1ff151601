"""The longest segment between two points of an outline that stays inside the region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from brachyresponse.response.measurement.outline import LEVEL, Outline, trace_outline
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

SHARES = (0.99, 0.95, 0.85, 0.7, 0.5, 0.3, 0.0)
"""Of the outline's greatest width: pairs of points are looked at in bands of length, the longest first."""
PAIRS_AT_ONCE = 1 << 20
FIRST_LOOK, LATER_LOOKS = 64, 1024
"""Segments tested for being inside at a time; most often one of the first is."""
SAME = 1e-7
"""Of a length; segments that differ by less count as equally long."""
MOST_TIES = 24
ENDS = 24
"""Points tried in either direction from an end that is made finer."""
FINER = 8
"""Parts of an edge tried at first; a second look divides them as often again, and a third."""


@dataclass(frozen=True, eq=False)
class Chord:
    """A segment in the plane of a slice, (2,) each, mm."""

    start_mm: FloatArray
    end_mm: FloatArray

    @property
    def length_mm(self) -> float:
        """Length, mm."""
        return float(np.hypot(*(self.end_mm - self.start_mm)))


class LesionSlice:
    """A lesion in one slice: its pixels, its outline, and which segments stay inside."""

    def __init__(self, occupancy: AnyArray, pixel_mm: FloatArray) -> None:
        self.outline: Outline = trace_outline(occupancy, pixel_mm)
        self._surely_outside = _surely_outside(occupancy)

    def longest_chords(self, longer_than_mm: float = 0.0) -> list[Chord]:
        """Return the longest segments inside, several where some are equally long; none unless long enough."""
        width_mm = _greatest_width(self.outline.points_mm)
        high = np.inf
        for share in SHARES:
            low = max(share * width_mm, longer_than_mm * (1 - SAME))
            if low < high:
                chords = self._longest_between(low, high)
                if chords:
                    is_free = chords[0].length_mm > width_mm * (1 - SAME)
                    return chords if is_free else [self._finer(chord) for chord in chords[:1]]
            high = low
        return []

    def _longest_between(self, low_mm: float, high_mm: float) -> list[Chord]:
        points = self.outline.points_mm
        start, end, length = _pairs_between(points, low_mm, high_mm)
        kept = np.flatnonzero(self._may_be_inside(points[start], points[end]))
        order = kept[np.argsort(-length[kept], kind="stable")]
        found: list[int] = []
        for part in _looks(len(order)):
            chosen = order[part]
            if found and length[chosen[0]] < length[found[0]] * (1 - SAME):
                break
            inside = chosen[self.outline.holds(points[start[chosen]], points[end[chosen]])]
            found += inside.tolist()
        equal = [n for n in found if length[n] >= length[found[0]] * (1 - SAME)]
        return [Chord(points[start[n]], points[end[n]]) for n in equal[:MOST_TIES]]

    def _may_be_inside(self, start_mm: FloatArray, end_mm: FloatArray) -> BoolArray:
        """Tell which segments meet no pixel that is surely outside, at some points of them; quick."""
        start, along = start_mm / self.outline.pixel_mm, (end_mm - start_mm) / self.outline.pixel_mm
        left = np.arange(len(start))
        for parts in (2, 4, 8, 16, 32):
            for part in range(1, parts, 2):
                pixel = np.rint(start[left] + along[left] * (part / parts)).astype(np.int64) + 2
                left = left[~self._surely_outside[pixel[:, 1], pixel[:, 0]]]
        may = np.zeros(len(start), bool)
        may[left] = True
        return may

    def _finer(self, chord: Chord) -> Chord:
        """The longest segment near one between two points of the outline, its ends anywhere on the outline."""
        start, end = (self._place(point) for point in (chord.start_mm, chord.end_mm))
        step = 1 / FINER
        for _ in range(3):
            offsets: FloatArray = step * np.arange(-ENDS, ENDS + 1.0)
            first, first_mm = self._along(start, offsets)
            last, last_mm = self._along(end, offsets)
            one, other = (n.ravel() for n in np.meshgrid(np.arange(len(first)), np.arange(len(last)), indexing="ij"))
            length = np.hypot(*(first_mm[one] - last_mm[other]).T)
            longer = np.flatnonzero(length > chord.length_mm * (1 + 1e-12))
            order = longer[np.argsort(-length[longer], kind="stable")]
            for part in _looks(len(order)):
                chosen = order[part]
                inside = chosen[self.outline.holds(first_mm[one[chosen]], last_mm[other[chosen]])]
                if len(inside):
                    best = inside[0]
                    start, end = first[one[best]], last[other[best]]
                    chord = Chord(first_mm[one[best]], last_mm[other[best]])
                    break
            step /= FINER
        return chord

    def _place(self, point_mm: FloatArray) -> tuple[int, float]:
        away = np.abs(self.outline.points_mm - point_mm).sum(axis=1)
        return int(np.argmin(away)), 0.0

    def _along(self, place: tuple[int, float], offsets: FloatArray) -> tuple[list[tuple[int, float]], FloatArray]:
        """Places on the outline some edges' lengths before and after a place, and their points."""
        loop = next(loop for loop in self.outline.loops if loop[0] <= place[0] <= loop[-1])
        position = (place[0] - loop[0] + place[1] + offsets) % len(loop)
        number = np.minimum(position.astype(np.int64), len(loop) - 1)
        share = position - number
        index = loop[number]
        points = self.outline.points_mm
        reached = points[index] + share[:, None] * (points[self.outline.following[index]] - points[index])
        return list(zip(index.tolist(), share.tolist(), strict=True)), reached


def _looks(count: int) -> Iterator[slice]:
    first, size = 0, FIRST_LOOK
    while first < count:
        yield slice(first, first + size)
        first, size = first + size, LATER_LOOKS


def _greatest_width(points_mm: FloatArray) -> float:
    blocks = _blocks(len(points_mm))
    return max(float(np.sqrt(_squared(points_mm[rows], points_mm).max())) for rows in blocks)


def _pairs_between(points_mm: FloatArray, low_mm: float, high_mm: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Pairs of points whose distance is at least one and less than another number, each pair once."""
    starts, ends, lengths = [], [], []
    for rows in _blocks(len(points_mm)):
        squared = _squared(points_mm[rows], points_mm)
        start, end = np.nonzero((squared >= low_mm**2) & (squared < high_mm**2))
        start, once = start + rows.start, start + rows.start < end
        starts.append(start[once])
        ends.append(end[once])
        lengths.append(np.sqrt(squared[start[once] - rows.start, end[once]]))
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(lengths)


def _blocks(count: int) -> Iterator[slice]:
    size = max(1, PAIRS_AT_ONCE // max(count, 1))
    for first in range(0, count, size):
        yield slice(first, first + size)


def _squared(one_mm: FloatArray, other_mm: FloatArray) -> FloatArray:
    squared: FloatArray = np.subtract.outer(one_mm[:, 0], other_mm[:, 0]) ** 2
    squared += np.subtract.outer(one_mm[:, 1], other_mm[:, 1]) ** 2
    return squared


def _surely_outside(occupancy: AnyArray) -> BoolArray:
    """[row + 2, column + 2] pixels without a neighbour inside: the outline does not come near them."""
    inside = np.pad(occupancy >= LEVEL if occupancy.dtype != bool else occupancy, 3)
    near = inside[:, 2:] | inside[:, 1:-1] | inside[:, :-2]
    outside: BoolArray = ~(near[2:] | near[1:-1] | near[:-2])
    return outside
