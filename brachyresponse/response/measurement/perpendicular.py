"""The longest segment at a right angle to another one that crosses it and stays inside."""

from __future__ import annotations

import numpy as np

from brachyresponse.response.measurement.chord import Chord
from brachyresponse.response.measurement.outline import WIDENING, Outline
from brachyresponse.types import FloatArray

SAME_PLACE = 1e-9
"""Of the first diameter's length; neighbours that lie nearer are one."""
INTERVALS_AT_ONCE = 1 << 19


def longest_perpendicular(outline: Outline, chord: Chord) -> Chord:
    """Return the longest segment inside an outline that crosses a chord of it at a right angle.

    Between two points of the outline that are neighbours along the chord, both ends of the perpendicular run on one
    edge each, so its length is linear there and greatest at an end: exact but for rounding.
    """
    length = chord.length_mm
    along = (chord.end_mm - chord.start_mm) / length
    across = np.array([-along[1], along[0]])
    relative = outline.points_mm - chord.start_mm
    # The chord may leave the outline by its widening: what it grazes lies on it.
    edges = _Edges(relative @ along, relative @ across, outline, 2 * WIDENING * float(outline.pixel_mm.min()))
    places = np.unique(np.concatenate([[0, length], np.clip(edges.place, 0, length)]))
    places = places[np.concatenate([[True], np.diff(places) > SAME_PLACE * length])]
    best = edges.longest(places) if len(places) > 1 else (0.0, 0.0, 0.0)
    foot = chord.start_mm + best[0] * along
    return Chord(foot + best[1] * across, foot + best[2] * across)


class _Edges:
    """The edges of an outline in coordinates along a chord (place) and across it (height)."""

    def __init__(self, place: FloatArray, height: FloatArray, outline: Outline, tolerance: float) -> None:
        self.place, self.height = place, height
        self.next_place, self.next_height = place[outline.following], height[outline.following]
        run = self.next_place - place
        self.slope = np.divide(self.next_height - height, run, out=np.zeros_like(run), where=run != 0)
        self.tolerance = tolerance

    def longest(self, places: FloatArray) -> tuple[float, float, float]:
        """Place, lower and upper height of the longest perpendicular."""
        best, best_length = (0.0, 0.0, 0.0), -1.0
        at_once = max(1, INTERVALS_AT_ONCE // len(self.place))
        for first in range(0, len(places) - 1, at_once):
            ends = places[first : first + at_once + 1]
            found = self._longest_of(ends[:-1], ends[1:])
            if found[2] - found[1] > best_length:
                best, best_length = found, found[2] - found[1]
        return best

    def _longest_of(self, begin: FloatArray, end: FloatArray) -> tuple[float, float, float]:
        middle = ((begin + end) / 2)[:, None]
        height = self.height + self.slope * (middle - self.place)
        # The region lies to the left of an edge: one that runs forwards bounds it from below, one backwards from above.
        is_lower = (self.place <= middle) & (middle < self.next_place) & (height <= self.tolerance)
        is_upper = (self.next_place <= middle) & (middle < self.place) & (height >= -self.tolerance)
        lower = np.argmax(np.where(is_lower, height, -np.inf), axis=1)
        upper = np.argmin(np.where(is_upper, height, np.inf), axis=1)
        is_bounded = is_lower.any(axis=1) & is_upper.any(axis=1)
        places = np.concatenate([begin, end])
        low, high = (self._height_at(np.tile(edge, 2), places) for edge in (lower, upper))
        length = np.where(np.tile(is_bounded, 2), high - low, -1.0)
        best = int(np.argmax(length))
        return float(places[best]), float(low[best]), float(high[best])

    def _height_at(self, edge: FloatArray, place: FloatArray) -> FloatArray:
        height: FloatArray = self.height[edge] + self.slope[edge] * (place - self.place[edge])
        return height
