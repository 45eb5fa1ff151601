"""What the planner chooses from: needles, and the places of seeds on them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.planning.inverse.candidates.lattices import Lattice
from brachyresponse.planning.inverse.candidates.obstacles import BEYOND_SEED_MM
from brachyresponse.planning.inverse.candidates.refusals import Refusal, Refused
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.needles import Needle
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray, IntArray

SAME_PLACE_MM = 0.5


@dataclass(frozen=True, eq=False)
class SeedPlaces:
    """P places that a seed may take, in order of needle and depth.

    Parameters
    ----------
    positions_mm, directions
        Centre and axis of the seed, RAS, (P, 3) each.
    needle
        Index of the needle among the candidates, (P,).
    depth_mm
        From the needle's entry, (P,).
    run
        Number of the gapless run of places that each belongs to, (P,): a strand is a stretch of one run.
    """

    positions_mm: FloatArray
    directions: FloatArray
    needle: IntArray
    depth_mm: FloatArray
    run: IntArray

    @property
    def count(self) -> int:
        """Number of places."""
        return len(self.positions_mm)


@dataclass(frozen=True, eq=False)
class Candidates:
    """The needles of which a plan is made, and the places for seeds on them.

    Parameters
    ----------
    problem
        What they are for.
    needles
        Locked ones first; then every track with a place. Each ends behind its deepest place.
    places
        All that are allowed.
    locked_count
        How many of the needles are locked.
    entries
        Index of the entry that each needle begins at, -1 where entries are not given, (N,).
    refused
        Tracks that reach the target and are not among the needles, counted by reason.
    lattice
        Direction, turn and offset of parallel tracks, None for others.
    """

    problem: ImplantProblem
    needles: tuple[Needle, ...]
    places: SeedPlaces
    locked_count: int
    entries: IntArray
    refused: tuple[Refused, ...]
    lattice: Lattice | None = None

    @property
    def tracks(self) -> int:
        """How many tracks reach the target, refused or not; locked needles and choices between entries not counted."""
        stopped = sum(refused.count for refused in self.refused if refused.reason is not Refusal.ENTRY_TAKEN)
        return len(self.needles) - self.locked_count + stopped

    @property
    def phase_mm(self) -> FloatArray:
        """Depth of each needle's first place, NaN for a needle without places, (N,)."""
        phase = np.full(len(self.needles), np.nan)
        needle, first = np.unique(self.places.needle, return_index=True)
        phase[needle] = self.places.depth_mm[first]
        return phase

    def places_of(self, seeds: Seeds, *, within_mm: float = SAME_PLACE_MM) -> IntArray:
        """Return, for each seed, the index of the place where it lies; -1 where no place is that near, (S,)."""
        from scipy.spatial import cKDTree

        if not self.places.count or not seeds.count:
            return np.full(seeds.count, -1)
        distance_mm, nearest = cKDTree(self.places.positions_mm).query(seeds.positions_mm)
        found: IntArray = np.where(distance_mm <= within_mm, nearest, -1)
        return found

    def implant(self, chosen: ArrayLike, strengths_u: ArrayLike) -> tuple[tuple[Needle, ...], Seeds]:
        """Return needles and seeds of a plan that has seeds at some places, with everything that is locked.

        New needles are numbered on from the locked ones and end half a seed behind their deepest seed.

        Parameters
        ----------
        chosen
            Indices of places, (S,).
        strengths_u
            Of the seeds at implantation, U, (S,) or one for all.
        """
        places, locked = self.places, self.problem.locked
        order = np.argsort(np.asarray(chosen, np.int64), kind="stable")
        index = np.asarray(chosen, np.int64)[order]
        strengths = np.broadcast_to(np.asarray(strengths_u, float), index.shape)[order]
        numbers, needles = self._numbered(index)
        seeds = Seeds(places.positions_mm[index], places.directions[index], strengths, needle=numbers)
        return needles, locked.seeds.joined(seeds)

    def _numbered(self, index: IntArray) -> tuple[IntArray, tuple[Needle, ...]]:
        """Needle numbers of some places in order, and all needles of the plan."""
        needle = self.places.needle[index]
        numbers = np.array([locked.number for locked in self.needles[: self.locked_count]] + [0] * len(self.needles))
        needles = list(self.needles[: self.locked_count])
        number = max((locked.number for locked in needles), default=0)
        for used in np.unique(needle[needle >= self.locked_count]):
            number += 1
            numbers[used] = number
            needles.append(self._ending_at(int(used), number, float(self.places.depth_mm[index][needle == used].max())))
        return numbers[needle], tuple(needles)

    def _ending_at(self, index: int, number: int, deepest_mm: float) -> Needle:
        needle = self.needles[index]
        return replace(needle, number=number, tip_mm=needle.at(deepest_mm + BEYOND_SEED_MM))
