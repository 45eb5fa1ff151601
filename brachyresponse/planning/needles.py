"""A needle: the straight track on which seeds are laid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PlanError
from brachyresponse.types import FloatArray, frozen_array

SHORTEST_MM = 1e-3


@dataclass(frozen=True, eq=False)
class Needle:
    """A straight needle from its entry to its tip, RAS in mm; depths are measured from the entry.

    Parameters
    ----------
    number
        1 or more, as the seeds refer to it.
    entry_mm
        Where the needle begins: at the skin, or a stated distance before the target; (3,).
    tip_mm
        (3,)
    hole
        The template's hole ("C4"); empty for a needle drawn by hand.

    Raises
    ------
    PlanError
        The number is below 1, a position is not three finite numbers, or the needle has no length.
    """

    number: int
    entry_mm: FloatArray
    tip_mm: FloatArray
    hole: str = ""

    def __post_init__(self) -> None:
        if self.number < 1 or self.number != int(self.number):
            raise PlanError(f"A needle has the number {self.number}: needles are numbered 1, 2, 3 ...")
        entry, tip = (_position(self.number, end, at) for end, at in (("entry", self.entry_mm), ("tip", self.tip_mm)))
        if np.linalg.norm(tip - entry) < SHORTEST_MM:
            raise PlanError(f"Needle {self.number} has its tip at its entry, {tip} mm: draw it with a length.")
        object.__setattr__(self, "number", int(self.number))
        object.__setattr__(self, "entry_mm", entry)
        object.__setattr__(self, "tip_mm", tip)

    def __eq__(self, other: object) -> bool:
        """Equal when number, hole and both ends are the same."""
        if not isinstance(other, Needle):
            return NotImplemented
        same_ends = np.array_equal(self.entry_mm, other.entry_mm) and np.array_equal(self.tip_mm, other.tip_mm)
        return same_ends and (self.number, self.hole) == (other.number, other.hole)

    def __hash__(self) -> int:
        return hash((self.number, self.hole))

    @property
    def label(self) -> str:
        """How the needle is called in messages and tables: ``3`` or ``3 (C4)``."""
        return f"{self.number} ({self.hole})" if self.hole else str(self.number)

    @cached_property
    def length_mm(self) -> float:
        """Distance from entry to tip."""
        return float(np.linalg.norm(self.tip_mm - self.entry_mm))

    @cached_property
    def direction(self) -> FloatArray:
        """Unit vector from entry to tip, (3,)."""
        return frozen_array((self.tip_mm - self.entry_mm) / self.length_mm, np.float64)

    def at(self, depth_mm: ArrayLike) -> FloatArray:
        """Return the positions (..., 3) at depths from the entry (...,), also beyond the needle's ends."""
        result: FloatArray = self.entry_mm + np.asarray(depth_mm, float)[..., None] * self.direction
        return result

    def depth_of(self, points_mm: ArrayLike) -> FloatArray:
        """Return the depth (...,) of the foot of each point's perpendicular on the needle's line."""
        depth: FloatArray = (np.asarray(points_mm, float) - self.entry_mm) @ self.direction
        return depth

    def project(self, points_mm: ArrayLike) -> FloatArray:
        """Return the nearest positions on the needle, between its ends, (..., 3)."""
        return self.at(np.clip(self.depth_of(points_mm), 0.0, self.length_mm))

    def distance_mm(self, points_mm: ArrayLike) -> FloatArray:
        """Return the distance (...,) of each point from the needle, ends included."""
        distance: FloatArray = np.linalg.norm(np.asarray(points_mm, float) - self.project(points_mm), axis=-1)
        return distance


def find_needle(needles: Iterable[Needle], number: int) -> Needle:
    """Return the needle with a number.

    Raises
    ------
    PlanError
        No needle has it.
    """
    needles = tuple(needles)
    for needle in needles:
        if needle.number == number:
            return needle
    numbers = ", ".join(str(needle.number) for needle in needles) or "none"
    raise PlanError(f"There is no needle {number} (needles: {numbers}): draw it, or detach its seeds.")


def nearest_needle(needles: Sequence[Needle], point_mm: ArrayLike) -> tuple[Needle, float]:
    """Return the needle that passes closest to a point (3,), and the distance in mm; the first of equals.

    Raises
    ------
    PlanError
        There are no needles.
    """
    if not needles:
        raise PlanError("There are no needles: draw one or make a template first.")
    distances = [float(needle.distance_mm(point_mm)) for needle in needles]
    nearest = int(np.argmin(distances))
    return needles[nearest], distances[nearest]


def check_numbers(needles: Iterable[Needle]) -> None:
    """Refuse needles of which two have the same number.

    Raises
    ------
    PlanError
        A number occurs twice.
    """
    seen: set[int] = set()
    for needle in needles:
        if needle.number in seen:
            raise PlanError(f"Two needles have the number {needle.number}: number them differently.")
        seen.add(needle.number)


def _position(number: int, end: str, values: ArrayLike) -> FloatArray:
    position = np.asarray(values, np.float64)
    if position.shape != (3,) or not np.isfinite(position).all():
        raise PlanError(f"Needle {number}: its {end} {position} is not a position; give three finite numbers in mm.")
    return frozen_array(position, np.float64)
