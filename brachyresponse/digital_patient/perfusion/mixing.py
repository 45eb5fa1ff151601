"""How much of each tissue lies in each voxel: partial volumes that mix signals as a scanner does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.digital_patient.shapes import Shape, occupancy_in_box
from brachyresponse.geometry import Grid
from brachyresponse.progress import Report
from brachyresponse.types import Float32Array

THICKEST_MM = 2.1


def tissue_shares(
    painting: Iterable[tuple[str, Shape]], tissues: Sequence[str], grid: Grid, report: Report
) -> Float32Array:
    """Return the share of each tissue in each voxel, (tissues, k, j, i).

    The shares add up to 1, with air where nothing is painted. Thick slices are painted as several thin
    ones and averaged.
    """
    layers = max(1, round(grid.spacing_ijk_mm[2] / THICKEST_MM))
    fine = _thinner(grid, layers)
    shares = np.zeros((len(tissues), *fine.shape_kji), np.float32)
    shares[tissues.index("air")] = 1
    painting = list(painting)
    for done, (tissue, shape) in enumerate(painting):
        report(done / len(painting), f"Digital patient: {tissue}")
        box, share = occupancy_in_box(shape, fine)
        part = shares[(slice(None), *box)]
        part *= 1 - share
        part[tissues.index(tissue)] += share
    slices, rows, columns = grid.shape_kji
    result: Float32Array = shares.reshape(len(tissues), slices, layers, rows, columns).mean(axis=2)
    return result


def mixed(shares: Float32Array, values: ArrayLike) -> Float32Array:
    """Return the mean of a figure over the tissues in each voxel, [k, j, i]; ``values`` has one a tissue."""
    result: Float32Array = np.tensordot(np.asarray(values, np.float32), shares, axes=1)
    return result


def _thinner(grid: Grid, layers: int) -> Grid:
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] += matrix[:3, 2] * ((1 - layers) / (2 * layers))
    matrix[:3, 2] /= layers
    return Grid((grid.shape_kji[0] * layers, *grid.shape_kji[1:]), matrix)
