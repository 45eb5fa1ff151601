"""Corners of an outline where two long straight sides meet, placed to about a tenth of a pixel.

Where a corner lies decides on the diameters of a bent lesion: in an L, the longest one leads from a tip past the corner
that points inwards. Lines fitted to pixels' edges near a corner tell it to half a pixel; those that whole sides allow,
much better. Such a corner may lie beyond the pixels beside it, but no pixel changes sides. Whatever is not straight for
some pixels on both sides of a corner stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.response.measurement.staircase import Line, Staircase
from brachyresponse.types import AnyArray, FloatArray, IntArray

LEAST_PIXELS, LEAST_POINTS = 7.0, 5
"""Length of a side."""
LEAST_BOTH = 28.0
"""Pixels; length of the two sides of a corner together."""
MOST_POINTS = (16, 48, 160)
"""Of a side; as long as it is straight, more are looked at."""
SKIPPED, BACK = 2, 5
"""Points between a corner as it was seen and where its sides are looked for; and how far these may then come nearer."""
TRIMMED = 3
"""Points at the ends of a side between two corners that may belong to the next one."""
SAME_CORNER = 4
"""Points between two places that are one corner at most."""
ON_NO_SIDE = 1
"""Points at a corner that may belong to neither side; a rounded corner has more."""
MOST_BEYOND = 1.5
"""Pixels from the corner to the nearest point beside it."""
LEAST_SINE = 0.5
"""Of the turn of a corner."""
BESIDE = 1e-3
"""Pixels between points that would otherwise lie beyond their corner."""
ROUNDS = 3
"""How many times a side that ends where no corner was seen leads to another one."""


def sharpened(points: FloatArray, seen: IntArray, smooth: FloatArray) -> FloatArray:
    """Return an outline whose corners between long straight sides are sharp.

    Parameters
    ----------
    points
        (N, 2) closed loop of the staircase, in pixels.
    seen
        Places where corners seem to be.
    smooth
        (N, 2) the same points as they are drawn without.
    """
    if not len(seen) or len(points) < 2 * MOST_POINTS[0]:
        return smooth
    stairs = Staircase.of(points)
    corners = _corners(stairs, seen)
    joined = [
        corner.joined(stairs, corners[n - 1], corners[(n + 1) % len(corners)]) for n, corner in enumerate(corners)
    ]
    drawn = smooth.copy()
    for corner in joined:
        corner.draw(stairs, drawn)
    return drawn


def _corners(stairs: Staircase, seen: IntArray) -> list[_Corner]:
    """The corners at and between the places where some were seen, in order."""
    corners: list[_Corner] = []
    for _ in range(ROUNDS):
        found = [_corner_at(stairs, first, last) for first, last in _grouped(seen, len(stairs.points))]
        corners = _different([corner for corner in found if corner is not None], len(stairs.points))
        ends = np.array([side.last for corner in corners for side in (corner.before, corner.after)], np.int64)
        is_new = (_apart(ends[:, None], seen, len(stairs.points)) > SAME_CORNER).all(axis=1)
        if not is_new.any():
            break
        seen = np.union1d(seen, ends[is_new] % len(stairs.points))
    return corners


def _grouped(seen: IntArray, count: int) -> list[tuple[int, int]]:
    """First and last place of each corner; more than one where pixels lie evenly on both sides of it."""
    is_first = np.diff(seen, prepend=seen[-1] - count) > SAME_CORNER
    is_first[0] |= not is_first.any()
    first, last = seen[is_first], seen[np.roll(is_first, -1)]
    return list(zip(first.tolist(), (first + (last - first) % count).tolist(), strict=True))


def _corner_at(stairs: Staircase, first: int, last: int) -> _Corner | None:
    before, after = _Side.found(stairs, first - SKIPPED, -1), _Side.found(stairs, last + SKIPPED, 1)
    if before is None and after is not None:  # the corner lies farther away than it seemed: where the other side begins
        before = _Side.found(stairs, after.first - 1, -1)
    if after is None and before is not None:
        after = _Side.found(stairs, before.first + 1, 1)
    if before is None or after is None:
        return None
    corner = _Corner(before, after)
    if not corner.is_sharp(stairs):
        return None
    shared = max(0, before.first - after.first + 1)  # points that may belong to either side would turn both
    return _Corner(before.without(stairs, shared), after.without(stairs, shared))


def _different(corners: list[_Corner], count: int) -> list[_Corner]:
    """Corners that were found once or more, once each."""
    places = np.array([corner.place for corner in corners])
    is_again = np.tril(_apart(places[:, None], places, count) <= SAME_CORNER, -1).any(axis=1)
    return [corners[n] for n in np.flatnonzero(~is_again)]


def _apart(one: AnyArray, other: AnyArray, count: int) -> FloatArray:
    """Points between places on a closed loop of so many."""
    apart: FloatArray = np.abs((one - other + count / 2) % count - count / 2)
    return apart


@dataclass(frozen=True, eq=False)
class _Side:
    """A straight row of points from a corner onwards (way 1) or back (way -1), and its line."""

    first: int
    last: int
    way: int
    line: Line
    pixels: float

    @classmethod
    def found(cls, stairs: Staircase, start: int, way: int) -> _Side | None:
        """The side that starts about here: as far as it is straight, then back to its corner."""
        for most in MOST_POINTS:
            places = start + way * np.arange(min(most, len(stairs.points) // 2))
            count = stairs.straight(places)
            if count < most:
                break
        if count < LEAST_POINTS:
            return None
        back = stairs.straight(np.concatenate([places[:count], start - way * np.arange(1, BACK + 1)])) - count
        first, last = start - way * max(back, 0), start + way * (count - 1)
        ends = stairs.at(np.array([first, last]))
        pixels = float(np.linalg.norm(ends[1] - ends[0]))
        line = stairs.line(np.arange(first, last + way, way)) if pixels >= LEAST_PIXELS else None
        return None if line is None else cls(first, last, way, line, pixels)

    def without(self, stairs: Staircase, count: int) -> _Side:
        """The side without its first points."""
        first = self.first + self.way * count
        line = stairs.line(np.arange(first, self.last + self.way, self.way)) if count < self.reach else None
        return self if line is None else replace(self, first=first, line=line)

    @property
    def reach(self) -> int:
        """Points to the side's end."""
        return abs(self.last - self.first)

    def joined(self, stairs: Staircase, opposite: _Side, corner: _Corner) -> _Side:
        """The side as far as the next corner; where it is straight all the way, with the line of all of it."""
        count = len(stairs.points)
        length = (opposite.first - self.first) * self.way % count
        stop = (int(np.floor(corner.place * self.way)) - 1 - self.first * self.way) % count
        if length <= min(self.reach + opposite.reach, MOST_POINTS[-1], count // 2):
            for trim in range(min(TRIMMED, (length - LEAST_POINTS) // 2 + 1)):
                line = stairs.line(self.first + self.way * np.arange(trim, length + 1 - trim))
                if line is not None:
                    return replace(self, last=self.first + self.way * stop, line=line)
        return replace(self, last=self.first + self.way * min(self.reach, stop))


@dataclass(frozen=True, eq=False)
class _Corner:
    """Two straight sides that meet."""

    before: _Side
    after: _Side

    @property
    def place(self) -> float:
        """Where on the staircase the sides meet, a whole or a half number."""
        return (self.before.first + self.after.first) / 2

    @property
    def meeting(self) -> FloatArray | None:
        """Where the lines of the sides meet, (2,)."""
        return self.before.line.meeting(self.after.line, LEAST_SINE)

    def is_sharp(self, stairs: Staircase) -> bool:
        """Tell whether the sides are long and meet on the staircase, with hardly a point between them."""
        meeting = self.meeting
        if meeting is None or self.after.first - self.before.first > 1 + ON_NO_SIDE:
            return False
        if self.before.pixels + self.after.pixels < LEAST_BOTH:
            return False
        near = stairs.at(int(self.place) + np.arange(-SKIPPED, SKIPPED + 1))
        return bool(np.linalg.norm(near - meeting, axis=1).min() <= MOST_BEYOND)

    def joined(self, stairs: Staircase, previous: _Corner, following: _Corner) -> _Corner:
        """The corner with its sides joined to those of its neighbours."""
        before = self.before.joined(stairs, previous.after, previous)
        return _Corner(before, self.after.joined(stairs, following.before, following))

    def draw(self, stairs: Staircase, drawn: FloatArray) -> None:
        """Lay the sides' points on their lines as far as the corner, and the nearest ones on it."""
        meeting = self.meeting
        if meeting is None:
            return
        for side in (self.before, self.after):
            nearest = int(np.ceil(self.place * side.way)) * side.way
            places = np.arange(nearest, side.last + side.way, side.way)
            along = (stairs.at(places) - meeting) @ side.line.direction
            along = np.maximum(along, BESIDE * np.arange(len(along)))
            along[0] = 0
            drawn[places % len(drawn)] = meeting + along[:, None] * side.line.direction
