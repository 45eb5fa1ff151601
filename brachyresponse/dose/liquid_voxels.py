"""Dose of a radioactive liquid in a balloon of any shape, on the voxels of an image.

The activity is spread over the voxels by their share of liquid, and convolved with the liquid's point kernel by fast
Fourier transform. Voxels farther than about five voxels are points; nearer ones are split into cells, laid along the
surface where a voxel is only partly liquid, and the kernel is averaged over each cell.
"""

from __future__ import annotations

from itertools import product
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.dose.liquid_kernel import LiquidKernel
from brachyresponse.dose.memory import BYTES_PER_MB, MEMORY_LIMIT_MB, WORK_SPACE_MB
from brachyresponse.errors import DoseError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.geometry.resampling import crop_structure, refine_structure
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.sources import LiquidSource, integrated_hours, load_liquid
from brachyresponse.types import Float32Array, IntArray

BYTES_PER_PADDED_VOXEL = 24
CGY_PER_GY = 100.0
BALLOON = "Balloon"


def liquid_dose(
    occupancy: ArrayLike,
    grid: Grid,
    activity_mbq: float,
    *,
    half_life_days: float | None = None,
    dwell_days: float = inf,
    liquid: LiquidSource | None = None,
) -> Float32Array:
    """Return the dose of liquid in a balloon of any shape, Gy, [k, j, i].

    Parameters
    ----------
    occupancy
        [k, j, i]: the share of each voxel that is liquid, 0 to 1. A mask is taken as it is, with its stairs: at 1 mm
        voxels it costs up to a few percent of the dose 1 mm outside the surface (``Docs/validation_gliasite.md``).
    grid
        Of ``occupancy`` and of the dose; any orientation and spacing.
    activity_mbq
        Contained in the whole balloon when it is filled (not apparent).
    half_life_days
        Default that of the liquid.
    dwell_days
        From filling to removal; by default the liquid stays for ever.
    liquid
        Default :func:`brachyresponse.sources.load_liquid`: Iotrex by its bare kernel.

    Raises
    ------
    DoseError
        The activity is not positive, the dwell time negative, the balloon touches the edge of the grid, so that part of
        it may be missing, or the transforms would not fit into memory.
    StructureError
        The occupancy is empty, not between 0 and 1, or has not the grid's shape.
    """
    if not dwell_days >= 0:
        raise DoseError(f"The dwell time is {dwell_days:g} days: give zero or more.")
    liquid = liquid or load_liquid()
    rate = liquid_dose_rate(occupancy, grid, activity_mbq, liquid=liquid)
    half_life = liquid.half_life_days if half_life_days is None else half_life_days
    hours = integrated_hours(half_life, 0.0, dwell_days)
    rate *= np.float32(hours / CGY_PER_GY)
    return rate


def liquid_dose_rate(
    occupancy: ArrayLike,
    grid: Grid,
    activity_mbq: float,
    *,
    liquid: LiquidSource | None = None,
    report: Report = ignore_progress,
) -> Float32Array:
    """Return the dose rate of liquid in a balloon of any shape, cGy/h, [k, j, i]; parameters of :func:`liquid_dose`."""
    if not (np.isfinite(activity_mbq) and activity_mbq > 0):
        raise DoseError(f"The contained activity is {activity_mbq:g} MBq: give a positive number.")
    balloon = Structure(BALLOON, np.asarray(occupancy), grid)
    _check_edge(balloon)
    box = crop_structure(balloon, 0)
    _check_memory(grid, box.grid)
    kernel = LiquidKernel(liquid or load_liquid(), grid.spacing_ijk_mm[::-1])
    mbq_a_voxel = activity_mbq / float(box.occupancy.sum(dtype=np.float64))
    first_kji = balloon.index_box()[0]
    rate = _far_rate(box, first_kji, grid, kernel)
    report(0.5, "Dose of the liquid: near the balloon")
    _add_near(rate, box, first_kji, kernel, share_of(report, 0.5, 1.0))
    np.maximum(rate, 0, out=rate)  # far away the rounding of the transform may be below zero
    rate *= np.float32(mbq_a_voxel)
    return rate


