"""Dose rate of many seeds on a grid, a layer of bricks at a time."""

from __future__ import annotations

import numpy as np

from brachyresponse.dose.bricks import Bricks
from brachyresponse.dose.frames import local_frames
from brachyresponse.dose.kernel import Kernel, KernelReader
from brachyresponse.dose.smoothness import NodeError, seeds_in_one_place
from brachyresponse.seeds import Seeds
from brachyresponse.types import BoolArray, Float32Array, FloatArray

PAIRS_AT_ONCE = 200_000


class LayerSum:
    """Sums the seeds' dose rates brick by brick, cGy/h.

    Where a seed is far and its dose smooth across a brick, it is looked up at the brick's nodes only; where not, at
    every voxel. Either way the sum over seeds comes first, and one matrix brings the nodes' sum to the voxels.

    Parameters
    ----------
    kernel
        Of all the seeds.
    seeds, bricks
        The implant and the grid.
    error
        Decides between nodes and voxels, so that interpolation costs no more than ``tolerance`` of the dose.
    tolerance
        0 looks everything up at the voxels.
    """

    def __init__(self, kernel: Kernel, seeds: Seeds, bricks: Bricks, error: NodeError, tolerance: float) -> None:
        self.bricks = bricks
        self._kernel = kernel
        self._error = error
        self._tolerance = tolerance
        self._frames = local_frames(seeds.directions)
        self._origins = np.einsum("nij,nj->in", self._frames, seeds.positions_mm)[:, None]
        self._strength_u = seeds.air_kerma_strength_u.astype(np.float32)
        self._crowding = seeds_in_one_place(seeds.positions_mm)
        self._voxels = self._in_frames(bricks.voxel_offsets_mm)
        self._nodes = self._in_frames(bricks.node_offsets_mm)

    def reader(self) -> KernelReader:
        """Return work space for :meth:`add_to`: one for each thread."""
        return KernelReader(self._kernel)

    def rates(self, layer: int, reader: KernelReader) -> Float32Array:
        """Return the dose rates in one layer, [k, j, i] of its slices."""
        centres = self.bricks.centres_mm(layer)
        step = max(PAIRS_AT_ONCE // self._strength_u.size, 1)
        blocks = [self._bricks(centres[start : start + step], reader) for start in range(0, len(centres), step)]
        slices = self.bricks.slices(layer)
        return self.bricks.layer_image(np.concatenate(blocks))[: slices.stop - slices.start]

    def _bricks(self, centres_mm: FloatArray, reader: KernelReader) -> Float32Array:
        """Dose rates in some bricks, (B, V)."""
        local = (np.einsum("nij,bj->ibn", self._frames, centres_mm) - self._origins).astype(np.float32)
        smooth = self._error.interpolated(local, self._strength_u, self._crowding, self._tolerance)
        at_nodes = self._summed(smooth, local, self._nodes, reader)
        rates = self.bricks.at_voxels(at_nodes)
        rates += self._summed(~smooth, local, self._voxels, reader)
        return rates

    def _summed(
        self, pairs: BoolArray, local: Float32Array, offsets: Float32Array, reader: KernelReader
    ) -> Float32Array:
        """Sum the chosen pairs (B, N) of brick and seed at the offsets (3, N, V) from the bricks' centres, (B, V)."""
        brick, seed = np.nonzero(pairs)
        total = np.zeros((len(pairs), offsets.shape[2]), np.float32)
        step = reader.capacity // offsets.shape[2]
        for start in range(0, brick.size, step):
            some_bricks, some_seeds = brick[start : start + step], seed[start : start + step]
            rates = self._looked_up(some_seeds, local[:, some_bricks, some_seeds], offsets, reader)
            first = np.flatnonzero(np.append(True, some_bricks[1:] != some_bricks[:-1]))
            total[some_bricks[first]] += np.add.reduceat(rates, first, axis=0)
        return total

    def _looked_up(
        self, seeds: np.ndarray, centres: Float32Array, offsets: Float32Array, reader: KernelReader
    ) -> Float32Array:
        """Dose rates (P, V) of P pairs, whose brick centres (3, P) lie in the frames of their seeds."""
        shape = (seeds.size, offsets.shape[2])
        places = [flat.reshape(shape) for flat in reader.inputs(seeds.size * offsets.shape[2])]
        for place, offset, centre in zip(places, offsets, centres, strict=True):
            np.take(offset, seeds, axis=0, out=place, mode="clip")
            np.add(place, centre[:, None], out=place)
        rates = reader.rate_per_u(*(place.reshape(-1) for place in places)).reshape(shape)
        np.multiply(rates, self._strength_u[seeds][:, None], out=rates)
        return rates

    def _in_frames(self, offsets_mm: FloatArray) -> Float32Array:
        """Offsets (V, 3) in every seed's frame, (3, N, V)."""
        result: Float32Array = np.einsum("nij,vj->inv", self._frames, offsets_mm).astype(np.float32)
        return np.ascontiguousarray(result)
