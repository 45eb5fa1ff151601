"""Lattices of parallel tracks: the directions, turns and offsets that are tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from brachyresponse.geometry import Structure
from brachyresponse.planning.inverse.candidates.lines import NO_ENTRY, TrackLines
from brachyresponse.planning.inverse.tracks import ParallelTracks
from brachyresponse.planning.template import Template
from brachyresponse.types import FloatArray

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
TURNS_DEG = (0.0, 45.0)
OFFSETS = ((0.0, 0.0), (0.5, 0.5), (0.5, 0.0), (0.0, 0.5))
"""In parts of the pitch: the target's centre on a track, between four tracks, between two, between the other two."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """One way to lay parallel tracks.

    Parameters
    ----------
    direction
        From entry to tip, RAS, unit, (3,).
    turn_deg
        Of the square lattice about the direction.
    offset
        Where the target's centre lies in the lattice, in parts of the pitch, (across, up).
    """

    direction: FloatArray
    turn_deg: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)

    def describe(self) -> str:
        """Return direction, turn and offset in words."""
        x, y, z = self.direction + 0.0
        across, up = self.offset
        return f"direction ({x:.2f}, {y:.2f}, {z:.2f}), turned {self.turn_deg:g} degrees, offset ({across:g}, {up:g})"


def search_directions(tracks: ParallelTracks) -> FloatArray:
    """Return the directions (D, 3) of a cone that are tried: its middle first, then evenly on a spiral outwards."""
    middle = tracks.direction
    if tracks.cone_deg == 0 or tracks.directions == 1:
        return middle[None].copy()
    share = np.arange(tracks.directions) / (tracks.directions - 1)
    cosine = 1 - share * (1 - np.cos(np.deg2rad(tracks.cone_deg)))
    sine, angle = np.sqrt(1 - cosine**2), GOLDEN_ANGLE * np.arange(tracks.directions)
    across, up = axes_across(middle)
    ring = np.cos(angle)[:, None] * across + np.sin(angle)[:, None] * up
    result: FloatArray = cosine[:, None] * middle + sine[:, None] * ring
    return result


def lattices(tracks: ParallelTracks) -> Iterator[Lattice]:
    """Return every lattice that is tried: each direction with each turn and offset, the likeliest directions first."""
    for direction in search_directions(tracks):
        for turn_deg in TURNS_DEG:
            for offset in OFFSETS:
                yield Lattice(direction, turn_deg, offset)


def axes_across(direction: FloatArray) -> FloatArray:
    """Return two unit vectors perpendicular to a direction and to each other, (2, 3)."""
    return Template(direction, (1.0, 1.0), np.zeros(3)).axes


def parallel_lines(target: Structure, lattice: Lattice, pitch_mm: float, margin_mm: float) -> TrackLines:
    """Return the tracks of a lattice that may meet a target grown by a margin."""
    across, up = axes_across(lattice.direction)
    turn = np.deg2rad(lattice.turn_deg)
    turned = Template(
        lattice.direction, (pitch_mm, pitch_mm), target.centre_mm, np.cos(turn) * up + np.sin(turn) * across
    )
    origin = turned.position_mm(-np.array(lattice.offset))
    moved = Template(lattice.direction, (pitch_mm, pitch_mm), origin, turned.up)
    return template_lines(target, moved, margin_mm)


def template_lines(target: Structure, template: Template, margin_mm: float) -> TrackLines:
    """Return the tracks of a template's holes that may meet a target grown by a margin, row by row upward."""
    lower, upper = target.bounds_mm()
    steps = template.steps_within(lower - margin_mm, upper + margin_mm)
    directions = np.tile(template.direction, (len(steps), 1))
    return TrackLines(template.position_mm(steps), directions, steps, np.full(len(steps), NO_ENTRY))
