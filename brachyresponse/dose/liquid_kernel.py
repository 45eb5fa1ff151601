"""The point kernel of a liquid on a lattice of voxels: a near part, averaged over small cells, and a smooth far part.

Close to a voxel the kernel varies too much for one value a voxel: there the liquid is split into cells of about a
third of a millimetre, and the kernel averaged over each. The two parts share the kernel by a weight that falls
smoothly from 1 to 0 between four and six voxels, so no edge is left in either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from brachyresponse.sources import LiquidSource
from brachyresponse.types import Float32Array, FloatArray, IntArray

NEAR_VOXELS, FAR_VOXELS = 4.0, 6.0
"""Distances, in the largest voxel spacing, at which the near part begins to fall and ends."""
CELL_MM = 0.35
MOST_PARTS = 4
CLOSE_CELLS = 2.0
"""The mean over cells nearer than this many of their diagonals is taken exactly, the point itself in them or not."""
FACE_NODES = 12
MM_PER_CM = 10.0


@dataclass(frozen=True, eq=False)
class LiquidKernel:
    """Dose rate of 1 MBq at a distance, cGy/h, on a lattice with spacings (k, j, i) in mm."""

    liquid: LiquidSource
    spacing_kji_mm: FloatArray

    @property
    def parts_kji(self) -> tuple[int, int, int]:
        """Into how many cells a voxel is split along k, j and i for the near part."""
        k, j, i = np.clip(np.ceil(self.spacing_kji_mm / CELL_MM - 0.25), 1, MOST_PARTS).astype(int)
        return int(k), int(j), int(i)

    @property
    def reach_kji(self) -> IntArray:
        """How many voxels along each axis the near part reaches, (3,)."""
        reach_mm = FAR_VOXELS * self.spacing_kji_mm.max()
        reach: IntArray = np.floor(reach_mm / self.spacing_kji_mm).astype(np.int64) + 1
        return reach

    def far(self, steps: tuple[IntArray, IntArray, IntArray]) -> Float32Array:
        """Return the far part at steps, in voxels along k, j and i: (K, J, I)."""
        values = np.empty(tuple(axis.size for axis in steps), np.float32)
        k_mm, j_mm, i_mm = (axis * spacing for axis, spacing in zip(steps, self.spacing_kji_mm, strict=True))
        in_plane_mm2 = j_mm[:, None] ** 2 + i_mm**2
        for plane, height_mm in enumerate(k_mm):  # plane by plane: the work space stays small
            distance_mm = np.sqrt(in_plane_mm2 + height_mm**2)
            values[plane] = self._far_at(distance_mm)
        return values

    def near(self, place_kji: tuple[int, int, int]) -> Float32Array:
        """Return the near part for the cells at one place within their voxels, counted from 0 along k, j and i.

        Returns
        -------
        Float32Array
            [2 k + 1, 2 j + 1, 2 i + 1] with ``reach_kji``, averaged over the cell; the middle is the voxel of the cell.
        """
        mirrored = [min(place, parts - 1 - place) for place, parts in zip(place_kji, self.parts_kji, strict=True)]
        turned = tuple(slice(None, None, -1 if a != b else 1) for a, b in zip(place_kji, mirrored, strict=True))
        return self._nears((mirrored[0], mirrored[1], mirrored[2]))[turned]

    @cached_property
    def _nears(self) -> Callable[[tuple[int, int, int]], Float32Array]:
        """The near part at the places of the first eighth of a voxel; the others are its mirror images."""
        return cache(self._near)

    def _near(self, place_kji: tuple[int, int, int]) -> Float32Array:
        offset_kji = (np.array(place_kji) + 0.5) / self.parts_kji - 0.5
        axes = [
            (np.arange(-reach, reach + 1) - offset) * spacing
            for reach, offset, spacing in zip(self.reach_kji, offset_kji, self.spacing_kji_mm, strict=True)
        ]
        away_mm = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        cell_mm = self.spacing_kji_mm / self.parts_kji
        mean = self._near_at(np.linalg.norm(away_mm[..., None, :] + _cell_points(cell_mm), axis=-1)).mean(axis=-1)
        close = np.linalg.norm(away_mm, axis=-1) < CLOSE_CELLS * np.linalg.norm(cell_mm)
        g = self.liquid.radial(np.linalg.norm(away_mm[close], axis=-1) / MM_PER_CM)
        mean[close] = self.liquid.rate_at_1_cm * MM_PER_CM**2 * g * mean_inverse_square(away_mm[close], cell_mm)
        near: Float32Array = mean.astype(np.float32)
        return near

    def _near_at(self, distance_mm: FloatArray) -> FloatArray:
        found: FloatArray = self._whole(np.maximum(distance_mm, 1e-6)) * self._near_share(distance_mm)
        return found

    def _far_at(self, distance_mm: FloatArray) -> FloatArray:
        share = 1 - self._near_share(distance_mm)
        found: FloatArray = self._whole(np.maximum(distance_mm, 1e-6)) * share
        return found

    def _whole(self, distance_mm: FloatArray) -> FloatArray:
        distance_cm = distance_mm / MM_PER_CM
        found: FloatArray = self.liquid.rate_at_1_cm * self.liquid.radial(distance_cm) / distance_cm**2
        return found

    def _near_share(self, distance_mm: FloatArray) -> FloatArray:
        """1 up to four voxels, 0 from six on, a polynomial with two flat ends between."""
        voxel_mm = self.spacing_kji_mm.max()
        along = np.clip((distance_mm / voxel_mm - NEAR_VOXELS) / (FAR_VOXELS - NEAR_VOXELS), 0, 1)
        share: FloatArray = 1 - along**3 * (10 - 15 * along + 6 * along**2)
        return share


def mean_inverse_square(away_mm: FloatArray, cell_mm: FloatArray) -> FloatArray:
    """Return the mean of 1 / r2 over cells of sides (3,) whose centres lie ``away_mm`` (N, 3) off, 1/mm2, (N,).

    1 / r2 is the divergence of r / r2, so the mean over the cell is a sum over its faces: the distance of each times
    the integral of 1 / r2 over it. That holds for the cell that the point lies in as well.
    """
    nodes, weights = np.polynomial.legendre.leggauss(FACE_NODES)
    over_face = np.outer(weights, weights) / 4
    total = np.zeros(len(away_mm))
    for axis in range(3):
        first, second = (other for other in range(3) if other != axis)
        along_first = away_mm[:, first, None, None] + cell_mm[first] / 2 * nodes[:, None]
        along_second = away_mm[:, second, None, None] + cell_mm[second] / 2 * nodes
        for side in (-1, 1):
            height_mm = away_mm[:, axis] + side * cell_mm[axis] / 2
            square = np.maximum(height_mm[:, None, None] ** 2 + along_first**2 + along_second**2, 1e-12)
            total += side * height_mm / cell_mm[axis] * (over_face / square).sum(axis=(1, 2))
    return total


def _cell_points(cell_mm: FloatArray) -> FloatArray:
    """Two Gauss points along each axis of a cell round its centre, (8, 3)."""
    signs = np.stack(np.meshgrid([-1, 1], [-1, 1], [-1, 1], indexing="ij"), axis=-1).reshape(-1, 3)
    points: FloatArray = signs * cell_mm / (2 * np.sqrt(3))
    return points
