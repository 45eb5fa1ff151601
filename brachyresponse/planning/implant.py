"""Needles and seeds as one value: what an edit changes, and what undo brings back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.planning.needles import Needle, check_numbers
from brachyresponse.planning.seed_edits import keep_on_needles
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

FREE = 0
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
        return Implant(kept, self.seeds.select(~np.isin(self.seeds.needle, numbers)))

    @property
    def next_number(self) -> int:
        """The number of the next needle."""
        return max((needle.number for needle in self.needles), default=0) + 1


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
