"""The same image with its array in another order, and the matrix that goes with it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brachyresponse.geometry import Grid


def stored_otherwise(
    values: NDArray[np.generic], grid: Grid, order: tuple[int, int, int], flips: tuple[bool, bool, bool]
) -> tuple[NDArray[np.generic], Grid]:
    """Return an image with its axes (i, j, k) in another order, some of them backwards.

    Parameters
    ----------
    order
        Which of the axes i, j, k (0, 1, 2) become the new i, j, k.
    flips
        Which of the new axes run backwards.
    """
    turned = np.transpose(values, [2 - axis for axis in order[::-1]])
    matrix = np.eye(4)
    matrix[:3, :3] = grid.ijk_to_ras[:3, list(order)]
    matrix[:3, 3] = grid.ijk_to_ras[:3, 3]
    for axis, flipped in enumerate(flips):
        if flipped:
            turned = np.flip(turned, 2 - axis)
            matrix[:3, 3] += matrix[:3, axis] * (turned.shape[2 - axis] - 1)
            matrix[:3, axis] *= -1
    return np.ascontiguousarray(turned), Grid(turned.shape, matrix)
