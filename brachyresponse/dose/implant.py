"""Dose of a permanent implant on a grid."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from math import inf
from threading import local as thread_local

import numpy as np

from brachyresponse.dose.bricks import Bricks
from brachyresponse.dose.kernel import Kernel
from brachyresponse.dose.layers import LayerSum
from brachyresponse.dose.memory import check_memory
from brachyresponse.dose.near import near_corrections
from brachyresponse.dose.smoothness import NodeError
from brachyresponse.errors import SeedsError
from brachyresponse.geometry import Grid
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, integrated_hours
from brachyresponse.types import Float32Array

CGY_PER_GY = 100.0
TOLERANCE = 5e-4
MOST_THREADS = 4
REACH_STEP_MM = 64.0
KEPT_TABLES = 8


def implant_dose(
    source: Source,
    seeds: Seeds,
    grid: Grid,
    *,
    start_days: float = 0.0,
    end_days: float = inf,
    report: Report = ignore_progress,
) -> Float32Array:
    """Return the dose between two times after implantation, Gy, at the voxel centres of a grid, float32 [k, j, i].

    D = D'0 (exp(-lambda t1) - exp(-lambda t2)) / lambda with D'0 the sum of :func:`dose_rate` over the seeds, to
    within 0.1 % at every voxel, inside the capsules too (there it is capped in the same way).

    Parameters
    ----------
    source
        Model of all seeds.
    seeds
        Any directions and strengths; those without a known axis by the 1D formalism.
    grid
        Any orientation and spacing.
    start_days, end_days
        After implantation; the default is all time.
    report
        Told the fraction done; may raise ``Cancelled``, which leaves nothing behind.

    Raises
    ------
    SeedsError
        There are no seeds.
    SourceError
        The times are not 0 <= start <= end.
    DoseError
        The grid needs more memory than ``MEMORY_LIMIT_MB``.

    Notes
    -----
    The grid is cut into bricks of about 8 mm. A seed whose dose is smooth across a brick is evaluated at 64 nodes
    there and interpolated by cubic polynomials, any other at every voxel from a table in radius and angle (off by
    0.002 % at most), and within 6 mm of a seed by the formulas themselves. Which seed is smooth in which brick is
    decided from errors measured on the source's own table, so that their sum in squares stays below 0.05 % of the
    least dose in the brick. Largest error found: 0.05 %, for single seeds, single needles, 20 to 100 seeds in
    needles or at random, on all source models.
    """
    if seeds.count == 0:
        raise SeedsError("The implant has no seeds: add seeds before the dose is computed.")
    gy_per_rate = integrated_hours(source.half_life_days, start_days, end_days) / CGY_PER_GY
    check_memory(grid)
    dose_gy = np.zeros(grid.shape_kji, np.float32)
    kinds = [kind for kind in (seeds.axis_known, ~seeds.axis_known) if kind.any()]
    for number, kind in enumerate(kinds):
        part = share_of(report, number / len(kinds), (number + 1) / len(kinds))
        _add_rates(dose_gy, source, seeds.select(kind), grid, part)
    dose_gy *= np.float32(gy_per_rate)
    report(1.0, "Dose: done")
    return dose_gy


def _add_rates(rates: Float32Array, source: Source, seeds: Seeds, grid: Grid, report: Report) -> None:
    """Add the dose rates, cGy/h, of seeds of one kind."""
    bricks = Bricks.of(grid)
    reach_mm = _reach(seeds, grid, bricks)
    kernel = tabulated_kernel(source, reach_mm, bool(seeds.axis_known[0]))
    layers = LayerSum(kernel, seeds, bricks, _node_error(kernel, bricks, reach_mm), TOLERANCE)
    workers = thread_local()

    def add_layer(layer: int) -> None:
        if not hasattr(workers, "reader"):
            workers.reader = layers.reader()
        rates[bricks.slices(layer)] += layers.rates(layer, workers.reader)

    count = bricks.count_kji[0]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        try:
            for done, _ in enumerate(pool.map(add_layer, range(count))):
                report(0.95 * done / count, f"Dose: layer {done + 1} of {count}")
        finally:
            pool.shutdown(cancel_futures=True)
    for voxels, missing in near_corrections(source, seeds, grid, layers.reader()):
        rates.reshape(-1)[voxels] += missing.astype(np.float32)


@lru_cache(maxsize=KEPT_TABLES)
def tabulated_kernel(source: Source, reach_mm: float, axis_known: bool) -> Kernel:
    """Return the table of a source, kept for the next computation."""
    return Kernel.of(source, reach_mm, axis_known=axis_known)


_node_errors: dict[tuple[object, ...], NodeError] = {}


def _node_error(kernel: Kernel, bricks: Bricks, reach_mm: float) -> NodeError:
    """Errors of interpolation, measured once for a kernel and a shape of brick (its turn does not matter)."""
    key = (kernel, bricks.size_kji, tuple(np.round(bricks.grid.spacing_ijk_mm, 3)))
    if key not in _node_errors:
        _node_errors[key] = NodeError.of(kernel, bricks, reach_mm)
        for old in list(_node_errors)[:-KEPT_TABLES]:
            del _node_errors[old]
    return _node_errors[key]


def _reach(seeds: Seeds, grid: Grid, bricks: Bricks) -> float:
    """Farthest distance that is looked up, mm, in whole steps so that tables are found again."""
    lower, upper = seeds.positions_mm.min(axis=0), seeds.positions_mm.max(axis=0)
    corners = grid.corners_mm()
    farthest = np.linalg.norm(np.maximum(upper - corners.min(axis=0), corners.max(axis=0) - lower))
    return REACH_STEP_MM * float(np.ceil((farthest + 3 * bricks.half_diagonal_mm) / REACH_STEP_MM))
