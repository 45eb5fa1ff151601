"""Where needles and seeds of a problem may go: every track that keeps the rules, and the places of seeds on it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.planning.inverse.candidates.fans import choose_entries, fan_lines
from brachyresponse.planning.inverse.candidates.given_rows import loadable_rows, start_rows
from brachyresponse.planning.inverse.candidates.lattices import (
    OFFSETS,
    TURNS_DEG,
    Lattice,
    lattices,
    parallel_lines,
    search_directions,
    template_lines,
)
from brachyresponse.planning.inverse.candidates.lines import TrackLines
from brachyresponse.planning.inverse.candidates.obstacles import BEYOND_SEED_MM, Surroundings
from brachyresponse.planning.inverse.candidates.places import Candidates, SeedPlaces
from brachyresponse.planning.inverse.candidates.refusals import Reason, Refusal, summed_up
from brachyresponse.planning.inverse.candidates.rows import runs_of
from brachyresponse.planning.inverse.candidates.track_rows import (
    TrackRows,
    entry_depths_mm,
    in_target,
    joined_rows,
    judge,
    level_rows,
    same_tracks,
)
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.tracks import FanTracks, TemplateTracks, unit_vector
from brachyresponse.planning.needles import Needle
from brachyresponse.types import FloatArray

__all__ = ["Candidates", "SeedPlaces", "candidate_needles", "candidate_sets", "search_directions"]


def candidate_needles(
    problem: ImplantProblem,
    direction: ArrayLike | None = None,
    *,
    turn_deg: float = 0.0,
    offset: tuple[float, float] = (0.0, 0.0),
) -> Candidates:
    """Return the needles and places of seeds that keep every rule of a problem; there may be none.

    Parameters
    ----------
    direction
        Of parallel tracks, RAS (3,); the middle of the cone unless given.
    turn_deg, offset
        Of the lattice of parallel or fanned tracks, see :class:`Lattice`; a template has its own.

    Raises
    ------
    PlanError
        The tracks cannot be laid out: far too many, or a hole outside the template's labels.
    """
    around = Surroundings(problem)
    tracks, target = problem.tracks, problem.anatomy.structures[problem.target]
    lattice = None
    if isinstance(tracks, TemplateTracks):
        lines = template_lines(target, tracks.template, around.outward_mm)
    elif isinstance(tracks, FanTracks):
        lines = fan_lines(target, tracks, turn_deg=turn_deg, offset=offset)
    else:
        lattice = Lattice(unit_vector(tracks.direction if direction is None else direction), turn_deg, offset)
        lines = parallel_lines(target, lattice, tracks.pitch_mm, around.outward_mm)
    return _candidates(around, lines, lattice)


def candidate_sets(problem: ImplantProblem, *, usable: bool = True, every: int = 1) -> Iterator[Candidates]:
    """Yield the candidates of every lattice that is tried; one set for a template.

    Parameters
    ----------
    usable
        Leave out those without a place.
    every
        Try only one lattice in so many.
    """
    for direction, turn_deg, offset in islice(_variants(problem), 0, None, every):
        candidates = candidate_needles(problem, direction, turn_deg=turn_deg, offset=offset)
        if candidates.places.count or not usable:
            yield candidates


def _variants(problem: ImplantProblem) -> Iterator[tuple[FloatArray | None, float, tuple[float, float]]]:
    """Directions, turns and offsets that are tried; of a template there is one."""
    if isinstance(problem.tracks, TemplateTracks):
        yield None, 0.0, (0.0, 0.0)
    elif isinstance(problem.tracks, FanTracks):
        yield from ((None, turn_deg, offset) for turn_deg in TURNS_DEG for offset in OFFSETS)
    else:
        yield from ((lattice.direction, lattice.turn_deg, lattice.offset) for lattice in lattices(problem.tracks))


def _candidates(around: Surroundings, lines: TrackLines, lattice: Lattice | None) -> Candidates:
    locked = around.problem.locked.needles
    started, lost = _started(around)
    found, refused = _found(around, lines)
    rows = joined_rows(loadable_rows(around), started, found.select(~same_tracks(found, started)))
    new = rows.select(np.arange(len(locked), rows.count))
    return Candidates(
        problem=around.problem,
        needles=(*locked, *_needles(new, max((needle.number for needle in locked), default=0))),
        places=_places(rows, around.problem.placement.spacing_mm),
        locked_count=len(locked),
        entries=rows.lines.entries,
        refused=summed_up([*lost, *refused]),
        lattice=lattice,
    )


def _started(around: Surroundings) -> tuple[TrackRows, list[Reason]]:
    """Rows of the plan to improve that keep the rules."""
    rows = start_rows(around)
    judged = judge(around, rows, np.ones(rows.count, bool))
    return judged.left, judged.reasons


def _found(around: Surroundings, lines: TrackLines) -> tuple[TrackRows, list[Reason]]:
    """Rows of the tracks that keep the rules, and the reasons against those that reach the target and do not."""
    first_mm, last_mm = lines.run_mm(around.in_target, around.target_box)
    crossing = np.isfinite(first_mm)
    lines, first_mm, last_mm = lines.select(crossing), first_mm[crossing], last_mm[crossing]
    entry_mm, enters = entry_depths_mm(around, lines, first_mm)
    moved = lines.from_depth(entry_mm)
    depth_mm = level_rows(around, moved, (first_mm - entry_mm, last_mm - entry_mm))
    names, holes = _named(around, lines, first_mm)
    rows = in_target(around, TrackRows(moved, depth_mm, np.isfinite(depth_mm), names, holes))
    reaching = rows.places > 0
    judged = judge(around, rows.select(reaching), enters[reaching])
    if not isinstance(around.problem.tracks, FanTracks):
        return judged.left, judged.reasons
    chosen = choose_entries(judged.left.lines, judged.left.places, around.problem.tracks)
    unused = np.setdiff1d(np.arange(judged.left.count), chosen)
    spare = [Reason(Refusal.ENTRY_TAKEN, "", judged.left.names[n]) for n in unused]
    return judged.left.select(chosen), [*judged.reasons, *spare]


def _named(around: Surroundings, lines: TrackLines, first_mm: FloatArray) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What each track is called in messages, and the label of its hole."""
    tracks = around.problem.tracks
    if isinstance(tracks, TemplateTracks):
        holes = tuple(tracks.template.labels(lines.steps)) if lines.count else ()
        return tuple(f"hole {hole}" for hole in holes), holes
    points = lines.at(first_mm[:, None])[:, 0]
    names = tuple(f"the track that reaches the target at ({x:.0f}, {y:.0f}, {z:.0f}) mm" for x, y, z in points)
    return names, ("",) * lines.count


def _needles(rows: TrackRows, last_number: int) -> Iterator[Needle]:
    """One needle a track, that ends behind its deepest place."""
    deepest_mm = np.max(np.where(rows.allowed, rows.depth_mm, 0.0), axis=1, initial=0.0)
    tips = rows.lines.at(deepest_mm[:, None] + BEYOND_SEED_MM)[:, 0]
    for number, (entry, tip, hole) in enumerate(zip(rows.lines.points_mm, tips, rows.holes, strict=True), 1):
        yield Needle(last_number + number, entry, tip, hole)


def _places(rows: TrackRows, spacing_mm: float) -> SeedPlaces:
    needle, _ = np.nonzero(rows.allowed)
    depth_mm = rows.depth_mm[rows.allowed]
    directions = rows.lines.directions[needle]
    positions = rows.lines.points_mm[needle] + depth_mm[:, None] * directions
    return SeedPlaces(positions, directions, needle, depth_mm, runs_of(needle, depth_mm, spacing_mm))
