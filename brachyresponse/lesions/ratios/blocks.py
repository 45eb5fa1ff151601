"""Resampling of voxels that are not independent: whole blocks of neighbours are drawn, not single voxels.

Noise in a map is correlated over some millimetres (reconstruction, motion correction, resampling), and tissue is
too. Blocks larger than that are nearly independent of one another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

LEAST_BLOCKS = 12
"""Fewer tell little of the spread; small regions get smaller blocks instead."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """The blocks into which a region is cut.

    Parameters
    ----------
    number
        (N,) for the region's voxels in the order of its mask: in which block each lies, from 0.
    edge_mm
        Edge of the blocks; at the region's surface they are incomplete.
    """

    number: IntArray
    edge_mm: float

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return int(self.number.max()) + 1

    @property
    def effective_count(self) -> float:
        """How many blocks of one size would tell as much: (sum of sizes)^2 / sum of their squares (Kish 1965)."""
        sizes = np.bincount(self.number).astype(float)
        return float(sizes.sum() ** 2 / (sizes**2).sum())

    def draws(self, samples: int, random: np.random.Generator) -> AnyArray:
        """Return how often each block is drawn in each of ``samples`` draws with replacement, (samples, count)."""
        return random.multinomial(self.count, np.full(self.count, 1 / self.count), size=samples)

    def standard_error_of_mean(self, values: AnyArray) -> float:
        """Return the standard error of the mean of the region's values (N,), from the spread between blocks.

        That of a ratio of sums over clusters (Cochran 1977, Sampling Techniques, section 6.4); 0 for a single block.
        """
        if self.count < 2:
            return 0.0
        sizes = np.bincount(self.number)
        off = np.bincount(self.number, values - np.mean(values, dtype=np.float64))
        return float(np.sqrt(self.count / (self.count - 1) * np.sum(off**2)) / sizes.sum())


def blocks_of(mask: BoolArray, grid: Grid, block_mm: float) -> Blocks:
    """Cut a region into cubes of about ``block_mm``, or smaller ones where it would give fewer than twelve.

    Parameters
    ----------
    mask
        [k, j, i]
    """
    kji = np.argwhere(mask)
    volume_mm3 = len(kji) * grid.voxel_cc * 1000
    edge_mm = min(block_mm, float(np.cbrt(volume_mm3 / LEAST_BLOCKS)))
    voxels_kji: FloatArray = np.maximum(np.rint(edge_mm / grid.spacing_ijk_mm[::-1]), 1)
    # Blocks are laid from the middle of the region, so that its shape and not its place on the grid decides.
    index = np.floor((kji - (kji.min(axis=0) + kji.max(axis=0)) / 2) / voxels_kji + 0.5)
    _, number = np.unique(index, axis=0, return_inverse=True)
    return Blocks(number.reshape(-1).astype(np.int64), float(np.cbrt(np.prod(voxels_kji * grid.spacing_ijk_mm[::-1]))))
