"""Tracks with the row of places on each, and what the rules leave of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from brachyresponse.planning.inverse.candidates.entries import skin_entries_mm
from brachyresponse.planning.inverse.candidates.lines import TrackLines, joined_lines
from brachyresponse.planning.inverse.candidates.nearness import Box
from brachyresponse.planning.inverse.candidates.obstacles import BEYOND_SEED_MM, Surroundings
from brachyresponse.planning.inverse.candidates.refusals import Reason, Refusal
from brachyresponse.planning.inverse.candidates.rows import centred_rows, plane_rows
from brachyresponse.planning.inverse.candidates.segments import overlap_seeds, segments_distance_mm
from brachyresponse.planning.inverse.placement import SeedLevels
from brachyresponse.planning.inverse.tracks import FanTracks, TemplateTracks
from brachyresponse.planning.needles import Needle
from brachyresponse.planning.template import MOST_OUTSIDE_MM
from brachyresponse.types import BoolArray, FloatArray, IntArray

NEEDLE_DIAMETER_MM = 1.3
"""18 gauge (1.27 mm): nearer than this two needles are in the same place."""

Rule = Callable[[FloatArray, FloatArray], BoolArray]
"""Tells which places keep it, (P,), from their positions and directions (P, 3)."""


@dataclass(frozen=True, eq=False)
class TrackRows:
    """N tracks that reach the target, their depths measured from the entry, with up to K places each.

    Parameters
    ----------
    lines
        Their points are the entries.
    depth_mm
        Of the places, (N, K), NaN where there is none.
    allowed
        Which of them keep the rules, (N, K).
    names
        What each track is called in messages, (N).
    holes
        Labels of a template's holes, empty elsewhere, (N).
    """

    lines: TrackLines
    depth_mm: FloatArray
    allowed: BoolArray
    names: tuple[str, ...]
    holes: tuple[str, ...]

    @property
    def count(self) -> int:
        """Number of tracks."""
        return self.lines.count

    @property
    def places(self) -> IntArray:
        """How many places each track has, (N,)."""
        count: IntArray = self.allowed.sum(axis=1)
        return count

    def select(self, index: IntArray | BoolArray) -> TrackRows:
        """Return the tracks at an index array or a mask."""
        chosen = np.arange(self.count)[index]
        names, holes = (tuple(texts[n] for n in chosen) for texts in (self.names, self.holes))
        return TrackRows(self.lines.select(chosen), self.depth_mm[chosen], self.allowed[chosen], names, holes)

    def keeping(self, rule: Rule) -> TrackRows:
        """Return the tracks with those places allowed that also keep a rule of positions and directions (P, 3)."""
        allowed = self.allowed.copy()
        track = np.nonzero(allowed)[0]
        points = self.lines.points_mm[track] + self.depth_mm[allowed][:, None] * self.lines.directions[track]
        allowed[allowed] = rule(points, self.lines.directions[track])
        return replace(self, allowed=allowed)


def entry_depths_mm(around: Surroundings, lines: TrackLines, first_mm: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return the depth (N,) at which the needle of each line enters, and which lines have an entry.

    ``first_mm`` (N,) is where they reach the target.
    """
    tracks, roles = around.problem.tracks, around.problem.anatomy.roles
    given = np.zeros(lines.count) if isinstance(tracks, FanTracks) else first_mm - tracks.entry_distance_mm
    if not roles.body or isinstance(tracks, TemplateTracks):
        return given, given <= first_mm
    body = around.problem.anatomy.surface(roles.body)
    entry_mm = skin_entries_mm(lines, body, Box(*body.structure.bounds_mm()), first_mm + MOST_OUTSIDE_MM)
    if isinstance(tracks, FanTracks):  # an entry that was given is one, whether the skin is in the image or not
        entry_mm = np.where(np.isfinite(entry_mm), entry_mm, given)
    enters = np.isfinite(entry_mm)
    return np.where(enters, np.minimum(entry_mm, first_mm), given), enters


def level_rows(around: Surroundings, lines: TrackLines, run_mm: tuple[FloatArray, FloatArray]) -> FloatArray:
    """Return the depths (N, K) of the rows of places on lines that run through the target between two depths (N,)."""
    placement = around.problem.placement
    first_mm, last_mm = run_mm
    if placement.levels is SeedLevels.PLANES and not isinstance(around.problem.tracks, FanTracks):
        centre = around.problem.anatomy.structures[around.problem.target].centre_mm
        plane_mm = np.einsum("nx,nx->n", centre - lines.points_mm, lines.directions)
        return plane_rows(first_mm, last_mm, plane_mm, placement.spacing_mm)
    return centred_rows(first_mm, last_mm, placement.spacing_mm)


def in_target(around: Surroundings, rows: TrackRows) -> TrackRows:
    """Return rows with those places allowed that also lie inside the target and the margin for seeds."""
    return rows.keeping(lambda points, _: around.in_target(points))


