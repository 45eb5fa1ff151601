"""Tracks that spread from entries, so that they are apart where they are deepest in the target."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Structure
from brachyresponse.planning.inverse.candidates.lattices import axes_across
from brachyresponse.planning.inverse.candidates.lines import TrackLines
from brachyresponse.planning.inverse.tracks import FanTracks
from brachyresponse.types import FloatArray, IntArray

NEAREST_MM = 1.0
MOST_TRACKS = 20_000
LOST_PLACE = 0.1
"""One place of a seed less counts against an entry like a track that slants by 18 degrees (its tangent squared)."""
NOWHERE = 1e9


def fan_lines(
    target: Structure, tracks: FanTracks, *, turn_deg: float = 0.0, offset: tuple[float, float] = (0.0, 0.0)
) -> TrackLines:
    """Return the lines from every entry to every point of a lattice across the target's deepest part.

    ``steps`` of the result number the lattice's points. Lines outside the cone are left out.

    Raises
    ------
    PlanError
        The entries lie inside or beyond the target, or there are far too many tracks.
    """
    ends = _lattice_points(target, tracks, np.deg2rad(turn_deg), np.array(offset))
    entries = tracks.entries_mm
    if len(ends) * len(entries) > MOST_TRACKS:
        raise PlanError(
            f"{len(entries)} entries and tracks {tracks.spacing_mm:g} mm apart make {len(ends) * len(entries)} tracks: "
            "give fewer entries or a larger distance in mm."
        )
    entry = np.repeat(np.arange(len(entries)), len(ends))
    end = np.tile(np.arange(len(ends)), len(entries))
    along = ends[end] - entries[entry]
    directions = along / np.linalg.norm(along, axis=1, keepdims=True)
    lines = TrackLines(entries[entry], directions, np.stack([end, 0 * end], axis=1), entry)
    return lines.select(_within_cone(lines, target.centre_mm, tracks.cone_deg))


def choose_entries(lines: TrackLines, places: IntArray, tracks: FanTracks) -> IntArray:
    """Return the indices of the lines to be kept: one for each lattice point, from the entry that serves it best.

    That is the entry from which most places can be reached (``places``, one number a line), and of equals the one that
    lies most nearly behind the point, so that needles do not cross.
    """
    if not lines.count:
        return np.empty(0, np.int64)
    ends, point = np.unique(lines.steps[:, 0], return_inverse=True)
    cost = np.full((len(ends), len(tracks.entries_mm)), NOWHERE)
    index = np.full(cost.shape, -1)
    usable = places > 0
    cost[point[usable], lines.entries[usable]] = (_slant(lines) ** 2 - LOST_PLACE * places)[usable]
    index[point, lines.entries] = np.arange(lines.count)
    row, column = _assigned(cost, tracks.needles_per_entry)
    kept = cost[row, column] < NOWHERE
    chosen: IntArray = np.sort(index[row[kept], column[kept]])
    return chosen


def _assigned(cost: FloatArray, most: int) -> tuple[IntArray, IntArray]:
    """Rows and columns of a cost (L, E) that cost least together: each row once, each column as often as is allowed."""
    if most == 0:
        return np.arange(len(cost)), np.argmin(cost, axis=1)
    from scipy.optimize import linear_sum_assignment  # a third of a second, only where it is needed

    row, column = linear_sum_assignment(np.repeat(cost, most, axis=1))
    return row, column // most


def _lattice_points(target: Structure, tracks: FanTracks, turn: float, offset: FloatArray) -> FloatArray:
    """Points (L, 3) of a square lattice on the plane through the target's deepest part, over its shadow there."""
    eye = tracks.entries_mm.mean(axis=0)
    axis = target.centre_mm - eye
    axis /= max(float(np.linalg.norm(axis)), NEAREST_MM)
    seen = target.grid.to_ras(np.argwhere(target.occupancy >= target.occupancy.max() / 2)[:, ::-1]) - eye
    depth = seen @ axis
    if depth.max() < NEAREST_MM or depth.mean() < NEAREST_MM:
        raise PlanError(
            f"The entries lie inside {target.name!r} or beyond it: choose entries on the skin or on a burr hole."
        )
    deepest = float(depth.max())
    across, up = axes_across(axis)
    axes = np.stack([np.cos(turn) * across - np.sin(turn) * up, np.sin(turn) * across + np.cos(turn) * up])
    in_front = depth > NEAREST_MM
    shadow = (seen[in_front] @ axes.T) * (deepest / depth[in_front])[:, None]
    centre = ((target.centre_mm - eye) @ axes.T) * (deepest / ((target.centre_mm - eye) @ axis))
    steps = (shadow - centre) / tracks.spacing_mm
    first, last = np.floor(steps.min(axis=0)), np.ceil(steps.max(axis=0))
    a, b = np.meshgrid(np.arange(first[0], last[0] + 1), np.arange(first[1], last[1] + 1), indexing="ij")
    lattice = centre + (np.stack([a.ravel(), b.ravel()], axis=1) + offset) * tracks.spacing_mm
    points: FloatArray = eye + deepest * axis + lattice @ axes
    return points


def _within_cone(lines: TrackLines, centre_mm: FloatArray, cone_deg: float) -> IntArray:
    straight = centre_mm - lines.points_mm
    straight /= np.linalg.norm(straight, axis=1, keepdims=True)
    cosine = np.einsum("nx,nx->n", lines.directions, straight)
    kept: IntArray = np.flatnonzero(cosine >= np.cos(np.deg2rad(cone_deg)) - 1e-9)
    return kept


def _slant(lines: TrackLines) -> FloatArray:
    """Tangent of each line's angle to the mean direction, (N,)."""
    axis = lines.directions.mean(axis=0)
    axis /= np.linalg.norm(axis)
    along = lines.directions @ axis
    across = lines.directions - along[:, None] * axis
    slant: FloatArray = np.linalg.norm(across, axis=1) / np.maximum(along, 1e-3)
    return slant
