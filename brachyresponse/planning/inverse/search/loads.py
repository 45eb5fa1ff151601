"""What can be laid at the places of the needles: single seeds, or strands, of every strength on hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.planning.inverse.placement import Loading, SeedPlacement
from brachyresponse.planning.overlap import SEED_DIAMETER_MM, SEED_LENGTH_MM, overlapping_seeds
from brachyresponse.seeds import Seeds
from brachyresponse.types import Float32Array, FloatArray, IntArray

if TYPE_CHECKING:
    from brachyresponse.planning.inverse.candidates.candidates import SeedPlaces

ROUNDING_MM = 1e-3


@dataclass(frozen=True, eq=False)
class Loads:
    """K loads, each a run of neighbouring places on one needle with seeds of one strength; a loose seed is a run of 1.

    Parameters
    ----------
    influence
        Dose of 1 U at each place, percent of the prescription, (P, M).
    first, last
        Places of a run's ends, (K,); what lies between has the numbers between.
    kind
        Index of the strength among those on hand, (K,).
    strength_u
        (K,)
    needle
        Index of the needle, (K,).
    conflicts
        For each place those, itself included, that a seed there leaves no room for.
    """

    influence: Float32Array
    first: IntArray
    last: IntArray
    kind: IntArray
    strength_u: Float32Array
    needle: IntArray
    conflicts: tuple[IntArray, ...]

    @property
    def count(self) -> int:
        """Number of loads."""
        return len(self.first)

    @cached_property
    def seeds(self) -> IntArray:
        """Number of seeds of each load, (K,)."""
        return self.last - self.first + 1

    @cached_property
    def by_point(self) -> Float32Array:
        """The influence by rows of points, (M, P): what changes at some points is read at once."""
        return np.ascontiguousarray(self.influence.T)

    def doses(self, loads: IntArray) -> Float32Array:
        """Return the dose of some loads at all points, (N,) to (N, M)."""
        if self.are_single:
            return self.influence[self.first[loads]] * self.strength_u[loads, None]
        doses = np.empty((len(loads), self.influence.shape[1]), np.float32)
        for row, load in enumerate(loads):
            run = self.influence[self.first[load] : self.last[load] + 1]
            np.multiply(run.sum(axis=0), self.strength_u[load], out=doses[row])
        return doses

    def sums(self, values: FloatArray) -> FloatArray:
        """Return the sum of a value of each place, (P,), over the run of each load, (K,)."""
        if self.are_single:
            return values[self.first]
        summed = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
        result: FloatArray = summed[self.last + 1] - summed[self.first]
        return result

    def covering(self, places: IntArray, kinds: IntArray) -> list[int]:
        """Return loads that put seeds at some places, (N,), with the strengths of these numbers, (N,), as far as fits.

        Of strands the longest ones that hold nothing else.
        """
        wanted = np.full(len(self.influence), -1)
        wanted[places] = kinds
        matching = np.concatenate([self.sums((wanted == kind).astype(float)) for kind in range(self.kind.max() + 1)])
        full = matching.reshape(-1, self.count)[self.kind, np.arange(self.count)] == self.seeds
        blocked = np.zeros(len(self.influence), bool)
        found = []
        for load in sorted(np.flatnonzero(full).tolist(), key=lambda load: -int(self.seeds[load])):
            run = range(self.first[load], self.last[load] + 1)
            if not blocked[run].any():
                found.append(load)
                blocked[np.concatenate([self.conflicts[place] for place in run])] = True
        return found

    def places_on(self, needle: int) -> IntArray:
        """Return the places on a needle."""
        on = self.needle == needle
        return np.unique(np.concatenate([self.first[on], self.last[on]]))

    @cached_property
    def are_single(self) -> bool:
        """Whether every load is one seed."""
        return bool((self.first == self.last).all())


def make_loads(
    places: SeedPlaces, influence: Float32Array, strengths_u: tuple[float, ...], placement: SeedPlacement
) -> Loads:
    """Return all loads of the places, which are sorted by needle and depth; on a needle with strands there is one."""
    runs = _runs(places, placement)
    count = len(strengths_u)
    first, last = np.repeat(runs[:, 0], count), np.repeat(runs[:, 1], count)
    kind = np.tile(np.arange(count), len(runs))
    strength_u = np.array(strengths_u, np.float32)[kind]
    return Loads(influence, first, last, kind, strength_u, places.needle[first], place_conflicts(places, placement))


def place_conflicts(places: SeedPlaces, placement: SeedPlacement) -> tuple[IntArray, ...]:
    """Return for each place those, itself included, that cannot hold a seed when it does.

    On the same needle what is nearer than the spacing, or every place where seeds come as one strand; on other
    needles what would overlap.
    """
    found: list[list[int]] = [[place] for place in range(len(places.needle))]
    for a, b in (*_same_needle(places, placement), *_overlapping(places)):
        found[a].append(b)
        found[b].append(a)
    return tuple(np.array(sorted(set(each)), np.int64) for each in found)


def _runs(places: SeedPlaces, placement: SeedPlacement) -> IntArray:
    """First and last place of every run, (R, 2)."""
    count = len(places.needle)
    singles = np.repeat(np.arange(count)[:, None], 2, axis=1)
    if placement.loading is Loading.LOOSE:
        return singles
    ends = np.flatnonzero(np.diff(places.run, append=-1))
    furthest = ends[np.searchsorted(ends, np.arange(count))]
    runs = [(first, last) for first in range(count) for last in range(first, int(furthest[first]) + 1)]
    return np.array(runs, np.int64).reshape(-1, 2)


def _same_needle(places: SeedPlaces, placement: SeedPlacement) -> list[tuple[int, int]]:
    """Pairs of places on a needle of which only one can hold a seed."""
    room_mm = np.inf if placement.loading is Loading.STRANDED else placement.spacing_mm - ROUNDING_MM
    pairs = []
    for a in range(len(places.needle)):
        for b in range(a + 1, len(places.needle)):
            if places.needle[b] != places.needle[a] or places.depth_mm[b] - places.depth_mm[a] >= room_mm:
                break
            pairs.append((a, b))
    return pairs


def _overlapping(places: SeedPlaces) -> list[tuple[int, int]]:
    """Pairs of places on different needles whose seeds would overlap; none where all needles are parallel and apart."""
    if _lie_apart(places):
        return []
    seeds = Seeds(places.positions_mm, places.directions, np.ones(places.count), needle=places.needle + 1)
    overlaps = overlapping_seeds(seeds)
    return [(o.first, o.second) for o in overlaps if places.needle[o.first] != places.needle[o.second]]


def _lie_apart(places: SeedPlaces) -> bool:
    """Whether all needles are parallel and no two nearer than a seed is thick: then nothing overlaps across them."""
    if not len(places.needle):
        return True
    direction = places.directions[0]
    if not np.allclose(np.abs(places.directions @ direction), 1.0, atol=1e-9):
        return False
    _, one_each = np.unique(places.needle, return_index=True)
    across = places.positions_mm[one_each]
    across = across - (across @ direction)[:, None] * direction
    apart = np.linalg.norm(across[:, None] - across[None], axis=-1) + SEED_LENGTH_MM * np.eye(len(across))
    return bool((apart >= SEED_DIAMETER_MM).all())