def _far_rate(box: Structure, first_kji: IntArray, grid: Grid, kernel: LiquidKernel) -> Float32Array:
    """Rate of 1 MBq a whole voxel from the voxels beyond the near part, on the whole grid."""
    from scipy.fft import irfftn, next_fast_len, rfftn

    size = np.array(grid.shape_kji)
    source = np.array(box.occupancy.shape)
    padded = [next_fast_len(int(n), real=True) for n in size + source - 1]
    # Steps from a source voxel to a dose voxel, the smallest first, and the kernel on one eighth of them.
    steps = [np.arange(n + m - 1) - (first + m - 1) for n, m, first in zip(size, source, first_kji, strict=True)]
    octant = kernel.far((_up_to(steps[0]), _up_to(steps[1]), _up_to(steps[2])))
    spectrum = rfftn(octant[np.ix_(*(np.abs(step) for step in steps))], padded)
    spectrum *= rfftn(box.occupancy.astype(np.float32), padded)
    whole = irfftn(spectrum, padded)
    part = tuple(slice(m - 1, m - 1 + n) for n, m in zip(size, source, strict=True))
    rate: Float32Array = np.ascontiguousarray(whole[part], np.float32)
    return rate


def _add_near(rate: Float32Array, box: Structure, first_kji: IntArray, kernel: LiquidKernel, report: Report) -> None:
    """Add the near part to ``rate``: cells of one place within their voxels make a lattice, and one transform."""
    from scipy.fft import irfftn, next_fast_len, rfftn

    parts, reach = kernel.parts_kji, kernel.reach_kji
    cells = refine_structure(box, parts).occupancy.astype(np.float32) / np.float32(np.prod(parts))
    shape = np.array(box.occupancy.shape) + 2 * reach
    padded = [next_fast_len(int(n), real=True) for n in shape]
    spectrum = np.zeros((*padded[:2], padded[2] // 2 + 1), np.complex64)
    places = list(product(*(range(n) for n in parts)))
    for done, place in enumerate(places):
        report(done / len(places), "Dose of the liquid: near the balloon")
        lattice = cells[place[0] :: parts[0], place[1] :: parts[1], place[2] :: parts[2]]
        spectrum += rfftn(lattice, padded) * rfftn(kernel.near((place[0], place[1], place[2])), padded)
    near = irfftn(spectrum, padded)[: shape[0], : shape[1], : shape[2]]
    begin = first_kji - reach
    low = np.maximum(begin, 0)
    high = np.minimum(begin + shape, rate.shape)
    target = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    rate[target] += near[tuple(slice(a, b) for a, b in zip(low - begin, high - begin, strict=True))]


def _up_to(steps: IntArray) -> IntArray:
    return np.arange(int(np.abs(steps).max()) + 1)


def _check_edge(balloon: Structure) -> None:
    lower, upper = balloon.index_box()
    if (lower == 0).any() or (upper == np.array(balloon.grid.shape_kji) - 1).any():
        raise DoseError(
            "The balloon touches the edge of its image, so part of it may be missing: take an image, or a dose grid, "
            "that holds all of it with a voxel to spare."
        )


def _check_memory(grid: Grid, box: Grid) -> None:
    padded = float(np.prod(np.array(grid.shape_kji, float) + box.shape_kji))
    needed_mb = padded * BYTES_PER_PADDED_VOXEL / BYTES_PER_MB + WORK_SPACE_MB
    if needed_mb > MEMORY_LIMIT_MB:
        raise DoseError(
            f"The dose of the liquid on {grid.describe()} would take {needed_mb:,.0f} MB for the Fourier transform, "
            f"the limit is {MEMORY_LIMIT_MB:,.0f} MB: choose a larger spacing or a smaller region."
        )
