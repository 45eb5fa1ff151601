"""A grid cut into bricks: small boxes of voxels across which the dose of a distant seed is smooth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, Float32Array, FloatArray

BRICK_MM = (8.0, 14.0)
BRICKS_ACROSS = 28
"""The larger the grid, the farther most of it lies from the seeds, and the larger its bricks may be."""
NODES_PER_AXIS = 4
LARGEST_BRICK = 16


@dataclass(frozen=True, eq=False)
class Bricks:
    """A grid's voxels in boxes of one size, numbered with i fastest; the last ones may reach beyond the grid.

    In each brick lie Chebyshev nodes, 4 an axis (the voxels themselves where a brick has no more): a smooth function
    known at the nodes is known at the voxels.

    Parameters
    ----------
    grid
        The voxels.
    size_kji, count_kji
        Voxels in a brick, bricks in the grid.
    voxel_offsets_mm, node_offsets_mm
        From the brick's centre in RAS, (V, 3) and (Q, 3).
    along_kji
        For each axis the matrix (voxels, nodes) from values at its nodes to values at its voxels.
    """

    grid: Grid
    size_kji: tuple[int, int, int]
    count_kji: tuple[int, int, int]
    voxel_offsets_mm: FloatArray
    node_offsets_mm: FloatArray
    along_kji: tuple[Float32Array, Float32Array, Float32Array]

    @classmethod
    def of(cls, grid: Grid) -> Bricks:
        """Cut a grid into bricks of 8 mm, in a large grid up to 14 mm."""
        spacing_kji = grid.spacing_ijk_mm[::-1]
        diagonal_mm = np.linalg.norm(spacing_kji * grid.shape_kji)
        brick_mm = np.clip(diagonal_mm / BRICKS_ACROSS, *BRICK_MM)
        wanted = np.clip(np.rint(brick_mm / spacing_kji), 1, np.minimum(grid.shape_kji, LARGEST_BRICK)).astype(int)
        count = -(-np.array(grid.shape_kji) // wanted)
        size = -(-np.array(grid.shape_kji) // count)
        voxels = [np.arange(n) - (n - 1) / 2 for n in size]
        nodes = [_nodes(n) for n in size]
        along_k, along_j, along_i = (_interpolation(*pair) for pair in zip(nodes, voxels, strict=True))
        return cls(
            grid=grid,
            size_kji=(int(size[0]), int(size[1]), int(size[2])),
            count_kji=(int(count[0]), int(count[1]), int(count[2])),
            voxel_offsets_mm=_offsets(grid, voxels),
            node_offsets_mm=_offsets(grid, nodes),
            along_kji=(along_k, along_j, along_i),
        )

    @property
    def half_diagonal_mm(self) -> float:
        """Distance from a brick's centre to its farthest voxel centre."""
        return float(np.linalg.norm(self.voxel_offsets_mm, axis=1).max())

    def centres_mm(self, layer: int) -> FloatArray:
        """Centres in RAS, (B, 3), of the bricks of one layer along k."""
        j, i = np.meshgrid(*(np.arange(n) for n in self.count_kji[1:]), indexing="ij")
        kji = np.stack([np.full(j.size, layer), j.ravel(), i.ravel()], axis=1)
        return self.grid.to_ras(((kji + 0.5) * self.size_kji - 0.5)[:, ::-1])

    def slices(self, layer: int) -> slice:
        """Slices of the grid that one layer of bricks covers."""
        return slice(layer * self.size_kji[0], min((layer + 1) * self.size_kji[0], self.grid.shape_kji[0]))

    def at_voxels(self, at_nodes: Float32Array) -> Float32Array:
        """Interpolate values at nodes (B, Q) to the voxels, (B, V).

        Axis by axis, a brick at a time: a single large product would start the threads of the linear algebra library
        inside ours, which then wait for each other.
        """
        along_k, along_j, along_i = self.along_kji
        count, (nk, nj, ni) = len(at_nodes), (matrix.shape[1] for matrix in self.along_kji)
        rows = along_j @ (at_nodes.reshape(count, nk, nj, ni) @ along_i.T)
        values: Float32Array = along_k @ rows.reshape(count, nk, len(along_j) * len(along_i))
        return values.reshape(count, -1)

    def layer_image(self, values: Float32Array) -> Float32Array:
        """Put values (B, V) of a layer's bricks in their places: [k, j, i], rows and columns cut to the grid's."""
        (bk, bj, bi), (_, nj, ni) = self.size_kji, self.count_kji
        image = values.reshape(nj, ni, bk, bj, bi).transpose(2, 0, 3, 1, 4).reshape(bk, nj * bj, ni * bi)
        return image[:, : self.grid.shape_kji[1], : self.grid.shape_kji[2]]


def _nodes(size: int) -> FloatArray:
    """Chebyshev nodes between the first and the last voxel centre of an axis, in voxels from the middle."""
    if size <= NODES_PER_AXIS:
        return np.arange(size, dtype=np.float64) - (size - 1) / 2
    order = np.arange(NODES_PER_AXIS)
    result: FloatArray = -(size - 1) / 2 * np.cos(np.pi * (2 * order + 1) / (2 * NODES_PER_AXIS))
    return result


def _interpolation(nodes: FloatArray, places: FloatArray) -> Float32Array:
    """Lagrange polynomials of the nodes at the places, (places, nodes)."""
    matrix = np.ones((places.size, nodes.size))
    for column, node in enumerate(nodes):
        for other in np.delete(nodes, column):
            matrix[:, column] *= (places - other) / (node - other)
    return matrix.astype(np.float32)


def _offsets(grid: Grid, axes_kji: list[FloatArray]) -> FloatArray:
    kji: AnyArray = np.stack(np.meshgrid(*axes_kji, indexing="ij"), axis=-1).reshape(-1, 3)
    result: FloatArray = kji[:, ::-1] @ grid.ijk_to_ras[:3, :3].T
    return result
