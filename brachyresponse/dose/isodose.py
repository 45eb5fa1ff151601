"""Volume inside an isodose, wherever in the dose grid, and the isodose that has a given volume."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np

from brachyresponse.errors import DoseError
from brachyresponse.geometry.grid import Grid
from brachyresponse.types import AnyArray, Float32Array

PARTS = 4
"""Parts along an axis into which a cell that the isodose crosses is split."""

BRACKET_STEP = 1.03
MATCH_TOLERANCE = 3e-4


def isodose_volume_cc(dose_gy: AnyArray, grid: Grid, level_gy: float) -> float:
    """Return the volume, cm3, that receives at least ``level_gy``, whatever tissue it is.

    The cells between eight neighbouring voxel centres are counted; those that the isodose crosses in parts, with the
    dose interpolated trilinearly.

    Raises
    ------
    DoseError
        The isodose reaches the outermost voxels: the volume beyond is unknown. Or the dose has not the grid's shape.
    """
    if dose_gy.shape != grid.shape_kji:
        raise DoseError(f"The dose has shape {dose_gy.shape}, its grid {grid.shape_kji}: they must agree.")
    above = dose_gy >= level_gy
    if not above.any():
        return 0.0
    near_gy = dose_gy[_box_round(above, level_gy)]
    lowest, highest = _corner_extremes(near_gy)
    whole = int(np.count_nonzero(lowest >= level_gy))
    crossed = (highest >= level_gy) & (lowest < level_gy)
    parts = int(np.count_nonzero(_dose_in_parts(near_gy, crossed) >= level_gy))
    return (whole + parts / PARTS**3) * grid.voxel_cc


def matched_peripheral_dose(dose_gy: AnyArray, grid: Grid, target_volume_cc: float) -> float:
    """Return the matched peripheral dose, Gy: the dose whose isodose encloses as much as the target's volume.

    Raises
    ------
    DoseError
        That isodose reaches the edge of the dose grid, or the dose is zero over too much of it.
    """
    from scipy.optimize import brentq

    voxels = max(round(target_volume_cc / grid.voxel_cc), 1)
    if voxels >= dose_gy.size:
        raise DoseError(
            f"The dose grid ({grid.describe()}) is smaller than the target's {target_volume_cc:.3g} cc: enlarge it."
        )
    guess_gy = float(np.partition(dose_gy, -voxels, axis=None)[-voxels])
    if guess_gy <= 0:
        raise DoseError(
            f"No isodose encloses the target's {target_volume_cc:.3g} cc: the dose is zero nearly everywhere."
        )

    @cache  # the bracket's ends are asked for again
    def excess_cc(level_gy: float) -> float:
        return isodose_volume_cc(dose_gy, grid, level_gy) - target_volume_cc

    low_gy, high_gy = guess_gy, guess_gy
    while excess_cc(low_gy) < 0:  # ends at the latest when the isodose reaches the edge, which raises
        low_gy /= BRACKET_STEP
    while excess_cc(high_gy) > 0:  # ends at the latest at the highest dose
        high_gy *= BRACKET_STEP
    return float(brentq(excess_cc, low_gy, high_gy, rtol=MATCH_TOLERANCE)) if low_gy < high_gy else low_gy


def _box_round(above: AnyArray, level_gy: float) -> tuple[slice, ...]:
    """Index box of the voxels above the level, with a voxel to spare on every side."""
    box = []
    for axis, size in enumerate(above.shape):
        found = np.flatnonzero(above.any(axis=tuple({0, 1, 2} - {axis})))
        if found[0] == 0 or found[-1] == size - 1:
            raise DoseError(
                f"The isodose of {level_gy:.4g} Gy reaches the edge of the dose grid, "
                "so its volume is not known: enlarge the dose grid."
            )
        box.append(slice(found[0] - 1, found[-1] + 2))
    return tuple(box)


def _corner_extremes(dose_gy: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Lowest and highest dose of the eight corners of every cell, each one smaller than the dose along every axis."""
    lowest = highest = dose_gy
    for axis in range(3):
        lowest = np.minimum(*_neighbours(lowest, axis))
        highest = np.maximum(*_neighbours(highest, axis))
    return lowest, highest


def _neighbours(array: AnyArray, axis: int) -> tuple[AnyArray, AnyArray]:
    along = np.moveaxis(array, axis, 0)
    return np.moveaxis(along[:-1], 0, axis), np.moveaxis(along[1:], 0, axis)


def _dose_in_parts(dose_gy: AnyArray, cells: AnyArray) -> Float32Array:
    """Dose, trilinear, at the centres of the parts of the chosen cells, (PARTS, PARTS, PARTS, M)."""
    k, j, i = np.nonzero(cells)
    corners = np.empty((2, 2, 2, len(k)), np.float32)
    for a, b, c in itertools.product((0, 1), repeat=3):
        corners[a, b, c] = dose_gy[k + a, j + b, i + c]
    return _between(_between(_between(corners, 0), 1), 2)


def _between(ends: Float32Array, axis: int) -> Float32Array:
    """Values at the centres of PARTS steps between the two ends along an axis."""
    low, high = np.split(ends, 2, axis=axis)
    upper = ((np.arange(PARTS, dtype=np.float32) + 0.5) / PARTS).reshape([-1 if n == axis else 1 for n in range(4)])
    return low + upper * (high - low)
