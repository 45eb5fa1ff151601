"""Editing seeds by hand: each edit returns new seeds, so that it can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PlanError
from brachyresponse.planning.loading import seeds_at
from brachyresponse.planning.needles import Needle, find_needle
from brachyresponse.seeds import Seeds
from brachyresponse.seeds.seeds import FREE
from brachyresponse.types import IntArray


def add_seed(seeds: Seeds, position_mm: ArrayLike, *, strength_u: float, needle: Needle | None = None) -> Seeds:
    """Return the seeds with one more at the end.

    With a needle the seed lies on it, at the place nearest to ``position_mm`` (3,), and points along it; without one
    it is free and its axis is not known.
    """
    if needle is not None:
        depth_mm = needle.depth_of(needle.project(position_mm))
        return seeds.joined(seeds_at(needle, depth_mm, strength_u))
    position = np.reshape(np.asarray(position_mm, float), (1, 3))
    return seeds.joined(Seeds(position, np.array([[0.0, 0.0, 1.0]]), np.array([strength_u]), np.array([False])))


def delete_seed(seeds: Seeds, index: int) -> Seeds:
    """Return the seeds without one; ``index`` counts from 0."""
    return seeds.without(index)


def nudge(seeds: Seeds, index: int, along_mm: float, needle: Needle) -> Seeds:
    """Return the seeds with one moved along its needle, towards the tip when positive; it stops at the needle's ends.

    Raises
    ------
    PlanError
        The seed is not on this needle, or the distance is not finite.
    """
    _check_on(seeds, index, needle)
    if not np.isfinite(along_mm):
        raise PlanError(f"Seed {index + 1} cannot be moved by {along_mm} mm: give a finite distance.")
    position_mm = seeds.positions_mm[index] + along_mm * needle.direction
    return seeds.moved(index, needle.project(position_mm))


def keep_on_needles(seeds: Seeds, needles: Sequence[Needle]) -> Seeds:
    """Return the seeds with every one that belongs to a needle projected onto it and turned along it.

    Free seeds stay as they are.

    Raises
    ------
    PlanError
        A seed belongs to a needle that is not there.
    """
    positions, directions = seeds.positions_mm.copy(), seeds.directions.copy()
    axis_known = seeds.axis_known.copy()
    for number in np.unique(seeds.needle[seeds.needle != FREE]):
        needle = find_needle(needles, int(number))
        held = seeds.needle == number
        positions[held] = needle.project(positions[held])
        directions[held] = needle.direction
        axis_known[held] = True
    return replace(seeds, positions_mm=positions, directions=directions, axis_known=axis_known)


def attach(seeds: Seeds, index: int, needle: Needle) -> Seeds:
    """Return the seeds with one laid on a needle, at the nearest place, and pointing along it."""
    numbers = _changed(seeds, index, needle.number)
    moved = replace(seeds.moved(index, needle.project(seeds.positions_mm[index])), needle=numbers)
    directions, axis_known = moved.directions.copy(), moved.axis_known.copy()
    directions[index], axis_known[index] = needle.direction, True
    return replace(moved, directions=directions, axis_known=axis_known)


def detach(seeds: Seeds, index: int) -> Seeds:
    """Return the seeds with one freed from its needle; position and axis stay."""
    return replace(seeds, needle=_changed(seeds, index, FREE))


def _changed(seeds: Seeds, index: int, number: int) -> IntArray:
    _check_index(seeds, index)
    numbers = seeds.needle.copy()
    numbers[index] = number
    return numbers


def _check_on(seeds: Seeds, index: int, needle: Needle) -> None:
    _check_index(seeds, index)
    if seeds.needle[index] != needle.number:
        on = f"on needle {seeds.needle[index]}" if seeds.needle[index] else "free"
        raise PlanError(f"Seed {index + 1} is {on}, not on needle {needle.number}: attach it first.")


def _check_index(seeds: Seeds, index: int) -> None:
    if not 0 <= index < seeds.count:
        raise PlanError(f"There is no seed {index + 1}: the plan has {seeds.count} seeds.")
