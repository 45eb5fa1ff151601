"""The rules that places of seeds and the needles to them must keep, asked for many tracks at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.planning.inverse.candidates.lattices import search_directions
from brachyresponse.planning.inverse.candidates.lines import NO_ENTRY, TrackLines
from brachyresponse.planning.inverse.candidates.nearness import Box, Nearness, nearness_of
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.tracks import FanTracks, TemplateTracks
from brachyresponse.planning.overlap import SEED_LENGTH_MM
from brachyresponse.types import BoolArray, FloatArray

PATH_STEP_MM = 0.25
LONGEST_WAY_MM = 250.0
"""From the target back to the skin; longer needles are not made."""
MARGIN_MM = 5.0
BEYOND_SEED_MM = SEED_LENGTH_MM / 2
"""A needle's tip lies half a seed beyond the centre of its deepest seed."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The structures of a problem as what needles and seeds have to do with."""

    problem: ImplantProblem

    @cached_property
    def target(self) -> Nearness:
        """The target, asked as far as the margin for seeds."""
        placement, structure = self.problem.placement, self.problem.anatomy.structures[self.problem.target]
        box = Box(*structure.bounds_mm()).grown(abs(placement.seed_margin_mm) + MARGIN_MM)
        near = nearness_of(structure, box, abs(placement.seed_margin_mm))
        if near is None:
            raise StructureError(f"Structure {structure.name!r} fills no voxel by half: sample it on a finer grid.")
        return near

    @cached_property
    def target_box(self) -> Box:
        """Holds every place of a seed."""
        lower, upper = self.problem.anatomy.structures[self.problem.target].bounds_mm()
        return Box(lower, upper).grown(self.outward_mm)

    @property
    def outward_mm(self) -> float:
        """How far outside the target seeds may lie; 0 where they must lie inside."""
        return max(self.problem.placement.seed_margin_mm, 0.0)

    def in_target(self, points_mm: FloatArray) -> BoolArray:
        """Tell which points (..., 3) lie inside the target and the margin for seeds."""
        return self.target.closer_than(points_mm, self.problem.placement.seed_margin_mm)

    def deep_enough(self, points_mm: FloatArray) -> BoolArray:
        """Tell which points (P, 3) lie inside the body, deep enough below the skin; all where there is no body."""
        body, depth_mm = self.problem.anatomy.body, self.problem.placement.skin_depth_mm
        if body is None or not len(points_mm):
            return np.ones(len(points_mm), bool)
        near = nearness_of(body, self.target_box.grown(MARGIN_MM), depth_mm)
        if near is None:
            return np.zeros(len(points_mm), bool)
        deep: BoolArray = near.surface.distance_mm(points_mm) <= -depth_mm
        return deep

    @cached_property
    def avoided(self) -> dict[str, Nearness]:
        """The structures to be avoided that lie near the way of any needle."""
        reach_mm = self.problem.placement.avoid_margin_mm
        structures = self.problem.anatomy.structures
        found = {name: nearness_of(structures[name], self.way, reach_mm) for name in self.problem.anatomy.roles.avoid}
        return {name: near for name, near in found.items() if near is not None}

    def free_mm(self, lines: TrackLines, last_mm: FloatArray) -> dict[str, FloatArray]:
        """Return, for each structure to be avoided, the depth (N,) up to which needles from depth 0 keep clear of it.

        ``last_mm`` (N,) is how far needles may go. Infinity where nothing is met.
        """
        depth_mm = np.arange(0.0, float(np.max(last_mm, initial=0.0)) + PATH_STEP_MM, PATH_STEP_MM)
        points = lines.at(np.broadcast_to(depth_mm, (lines.count, len(depth_mm))))
        asked = (depth_mm <= last_mm[:, None] + PATH_STEP_MM) & ~self._opened(lines, points)
        return {name: self._first_met(near, points, asked, depth_mm) for name, near in self.avoided.items()}

    def _first_met(self, near: Nearness, points: FloatArray, asked: BoolArray, depth_mm: FloatArray) -> FloatArray:
        met = np.zeros(asked.shape, bool)
        met[asked] = near.closer_than(points[asked], self.problem.placement.avoid_margin_mm)
        return np.where(met.any(axis=1), depth_mm[np.argmax(met, axis=1)], np.inf)

    def _opened(self, lines: TrackLines, points: FloatArray) -> BoolArray:
        """Points of the needles' ways inside the opening that is drilled at their entries."""
        tracks = self.problem.tracks
        if not isinstance(tracks, FanTracks) or tracks.opening_mm == 0:
            return np.zeros(points.shape[:2], bool)
        entries = tracks.entries_mm[np.maximum(lines.entries, 0)][:, None]
        near_entry: BoolArray = np.linalg.norm(points - entries, axis=-1) <= tracks.opening_mm
        opened: BoolArray = near_entry & (lines.entries != NO_ENTRY)[:, None]
        return opened

    @cached_property
    def way(self) -> Box:
        """Holds every needle of the problem."""
        corners = self.target_box.grown(MARGIN_MM).corners_mm
        tracks = self.problem.tracks
        if isinstance(tracks, FanTracks):
            back = tracks.entries_mm - self.problem.anatomy.structures[self.problem.target].centre_mm
            outward = back / np.maximum(np.linalg.norm(back, axis=1, keepdims=True), 1e-9)
            outside = tracks.entries_mm + (LONGEST_WAY_MM if self._body_box else 0.0) * outward
            return self._in_body(np.concatenate([corners, tracks.entries_mm, outside]))
        directions = (
            tracks.template.direction[None] if isinstance(tracks, TemplateTracks) else search_directions(tracks)
        )
        from_skin = self._body_box is not None and not isinstance(tracks, TemplateTracks)
        length_mm = LONGEST_WAY_MM if from_skin else tracks.entry_distance_mm + np.ptp(corners, axis=0).max()
        starts = corners - length_mm * directions[:, None]
        return self._in_body(np.concatenate([corners, starts.reshape(-1, 3)]))

    @cached_property
    def _body_box(self) -> Box | None:
        body = self.problem.anatomy.roles.body
        return Box(*self.problem.anatomy.structures[body].bounds_mm()).grown(MARGIN_MM) if body else None

    def _in_body(self, points_mm: FloatArray) -> Box:
        lower, upper = points_mm.min(axis=0), points_mm.max(axis=0)
        body = self._body_box
        if body is None or isinstance(self.problem.tracks, TemplateTracks):
            return Box(lower, upper)
        return Box(np.maximum(lower, body.lower_mm), np.minimum(upper, body.upper_mm))
