"""Dose rates of many seeds added to a grid: bricks in threads, then what is close to the seeds."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from math import ceil
from threading import local as thread_local

import numpy as np

from brachyresponse.dose.bricks import BRICK_MM, Bricks
from brachyresponse.dose.direct import add_at_every_voxel
from brachyresponse.dose.kernel import Kernel, KernelReader
from brachyresponse.dose.layers import LayerSum
from brachyresponse.dose.near import near_corrections
from brachyresponse.dose.smoothness import NodeError
from brachyresponse.errors import SeedsError
from brachyresponse.geometry import Grid
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source
from brachyresponse.types import Float32Array

TOLERANCE = 6e-4
"""Share of the least dose in a brick that interpolation may cost there."""
FEW_SEEDS = 3
"""Up to here bricks cost more than they save."""
MOST_THREADS = 4
REACH_STEP_MM = 64.0
FARTHEST_MM = 3000.0
KEPT_TABLES = 8


def add_dose_rates(
    rates: Float32Array, source: Source, seeds: Seeds, grid: Grid, report: Report = ignore_progress
) -> None:
    """Add the seeds' dose rates, cGy/h, to an array [k, j, i] of the grid."""
    kinds = [kind for kind in (seeds.axis_known, ~seeds.axis_known) if kind.any()]
    for number, kind in enumerate(kinds):
        part = share_of(report, number / len(kinds), (number + 1) / len(kinds))
        _add_one_kind(rates, source, seeds.select(kind), grid, part)


def _add_one_kind(rates: Float32Array, source: Source, seeds: Seeds, grid: Grid, report: Report) -> None:
    """Add the dose rates of seeds that all have known axes, or all have none."""
    kernel = _kernel(source, _reach(seeds, grid), bool(seeds.axis_known[0]))
    reader = KernelReader(kernel)
    if seeds.count <= FEW_SEEDS and grid.shape_kji[2] <= reader.capacity:
        add_at_every_voxel(rates, seeds, grid, reader)
    else:
        bricks = Bricks.of(grid)
        layers = LayerSum(kernel, seeds, bricks, _node_error(kernel, bricks), TOLERANCE)
        _add_layers(rates, layers, report)
    for voxels, missing in near_corrections(source, seeds, grid, reader):
        rates.reshape(-1)[voxels] += missing.astype(np.float32)


def _add_layers(rates: Float32Array, layers: LayerSum, report: Report) -> None:
    """Add the layers' dose rates, in threads: numpy lets them run side by side, and each has slices of its own."""
    workers = thread_local()

    def add_layer(layer: int) -> None:
        if not hasattr(workers, "reader"):
            workers.reader = layers.reader()
        rates[layers.bricks.slices(layer)] += layers.rates(layer, workers.reader)

    count = layers.bricks.count_kji[0]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        try:
            for done, _ in enumerate(pool.map(add_layer, range(count))):
                report(done / count, f"Dose: layer {done + 1} of {count}")
        finally:
            pool.shutdown(cancel_futures=True)


@lru_cache(maxsize=KEPT_TABLES)
def _kernel(source: Source, reach_mm: float, axis_known: bool) -> Kernel:
    """Table of a source, kept for the next computation."""
    return Kernel.of(source, reach_mm, axis_known=axis_known)


_node_errors: dict[tuple[object, ...], NodeError] = {}


def _node_error(kernel: Kernel, bricks: Bricks) -> NodeError:
    """Errors of interpolation, measured once for a kernel and a shape of brick (its turn does not matter)."""
    key = (kernel, bricks.size_kji, tuple(np.round(bricks.grid.spacing_ijk_mm, 3)))
    if key not in _node_errors:
        _node_errors[key] = NodeError.of(kernel, bricks)
        for old in list(_node_errors)[:-KEPT_TABLES]:
            del _node_errors[old]
    return _node_errors[key]


def _reach(seeds: Seeds, grid: Grid) -> float:
    """Farthest distance that is looked up, mm, in whole steps so that tables are found again."""
    lower, upper = seeds.positions_mm.min(axis=0), seeds.positions_mm.max(axis=0)
    corners = grid.corners_mm()
    farthest = float(np.linalg.norm(np.maximum(upper - corners.min(axis=0), corners.max(axis=0) - lower)))
    if farthest > FARTHEST_MM:
        raise SeedsError(
            f"A seed lies {farthest:,.0f} mm from a corner of the dose grid, expected at most {FARTHEST_MM:,.0f} mm: "
            "check that seeds and grid belong to one patient and one frame of reference."
        )
    beyond = 2 * BRICK_MM[-1] + 2 * float(grid.spacing_ijk_mm.max())  # bricks may reach beyond the grid
    return REACH_STEP_MM * ceil((farthest + beyond) / REACH_STEP_MM)
