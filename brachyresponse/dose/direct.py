"""Dose rates of a few seeds, looked up at every voxel: for one seed at a time nothing is gained by bricks."""

from __future__ import annotations

import numpy as np

from brachyresponse.dose.frames import local_frames
from brachyresponse.dose.kernel import KernelReader
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.types import Float32Array, FloatArray


def add_at_every_voxel(rates: Float32Array, seeds: Seeds, grid: Grid, reader: KernelReader) -> None:
    """Add the kernel's dose rates, cGy/h, of seeds of one kind to an array [k, j, i] of the grid."""
    rows = rates.reshape(-1, grid.shape_kji[2])
    frames = local_frames(seeds.directions)
    for index in range(seeds.count):
        starts, along_row = _rows_in_frame(frames[index], seeds.positions_mm[index], grid)
        strength_u = np.float32(seeds.air_kerma_strength_u[index])
        step = reader.capacity // along_row.shape[1]
        for first in range(0, len(rows), step):
            some = rows[first : first + step]
            places = [flat.reshape(some.shape) for flat in reader.inputs(some.size)]
            for place, start, steps in zip(places, starts, along_row, strict=True):
                np.add(start[first : first + step, None], steps, out=place)
            rate = reader.rate_per_u(*(place.reshape(-1) for place in places))
            np.multiply(rate, strength_u, out=rate)
            some += rate.reshape(some.shape)


def _rows_in_frame(frame: FloatArray, position_mm: FloatArray, grid: Grid) -> tuple[Float32Array, Float32Array]:
    """Where the grid's rows start, (3, K * J), and the steps along a row, (3, I), in a seed's frame, mm."""
    to_frame = frame @ grid.ijk_to_ras[:3, :3]
    k, j, i = (np.arange(n, dtype=np.float64) for n in grid.shape_kji)
    corner = frame @ (grid.ijk_to_ras[:3, 3] - position_mm)
    starts = corner[:, None, None] + to_frame[:, 2, None, None] * k[:, None] + to_frame[:, 1, None, None] * j
    steps = to_frame[:, 0, None] * i
    return starts.reshape(3, -1).astype(np.float32), steps.astype(np.float32)
