"""How close two lesions lie: what they share, and how far apart their surfaces and centres are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from brachyresponse.geometry import Grid, Structure, sample
from brachyresponse.geometry.resampling import crop_structure, pad_structure, pool_structure
from brachyresponse.planning.surface import surface_points_mm
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

CELLS = 4000
"""Into about so many parts a lesion is divided: shares to a percent, whatever its voxels."""
SURFACE_POINTS = 3000
HALF = 0.5


@dataclass(frozen=True)
class Closeness:
    """Two lesions in one space; swapping them changes nothing.

    Parameters
    ----------
    dice
        Twice the shared volume over the sum of both, 0 to 1.
    share_of_smaller
        Share of the smaller lesion that lies in the larger one, 0 to 1.
    near_share
        Share of a lesion that lies in the other one or no further from it than the registration is uncertain, the
        larger of both shares, 0 to 1.
    surface_mm, centre_mm
        Distance of the surfaces, 0 where they meet, and of the centres.
    """

    shared_ml: float
    dice: float
    share_of_smaller: float
    near_share: float
    surface_mm: float
    centre_mm: float


@dataclass(frozen=True, eq=False)
class LesionBody:
    """A lesion as the comparison needs it.

    Parameters
    ----------
    cells_mm, weights_ml
        Parts, (N, 3) RAS, and the volume each stands for, (N,).
    surface_mm
        Points of the surface, (M, 3) RAS.
    """

    structure: Structure
    cells_mm: FloatArray
    weights_ml: FloatArray
    surface_mm: FloatArray
    tree: cKDTree

    @classmethod
    def of(cls, lesion: Structure, motion: FloatArray) -> Self:
        """Return a lesion after a rigid motion (4, 4) of its image's space."""
        from scipy.spatial import cKDTree

        grid = Grid(lesion.grid.shape_kji, motion @ lesion.grid.ijk_to_ras)
        there = pad_structure(crop_structure(Structure(lesion.name, lesion.occupancy, grid), 0), (1, 1, 1))
        cell_mm = np.cbrt(1000 * lesion.volume_cc / CELLS)
        i, j, k = np.maximum(cell_mm // there.grid.spacing_ijk_mm, 1).astype(int)
        pooled = pool_structure(there, (int(k), int(j), int(i)))
        kji = np.argwhere(pooled.occupancy > 0)
        cells_mm = pooled.grid.to_ras(kji[:, ::-1])
        weights_ml = pooled.occupancy[tuple(kji.T)].astype(float) * pooled.grid.voxel_cc
        surface_mm = surface_points_mm(there.occupancy.astype(np.float32), there.grid)
        if not len(surface_mm):  # no voxel belongs to it by half
            surface_mm = cells_mm
        surface_mm = surface_mm[:: max(len(surface_mm) // SURFACE_POINTS, 1)]
        return cls(there, cells_mm, weights_ml, surface_mm, cKDTree(surface_mm))

    @property
    def volume_ml(self) -> float:
        """Volume, partial voxels counted by their share."""
        return float(self.weights_ml.sum())

    @property
    def centre_mm(self) -> FloatArray:
        """Centre of mass, (3,) RAS."""
        centre: FloatArray = self.weights_ml @ self.cells_mm / self.volume_ml
        return centre

    def share_at(self, points_mm: FloatArray) -> FloatArray:
        """Return how far points (N, 3) belong to the lesion, (N,), 0 to 1."""
        return sample(self.structure.occupancy, self.structure.grid, points_mm)

    def distance_mm(self, points_mm: FloatArray) -> FloatArray:
        """Return the distance of points (N, 3) from the lesion, (N,), 0 inside."""
        distance: FloatArray = np.asarray(self.tree.query(points_mm)[0], float)
        distance[self.share_at(points_mm) >= HALF] = 0.0
        return distance


def closeness(one: LesionBody, other: LesionBody, *, residual_mm: float) -> Closeness:
    """Return how close two lesions lie, allowing for a registration uncertain by ``residual_mm``."""
    pairs = ((one, other), (other, one))
    fineness = [1 / one.volume_ml, 1 / other.volume_ml]  # of the cells: those of a large lesion miss a small one
    shared_ml = float(np.average([a.weights_ml @ b.share_at(a.cells_mm) for a, b in pairs], weights=fineness))
    near = [a.weights_ml @ (b.distance_mm(a.cells_mm) <= residual_mm) / a.volume_ml for a, b in pairs]
    surface_mm = min(float(b.distance_mm(a.surface_mm).min()) for a, b in pairs)
    smaller_ml = min(one.volume_ml, other.volume_ml)
    return Closeness(
        shared_ml=shared_ml,
        dice=min(2 * shared_ml / (one.volume_ml + other.volume_ml), 1.0),
        share_of_smaller=min(shared_ml / smaller_ml, 1.0),
        near_share=float(max(near)),
        surface_mm=surface_mm,
        centre_mm=float(np.linalg.norm(one.centre_mm - other.centre_mm)),
    )
