"""Neighbouring points of an outline taken together, so that not every pair of points has to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.response.measurement.outline import Outline
from brachyresponse.types import FloatArray, IntArray

STRIDE = 4
"""Points of a group."""
MOST_GROUPS = 1500
"""Outlines with more points get larger groups, so that memory stays bounded."""


@dataclass(frozen=True, eq=False)
class PointGroups:
    """Groups of points that follow each other on an outline.

    Parameters
    ----------
    members
        (G, stride) places of the points; the last of a loop is repeated where a group is not full.
    centres_mm
        (G, 2)
    radius_mm
        (G,) greatest distance of a member from the centre.
    """

    members: IntArray
    centres_mm: FloatArray
    radius_mm: FloatArray

    @classmethod
    def of(cls, outline: Outline) -> PointGroups:
        """Group the points of an outline."""
        stride = max(STRIDE, -(-len(outline.points_mm) // MOST_GROUPS))
        starts = [np.arange(loop[0], loop[-1] + 1, stride) for loop in outline.loops]
        lasts = [np.full(len(start), loop[-1]) for start, loop in zip(starts, outline.loops, strict=True)]
        members = np.concatenate(starts)[:, None] + np.arange(stride)
        members = np.minimum(members, np.concatenate(lasts)[:, None])
        points = outline.points_mm[members]
        centres = points.mean(axis=1)
        return cls(members, centres, np.linalg.norm(points - centres[:, None], axis=2).max(axis=1))

    def pairs(self, longer_than_mm: float) -> tuple[IntArray, IntArray, FloatArray]:
        """Pairs of groups that may hold points so far apart, and how far apart these are at most; each pair once."""
        x, y = self.centres_mm.T
        distance = np.hypot(np.subtract.outer(x, x), np.subtract.outer(y, y))
        most = distance + np.add.outer(self.radius_mm, self.radius_mm)
        one, other = np.nonzero(np.triu(most >= longer_than_mm))
        return one, other, most[one, other]

    def expand(self, one: IntArray, other: IntArray) -> tuple[IntArray, IntArray]:
        """All pairs of points of pairs of groups."""
        start, end = np.broadcast_arrays(self.members[one][:, :, None], self.members[other][:, None, :])
        return start.ravel(), end.ravel()
