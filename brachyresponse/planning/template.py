"""A template: parallel needles through the target on a lattice of labelled holes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Structure
from brachyresponse.planning.holes import hole_index, hole_label
from brachyresponse.planning.needles import Needle
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.types import FloatArray, IntArray, frozen_array

SUPERIOR = (0.0, 0.0, 1.0)
ANTERIOR = (0.0, 1.0, 0.0)
ALONG_BODY = np.sqrt(0.5)
MOST_HOLES = 10_000
MOST_OUTSIDE_MM = 2.0
"""A target at the skin may be drawn this far out of the body; beyond it one of the two is wrong."""


@dataclass(frozen=True, eq=False)
class Template:
    """The lattice of a template: letters go across, numbers go up, as the operator sees who looks along the needles.

    Parameters
    ----------
    direction
        From entry to tip, RAS, (3,); normalised here.
    pitch_mm
        Distance between holes, (across, up).
    origin_mm
        A point, RAS (3,), on the track of one hole.
    up
        Direction of rising numbers, (3,), made perpendicular to the needles. Default: superior, or anterior for
        needles that run within 45 degrees of the body's axis (so the letters of a transperineal template rise
        from the patient's right to left).
    origin_hole
        Label of the origin's hole, for a real template with printed labels; without it the labels start with A1
        at the lowest and leftmost hole used.

    Raises
    ------
    PlanError
        A direction has no length or is parallel to ``up``, or a pitch is not positive.
    """

    direction: FloatArray
    pitch_mm: tuple[float, float]
    origin_mm: FloatArray
    up: FloatArray | None = None
    origin_hole: str = ""

    def __post_init__(self) -> None:
        direction = _unit("direction of the template", self.direction)
        up = self.up if self.up is not None else (ANTERIOR if abs(direction[2]) > ALONG_BODY else SUPERIOR)
        upward = _unit("up direction of the template", up)
        upright = upward - (upward @ direction) * direction
        if np.linalg.norm(upright) < 1e-3:
            raise PlanError("The up direction of the template is parallel to its needles: choose one across them.")
        if not (np.isfinite(self.pitch_mm).all() and min(self.pitch_mm) > 0):
            raise PlanError(f"The template's pitch is {self.pitch_mm} mm: give a positive distance between holes.")
        origin = np.asarray(self.origin_mm, float)
        if origin.shape != (3,) or not np.isfinite(origin).all():
            raise PlanError(f"The origin of the template is {origin}: give three finite numbers in mm, RAS.")
        object.__setattr__(self, "direction", direction)
        object.__setattr__(self, "up", _unit("up direction of the template", upright))
        object.__setattr__(self, "origin_mm", frozen_array(origin, np.float64))

    @cached_property
    def axes(self) -> FloatArray:
        """Unit vectors across (rising letters) and up (rising numbers), (2, 3)."""
        up = np.asarray(self.up, float)
        return np.stack([np.cross(self.direction, up), up])

    def position_mm(self, steps: ArrayLike) -> FloatArray:
        """Return points (..., 3) on the tracks that lie (across, up) whole steps (..., 2) from the origin's."""
        result: FloatArray = self.origin_mm + (np.asarray(steps, float) * self.pitch_mm) @ self.axes
        return result

    def steps_within(self, lower_mm: FloatArray, upper_mm: FloatArray) -> IntArray:
        """Return the (across, up) steps, (N, 2), of every track that may meet a box in RAS; row by row, upward.

        Raises
        ------
        PlanError
            There are more than ten thousand: the pitch is meant in another unit.
        """
        unit = np.array(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij")).reshape(3, -1).T
        corners = np.where(unit == 1, upper_mm, lower_mm)
        steps = (corners - self.origin_mm) @ self.axes.T / self.pitch_mm
        first, last = np.ceil(steps.min(axis=0)).astype(int), np.floor(steps.max(axis=0)).astype(int)
        count = np.maximum(last - first + 1, 0)
        if count.prod() > MOST_HOLES:
            raise PlanError(
                f"A pitch of {self.pitch_mm} mm makes {count.prod()} holes over the target: give the pitch in mm."
            )
        rising, across = np.meshgrid(np.arange(first[1], last[1] + 1), np.arange(first[0], last[0] + 1), indexing="ij")
        return np.stack([across.ravel(), rising.ravel()], axis=1)

    def labels(self, steps: IntArray) -> list[str]:
        """Return the holes' labels for (across, up) steps (N, 2).

        Raises
        ------
        PlanError
            A hole would lie left of A or below 1 of a template whose ``origin_hole`` is given.
        """
        start = np.array(hole_index(self.origin_hole)) if self.origin_hole else -steps.min(axis=0)
        return [hole_label(int(across), int(rising)) for across, rising in steps + start]


@dataclass(frozen=True)
class TrackRule:
    """Which tracks of a template are used, and where their needles begin and end.

    Parameters
    ----------
    margin_mm
        The target is taken to reach this much further: tracks that only pass it at this distance are used too,
        and the needles' ends refer to the larger target.
    body
        Outline of the body: a needle begins where its line enters it. Without one it begins ``lead_in_mm`` before
        the target.
    lead_in_mm
        Distance from the entry to the proximal edge of the target, where no body is given.
    beyond_mm
        How far the tip lies beyond the distal edge of the target; negative to stop short of it.
    least_chord_mm
        Tracks that run less than this inside the target are left out.
    """

    margin_mm: float = 0.0
    body: Structure | None = None
    lead_in_mm: float = 50.0
    beyond_mm: float = 0.0
    least_chord_mm: float = 0.0

    def __post_init__(self) -> None:
        lengths = (self.margin_mm, self.lead_in_mm, self.least_chord_mm)
        if not (np.isfinite([*lengths, self.beyond_mm]).all() and min(lengths) >= 0):
            raise PlanError(
                f"Margin, lead-in and least chord are {lengths} mm, the tip {self.beyond_mm} mm beyond the target: "
                "give finite numbers, the first three not negative."
            )


class Track(NamedTuple):
    """A line through the target: a point on it, and where it first enters and last leaves, mm along the needles."""

    point_mm: FloatArray
    first_mm: float
    last_mm: float
    inside_mm: float


class Hole(NamedTuple):
    """A hole that is used, and the needle number it gets."""

    number: int
    label: str
    track: Track


def template_needles(
    target: Structure,
    *,
    direction: ArrayLike,
    pitch_mm: tuple[float, float] | float,
    origin_mm: ArrayLike | None = None,
    up: ArrayLike | None = None,
    tracks: TrackRule = TrackRule(),
) -> tuple[Needle, ...]:
    """Return parallel needles through a target, one a hole whose track crosses it, numbered row by row upward.

    Parameters
    ----------
    target
        What the needles must cross.
    direction, up
        As in :class:`Template`.
    pitch_mm
        Distance between holes, one number or (across, up).
    origin_mm
        A point that one hole's track passes through, RAS; default the centre of the target.
    tracks
        Which tracks are used, where needles begin and end.

    Raises
    ------
    PlanError
        As :func:`needles_through`, or the directions or the pitch make no template.
    """
    across_mm, rising_mm = pitch_mm if isinstance(pitch_mm, tuple) else (pitch_mm, pitch_mm)
    template = Template(
        np.asarray(direction, float),
        (across_mm, rising_mm),
        target.centre_mm if origin_mm is None else np.asarray(origin_mm, float),
        None if up is None else np.asarray(up, float),
    )
    return needles_through(target, template, tracks)


def needles_through(target: Structure, template: Template, tracks: TrackRule = TrackRule()) -> tuple[Needle, ...]:
    """Return the needles of a template whose tracks cross a target, numbered row by row upward.

    Raises
    ------
    PlanError
        No track crosses the target, a hole lies outside the printed labels, a needle would have no length, or a
        track does not enter the body within the body's image.
    """
    steps, crossing = _crossing_tracks(target, template, tracks)
    body = None if tracks.body is None else StructureSurface(tracks.body)
    named = enumerate(zip(template.labels(steps), crossing, strict=True), start=1)
    return tuple(
        _needle(Hole(number, label, track), template.direction, tracks, body) for number, (label, track) in named
    )


def _crossing_tracks(target: Structure, template: Template, rule: TrackRule) -> tuple[IntArray, list[Track]]:
    lower, upper = target.bounds_mm()
    steps = template.steps_within(lower - rule.margin_mm, upper + rule.margin_mm)
    surface = StructureSurface(target)
    found = [_track(surface, point, template.direction, rule.margin_mm) for point in template.position_mm(steps)]
    used = {n: track for n, track in enumerate(found) if track and track.inside_mm >= rule.least_chord_mm}
    if not used:
        raise PlanError(
            f"No track of the {template.pitch_mm} mm template crosses {target.name!r} for {rule.least_chord_mm:g} mm: "
            "take a finer pitch, move the template, or ask for a shorter chord."
        )
    return steps[list(used)], list(used.values())


def _track(surface: StructureSurface, point_mm: FloatArray, direction: FloatArray, margin_mm: float) -> Track | None:
    inside = surface.intervals_mm(point_mm, direction, margin_mm=margin_mm)
    if not len(inside):
        return None
    return Track(point_mm, float(inside[0, 0]), float(inside[-1, 1]), float(np.diff(inside).sum()))


def _needle(hole: Hole, direction: FloatArray, rule: TrackRule, body: StructureSurface | None) -> Needle:
    track = hole.track
    first_mm = track.first_mm - rule.lead_in_mm if body is None else _skin_entry_mm(hole, direction, body)
    tip_mm = track.last_mm + rule.beyond_mm
    if tip_mm <= first_mm:
        raise PlanError(
            f"The needle in hole {hole.label} would have its tip {first_mm - tip_mm:.1f} mm before its entry: "
            "stop less short of the distal edge, or make the lead-in longer."
        )
    return Needle(hole.number, track.point_mm + first_mm * direction, track.point_mm + tip_mm * direction, hole.label)


def _skin_entry_mm(hole: Hole, direction: FloatArray, body: StructureSurface) -> float:
    # The outermost crossing: a straight needle from outside must pass all of them.
    track = hole.track
    inside = body.intervals_mm(track.point_mm, direction)
    if not len(inside) or inside[0, 0] > track.first_mm + MOST_OUTSIDE_MM:
        raise PlanError(
            f"The track of hole {hole.label} does not lie inside {body.name!r} where it enters the target: "
            "the outline of the body must hold the target."
        )
    entry_mm = float(inside[0, 0])
    if body.is_cut_at(track.point_mm + entry_mm * direction):
        raise PlanError(
            f"The track of hole {hole.label} leaves the image inside {body.name!r}, so the skin is not in it: "
            "choose another direction, or no body and a distance before the target."
        )
    return entry_mm


def _unit(what: str, vector: ArrayLike) -> FloatArray:
    values = np.asarray(vector, float)
    if values.shape != (3,) or not np.isfinite(values).all() or np.linalg.norm(values) < 1e-9:
        raise PlanError(f"The {what} is {values}: give a vector of three finite numbers with a length.")
    return frozen_array(values / np.linalg.norm(values), np.float64)
