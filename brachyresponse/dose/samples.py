"""Where a structure samples the dose: found once, used at every update of the dose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.dose.dvh import Dvh
from brachyresponse.errors import DoseError, StructureError
from brachyresponse.geometry.grid import Grid
from brachyresponse.geometry.resampling import crop_structure, pool_structure, refine_structure
from brachyresponse.geometry.structure import Structure
from brachyresponse.types import AnyArray, Float32Array, FloatArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SMALL_STRUCTURE_CC = 2.0
FINE_SPACING_MM, FINE_COUNT = 0.5, 50_000
"""Spacing of the samples up to 6 cc, and about how many there are at least in larger structures."""

COARSE_SPACING_MM, COARSE_COUNT = 1.0, 500_000
"""Spacing of the samples from 50 to 500 cc, and about how many there are at most in larger structures."""

ROUNDING_VOXELS = 1e-6
"""A voxel on the border of the dose grid stays inside after the change of coordinates."""


class StructureSamples:
    """Sample points of a structure in a dose grid, each with its volume and its trilinear weights.

    Voxels are split, or for large structures joined, to a spacing of about 0.5 mm up to 6 cc (so that D90 of a small
    target does not hang on the grid), 1 mm from 50 cc and more beyond 500 cc. Partial voxels count by their share.

    A voxel of the structure is inside when its centre lies between the outermost voxel centres of the dose grid; what
    of it reaches over them takes the dose there. Other voxels are outside: nothing is extrapolated, their dose is
    unknown, and :attr:`Dvh.outside_fraction` tells their share of the volume.

    Parameters
    ----------
    structure
        On a grid of its own, of any orientation.
    dose_grid
        The grid of every dose given to :meth:`dvh`.

    Raises
    ------
    StructureError
        The whole structure lies outside the dose grid.
    """

    def __init__(self, structure: Structure, dose_grid: Grid) -> None:
        self.name = structure.name
        self.dose_grid = dose_grid
        self.volume_cc = structure.volume_cc
        cropped = crop_structure(structure)
        inside = part_inside(cropped, dose_grid)
        if not inside.any():
            raise StructureError(
                f"Structure {structure.name!r} (centre {_position(structure.centre_mm)} mm RAS) lies outside "
                f"the dose grid (centre {_position(dose_grid.centre_mm)} mm): compute the dose on one that covers it."
            )
        self.outside_fraction = 1 - float(inside.sum(dtype=np.float64) / cropped.occupancy.sum(dtype=np.float64))
        points_mm, self._sample_volume_cc = sample_points(replace(cropped, occupancy=inside))
        self._weights = _trilinear_weights(dose_grid.to_ijk(points_mm), dose_grid)

    @property
    def count(self) -> int:
        """Number of samples inside the dose grid."""
        return len(self._sample_volume_cc)

    def dose_at_samples(self, dose_gy: AnyArray) -> Float32Array:
        """Return the dose at the samples, Gy, (count,).

        Raises
        ------
        DoseError
            The dose's shape is not the dose grid's, or a voxel is negative, NaN or infinite.
        """
        if dose_gy.shape != self.dose_grid.shape_kji:
            raise DoseError(
                f"The dose has shape {dose_gy.shape}, its grid {self.dose_grid.shape_kji}: make them agree."
            )
        lowest, highest = dose_gy.min(), dose_gy.max()  # NaN when there is any
        if not (np.isfinite(lowest) and np.isfinite(highest)):
            raise DoseError("The dose holds NaN or infinite values: compute it again.")
        if lowest < 0:
            raise DoseError(f"The dose goes down to {lowest:g} Gy: expected 0 or more; is it a dose in Gy?")
        sampled: Float32Array = self._weights @ np.ascontiguousarray(dose_gy, np.float32).ravel()
        return sampled

    def dvh(self, dose_gy: AnyArray) -> Dvh:
        """Return the dose-volume histogram for a dose in Gy, [k, j, i] on the dose grid.

        Raises
        ------
        DoseError
            As :meth:`dose_at_samples`.
        """
        sampled = self.dose_at_samples(dose_gy)
        order = np.argsort(sampled)
        return Dvh(
            name=self.name,
            sample_dose_gy=sampled[order],
            sample_volume_cc=self._sample_volume_cc[order],
            volume_cc=self.volume_cc,
            outside_fraction=self.outside_fraction,
        )


def compute_dvh(
    dose_gy: AnyArray, dose_grid: Grid, structure: Structure | AnyArray, structure_grid: Grid | None = None
) -> Dvh:
    """Return the dose-volume histogram of a structure.

    Parameters
    ----------
    dose_gy
        [k, j, i] on ``dose_grid``, Gy; interpolated trilinearly at the structure's samples.
    structure
        A :class:`Structure`, or its array [k, j, i], bool or occupancy 0 to 1.
    structure_grid
        The grid of a structure given as an array; the dose grid unless given.

    Raises
    ------
    StructureError
        The structure is empty, has not the shape of its grid, or lies wholly outside the dose grid.
    DoseError
        The dose has not the shape of its grid, or is negative or not finite somewhere.

    See Also
    --------
    StructureSamples : the same for many doses on one grid.
    """
    if isinstance(structure, Structure):
        if structure_grid is not None and structure_grid != structure.grid:
            raise StructureError(f"Structure {structure.name!r} has its own grid: give no other one with it.")
    else:
        structure = Structure("structure", structure, structure_grid or dose_grid)
    return StructureSamples(structure, dose_grid).dvh(dose_gy)


def sample_points(structure: Structure) -> tuple[FloatArray, FloatArray]:
    """Return points that fill a structure, RAS mm, (N, 3), and the volume that each stands for, cm3, (N,)."""
    samples = sampled_structure(structure)
    kji = np.nonzero(samples.occupancy)
    volume_cc = samples.occupancy[kji].astype(np.float64) * samples.grid.voxel_cc
    return samples.grid.to_ras(np.stack(kji[::-1], axis=-1)), volume_cc


def sampled_structure(structure: Structure) -> Structure:
    """Return the structure on the grid of its samples, its voxels split or joined to about the spacing wanted."""
    spacing_kji = structure.grid.spacing_ijk_mm[::-1] / _spacing_wanted_mm(structure.volume_cc)
    split = np.maximum(np.ceil(spacing_kji - 0.25), 1).astype(int)  # "about": 1.25 of the spacing wanted is left whole
    join = np.maximum(np.rint(1 / spacing_kji), 1).astype(int)
    if structure.volume_cc >= SMALL_STRUCTURE_CC and join.max() > 1:
        samples = pool_structure(crop_structure(structure, 0), (join[0], join[1], join[2]))
    else:
        samples = crop_structure(structure)
    if split.max() > 1:
        samples = refine_structure(samples, (split[0], split[1], split[2]))
    return samples


def part_inside(structure: Structure, dose_grid: Grid) -> AnyArray:
    """Return the occupancy, [k, j, i], of the voxels whose centres lie between the outermost ones of the dose grid."""
    if _between_centres(structure.grid.corners_mm(), dose_grid).all():
        return structure.occupancy
    slices = range(structure.grid.shape_kji[0])
    inside = [_between_centres(structure.grid.points_mm(slice(k, k + 1))[0], dose_grid) for k in slices]
    occupancy: AnyArray = structure.occupancy * np.stack(inside)
    return occupancy


def _between_centres(points_mm: FloatArray, grid: Grid) -> AnyArray:
    ijk, size_ijk = grid.to_ijk(points_mm), np.array(grid.size_ijk)
    slack = np.where(size_ijk == 1, 0.5, ROUNDING_VOXELS)  # one slice has nothing between centres: take all of it
    near = (ijk >= -slack) & (ijk <= size_ijk - 1 + slack)
    inside: AnyArray = near[..., 0] & near[..., 1] & near[..., 2]
    return inside


def _spacing_wanted_mm(volume_cc: float) -> float:
    volume_mm3 = 1000 * volume_cc
    fine_mm, coarse_mm = np.cbrt(volume_mm3 / FINE_COUNT), np.cbrt(volume_mm3 / COARSE_COUNT)
    return float(max(np.clip(fine_mm, FINE_SPACING_MM, COARSE_SPACING_MM), coarse_mm))


def _trilinear_weights(ijk: FloatArray, grid: Grid) -> csr_array:
    """Matrix (samples, voxels) that interpolates a raveled array of the grid; points beyond the centres are clamped."""
    from scipy.sparse import csr_array

    last_ijk = np.array(grid.size_ijk) - 1
    ijk = np.clip(ijk, 0, last_ijk)
    base = np.minimum(np.floor(ijk).astype(np.int64), np.maximum(last_ijk - 1, 0))
    fraction = ijk - base
    upper = np.minimum(base + 1, last_ijk)  # a grid of one slice has no upper neighbour; its weight is 0
    columns, rows, _ = grid.size_ijk
    stride = np.array([1, columns, columns * rows])
    index_type = np.int32 if grid.voxel_count < 2**31 else np.int64
    steps, shares = np.stack([base, upper]) * stride, np.stack([1 - fraction, fraction])
    index = np.empty((len(ijk), 8), index_type)
    weight = np.empty((len(ijk), 8), np.float32)
    for corner in range(8):
        i, j, k = corner & 1, corner >> 1 & 1, corner >> 2
        index[:, corner] = steps[i, :, 0] + steps[j, :, 1] + steps[k, :, 2]
        weight[:, corner] = shares[i, :, 0] * shares[j, :, 1] * shares[k, :, 2]
    starts = np.arange(0, index.size + 1, 8, dtype=index_type)
    return csr_array((weight.ravel(), index.ravel(), starts), shape=(len(ijk), grid.voxel_count))


def _position(point_mm: FloatArray) -> str:
    return " ".join(f"{x:.1f}" for x in point_mm)
