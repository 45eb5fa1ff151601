"""Close to a seed the formulas themselves: what the kernel's table cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brachyresponse.dose.frames import local_frames
from brachyresponse.dose.kernel import MM_PER_CM, TRUE_RADIUS_MM, KernelReader
from brachyresponse.dose.tg43 import line_rate_per_u, point_rate_per_u
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source
from brachyresponse.types import AnyArray, FloatArray, IntArray

VOXELS_AT_ONCE = 50_000


def near_corrections(
    source: Source, seeds: Seeds, grid: Grid, reader: KernelReader
) -> Iterator[tuple[IntArray, FloatArray]]:
    """Yield flat voxel indices and what to add there, cGy/h, to turn the kernel's dose rates into the formulas'.

    For every voxel centre within ``TRUE_RADIUS_MM`` of a seed, inside the capsule too. All the seeds are of one
    kind: with known axes, or without. A voxel close to several seeds comes several times.
    """
    steps_ijk = _steps_within_reach(grid)
    frames = local_frames(seeds.directions)
    places_ijk = grid.to_ijk(seeds.positions_mm)
    for index in range(seeds.count):
        ijk = np.rint(places_ijk[index]).astype(int) + steps_ijk
        offsets_mm = (ijk - places_ijk[index]) @ grid.ijk_to_ras[:3, :3].T
        near = (np.einsum("vi,vi->v", offsets_mm, offsets_mm) < TRUE_RADIUS_MM**2) & _inside(ijk, grid)
        local_mm = offsets_mm[near] @ frames[index].T
        strength_u = float(seeds.air_kerma_strength_u[index])
        known = bool(seeds.axis_known[index])
        for start in range(0, len(local_mm), VOXELS_AT_ONCE):
            block = slice(start, start + VOXELS_AT_ONCE)
            yield _flat(ijk[near][block], grid), strength_u * _missing(source, local_mm[block], known, reader)


def _steps_within_reach(grid: Grid) -> IntArray:
    """Index steps (i, j, k), (M, 3), from the voxel that holds a seed to all that can lie within reach of the seed."""
    half_voxel_mm = float(np.linalg.norm(grid.spacing_ijk_mm)) / 2
    reach_mm = TRUE_RADIUS_MM + half_voxel_mm
    reach_ijk = reach_mm * np.linalg.norm(grid.ras_to_ijk[:3, :3], axis=1)
    box = [np.arange(-n, n + 1) for n in np.ceil(reach_ijk).astype(np.int64)]
    steps: IntArray = np.stack(np.meshgrid(*box, indexing="ij"), axis=-1).reshape(-1, 3)
    within: IntArray = steps[np.linalg.norm(steps @ grid.ijk_to_ras[:3, :3].T, axis=1) <= reach_mm]
    return within


def _missing(source: Source, local_mm: FloatArray, axis_known: bool, reader: KernelReader) -> FloatArray:
    """Formula less table, cGy/h/U, at offsets (M, 3) in the seed's frame."""
    x, y, z = reader.inputs(len(local_mm))
    for axis, place in enumerate((x, y, z)):
        place[:] = local_mm[:, axis]
    away_cm = np.hypot(local_mm[:, 0], local_mm[:, 1]) / MM_PER_CM
    along_cm = local_mm[:, 2] / MM_PER_CM
    if axis_known:
        true = line_rate_per_u(source, along_cm, away_cm)
    else:
        true = point_rate_per_u(source, np.hypot(along_cm, away_cm))
    return true - reader.rate_per_u(x, y, z)


def _inside(ijk: IntArray, grid: Grid) -> AnyArray:
    inside: AnyArray = np.all((ijk >= 0) & (ijk < np.array(grid.size_ijk)), axis=1)
    return inside


def _flat(ijk: IntArray, grid: Grid) -> IntArray:
    _, rows, columns = grid.shape_kji
    result: IntArray = (ijk[:, 2] * rows + ijk[:, 1]) * columns + ijk[:, 0]
    return result
