"""Two images to lay on one another, and how well they agree under a motion."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from brachyresponse.geometry import Grid, sample
from brachyresponse.geometry.rigid import moved_points
from brachyresponse.types import AnyArray, BoolArray, FloatArray

LOOK_POINTS = 4000
"""Points at which starts and results are compared."""
BINS = 32
"""Of the values of each image, for mutual information."""


class Measure(StrEnum):
    """By what two images are found to agree."""

    CORRELATION = "correlation"
    """Of images of one kind: CT and CT."""
    MUTUAL_INFORMATION = "mutual_information"
    """Of images of any contrast (Mattes 2003)."""


@dataclass(frozen=True, eq=False)
class ImagePair:
    """Two images to lay on one another.

    Parameters
    ----------
    fixed, moving
        Values [k, j, i] in one window, each on its own grid.
    mask
        Voxels of the fixed image that count.
    usable
        Voxels of the moving image that nothing spoils.
    measure
        By what they are found to agree.
    """

    fixed: AnyArray
    fixed_grid: Grid
    mask: BoolArray
    moving: AnyArray
    moving_grid: Grid
    usable: BoolArray
    measure: Measure = Measure.CORRELATION

    @cached_property
    def looked_at(self) -> tuple[FloatArray, FloatArray]:
        """Some points under the mask, (N, 3) RAS, and the fixed image there, (N,)."""
        kji = np.argwhere(self.mask)
        kji = kji[:: max(len(kji) // LOOK_POINTS, 1)]
        return self.fixed_grid.to_ras(kji[:, ::-1]), self.fixed[tuple(kji.T)].astype(float)

    def overlap(self, matrix: FloatArray) -> float:
        """Return the share of the mask that a motion, fixed to moving RAS, brings into the moving image."""
        points, _ = self.looked_at
        return float(self.moving_grid.contains(moved_points(points, matrix)).mean())

    def correlation(self, matrix: FloatArray, *, outside_counts: bool = True) -> float:
        """Return the correlation of both images under the mask.

        What leaves the moving image counts as its darkest, so that motions can be compared, or not at all.
        """
        here, there = self._both(matrix, outside_counts=outside_counts)
        if not there.size or here.std() == 0 or there.std() == 0:
            return 0.0
        return float(np.corrcoef(here, there)[0, 1])

    def agreement(self, matrix: FloatArray) -> float:
        """Return how well both images agree by their measure: correlation, or mutual information in nats."""
        if self.measure is Measure.CORRELATION:
            return self.correlation(matrix)
        here, there = self._both(matrix, outside_counts=True)
        return _mutual_information(here, there) if there.size else 0.0

    def _both(self, matrix: FloatArray, *, outside_counts: bool) -> tuple[FloatArray, FloatArray]:
        """Values of the fixed and of the moving image at the points, (N,) each."""
        points, values = self.looked_at
        carried = moved_points(points, matrix)
        used = sample(self.usable, self.moving_grid, carried, outside=float(outside_counts)) > 0.5
        there = sample(self.moving, self.moving_grid, carried[used], outside=float(self.moving.min()))
        return values[used], there


def _mutual_information(here: FloatArray, there: FloatArray) -> float:
    """Mutual information of two sets of values (N,), nats."""
    joint = np.histogram2d(here, there, BINS)[0] / len(here)
    apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    filled = joint > 0
    return float(np.sum(joint[filled] * np.log(joint[filled] / apart[filled])))
