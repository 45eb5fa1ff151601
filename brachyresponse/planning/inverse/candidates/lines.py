"""Many straight tracks at once: positions on them, and where they run through something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from brachyresponse.planning.inverse.candidates.nearness import Box
from brachyresponse.types import BoolArray, FloatArray, IntArray

STEP_MM = 0.5
"""Runs shorter than this may be missed."""
BISECTIONS = 12
NO_ENTRY = -1

Inside = Callable[[FloatArray], BoolArray]


@dataclass(frozen=True, eq=False)
class TrackLines:
    """N lines with the direction needles take along them; depths are measured from a line's point.

    Parameters
    ----------
    points_mm, directions
        A point on each line, RAS, and the unit vector from entry to tip, (N, 3) each.
    steps
        Of a lattice, (across, up) from its origin, (N, 2); zeros elsewhere.
    entries
        Index of the entry that a line begins at, :data:`NO_ENTRY` where entries are not given, (N,).
    """

    points_mm: FloatArray
    directions: FloatArray
    steps: IntArray
    entries: IntArray

    @property
    def count(self) -> int:
        """Number of lines."""
        return len(self.points_mm)

    def at(self, depth_mm: FloatArray) -> FloatArray:
        """Return the positions (N, M, 3) at depths (N, M)."""
        result: FloatArray = self.points_mm[:, None] + depth_mm[..., None] * self.directions[:, None]
        return result

    def select(self, index: IntArray | BoolArray) -> TrackLines:
        """Return the lines at an index array or a mask."""
        return TrackLines(self.points_mm[index], self.directions[index], self.steps[index], self.entries[index])

    def from_depth(self, depth_mm: FloatArray) -> TrackLines:
        """Return the same lines whose depths are measured from what was the depth (N,)."""
        return TrackLines(self.at(depth_mm[:, None])[:, 0], self.directions, self.steps, self.entries)

    def reach_mm(self, box: Box) -> tuple[FloatArray, FloatArray]:
        """Return the depths (N,) between which each line can meet a box."""
        along = np.einsum("ncx,nx->nc", box.corners_mm - self.points_mm[:, None], self.directions)
        return along.min(axis=1), along.max(axis=1)

    def first_inside_mm(self, inside: Inside, first_mm: FloatArray, last_mm: FloatArray) -> FloatArray:
        """Return the depth (N,) at which each line first goes inside between two depths (N,); NaN where it does not.

        A line that is inside from the start gives the start.
        """
        depth_mm = _steps(first_mm, last_mm)
        found = inside(self.at(depth_mm))
        return self._refined(inside, depth_mm, found)

    def run_mm(self, inside: Inside, box: Box) -> tuple[FloatArray, FloatArray]:
        """Return where each line first goes inside something in a box, and where it last leaves it; NaN for a miss."""
        lowest, highest = self.reach_mm(box)
        depth_mm = _steps(lowest, highest)
        found = inside(self.at(depth_mm))
        first = self._refined(inside, depth_mm, found)
        last = self._refined(inside, depth_mm[:, ::-1], found[:, ::-1])
        return first, last

    def _refined(self, inside: Inside, depth_mm: FloatArray, found: BoolArray) -> FloatArray:
        """Depth of the first sample found inside, moved by bisection to where the line goes in."""
        rows = np.arange(self.count)
        first = np.argmax(found, axis=1)
        within, without = depth_mm[rows, first], depth_mm[rows, np.maximum(first - 1, 0)]
        for _ in range(BISECTIONS):
            middle = (within + without) / 2
            is_in = inside(self.at(middle[:, None]))[:, 0]
            within, without = np.where(is_in, middle, within), np.where(is_in, without, middle)
        result: FloatArray = np.where(found.any(axis=1), within, np.nan)
        return result


def joined_lines(first: TrackLines, second: TrackLines) -> TrackLines:
    """Return the lines of both, in order."""
    return TrackLines(
        np.concatenate([first.points_mm, second.points_mm]),
        np.concatenate([first.directions, second.directions]),
        np.concatenate([first.steps, second.steps]),
        np.concatenate([first.entries, second.entries]),
    )


def _steps(first_mm: FloatArray, last_mm: FloatArray, step_mm: float = STEP_MM) -> FloatArray:
    """Depths (N, M) from the first to at least the last of each line."""
    count = int(np.ceil(np.max(last_mm - first_mm, initial=0.0) / step_mm)) + 2
    result: FloatArray = first_mm[:, None] + step_mm * np.arange(count)
    return result
