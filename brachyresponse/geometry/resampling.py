"""A structure on a finer, a coarser or another grid, with its volume kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import GeometryError, StructureError
from brachyresponse.geometry.grid import Grid
from brachyresponse.geometry.sampling import sample
from brachyresponse.geometry.structure import Structure
from brachyresponse.types import AnyArray, Float32Array, FloatArray

EDGE_WIDTH = 0.1
"""Width, in interpolated occupancy, over which a sub-voxel goes from in to out; small, but equal sub-voxels share."""


def crop_structure(structure: Structure, margin_kji: ArrayLike = 1) -> Structure:
    """Return the structure on the part of its grid that holds it, and some voxels more where the grid has them."""
    lower, upper = structure.index_box()
    lower = np.maximum(lower - np.asarray(margin_kji), 0)
    upper = np.minimum(upper + np.asarray(margin_kji) + 1, structure.grid.shape_kji)
    box = tuple(slice(a, b) for a, b in zip(lower, upper, strict=True))
    occupancy = structure.occupancy[box]
    return replace(structure, occupancy=occupancy, grid=_moved(structure.grid, occupancy.shape, lower[::-1]))


def pad_structure(structure: Structure, voxels_kji: tuple[int, int, int]) -> Structure:
    """Return the structure on its grid enlarged by some voxels on either side along k, j and i."""
    occupancy = np.pad(structure.occupancy, [(n, n) for n in voxels_kji])
    grid = _moved(structure.grid, occupancy.shape, -np.array(voxels_kji[::-1]))
    return replace(structure, occupancy=occupancy, grid=grid)


def refine_structure(structure: Structure, factors_kji: tuple[int, int, int]) -> Structure:
    """Return the structure with every voxel split into ``factors_kji`` parts along k, j and i.

    Whole voxels are copied. A partial voxel keeps its share, laid where the occupancy interpolated from its
    neighbours is highest, so that the surface runs through the voxel instead of being smeared over it.
    """
    _check_factors(factors_kji)
    occupancy = structure.occupancy
    fine = occupancy
    for axis, factor in enumerate(factors_kji):
        fine = np.repeat(fine, factor, axis=axis)
    grid = _with_voxels(structure.grid, fine.shape, 1 / np.array(factors_kji, float))
    if occupancy.dtype != bool:
        _lay_partial_voxels(fine, occupancy, factors_kji)
    return replace(structure, occupancy=fine, grid=grid)


def pool_structure(structure: Structure, factors_kji: tuple[int, int, int]) -> Structure:
    """Return the structure with ``factors_kji`` voxels along k, j and i joined to one, which holds their mean."""
    _check_factors(factors_kji)
    missing = [(0, -size % factor) for size, factor in zip(structure.occupancy.shape, factors_kji, strict=True)]
    padded = np.pad(structure.occupancy, missing)
    shape = tuple(np.floor_divide(padded.shape, factors_kji))
    blocks = padded.reshape([n for pair in zip(shape, factors_kji, strict=True) for n in pair])
    occupancy = blocks.mean(axis=(1, 3, 5), dtype=np.float32)
    grid = _with_voxels(structure.grid, shape, np.array(factors_kji, float))
    return replace(structure, occupancy=occupancy, grid=grid)


def resample_structure(structure: Structure, grid: Grid, *, step_mm: float = 0.5) -> Structure:
    """Return the structure with its share of every voxel of another grid, of any orientation.

    Raises
    ------
    StructureError
        The structure lies outside the grid.

    See Also
    --------
    share_on_grid : the array alone, which may be empty.
    """
    share = share_on_grid(structure, grid, step_mm=step_mm)
    if not share.any():
        raise StructureError(f"Structure {structure.name!r} lies outside the grid of {grid.describe()}: enlarge it.")
    return Structure(structure.name, share, grid)


def share_on_grid(structure: Structure, grid: Grid, *, step_mm: float = 0.5) -> Float32Array:
    """Return the structure's share of every voxel of another grid, [k, j, i], 0 to 1.

    Each voxel of ``grid`` near the structure is split into parts of about ``step_mm`` (at most 8 along an axis); its
    share is the mean occupancy, interpolated, at their centres.
    """
    source = pad_structure(crop_structure(structure, 0), (1, 1, 1))  # beyond its grid a structure is nothing
    near = _voxels_near(source, grid)
    index_ijk = np.argwhere(near)[:, ::-1].astype(float)
    parts = np.clip(np.ceil(grid.spacing_ijk_mm / step_mm - 0.25), 1, 8).astype(int)
    offsets_ijk = _part_offsets(parts)
    total = np.zeros(len(index_ijk))
    for offset in offsets_ijk:
        total += sample(source.occupancy, source.grid, grid.to_ras(index_ijk + offset))
    share = np.zeros(grid.shape_kji, np.float32)
    share[near] = np.minimum(total / len(offsets_ijk), 1)
    return share


def _voxels_near(structure: Structure, grid: Grid) -> AnyArray:
    """Voxels of ``grid`` in the index box round the structure, with two voxels to spare, [k, j, i] bool."""
    corners_ijk = grid.to_ijk(structure.grid.corners_mm())
    size = np.array(grid.size_ijk)
    lower = np.clip(np.floor(corners_ijk.min(axis=0)).astype(int) - 2, 0, size)
    upper = np.clip(np.ceil(corners_ijk.max(axis=0)).astype(int) + 3, 0, size)
    near = np.zeros(grid.shape_kji, bool)
    near[tuple(slice(a, b) for a, b in zip(lower[::-1], upper[::-1], strict=True))] = True
    return near


def _lay_partial_voxels(fine: AnyArray, occupancy: AnyArray, factors_kji: tuple[int, int, int]) -> None:
    """Replace, in ``fine``, the even shares of partial voxels by shares that follow the surface."""
    from scipy.ndimage import map_coordinates

    partial = np.argwhere((occupancy > 0) & (occupancy < 1))
    if not len(partial):
        return
    points = (partial[:, None] + _part_offsets(factors_kji)).reshape(-1, 3).T
    around = map_coordinates(occupancy, points, order=1, mode="nearest").reshape(len(partial), -1)
    share = _share_by_level(around, occupancy[tuple(partial.T)])
    shape = np.stack([occupancy.shape, factors_kji], axis=1).ravel()
    blocks = fine.reshape(shape).transpose(0, 2, 4, 1, 3, 5)  # a view: writing to it writes to fine
    blocks[tuple(partial.T)] = share.reshape(-1, *factors_kji)


def _part_offsets(parts: ArrayLike) -> FloatArray:
    """Offsets, in voxels, of the centres of a voxel's parts, (number of parts, 3); the last axis varies fastest."""
    along = [(np.arange(n) + 0.5) / n - 0.5 for n in np.asarray(parts)]
    return np.stack(np.meshgrid(*along, indexing="ij"), axis=-1).reshape(-1, 3)


