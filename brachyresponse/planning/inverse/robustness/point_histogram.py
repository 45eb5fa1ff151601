"""Histograms of a structure from some of its points, and which points its hottest part needs."""

from __future__ import annotations

import numpy as np

from brachyresponse.dose import Dvh
from brachyresponse.planning.inverse.search.dose_points import PointSet
from brachyresponse.types import AnyArray, Float32Array, FloatArray

HOT_VOLUMES_CC = (2.0, 0.1)
"""Of an organ the dose to the largest of these that it holds is told: D2cc, or D0.1cc of a small one."""


def hot_volume_cc(structure_cc: float) -> float | None:
    """Return the volume whose dose stands for an organ of this size, cm3; None for one that is too small."""
    return next((volume_cc for volume_cc in HOT_VOLUMES_CC if structure_cc >= volume_cc), None)


def point_histogram(points: PointSet, dose_gy: Float32Array) -> Dvh:
    """Return the histogram of the dose at the points of a structure, Gy, (N,)."""
    order = np.argsort(dose_gy)
    return Dvh(points.name, dose_gy[order], points.volume_cc[order], points.total_cc)


def worth_by_rank(volume_cc: FloatArray, key: AnyArray) -> FloatArray:
    """Return how much each point matters for the hottest part, (N,), given a key that is least where it is hottest.

    Every doubling of the volume, counted from the hottest point on, is worth the same.
    """
    order = np.argsort(key, kind="stable")
    before_cc = np.empty_like(volume_cc)
    before_cc[order] = np.cumsum(volume_cc[order])
    worth: FloatArray = volume_cc / (HOT_VOLUMES_CC[0] + before_cc)
    return worth
