"""Needles and seeds as one value: what an edit changes, and what undo brings back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.planning.needles import Needle, check_numbers, find_needle
from brachyresponse.planning.seed_edits import keep_on_needles
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

FREE = 0
SEED_LENGTH_MM = 4.5
UNMOVED_MM = 1e-6


@dataclass(frozen=True)
class Implant:
    """The needles of a plan and the seeds on them.

    Parameters
    ----------
    needles
        Numbered differently.
    seeds
        ``seeds.needle`` refers to the needles' numbers, 0 for a free seed.

    Raises
    ------
    PlanError
        Two needles have the same number.
    """

    needles: tuple[Needle, ...]
    seeds: Seeds

    def __post_init__(self) -> None:
        check_numbers(self.needles)

    def with_seeds(self, seeds: Seeds) -> Implant:
        """Return the needles with other seeds, those that belong to a needle held on it."""
        return Implant(self.needles, keep_on_needles(_freed_without(seeds, self.needles), self.needles))

    def with_needles(self, needles: Sequence[Needle]) -> Implant:
        """Return the implant with its needles moved, added or taken away, the seeds carried along.

        A seed keeps its distance from the end of its needle that stayed where it was: from the tip when the entry
        was moved, else from the entry. Seeds of a needle that is gone stay where they are and become free.
        """
        before = {needle.number: needle for needle in self.needles}
        seeds = _freed_without(self.seeds, needles)
        positions = seeds.positions_mm.copy()
        for needle in needles:
            held = seeds.needle == needle.number
            if held.any() and needle.number in before:
                positions[held] = _carried_mm(positions[held], before[needle.number], needle)
        return Implant(tuple(needles), self.seeds).with_seeds(replace(seeds, positions_mm=positions))

    def without_needles(self, numbers: Sequence[int]) -> Implant:
        """Return the implant without some needles and the seeds on them."""
        kept = tuple(needle for needle in self.needles if needle.number not in numbers)
        return Implant(kept, self.seeds_off(numbers))

    def with_copy(self, number: int, offset_mm: float) -> Implant:
        """Return the implant with a copy of a needle and its seeds, so far aside, under the next number.

        Raises
        ------
        PlanError
            There is no such needle, or the distance is not finite.
        """
        needle = find_needle(self.needles, number)
        if not np.isfinite(offset_mm):
            raise PlanError(f"A copy of needle {number} cannot lie {offset_mm} mm aside: give a finite distance.")
        move_mm = offset_mm * _aside(needle)
        copied = Needle(self.next_number, needle.entry_mm + move_mm, needle.tip_mm + move_mm)
        seeds = self.seeds.select(self.seeds.needle == number)
        moved = replace(seeds, positions_mm=seeds.positions_mm + move_mm, needle=np.full(seeds.count, copied.number))
        return Implant((*self.needles, copied), self.seeds.joined(moved))

    def numbered(self, needles: Sequence[Needle]) -> tuple[Needle, ...]:
        """Return further needles under the numbers that follow those of the implant."""
        first = self.next_number
        return tuple(replace(needle, number=first + place) for place, needle in enumerate(needles))

    def seeds_off(self, numbers: Sequence[int]) -> Seeds:
        """Return the seeds that are not on some needles."""
        return self.seeds.select(~np.isin(self.seeds.needle, numbers))

    def next_place_mm(self, number: int, spacing_mm: float) -> FloatArray:
        """Return where the next seed of a needle goes, (3,): before its shallowest seed, or the first near its tip.

        Raises
        ------
        PlanError
            There is no such needle, or it has no room for another seed.
        """
        needle = find_needle(self.needles, number)
        depths_mm = needle.depth_of(self.seeds.positions_mm[self.seeds.needle == number])
        depth_mm = depths_mm.min() - spacing_mm if depths_mm.size else needle.length_mm - SEED_LENGTH_MM / 2
        if not depth_mm >= 0:
            raise PlanError(f"Needle {needle.label} has no room for another seed before its shallowest one.")
        return needle.at(depth_mm)

    def needle_of(self, index: int) -> Needle:
        """Return the needle that holds a seed; ``index`` counts from 0.

        Raises
        ------
        PlanError
            There is no such seed, or it is free.
        """
        if not 0 <= index < self.seeds.count:
            raise PlanError(f"There is no seed {index + 1}: the plan has {self.seeds.count} seeds.")
        if self.seeds.needle[index] == FREE:
            raise PlanError(f"Seed {index + 1} is on no needle: attach it first.")
        return find_needle(self.needles, int(self.seeds.needle[index]))

    @property
    def next_number(self) -> int:
        """The number of the next needle."""
        return max((needle.number for needle in self.needles), default=0) + 1


def _aside(needle: Needle) -> FloatArray:
    """A unit vector across a needle: the one nearest to the patient's left, or for a needle that runs so, forward."""
    wanted = np.eye(3)[1 if abs(needle.direction[0]) > np.sqrt(0.5) else 0] * np.array([-1.0, 1.0, 1.0])
    across = wanted - (wanted @ needle.direction) * needle.direction
    return np.asarray(across / np.linalg.norm(across))


def _carried_mm(positions_mm: FloatArray, before: Needle, after: Needle) -> FloatArray:
    """Positions (N, 3) on a needle at their old distance from the end that was not moved."""
    depth_mm = before.depth_of(positions_mm)
    entry_moved = np.linalg.norm(after.entry_mm - before.entry_mm) > UNMOVED_MM
    tip_moved = np.linalg.norm(after.tip_mm - before.tip_mm) > UNMOVED_MM
    if entry_moved and not tip_moved:
        depth_mm = after.length_mm - (before.length_mm - depth_mm)
    return after.at(depth_mm)


def _freed_without(seeds: Seeds, needles: Sequence[Needle]) -> Seeds:
    """The seeds, those whose needle is not there free."""
    known = np.isin(seeds.needle, [needle.number for needle in needles])
    return replace(seeds, needle=np.where(known, seeds.needle, FREE))
