"""A segment between two points of an outline made longer with its ends anywhere on the outline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.response.measurement.chord import Chord
from brachyresponse.response.measurement.outline import Outline
from brachyresponse.types import FloatArray, IntArray

STEPS = (1 / 8, 1 / 64, 1 / 512)
"""Parts of an edge that the ends are moved by, look by look."""
REACH = 24
"""Steps to either side."""
LOOK = 256


def finer_chord(outline: Outline, start: int, end: int) -> Chord:
    """Return the longest segment inside whose ends lie near two points of an outline, given by their places.

    Where a segment is held by a corner that points into the lesion, its ends lie between two points of the outline as
    a rule. They are found by trying finer and finer steps, to a thousandth of a pixel.
    """
    ends = _Ends(outline, float(start), float(end))
    chord = Chord(outline.points_mm[start], outline.points_mm[end])
    for step in STEPS:
        chord = ends.longer(chord, step)
    return chord


@dataclass
class _Ends:
    """Places of two ends on an outline: whole numbers are its points, fractions lie on the edge after one."""

    outline: Outline
    start: float
    end: float

    def longer(self, chord: Chord, step: float) -> Chord:
        """The longest segment inside with ends some steps from here; the given one if none is longer."""
        starts, ends = self._near(self.start, step), self._near(self.end, step)
        start_mm, end_mm = self._points(starts), self._points(ends)
        one, other = (n.ravel() for n in np.indices((len(starts), len(ends))))
        length = np.hypot(*(start_mm[one] - end_mm[other]).T)
        longer = np.flatnonzero(length > chord.length_mm)
        order = longer[np.argsort(-length[longer], kind="stable")]
        moved_mm = max(np.ptp(start_mm, axis=0).max(), np.ptp(end_mm, axis=0).max(), self.outline.pixel_mm.max())
        edges = self.outline.edges_near(chord.start_mm, chord.end_mm, 2 * float(moved_mm))
        for first in range(0, len(order), LOOK):
            tried = order[first : first + LOOK]
            inside = tried[self.outline.holds(start_mm[one[tried]], end_mm[other[tried]], edges)]
            if len(inside):
                best = inside[0]
                self.start, self.end = float(starts[one[best]]), float(ends[other[best]])
                return Chord(start_mm[one[best]], end_mm[other[best]])
        return chord

    def _near(self, place: float, step: float) -> FloatArray:
        """Places within the same loop."""
        loop = next(loop for loop in self.outline.loops if loop[0] <= place < loop[-1] + 1)
        near: FloatArray = loop[0] + (place - loop[0] + step * np.arange(-REACH, REACH + 1.0)) % len(loop)
        return near

    def _points(self, places: FloatArray) -> FloatArray:
        index: IntArray = np.floor(places).astype(np.int64)
        here, beyond = self.outline.points_mm[index], self.outline.points_mm[self.outline.following[index]]
        points: FloatArray = here + (places - index)[:, None] * (beyond - here)
        return points
