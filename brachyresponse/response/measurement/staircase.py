"""The staircase of pixels along an outline, and the straight lines that may have made parts of it.

Every point of the staircase lies between the centres of two pixels, one inside and one outside. A row of points is
straight when one line passes between all of these pairs (a digital straight segment). Of a long row only a narrow
bundle of lines does, so that its middle tells where the line is to a tenth of a pixel; of a row along the pixels, to
half a pixel only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import FloatArray, IntArray

KNOWN_TO = 0.15
"""Of a pixel; how well shares of pixels tell where the outline crosses between two centres. Whole pixels do not."""
SLOPES = 32
"""Of a bundle that its middle is taken from."""
LEAST_BUNDLE = 1e-9
"""Between the slopes of a bundle; less is rounding."""


@dataclass(frozen=True, eq=False)
class Line:
    """A straight line through a place, (2,), along a unit vector, (2,)."""

    origin: FloatArray
    direction: FloatArray

    def meeting(self, other: Line, least_sine: float) -> FloatArray | None:
        """Where two lines meet, (2,), unless they are nearly parallel."""
        sine = _cross(self.direction, other.direction)
        if abs(sine) < least_sine:
            return None
        meeting: FloatArray = self.origin + _cross(other.origin - self.origin, other.direction) / sine * self.direction
        return meeting


@dataclass(frozen=True, eq=False)
class Staircase:
    """A closed loop of points, (N, 2) in pixels, the region to the left; and how far in and out each may lie.

    Places along it are numbers that go on beyond the last point and before the first one.
    """

    points: FloatArray
    inner: FloatArray
    outer: FloatArray

    @classmethod
    def of(cls, points: FloatArray) -> Staircase:
        """Take the points as they were found, one coordinate of each a whole number."""
        ahead = np.roll(points, -1, axis=0) - points
        none = np.zeros(len(points))
        is_in_row = points[:, 1] == np.rint(points[:, 1])
        outward = np.where(is_in_row, [np.sign(ahead[:, 1]), none], [none, -np.sign(ahead[:, 0])]).T
        share = np.where(is_in_row, points[:, 0], points[:, 1]) % 1
        known_to = np.where(share == 0.5, 0.5, np.minimum(KNOWN_TO, np.minimum(share, 1 - share)))[:, None]
        return cls(points, points - known_to * outward, points + known_to * outward)

    def at(self, places: IntArray) -> FloatArray:
        """The points at some places."""
        points: FloatArray = self.points[places % len(self.points)]
        return points

    def straight(self, places: IntArray) -> int:
        """How many of a row's first points are straight."""
        lower, upper = self._row(places, places[:8]).slopes()
        first = np.maximum.accumulate(np.maximum.accumulate(lower, axis=0), axis=1).diagonal()
        last = np.minimum.accumulate(np.minimum.accumulate(upper, axis=0), axis=1).diagonal()
        return int(np.append(last < first + LEAST_BUNDLE, True).argmax())

    def line(self, places: IntArray) -> Line | None:
        """The middle of the lines that pass between a row's pixels; none where it is not straight."""
        row = self._row(places, places)
        lower, upper = row.slopes()
        first, last = lower.max(), upper.min()
        return row.middle(first, last) if LEAST_BUNDLE < last - first < np.inf else None

    def _row(self, places: IntArray, part: IntArray) -> _Row:
        """A row seen along a part of it, which points outwards."""
        ends = self.at(part[[0, -1]])
        along = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
        axes = np.array([along, [-along[1], along[0]]])
        here, index = ends.mean(axis=0), places % len(self.points)
        inner, outer = axes @ (self.inner[index] - here).T, axes @ (self.outer[index] - here).T
        side = 1.0 if (outer - inner)[1, : len(part)].sum() > 0 else -1.0
        flip = np.array([[1.0], [side]])
        return _Row(flip * inner, flip * outer, here, flip * axes)


@dataclass(frozen=True, eq=False)
class _Row:
    """Pairs of what is inside and outside, (2, N) along and across; the outside lies upwards."""

    inner: FloatArray
    outer: FloatArray
    origin: FloatArray
    axes: FloatArray

    def slopes(self) -> tuple[FloatArray, FloatArray]:
        """Between which slopes a line lies that has one point inside below it and another one outside above it."""
        run, rise = (np.subtract.outer(self.outer[axis], self.inner[axis]) for axis in (0, 1))
        is_across = abs(run) < LEAST_BUNDLE
        slope = rise / np.where(is_across, 1, run)
        upper = np.where(run > 0, slope, np.inf)
        lower = np.where(run < 0, slope, -np.inf)
        upper[is_across] = np.where(rise[is_across] > 0, np.inf, -np.inf)
        lower[is_across] = -upper[is_across]
        return lower, upper

    def middle(self, first: float, last: float) -> Line:
        """The mean of all lines between two slopes that keep the pixels apart."""
        slope = first + (last - first) * ((np.arange(SLOPES) + 0.5) / SLOPES)[:, None]
        low = (self.inner[1] - slope * self.inner[0]).max(axis=1)
        high = (self.outer[1] - slope * self.outer[0]).min(axis=1)
        width = np.maximum(high - low, LEAST_BUNDLE)
        mean_slope, height = np.average(np.stack([slope[:, 0], (low + high) / 2]), axis=1, weights=width)
        direction = np.array([1.0, mean_slope]) @ self.axes
        return Line(self.origin + height * self.axes[1], direction / np.linalg.norm(direction))


def _cross(one: FloatArray, other: FloatArray) -> float:
    return float(one[0] * other[1] - one[1] * other[0])
