"""A seed's own frame: two axes across it, and its axis."""

from __future__ import annotations

import numpy as np

from brachyresponse.types import FloatArray


def local_frames(directions: FloatArray) -> FloatArray:
    """Return orthonormal frames, (N, 3, 3), whose last row is the direction, given (N, 3) of any length."""
    axis = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    helper = np.where(np.abs(axis[:, :1]) < 0.6, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    first = np.cross(axis, helper)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    return np.stack([first, np.cross(axis, first), axis], axis=1)
