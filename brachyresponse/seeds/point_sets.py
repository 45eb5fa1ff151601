"""Sets of points, checked."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import SeedsError
from brachyresponse.types import FloatArray


def checked_points(what: str, points_mm: ArrayLike) -> FloatArray:
    """Return points as an array (N, 3); ``what`` is their name in messages, and no points at all are none.

    Raises
    ------
    SeedsError
        The shape is another one, or a coordinate is not finite.
    """
    points = np.asarray(points_mm, np.float64)
    if points.size == 0:
        return np.empty((0, 3))
    if points.ndim != 2 or points.shape[1] != 3:
        raise SeedsError(f"{what} have shape {points.shape}, expected (N, 3).")
    bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if bad.size:
        raise SeedsError(f"{what}: number {bad[0] + 1} is {points[bad[0]]}; give finite numbers.")
    return points
