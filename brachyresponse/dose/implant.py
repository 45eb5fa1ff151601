"""Dose of a permanent implant on a grid."""

from __future__ import annotations

from math import inf

import numpy as np

from brachyresponse.dose.rate import dose_rate
from brachyresponse.errors import SeedsError
from brachyresponse.geometry import Grid
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, integrated_hours
from brachyresponse.types import Float32Array

CGY_PER_GY = 100.0


def implant_dose(
    source: Source,
    seeds: Seeds,
    grid: Grid,
    *,
    start_days: float = 0.0,
    end_days: float = inf,
    report: Report = ignore_progress,
) -> Float32Array:
    """Return the dose between two times after implantation at the voxel centres of a grid, Gy, [k, j, i]."""
    if seeds.count == 0:
        raise SeedsError("The implant has no seeds: add seeds before the dose is computed.")
    gy_per_rate = integrated_hours(source.half_life_days, start_days, end_days) / CGY_PER_GY
    dose_gy = np.empty(grid.shape_kji, np.float32)
    for k in range(grid.shape_kji[0]):
        report(k / grid.shape_kji[0], f"Dose: slice {k + 1} of {grid.shape_kji[0]}")
        points = grid.points_mm(slice(k, k + 1)).reshape(-1, 3)
        dose_gy[k] = (gy_per_rate * dose_rate(source, seeds, points)).reshape(grid.shape_kji[1:])
    return dose_gy
