"""Rows of places on needles that are there: locked ones that may still be loaded, and those of a plan to improve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.planning.inverse.candidates.lines import NO_ENTRY, TrackLines
from brachyresponse.planning.inverse.candidates.nearness import Nearness
from brachyresponse.planning.inverse.candidates.obstacles import BEYOND_SEED_MM, Surroundings
from brachyresponse.planning.inverse.candidates.rows import centred_rows, row_round, stacked_rows
from brachyresponse.planning.inverse.candidates.segments import overlap_seeds
from brachyresponse.planning.inverse.candidates.track_rows import Rule, TrackRows, in_target
from brachyresponse.planning.needles import Needle
from brachyresponse.seeds import Seeds
from brachyresponse.types import BoolArray, FloatArray

PARTS_OF_SEED = 5


def loadable_rows(around: Surroundings) -> TrackRows:
    """Return the places on locked needles to which seeds may be added, one row a locked needle, in their order.

    They keep the spacing from the seeds that lie on the needle, end before its tip, and keep every rule of places;
    the way is not asked, since the needle is there.
    """
    locked = around.problem.locked
    rows = [
        _row(around, needle, locked.seeds) if needle.number in locked.loadable else np.empty(0)
        for needle in locked.needles
    ]
    found = in_target(around, rows_on(locked.needles, rows)).keeping(
        lambda points, directions: around.deep_enough(points) & ~overlap_seeds(points, directions, locked.seeds)
    )
    for near in around.avoided.values():
        found = found.keeping(_clear_of(near, around.problem.placement.avoid_margin_mm))
    return found


def start_rows(around: Surroundings) -> TrackRows:
    """Return the rows of a plan to improve: its seeds' places, and those that keep the spacing from them."""
    start, locked = around.problem.start, around.problem.locked
    if start is None:
        return rows_on((), [])
    kept = {needle.number for needle in locked.needles}
    needles = [needle for needle in start.needles if needle.number not in kept]
    held = [np.sort(needle.depth_of(start.seeds_of(needle).positions_mm)) for needle in needles]
    loaded = [(needle, depths) for needle, depths in zip(needles, held, strict=True) if len(depths)]
    rows = [_with_seeds(around, needle, depths) for needle, depths in loaded]
    return in_target(around, rows_on([needle for needle, _ in loaded], rows))


def rows_on(needles: Sequence[Needle], depths_mm: list[FloatArray]) -> TrackRows:
    """Return rows of places at depths, one row a needle."""
    depth_mm = stacked_rows(depths_mm)
    names = tuple(f"needle {needle.label}" for needle in needles)
    holes = tuple(needle.hole for needle in needles)
    return TrackRows(lines_of(needles), depth_mm, np.isfinite(depth_mm), names, holes)


def lines_of(needles: Sequence[Needle]) -> TrackLines:
    """Return needles as lines whose depths are the needles'."""
    count = len(needles)
    points = np.array([needle.entry_mm for needle in needles]).reshape(count, 3)
    directions = np.array([needle.direction for needle in needles]).reshape(count, 3)
    return TrackLines(points, directions, np.zeros((count, 2), np.int64), np.full(count, NO_ENTRY))


def _row(around: Surroundings, needle: Needle, seeds: Seeds) -> FloatArray:
    run = _run(around, needle)
    first_mm, last_mm = max(run[0], BEYOND_SEED_MM), min(run[1], needle.length_mm - BEYOND_SEED_MM)
    taken = needle.depth_of(seeds.positions_mm[seeds.needle == needle.number])
    if not last_mm >= first_mm:
        return np.empty(0)
    spacing_mm = around.problem.placement.spacing_mm
    if len(taken):
        return row_round(taken, first_mm, last_mm, spacing_mm)
    row: FloatArray = centred_rows(np.array([first_mm]), np.array([last_mm]), spacing_mm)[0]
    return row


def _with_seeds(around: Surroundings, needle: Needle, depths: FloatArray) -> FloatArray:
    first_mm, last_mm = _run(around, needle)
    misses = not last_mm >= first_mm
    free = np.empty(0) if misses else row_round(depths, first_mm, last_mm, around.problem.placement.spacing_mm)
    row: FloatArray = np.sort(np.concatenate([depths, free]))
    return row


def _run(around: Surroundings, needle: Needle) -> tuple[float, float]:
    first, last = lines_of([needle]).run_mm(around.in_target, around.target_box)
    return float(first[0]), float(last[0])


def _clear_of(near: Nearness, margin_mm: float) -> Rule:
    """The rule that no part of a seed comes nearer to a structure than a margin."""

    def keeps(points: FloatArray, directions: FloatArray) -> BoolArray:
        along = np.linspace(-BEYOND_SEED_MM, BEYOND_SEED_MM, PARTS_OF_SEED)[:, None, None]
        found: BoolArray = ~np.any(near.closer_than(points + along * directions, margin_mm), axis=0)
        return found

    return keeps
