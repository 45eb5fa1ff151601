"""The seeds of an implant, as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import SeedsError
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray, frozen_array

FREE = 0
"""Needle number of a seed that belongs to no needle."""


@dataclass(frozen=True, eq=False)
class Seeds:
    """N seeds of one model.

    Parameters
    ----------
    positions_mm
        Centres in RAS, (N, 3).
    directions
        Axes in RAS, (N, 3); normalised to unit length here. The sign has no meaning.
    air_kerma_strength_u
        At implantation, U; (N,) or one number for all.
    axis_known
        (N,) or one for all; a seed whose axis is not known is computed as a point source.
    needle
        Number of the needle that holds the seed, 0 for a free one; (N,) or one for all.

    Raises
    ------
    SeedsError
        Counts disagree, a value is not finite, a direction has no length, or a strength is not positive.
    """

    positions_mm: FloatArray
    directions: FloatArray
    air_kerma_strength_u: FloatArray
    axis_known: BoolArray = True  # type: ignore[assignment]  # one value is spread over all seeds
    needle: IntArray = FREE  # type: ignore[assignment]

    def __post_init__(self) -> None:
        positions = _vectors("positions", self.positions_mm)
        count = len(positions)
        directions = _vectors("directions", self.directions)
        if len(directions) != count:
            raise SeedsError(f"{count} seed positions but {len(directions)} directions: give one a seed.")
        strengths = _one_each(self.air_kerma_strength_u, count, "air-kerma strengths", np.float64)
        _check_strengths(strengths)
        values = {
            "positions_mm": positions,
            "directions": _unit_length(directions),
            "air_kerma_strength_u": strengths,
            "axis_known": _one_each(self.axis_known, count, "values of axis_known", np.bool_),
            "needle": _one_each(self.needle, count, "needle numbers", np.int64),
        }
        for name, array in values.items():
            object.__setattr__(self, name, frozen_array(array, array.dtype))

    @classmethod
    def none(cls) -> Seeds:
        """Return an implant without seeds, to which others are joined."""
        return cls(np.empty((0, 3)), np.empty((0, 3)), np.empty(0))

    @property
    def count(self) -> int:
        """Number of seeds."""
        return len(self.positions_mm)

    def __len__(self) -> int:
        return self.count

    def __eq__(self, other: object) -> bool:
        """Equal when every position, axis, strength and needle number is the same."""
        if not isinstance(other, Seeds):
            return NotImplemented
        return all(np.array_equal(a, b) for a, b in zip(self._fields(), other._fields(), strict=True))

    __hash__ = None  # type: ignore[assignment]  # arrays inside

    def select(self, index: ArrayLike | slice) -> Seeds:
        """Return the seeds at an index array, a boolean mask or a slice, in that order."""
        chosen = index if isinstance(index, slice) else np.atleast_1d(np.asarray(index))
        return Seeds(*(field[chosen] for field in self._fields()))

    def joined(self, other: Seeds) -> Seeds:
        """Return these seeds followed by others."""
        return Seeds(*(np.concatenate(pair) for pair in zip(self._fields(), other._fields(), strict=True)))

    def without(self, index: int) -> Seeds:
        """Return the seeds but one."""
        self._check_index(index)
        return self.select(np.arange(self.count) != index)

    def moved(self, index: int, position_mm: ArrayLike) -> Seeds:
        """Return the seeds with the centre of one at another position, (3,) RAS."""
        self._check_index(index)
        positions = self.positions_mm.copy()
        positions[index] = position_mm
        return replace(self, positions_mm=positions)

    def without_axes(self) -> Seeds:
        """Return the same seeds as point sources, for the 1D formalism."""
        return replace(self, axis_known=np.zeros(self.count, bool))

    def _fields(self) -> tuple[AnyArray, ...]:
        return self.positions_mm, self.directions, self.air_kerma_strength_u, self.axis_known, self.needle

    def _check_index(self, index: int) -> None:
        if not 0 <= index < self.count:
            raise SeedsError(f"There is no seed {index + 1}: the implant has {self.count} seeds.")


def _vectors(what: str, values: ArrayLike) -> AnyArray:
    array = np.asarray(values, np.float64)
    if array.ndim != 2 or array.shape[1] != 3:
        raise SeedsError(f"Seed {what} have shape {array.shape}, expected (N, 3).")
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if bad.size:
        raise SeedsError(f"Seed {bad[0] + 1}: its {what} {array[bad[0]]} hold NaN or infinity; give finite numbers.")
    return array


def _one_each(values: ArrayLike, count: int, what: str, dtype: type) -> AnyArray:
    array: AnyArray = np.asarray(values, dtype)
    if array.ndim == 0:
        return np.full(count, array)
    if array.shape != (count,):
        raise SeedsError(f"{count} seed positions but {array.size} {what}: give one a seed, or one for all.")
    return array


def _check_strengths(strengths_u: AnyArray) -> None:
    bad = np.flatnonzero(~(np.isfinite(strengths_u) & (strengths_u > 0)))
    if bad.size:
        raise SeedsError(
            f"Seed {bad[0] + 1} has an air-kerma strength of {strengths_u[bad[0]]:g} U: give a positive number."
        )


def _unit_length(directions: AnyArray) -> AnyArray:
    length = np.linalg.norm(directions, axis=1, keepdims=True)
    short = np.flatnonzero(length[:, 0] < 1e-9)
    if short.size:
        raise SeedsError(f"Seed {short[0] + 1} has a direction without length: give the axis as a vector.")
    unit: AnyArray = np.where(np.abs(length - 1) < 1e-12, directions, directions / length)
    return unit
