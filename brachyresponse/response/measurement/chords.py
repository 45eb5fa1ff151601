"""The longest segments between points of a lesion's outline that stay inside the lesion."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brachyresponse.response.measurement.chord import Chord
from brachyresponse.response.measurement.groups import PointGroups
from brachyresponse.response.measurement.outline import Outline, trace_outline
from brachyresponse.response.measurement.outside import OutsidePixels
from brachyresponse.response.measurement.refining import finer_chord
from brachyresponse.types import AnyArray, FloatArray, IntArray

FIRST_LOOK, LATER_LOOKS = 64, 512
"""What is looked at together; most often the longest segment is among the first."""
SAME = 1e-7
"""Of a length; segments that differ by less count as equally long."""
MOST_TIES = 24
MOST_POINTS = 600
"""Edges of outlines with fewer points are divided where ends are looked for between points."""
NEARLY = 1.0
"""In pixels: so much shorter a segment may be and yet become the longest one with finer ends."""
MOST_MADE_FINER, NEIGHBOURS = 8, 3
"""How many segments get finer ends, and how many edges apart their ends have to be."""


class LesionSlice:
    """A lesion in one slice: its outline, and which segments stay inside."""

    def __init__(self, occupancy: AnyArray, pixel_mm: FloatArray) -> None:
        self.outline: Outline = trace_outline(occupancy, pixel_mm)
        self._groups = PointGroups.of(self.outline)
        self._outside = OutsidePixels(occupancy, pixel_mm, float(self._groups.radius_mm.max()))

    def longest_chords(self, longer_than_mm: float = 0.0) -> list[Chord]:
        """Return the longest segments inside, several where some are equally long; none unless long enough.

        Pairs of groups of points are looked at by the greatest distance that their points may have, until none can
        be longer than what was found. Where longer segments leave the lesion, the ends of the longest one inside may
        lie between the points of the outline, and are looked for there.
        """
        search = _Search(self.outline, longer_than_mm)
        one, other, most_mm = self._groups.pairs(longer_than_mm)
        centres = self._groups.centres_mm
        may = self._outside.leave_groups(centres[one], centres[other])
        order = np.flatnonzero(may)[np.argsort(-most_mm[may], kind="stable")]
        for look in _looks(len(order)):
            pairs = order[look]
            if most_mm[pairs[0]] < search.least_mm:
                break
            search.look_at(*self._groups.expand(one[pairs], other[pairs]), self._outside)
        chords = search.chords()
        blocked_mm = max(search.blocked_mm, float((most_mm[~may]).max(initial=0.0)))
        return [self._finest(chords[0])] if chords and blocked_mm > chords[0].length_mm else chords

    def _finest(self, best: Chord) -> Chord:
        """The longest of the segments inside that are nearly as long as the best one, each with its ends made finer."""
        parts = max(1, MOST_POINTS // len(self.outline.points_mm))
        outline = self.outline.divided(parts)
        start, end, length = self._inside(outline, best.length_mm - NEARLY * float(outline.pixel_mm.max()))
        finest, left = best, np.argsort(-length, kind="stable")
        for _ in range(MOST_MADE_FINER):
            if not len(left):
                break
            first = left[0]
            chord = finer_chord(outline, int(start[first]), int(end[first]))
            finest = max(finest, chord, key=lambda each: each.length_mm)
            is_near = np.maximum(abs(start[left] - start[first]), abs(end[left] - end[first])) <= NEIGHBOURS * parts
            left = left[~is_near]
        return finest

    def _inside(self, outline: Outline, least_mm: float) -> tuple[IntArray, IntArray, FloatArray]:
        """All segments inside between two points of an outline that are so long: the points' places and the length."""
        groups, points = PointGroups.of(outline), outline.points_mm
        one, other, _ = groups.pairs(least_mm)
        may = self._outside.leave_groups(groups.centres_mm[one], groups.centres_mm[other])
        start, end = groups.expand(one[may], other[may])
        length = np.hypot(*(points[start] - points[end]).T)
        chosen = np.flatnonzero(length >= least_mm)
        chosen = chosen[self._outside.leave_points(points[start[chosen]], points[end[chosen]])]
        chosen = chosen[outline.holds_between(start[chosen], end[chosen])]
        return start[chosen], end[chosen], length[chosen]

    def chords_inside(self) -> tuple[FloatArray, FloatArray]:
        """All segments inside between some points of the outline, a few pixels apart; starts and ends, (M, 2) mm."""
        one, other, _ = self._groups.pairs(0.0)
        start, end = self._groups.members[one, 0], self._groups.members[other, 0]
        points = self.outline.points_mm
        may = (start != end) & self._outside.leave_points(points[start], points[end])
        start, end = start[may], end[may]
        inside = self.outline.holds_between(start, end)
        return points[start[inside]], points[end[inside]]


class _Search:
    """The longest segments found so far."""

    def __init__(self, outline: Outline, longer_than_mm: float) -> None:
        self._outline = outline
        self._found: list[tuple[float, int, int]] = []
        self.least_mm = longer_than_mm * (1 - SAME)
        self.blocked_mm = 0.0

    def look_at(self, start: IntArray, end: IntArray, outside: OutsidePixels) -> None:
        """Look for longer or equally long segments among pairs of points."""
        points = self._outline.points_mm
        length = np.hypot(*(points[start] - points[end]).T)
        chosen = np.flatnonzero(length >= self.least_mm)
        may = outside.leave_points(points[start[chosen]], points[end[chosen]])
        self.blocked_mm = max(self.blocked_mm, float(length[chosen[~may]].max(initial=0.0)))
        chosen = chosen[may]
        chosen = chosen[np.argsort(-length[chosen], kind="stable")]
        for look in _looks(len(chosen)):
            tried = chosen[look]
            if length[tried[0]] < self.least_mm:
                break
            is_inside = self._outline.holds_between(start[tried], end[tried])
            self.blocked_mm = max(self.blocked_mm, float(length[tried[~is_inside]].max(initial=0.0)))
            for n in tried[is_inside].tolist():
                self._add(float(length[n]), int(start[n]), int(end[n]))

    def _add(self, length_mm: float, start: int, end: int) -> None:
        if length_mm >= self.least_mm and length_mm > 0:
            self.least_mm = max(self.least_mm, length_mm * (1 - SAME))
            self._found = [found for found in self._found if found[0] >= self.least_mm]
            if len(self._found) < MOST_TIES:
                self._found.append((length_mm, start, end))

    def chords(self) -> list[Chord]:
        """What was found."""
        return [Chord(self._outline.points_mm[start], self._outline.points_mm[end]) for _, start, end in self._found]


def _looks(count: int) -> Iterator[slice]:
    first, size = 0, FIRST_LOOK
    while first < count:
        yield slice(first, first + size)
        first, size = first + size, LATER_LOOKS
