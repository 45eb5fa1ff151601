"""The staircase of the pixels taken out of an outline; corners stay sharp.

Each point moves to a parabola fitted to its neighbours along the outline, so that round shapes do not shrink. Where two
straight sides explain the points better than a parabola does, there is a corner: the points beside it move to the lines
of the sides, the corner itself to where these meet. All is done in pixels, as the staircase is made of them; only
the turn of a corner is that in the patient. Corners between long straight sides are then placed more exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from brachyresponse.response.measurement.corners import sharpened
from brachyresponse.types import FloatArray, IntArray

REACH = 7
"""Points to either side that a parabola is fitted to."""
PART_OF_LOOP = 6
"""The reach is at most this part of a loop, as a parabola is no arc over more; the smallest loops stay as they are."""
LEAST_REACH = 4
"""Reach below which corners are not told from arcs."""
LEAST_TURN_DEG = 50.0
"""Between the two sides of a corner."""
CLEARER = 1.5
"""By which factor two straight sides leave less variance than a parabola."""
NOISE = 0.1
"""Standard deviation, in pixels, below which no fit counts as better than another."""
APART = 5
"""Points between two corners."""
LEAST_SIDE, LONGEST_SIDE = 3, 40
"""Points of a side; it is fitted as far as it is straight."""
STRAIGHT = 0.3
"""Root mean square distance of points from a straight side, in pixels; that of a staircase is 0.29 at most."""
NEAREST_CENTRE = 0.02
"""Of a pixel; the outline keeps that far from every pixel centre, so that it never touches itself."""
MOST_MOVED, CORNER_MOVED = 0.6, 0.5
"""In pixels, across the line between two pixel centres that a point was found on; along it, it keeps between them."""


def smoothed(points: FloatArray, pixel_mm: FloatArray) -> FloatArray:
    """Return one closed loop of an outline without its staircase, (N, 2) in pixels of some size (2,)."""
    reach = min(REACH, len(points) // PART_OF_LOOP)
    if reach < 2:
        return points
    loop = _Loop(points, reach, pixel_mm)
    moved = _limited(points, loop.parabolas.at_zero, MOST_MOVED)
    if len(loop.corners):
        loop.sharpen(moved)
        moved = sharpened(points, loop.likely_corners, moved)
    return moved


@dataclass(frozen=True, eq=False)
class _Loop:
    """A closed loop of points, (N, 2), seen through a window of some points to either side of each."""

    points: FloatArray
    reach: int
    pixel_mm: FloatArray

    @cached_property
    def window(self) -> IntArray:
        """(N, 2 * reach + 1) places of each point's neighbours."""
        around = np.arange(len(self.points))[:, None] + np.arange(-self.reach, self.reach + 1)
        return around % len(self.points)

    @cached_property
    def parabolas(self) -> _Fit:
        """Parabolas through the windows."""
        return _Fit.of(self.points[self.window], -self.reach, 2)

    @cached_property
    def cut_off(self) -> FloatArray:
        """(N,) by how much the parabola cuts a point off where two straight sides are clearly better; 0 elsewhere."""
        if self.reach < LEAST_REACH:
            return np.zeros(len(self.points))
        places = self.window
        before = _Fit.of(self.points[places[:, : self.reach]], -self.reach, 1)
        after = _Fit.of(self.points[places[:, self.reach + 1 :]], 1, 1)
        gain = self.parabolas.variance / ((before.variance + after.variance) / 2 + NOISE**2)
        cosine = (_unit(before.direction * self.pixel_mm) * _unit(after.direction * self.pixel_mm)).sum(axis=1)
        is_turn = cosine < np.cos(np.radians(LEAST_TURN_DEG))
        cut_off = np.linalg.norm(self.points - self.parabolas.at_zero, axis=1)
        return np.where(is_turn & (gain > CLEARER), cut_off, 0)

    @cached_property
    def corners(self) -> IntArray:
        """Places of corners: of the points that may be one, the one that is cut off most."""
        return self._most(self.cut_off)

    @cached_property
    def likely_corners(self) -> IntArray:
        """The same; where pixels lie evenly on both sides of a corner, both points beside it."""
        return self._most(np.round(self.cut_off, 6))

    def _most(self, cut_off: FloatArray) -> IntArray:
        apart = min(APART, self.reach)
        near = self.window[:, self.reach - apart : self.reach + apart + 1]
        return np.flatnonzero((cut_off > 0) & (cut_off >= cut_off[near].max(axis=1)))

    def sharpen(self, moved: FloatArray) -> None:
        """Lay the points beside the corners on the lines of their sides, and the corners where these meet."""
        sides = _Sides.of(self.points, self.corners, self.reach)
        beside = np.arange(1, LONGEST_SIDE + 1) <= np.minimum(self.reach, sides.length)[..., None]
        places = sides.places[beside]
        laid = np.zeros_like(self.points)
        np.add.at(laid, places, sides.nearest(self.points)[beside])
        count = np.bincount(places, minlength=len(self.points))
        is_beside = count > 0  # of a point between two corners near each other, both sides' lines count
        wanted = laid[is_beside] / count[is_beside, None]
        moved[is_beside] = _limited(self.points[is_beside], wanted, MOST_MOVED)
        corner = self.points[self.corners]
        moved[self.corners] = _limited(corner, sides.meeting(corner), CORNER_MOVED)


