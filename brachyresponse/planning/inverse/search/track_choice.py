"""Which sets of needle tracks are tried, and places between the places for needles that are placed free-hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from brachyresponse.planning.inverse.candidates.candidates import candidate_needles, candidate_sets
from brachyresponse.planning.inverse.candidates.lattices import OFFSETS, TURNS_DEG, search_directions
from brachyresponse.planning.inverse.candidates.places import Candidates, SeedPlaces
from brachyresponse.planning.inverse.candidates.segments import overlap_seeds
from brachyresponse.planning.inverse.placement import Loading
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.tracks import ParallelTracks, TemplateTracks

FIRST_VARIANTS = ((0.0, (0.0, 0.0)), (45.0, (0.5, 0.5)))
"""Turn and offset of the lattices that are tried in every direction; the others in the best directions only."""
FEWEST_DIRECTIONS, PLACES_IN_ALL = 2, 120
"""So many directions are looked at more closely; more where there are few places, until they are so many in all."""
ENOUGH_PLACES = 800
MOST_PARTS = 4


def first_sets(problem: ImplantProblem) -> Iterable[Candidates]:
    """Return the sets of tracks to begin with: of parallel tracks two lattices in every direction, of others all."""
    tracks = problem.tracks
    if not isinstance(tracks, ParallelTracks):
        return candidate_sets(problem)
    found = (
        candidate_needles(problem, direction, turn_deg=turn_deg, offset=offset)
        for direction in search_directions(tracks)
        for turn_deg, offset in FIRST_VARIANTS
    )
    return (candidates for candidates in found if candidates.places.count)


def further_sets(problem: ImplantProblem, best_first: Sequence[Candidates]) -> Iterable[Candidates]:
    """Return the sets with the other turns and offsets in the best directions of those that were tried."""
    lattices = [candidates.lattice for candidates in best_first if candidates.lattice]
    directions = list(dict.fromkeys(tuple(lattice.direction.tolist()) for lattice in lattices))
    places = float(np.mean([candidates.places.count for candidates in best_first]))
    found = (
        candidate_needles(problem, direction, turn_deg=turn_deg, offset=offset)
        for direction in directions[: max(FEWEST_DIRECTIONS, int(PLACES_IN_ALL / places))]
        for turn_deg in TURNS_DEG
        for offset in OFFSETS
        if (turn_deg, offset) not in FIRST_VARIANTS
    )
    return (candidates for candidates in found if candidates.places.count)


def with_places_between(candidates: Candidates) -> Candidates:
    """Return free-hand tracks for loose seeds with more places, between those that follow each other at the spacing.

    What lies between two allowed places of a needle keeps the rules that both keep, since the needle passes there;
    seeds still keep the spacing. Holes of a template are loaded with seeds and spacers: their places stay.
    """
    problem, places = candidates.problem, candidates.places
    parts = min(MOST_PARTS, ENOUGH_PLACES // max(places.count, 1))
    if isinstance(problem.tracks, TemplateTracks) or problem.placement.loading is not Loading.LOOSE or parts < 2:
        return candidates
    before = np.flatnonzero(np.diff(places.run) == 0)
    index = np.repeat(before, parts - 1)
    share = np.tile(np.arange(1, parts) / parts, len(before))
    depth_mm = (1 - share) * places.depth_mm[index] + share * places.depth_mm[index + 1]
    shallow_mm, deep_mm = places.positions_mm[index], places.positions_mm[index + 1]
    positions_mm = (1 - share[:, None]) * shallow_mm + share[:, None] * deep_mm
    free = ~overlap_seeds(positions_mm, places.directions[index], problem.locked.seeds)
    every = np.concatenate([np.arange(places.count), index[free]])
    depths_mm = np.concatenate([places.depth_mm, depth_mm[free]])
    order = np.lexsort([depths_mm, places.needle[every]])
    finer = SeedPlaces(
        np.concatenate([places.positions_mm, positions_mm[free]])[order],
        places.directions[every][order],
        places.needle[every][order],
        depths_mm[order],
        places.run[every][order],
    )
    return replace(candidates, places=finer)
