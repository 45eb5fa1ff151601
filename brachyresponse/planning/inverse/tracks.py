"""Where needles may run: holes of a template, parallel tracks whose direction is searched, or fans from entries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PlanError
from brachyresponse.planning.template import Template
from brachyresponse.types import FloatArray, frozen_array

WIDEST_CONE_DEG = 90.0
MOST_DIRECTIONS = 200


@dataclass(frozen=True, eq=False)
class TemplateTracks:
    """The holes of a real template: pitch, direction and labels are given.

    Parameters
    ----------
    template
        The lattice of holes.
    entry_distance_mm
        From the needles' entries to the target's nearest point along them, as :func:`template_needles` takes it.
    """

    template: Template
    entry_distance_mm: float = 50.0

    def __post_init__(self) -> None:
        _check_positive("distance of the entries", self.entry_distance_mm, "mm")


@dataclass(frozen=True, eq=False)
class ParallelTracks:
    """Free-hand parallel tracks: the lattice's direction, turn and offset are searched.

    Parameters
    ----------
    direction
        Middle of the cone, from entry to tip, RAS (3,); normalised here.
    pitch_mm
        Distance between neighbouring tracks.
    cone_deg
        Half the opening angle of the cone of directions; 0 for this direction only.
    directions
        How many directions of the cone are tried.
    entry_distance_mm
        From the needles' entries to the target's nearest point along them, where no body is chosen; with a body they
        begin at the skin.

    Raises
    ------
    PlanError
        The direction has no length, the pitch or the number of directions is not positive, or the cone is wider than
        a half-space.
    """

    direction: FloatArray
    pitch_mm: float = 10.0
    cone_deg: float = 0.0
    directions: int = 12
    entry_distance_mm: float = 50.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "direction", unit_vector(self.direction))
        _check_positive("distance between needle tracks", self.pitch_mm, "mm")
        _check_positive("number of directions tried", self.directions, "")
        if self.directions > MOST_DIRECTIONS:
            raise PlanError(
                f"{self.directions} directions of needles are too many to be tried: give 1 to {MOST_DIRECTIONS}."
            )
        _check_positive("distance of the entries", self.entry_distance_mm, "mm")
        _check_cone(self.cone_deg)


@dataclass(frozen=True, eq=False)
class FanTracks:
    """Tracks that spread from entry points on a burr hole or a patch of skin.

    Parameters
    ----------
    entries_mm
        Where needles may enter, RAS, (N, 3). Every entry may hold several needles in a burr hole.
    spacing_mm
        Wanted distance between neighbouring tracks where they are deepest in the target.
    cone_deg
        Largest angle of a track from the line between its entry and the target's centre.
    needles_per_entry
        Most needles through one entry; 0 for any number.
    opening_mm
        Round each entry nothing is an obstacle up to this distance: a burr hole that is drilled only later, through
        bone that is to be avoided elsewhere.

    Raises
    ------
    PlanError
        There is no entry, one is not a position, or a distance or angle cannot be used.
    """

    entries_mm: FloatArray
    spacing_mm: float = 10.0
    cone_deg: float = 45.0
    needles_per_entry: int = 0
    opening_mm: float = 0.0

    def __post_init__(self) -> None:
        entries = np.asarray(self.entries_mm, np.float64)
        if entries.ndim != 2 or entries.shape[1:] != (3,) or not len(entries) or not np.isfinite(entries).all():
            raise PlanError("The entries of the needles are not positions: give one or more points (N, 3) in mm, RAS.")
        object.__setattr__(self, "entries_mm", frozen_array(entries, np.float64))
        _check_positive("distance between needle tracks", self.spacing_mm, "mm")
        _check_cone(self.cone_deg)
        if self.needles_per_entry < 0 or not 0 <= self.opening_mm < np.inf:
            raise PlanError(
                f"{self.needles_per_entry} needles an entry and an opening of {self.opening_mm:g} mm: neither may be "
                "negative."
            )


NeedleTracks = TemplateTracks | ParallelTracks | FanTracks


def unit_vector(direction: ArrayLike) -> FloatArray:
    """Return the direction of needles (3,) with unit length.

    Raises
    ------
    PlanError
        It is not three finite numbers, or has no length.
    """
    vector = np.asarray(direction, np.float64)
    if vector.shape != (3,) or not np.isfinite(vector).all() or np.linalg.norm(vector) < 1e-9:
        raise PlanError(f"The direction of the needles is {direction!r}: give three numbers, not all zero, RAS.")
    return frozen_array(vector / np.linalg.norm(vector), np.float64)


def _check_positive(what: str, value: float, unit: str) -> None:
    if not (np.isfinite(value) and value > 0):
        raise PlanError(f"The {what} is {value:g} {unit}".rstrip() + ": give a positive number.")


def _check_cone(cone_deg: float) -> None:
    if not 0 <= cone_deg <= WIDEST_CONE_DEG:
        raise PlanError(f"The cone of needle directions is {cone_deg:g} degrees: give 0 to {WIDEST_CONE_DEG:g}.")