@dataclass(frozen=True, eq=False)
class _Fit:
    """Polynomials in the number of the point fitted to windows of points."""

    at_zero: FloatArray
    """(N, 2)"""
    direction: FloatArray
    """(N, 2) unit vector onwards at zero."""
    variance: FloatArray
    """(N,) of the distance from the curve, freedoms counted."""

    @classmethod
    def of(cls, points: FloatArray, first: int, degree: int) -> _Fit:
        """Fit windows of points, (N, number, 2), numbered from a first number on."""
        powers, inverse = _design(first, points.shape[1], degree)
        coefficients = inverse @ points  # (N, degree + 1, 2)
        slopes = powers[:, :-1] @ (coefficients[:, 1:] * np.arange(1, degree + 1)[:, None])
        off = points - powers @ coefficients
        squared = _cross(off, slopes) ** 2 / np.maximum((slopes**2).sum(axis=-1), 1e-12)
        variance = squared.sum(axis=1) / max(points.shape[1] - degree - 1, 1)
        return cls(coefficients[:, 0], _unit(coefficients[:, 1]), variance)


@cache
def _design(first: int, count: int, degree: int) -> tuple[FloatArray, FloatArray]:
    """The powers of the numbers of a window's points, and their pseudo-inverse."""
    powers = np.vander(np.arange(first, first + count, dtype=float), degree + 1, increasing=True)
    return powers, np.linalg.pinv(powers)


@dataclass(frozen=True, eq=False)
class _Sides:
    """The two straight sides of each of K corners, each fitted as far as it is straight and no other corner comes."""

    places: IntArray
    """(K, 2, LONGEST_SIDE) of the points, from the corner outwards."""
    length: IntArray
    """(K, 2) number of points that were fitted; 0 where there is no side."""
    middle: FloatArray
    """(K, 2, 2) on the line."""
    direction: FloatArray
    """(K, 2, 2) unit vectors."""

    @classmethod
    def of(cls, points: FloatArray, corners: IntArray, reach: int) -> _Sides:
        steps = np.arange(1, LONGEST_SIDE + 1)
        outwards = np.array([[-1], [1]], np.int64) * steps
        places: IntArray = np.remainder(corners[:, None, None] + outwards, len(points))
        lines = _Lines.of(points[places])
        apart = np.diff(corners, append=corners[0] + len(points)) - 1
        room = np.minimum(np.stack([np.roll(apart, 1), apart], axis=1), len(points) // 3)[..., None]
        is_side = (steps >= LEAST_SIDE) & (steps <= room) & ((lines.rms <= STRAIGHT) | (steps <= reach))
        length: IntArray = np.where(is_side, steps, 0).max(axis=2)
        fitted = np.maximum(length - 1, 0)[..., None]
        angle = np.take_along_axis(lines.angle, fitted, axis=2)[..., 0]
        middle = np.take_along_axis(lines.middle, fitted[..., None], axis=2)[..., 0, :]
        return cls(places, length, middle, np.stack([np.cos(angle), np.sin(angle)], axis=-1))

    def nearest(self, points: FloatArray) -> FloatArray:
        """The places on the lines nearest to the sides' points, (K, 2, LONGEST_SIDE, 2)."""
        middle, direction = self.middle[:, :, None], self.direction[:, :, None]
        along = ((points[self.places] - middle) * direction).sum(axis=-1, keepdims=True)
        nearest: FloatArray = middle + along * direction
        return nearest

    def meeting(self, corner: FloatArray) -> FloatArray:
        """Where the two sides meet, (K, 2); the corner itself where one is missing or they are nearly parallel."""
        one, other = self.direction[:, 0], self.direction[:, 1]
        sine = _cross(one, other)
        is_sure = (np.abs(sine) > np.sin(np.radians(LEAST_TURN_DEG / 2))) & (self.length > 0).all(axis=1)
        along = _cross(self.middle[:, 1] - self.middle[:, 0], other) / np.where(is_sure, sine, 1)
        return np.where(is_sure[:, None], self.middle[:, 0] + along[:, None] * one, corner)


@dataclass(frozen=True, eq=False)
class _Lines:
    """The straight lines that the first, the first two, the first three ... of a row of points lie nearest to."""

    middle: FloatArray
    """(..., N, 2)"""
    angle: FloatArray
    """(..., N)"""
    rms: FloatArray
    """(..., N) root mean square distance of the points."""

    @classmethod
    def of(cls, points: FloatArray) -> _Lines:
        count = np.arange(1, points.shape[-2] + 1)[:, None]
        origin = points[..., :1, :]
        x, y = np.moveaxis(points - origin, -1, 0)
        products = np.stack([x, y, x * x, x * y, y * y], axis=-1)
        mean_x, mean_y, xx, xy, yy = np.moveaxis(np.cumsum(products, axis=-2) / count, -1, 0)
        xx, xy, yy = xx - mean_x**2, xy - mean_x * mean_y, yy - mean_y**2
        least = (xx + yy) / 2 - np.hypot((xx - yy) / 2, xy)  # the smaller eigenvalue of the covariance
        angle = np.arctan2(2 * xy, xx - yy) / 2  # of the other eigenvalue's axis
        return cls(origin + np.stack([mean_x, mean_y], axis=-1), angle, np.sqrt(np.maximum(least, 0)))


def _limited(points: FloatArray, wanted: FloatArray, most: float) -> FloatArray:
    """Points moved to where they are wanted, as far as they may.

    A point was found on the line between the centres of two pixels, one inside and one outside, so one of its
    coordinates is a whole number; the outline passes between the two.
    """
    is_whole = points == np.rint(points)
    low = np.where(is_whole, points - most, np.floor(points) + NEAREST_CENTRE)
    high = np.where(is_whole, points + most, np.ceil(points) - NEAREST_CENTRE)
    return np.clip(wanted, low, high)


def _unit(vectors: FloatArray) -> FloatArray:
    unit: FloatArray = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return unit


def _cross(one: FloatArray, other: FloatArray) -> FloatArray:
    product: FloatArray = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return product