def _share_by_level(values: FloatArray, share: FloatArray) -> FloatArray:
    """Shares (M, n) of n parts, highest ``values`` (M, n) first, whose mean over the parts is ``share`` (M,)."""
    low, high = values.min(axis=1) - EDGE_WIDTH, values.max(axis=1) + EDGE_WIDTH
    for _ in range(20):  # bisection of the level: the edge to a millionth
        level = (low + high) / 2
        too_much = _ramp(values, level).mean(axis=1) > share
        low, high = np.where(too_much, level, low), np.where(too_much, high, level)
    return _ramp(values, (low + high) / 2)


def _ramp(values: FloatArray, level: FloatArray) -> FloatArray:
    ramp: FloatArray = np.clip((values - level[:, None]) / EDGE_WIDTH + 0.5, 0, 1)
    return ramp


def _with_voxels(grid: Grid, shape_kji: tuple[int, ...], factors_kji: FloatArray) -> Grid:
    """Grid that starts at the same corner, with voxels larger by ``factors_kji``."""
    factors_ijk = factors_kji[::-1]
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, :3] *= factors_ijk
    matrix[:3, 3] = grid.to_ras((factors_ijk - 1) / 2)
    return Grid(_three(shape_kji), matrix)


def _moved(grid: Grid, shape_kji: tuple[int, ...], first_ijk: AnyArray) -> Grid:
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] = grid.to_ras(first_ijk)
    return Grid(_three(shape_kji), matrix)


def _three(shape: tuple[int, ...]) -> tuple[int, int, int]:
    return int(shape[0]), int(shape[1]), int(shape[2])


def _check_factors(factors_kji: tuple[int, int, int]) -> None:
    if min(factors_kji) < 1:
        raise GeometryError(f"Voxels cannot be split or joined by {factors_kji}: give three numbers of at least 1.")
