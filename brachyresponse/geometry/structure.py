"""A region of the patient: target, organ at risk, skin, lesion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry.grid import Grid
from brachyresponse.types import AnyArray, FloatArray


@dataclass(frozen=True, eq=False)
class Structure:
    """A named region: the share of each voxel that belongs to it, on a grid of its own.

    Parameters
    ----------
    name
        As the user knows it.
    occupancy
        [k, j, i]; bool, or 0 to 1 for partial voxels (kept as float32, as bool where there are only 0 and 1).
    grid
        The grid of ``occupancy``.

    Raises
    ------
    StructureError
        The shape is not the grid's, values lie outside 0 to 1, or the structure is empty.
    """

    name: str
    occupancy: AnyArray
    grid: Grid

    def __post_init__(self) -> None:
        occupancy = np.asarray(self.occupancy)
        if occupancy.shape != self.grid.shape_kji:
            raise StructureError(
                f"Structure {self.name!r} has shape {occupancy.shape}, its grid {self.grid.shape_kji}: they must agree."
            )
        if occupancy.dtype != bool:
            occupancy = _as_share(self.name, occupancy)
            if ((occupancy == 0) | (occupancy == 1)).all():
                occupancy = occupancy > 0  # a mask, in numbers
        if not occupancy.any():
            raise StructureError(f"Structure {self.name!r} is empty: draw it, or choose another one.")
        occupancy = occupancy.view()
        occupancy.setflags(write=False)
        object.__setattr__(self, "occupancy", occupancy)

    @property
    def mask(self) -> AnyArray:
        """[k, j, i] bool: voxels of which at least half belong to the structure."""
        return self.occupancy if self.occupancy.dtype == bool else self.occupancy >= 0.5

    @property
    def volume_cc(self) -> float:
        """Volume in cm3, partial voxels counted by their share."""
        return float(self.occupancy.sum(dtype=np.float64)) * self.grid.voxel_cc

    @property
    def centre_mm(self) -> FloatArray:
        """Centre of mass in RAS, (3,)."""
        weights = self.occupancy.astype(np.float64)
        total = weights.sum()
        kji = [np.tensordot(weights.sum(axis=_others(axis)), np.arange(n), 1) / total for axis, n in _axes(weights)]
        return self.grid.to_ras(kji[::-1])

    def bounds_mm(self) -> tuple[FloatArray, FloatArray]:
        """Lower and upper corner in RAS of the box round the voxels of the structure, whole voxels included."""
        lower_kji, upper_kji = self.index_box()
        ends = np.stack([lower_kji[::-1] - 0.5, upper_kji[::-1] + 0.5])
        unit = np.array(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij")).reshape(3, -1).T
        corners = self.grid.to_ras(np.take_along_axis(ends, unit, axis=0))
        return corners.min(axis=0), corners.max(axis=0)

    def index_box(self) -> tuple[AnyArray, AnyArray]:
        """First and last index (k, j, i) along each axis with any of the structure, two arrays (3,)."""
        found = [np.flatnonzero(self.occupancy.any(axis=_others(axis))) for axis, _ in _axes(self.occupancy)]
        return np.array([f[0] for f in found]), np.array([f[-1] for f in found])


def _as_share(name: str, occupancy: AnyArray) -> AnyArray:
    share = occupancy.astype(np.float32)
    if not np.isfinite(share).all() or share.min() < 0 or share.max() > 1 + 1e-6:
        raise StructureError(
            f"Structure {name!r} holds values from {share.min():g} to {share.max():g}: "
            "occupancy goes from 0 to 1 (for a label image, compare it with the label's value first)."
        )
    return share


def _axes(array: AnyArray) -> list[tuple[int, int]]:
    return list(enumerate(array.shape))


def _others(axis: int) -> tuple[int, ...]:
    return tuple({0, 1, 2} - {axis})
