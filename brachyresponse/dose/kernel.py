"""A seed's dose rate as a table in radius and angle, and its look-up for millions of points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.dose.tg43 import line_rate_per_u, point_rate_per_u
from brachyresponse.sources import Source
from brachyresponse.types import Float32Array, FloatArray

MM_PER_CM = 10.0
RADIUS_STEP_MM = 0.25
ANGLE_STEPS_DEG = (1.0, 0.5, 0.25)
BLOCK = 65_536
"""Points looked up at once: large enough that Python costs little, small enough for the processor's cache."""
SMALLEST_SQUARE_MM2 = np.float32(1e-12)
"""Added distance from the axis that no angle notices: the seed's centre itself gives a number, not 0/0."""
BLIND_RADIUS_MM = 2.0
TRUE_RADIUS_MM = 6.0
"""From here on the table is good to 0.002 %; closer, the formulas themselves are needed."""

_ARC_TANGENT = np.array([0.999851, -0.330105, 0.17944, -0.084198, 0.02042])
"""atan(t)/t in powers of t squared on 0 to 1, least squares: 0.0008 degrees at most, and only vector operations."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """Dose rate times squared distance, cGy mm2/h/U, at even steps of radius (rows) and angle (columns).

    Interpolated bilinearly. The columns hold every angle of the source's own table, where F has its kinks, so the
    table is exact in angle; times r2 it varies slowly with radius. A faded one falls smoothly to zero between
    ``TRUE_RADIUS_MM`` and ``BLIND_RADIUS_MM`` and is never asked for the dose there.
    """

    values: Float32Array
    angle_step_deg: float
    symmetric: bool

    @classmethod
    def of(cls, source: Source, reach_mm: float, *, axis_known: bool = True, faded: bool = True) -> Kernel:
        """Tabulate a source up to a distance; without a known axis, by the 1D formalism.

        One that is not faded holds the dose close to the seed as well: to 0.5 % from 2.5 mm on and roughly closer,
        which is enough where it is only asked whether a place has the prescription.
        """
        radius_mm = np.arange(int(np.ceil(reach_mm / RADIUS_STEP_MM)) + 3, dtype=np.float64) * RADIUS_STEP_MM
        step_deg = _angle_step(source)
        angle_deg = np.arange(0.0, source.anisotropy_theta_deg[-1] + step_deg / 2, step_deg)
        nearest_mm = BLIND_RADIUS_MM if faded else RADIUS_STEP_MM
        radius_cm = np.maximum(radius_mm, nearest_mm)[:, None] / MM_PER_CM + 0 * angle_deg
        if axis_known:
            angle = np.deg2rad(angle_deg)
            rate = line_rate_per_u(source, radius_cm * np.cos(angle), radius_cm * np.sin(angle))
        else:
            rate = point_rate_per_u(source, radius_cm)
        weighted = rate * (radius_mm**2 * (_fade_in(radius_mm) if faded else 1.0))[:, None]
        values = np.concatenate([weighted, weighted[:, -1:]], axis=1)  # a column beyond the last angle, never weighed
        return cls(values.astype(np.float32), step_deg, source.is_symmetric)

    @property
    def reach_mm(self) -> float:
        """Largest distance that can be looked up."""
        return (len(self.values) - 2) * RADIUS_STEP_MM

    @cached_property
    def corners(self) -> tuple[Float32Array, ...]:
        """The flat table as seen from the four corners of a cell: one index finds all of them."""
        flat, columns = self.values.ravel(), self.values.shape[1]
        return flat, flat[1:], flat[columns:], flat[columns + 1 :]


class KernelReader:
    """Looks a kernel up in blocks of up to ``capacity`` points; owns its work space, so one for each thread."""

    def __init__(self, kernel: Kernel, capacity: int = BLOCK) -> None:
        self.kernel = kernel
        self.capacity = capacity
        self._inputs = np.empty((3, capacity), np.float32)
        self._angle_terms = (_ARC_TANGENT * 2 * np.rad2deg(1.0) / kernel.angle_step_deg).astype(np.float32)
        self._floats = np.empty((8, capacity), np.float32)
        self._cells = np.empty((2, capacity), np.int32)
        self._index = np.empty(capacity, np.intp)

    def inputs(self, size: int) -> Float32Array:
        """Return three arrays for the arguments of :meth:`rate_per_u`, (3, size), not larger than the capacity."""
        return self._inputs[:, :size]

    def rate_per_u(self, away_x: Float32Array, away_y: Float32Array, along: Float32Array) -> Float32Array:
        """Return the dose rates, cGy/h/U, at offsets from the seed in its own frame, mm, (M,) each.

        The arguments are overwritten, and the result is valid until the next call.
        """
        radius_squared, radius, row, column = (buffer[: along.size] for buffer in self._floats[:4])
        np.multiply(away_x, away_x, out=away_x)
        np.multiply(away_y, away_y, out=away_y)
        np.add(away_x, away_y, out=away_x)
        np.maximum(away_x, SMALLEST_SQUARE_MM2, out=away_x)
        np.multiply(along, along, out=radius_squared)
        np.add(radius_squared, away_x, out=radius_squared)
        np.sqrt(radius_squared, out=radius)
        np.sqrt(away_x, out=away_x)
        np.multiply(radius, np.float32(1 / RADIUS_STEP_MM), out=row)
        self._column(away_x, along, radius, column)
        rate = self._interpolated(row, column)
        np.divide(rate, radius_squared, out=rate)
        return rate

    def _column(self, away: Float32Array, along: Float32Array, radius: Float32Array, column: Float32Array) -> None:
        """Angle from the axis in columns: twice the arc tangent of away / (|along| + radius), precise on the axis.

        Overwrites ``away`` and ``radius``.
        """
        terms, square = self._angle_terms, self._floats[4][: along.size]
        np.abs(along, out=square)
        np.add(square, radius, out=radius)
        np.divide(away, radius, out=away)
        np.multiply(away, away, out=square)
        np.multiply(square, terms[-1], out=column)
        for term in terms[-2:0:-1]:
            np.add(column, term, out=column)
            np.multiply(column, square, out=column)
        np.add(column, terms[0], out=column)
        np.multiply(column, away, out=column)
        if not self.kernel.symmetric:
            half = np.float32(90.0 / self.kernel.angle_step_deg)
            np.subtract(half, column, out=column)
            np.copysign(column, along, out=column)
            np.subtract(half, column, out=column)

    def _interpolated(self, row: Float32Array, column: Float32Array) -> Float32Array:
        size = row.size
        low: Float32Array
        low, low_next, high, high_next = (buffer[:size] for buffer in self._floats[4:])
        row_cell, column_cell = (cells[:size] for cells in self._cells)
        for place, cell, whole in ((row, row_cell, low), (column, column_cell, high)):
            np.copyto(cell, place, casting="unsafe")
            np.copyto(whole, cell, casting="unsafe")
            np.subtract(place, whole, out=place)
        index = self._index[:size]
        np.multiply(row_cell, self.kernel.values.shape[1], out=row_cell)
        np.add(row_cell, column_cell, out=row_cell)
        np.copyto(index, row_cell)
        for corner, values in zip(self.kernel.corners, (low, low_next, high, high_next), strict=True):
            np.take(corner, index, out=values, mode="clip")
        _blend(low, low_next, column)
        _blend(high, high_next, column)
        _blend(low, high, row)
        return low


def _blend(first: Float32Array, second: Float32Array, share: Float32Array) -> None:
    """Move ``first`` towards ``second`` by a share, in place."""
    np.subtract(second, first, out=second)
    np.multiply(second, share, out=second)
    np.add(first, second, out=first)


def _angle_step(source: Source) -> float:
    """Largest step whose multiples hold every angle of the source's table, the smallest step if none does."""
    angles = source.anisotropy_theta_deg
    fitting = [step for step in ANGLE_STEPS_DEG if np.allclose(angles / step, np.rint(angles / step))]
    return fitting[0] if fitting else ANGLE_STEPS_DEG[-1]


def _fade_in(radius_mm: FloatArray) -> FloatArray:
    share = np.clip((radius_mm - BLIND_RADIUS_MM) / (TRUE_RADIUS_MM - BLIND_RADIUS_MM - RADIUS_STEP_MM), 0.0, 1.0)
    result: FloatArray = share**3 * (10 - 15 * share + 6 * share**2)
    return result