def joined_rows(*parts: TrackRows) -> TrackRows:
    """Return the tracks of several, in order."""
    widest = max(part.depth_mm.shape[1] for part in parts)
    short = [((0, 0), (0, widest - part.depth_mm.shape[1])) for part in parts]
    depth_mm = [np.pad(part.depth_mm, gap, constant_values=np.nan) for part, gap in zip(parts, short, strict=True)]
    return TrackRows(
        reduce(joined_lines, (part.lines for part in parts)),
        np.concatenate(depth_mm),
        np.concatenate([np.pad(part.allowed, gap) for part, gap in zip(parts, short, strict=True)]),
        tuple(name for part in parts for name in part.names),
        tuple(hole for part in parts for hole in part.holes),
    )


@dataclass(frozen=True, eq=False)
class Judged:
    """The tracks on which the rules leave places, and why the others are stopped."""

    left: TrackRows
    reasons: list[Reason]


def judge(around: Surroundings, rows: TrackRows, enters: BoolArray) -> Judged:
    """Hold the places of tracks against every rule, and say what stops the tracks that lose all of theirs."""
    locked = around.problem.locked
    deepest_mm = _deepest_mm(rows)
    free_mm = around.free_mm(rows.lines, deepest_mm)
    nearest = _nearest(free_mm, rows.count)
    clear = replace(rows, allowed=rows.allowed & (rows.depth_mm + BEYOND_SEED_MM < nearest[:, None]))
    deep = rows.keeping(lambda points, _: around.deep_enough(points))
    beside = rows.keeping(lambda points, directions: ~overlap_seeds(points, directions, locked.seeds))
    taken = ~enters | _run_into(rows, deepest_mm, locked.needles)
    left = replace(rows, allowed=clear.allowed & deep.allowed & beside.allowed & ~taken[:, None])
    stopped = np.flatnonzero(left.places == 0)
    verdict = _Verdict(enters, taken, free_mm, clear.places, deep.places, beside.places)
    return Judged(left.select(left.places > 0), [Reason(*verdict.of(int(n)), rows.names[n]) for n in stopped])


@dataclass(frozen=True, eq=False)
class _Verdict:
    """What each rule alone leaves of the tracks, numbers of places (N,) where it is one of places."""

    enters: BoolArray
    taken: BoolArray
    free_mm: Mapping[str, FloatArray]
    clear: IntArray
    deep: IntArray
    beside: IntArray

    def of(self, n: int) -> tuple[Refusal, str]:
        """Return why track n is stopped, and the structure that stops it where one does."""
        if not self.enters[n]:
            return Refusal.OUTSIDE_BODY, ""
        if not self.clear[n]:
            return Refusal.CROSSES, min(self.free_mm, key=lambda name: float(self.free_mm[name][n]), default="")
        if not self.deep[n]:
            return Refusal.TOO_SHALLOW, ""
        if self.taken[n] or not self.beside[n]:
            return Refusal.OVERLAPS_LOCKED, ""
        return Refusal.NO_PLACE, ""


def _nearest(free_mm: Mapping[str, FloatArray], count: int) -> FloatArray:
    nearest: FloatArray = np.min(np.stack([np.full(count, np.inf), *free_mm.values()]), axis=0)
    return nearest


def _run_into(rows: TrackRows, deepest_mm: FloatArray, needles: tuple[Needle, ...]) -> BoolArray:
    """Tell which tracks come, between their places, as near to a needle that is there as two needles are thick."""
    if not needles or not rows.count:
        return np.zeros(rows.count, bool)
    start, end = (rows.lines.at(depth[:, None]) for depth in (_shallowest_mm(rows), deepest_mm))
    entries, tips = (np.stack([getattr(needle, name) for needle in needles]) for name in ("entry_mm", "tip_mm"))
    found: BoolArray = np.any(segments_distance_mm(start, end, entries, tips) < NEEDLE_DIAMETER_MM, axis=1)
    return found


def same_tracks(rows: TrackRows, others: TrackRows) -> BoolArray:
    """Tell which tracks run, between their places, where one of some others does, (N,)."""
    if not others.count or not rows.count:
        return np.zeros(rows.count, bool)
    ends = [
        tuple(tracks.lines.at(depth[:, None]) for depth in (_shallowest_mm(tracks), _deepest_mm(tracks)))
        for tracks in (rows, others)
    ]
    (start, end), (their_start, their_end) = ends
    distance_mm = segments_distance_mm(start, end, their_start[:, 0], their_end[:, 0])
    found: BoolArray = np.any(distance_mm < NEEDLE_DIAMETER_MM, axis=1)
    return found


def _deepest_mm(rows: TrackRows) -> FloatArray:
    """Depth of a needle's tip that reaches the deepest place of each track; 0 without places."""
    deepest = np.max(np.where(rows.allowed, rows.depth_mm, -np.inf), axis=1, initial=-np.inf)
    tip_mm: FloatArray = np.where(np.isfinite(deepest), deepest + BEYOND_SEED_MM, 0.0)
    return tip_mm


def _shallowest_mm(rows: TrackRows) -> FloatArray:
    """Depth of the upper end of a seed in the shallowest place of each track; 0 without places."""
    shallowest = np.min(np.where(rows.allowed, rows.depth_mm, np.inf), axis=1, initial=np.inf)
    end_mm: FloatArray = np.where(np.isfinite(shallowest), shallowest - BEYOND_SEED_MM, 0.0)
    return end_mm
