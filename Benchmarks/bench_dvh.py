"""What a dose-volume histogram costs: once, and at every step while a seed is dragged."""

from __future__ import annotations

import numpy as np
from figures import Figure, seconds

from brachyresponse.dose import StructureSamples, compute_dvh, implant_metrics, organ_metrics
from brachyresponse.geometry import Grid, Structure, grow_structure

PLACES_CC = {"target": (0, 50), "left": (-30, 20), "right": (30, 50), "front": (25, 100), "back": (-25, 30)}


def ball(name: str) -> Structure:
    """A ball of the volume in ``PLACES_CC``, moved to the right or left, on 1 mm voxels."""
    shift_mm, volume_cc = PLACES_CC[name]
    grid = Grid.covering([-60, -60, -60], [60, 60, 60], 1.0)
    radius_mm = np.cbrt(volume_cc * 1000 * 3 / 4 / np.pi)
    return Structure(name, np.linalg.norm(grid.points_mm() - [shift_mm, 0, 0], axis=-1) < radius_mm, grid)


def inverse_square(grid: Grid) -> np.ndarray:
    """A dose round one source, Gy; its isodose of 100 Gy encloses 52 cc."""
    return (54000 / np.maximum(np.linalg.norm(grid.points_mm(), axis=-1), 1) ** 2).astype(np.float32)


def bench_compute_dvh() -> list[Figure]:
    """One DVH of a 50 cc target, with what is found once and what is done at every dose."""
    grid, target = Grid.covering([-64, -64, -64], [64, 64, 64], 1.0), ball("target")
    dose_gy, samples = inverse_square(grid), StructureSamples(target, grid)
    what = f"50 cc target, 1 mm voxels, 1 mm dose grid, {samples.count / 1000:.0f} thousand samples"
    return [
        Figure(f"compute_dvh, {what}", 1000 * seconds(lambda: compute_dvh(dose_gy, grid, target)), "ms"),
        Figure("the same, samples kept", 1000 * seconds(lambda: samples.dvh(dose_gy).d(90), 10), "ms"),
    ]


def bench_live_update() -> list[Figure]:
    """DVH and metrics of a target and four organs on a 2 mm planning grid, as when a seed is dragged."""
    grid = Grid.covering([-64, -64, -64], [64, 64, 64], 2.0)
    dose_gy = inverse_square(grid)
    kept = [StructureSamples(ball(name), grid) for name in PLACES_CC]
    target_dvh, *organs = (samples.dvh(dose_gy) for samples in kept)

    def metrics() -> None:
        implant_metrics(target_dvh, dose_gy, grid, 100.0, {dvh.name: dvh for dvh in organs})
        for dvh in organs:
            organ_metrics(dvh, limits_gy=[54])

    count = sum(samples.count for samples in kept) / 1000
    dvh_ms = 1000 * seconds(lambda: [samples.dvh(dose_gy) for samples in kept], 10)
    return [
        Figure(f"five DVHs, samples kept, {count:.0f} thousand of them, 2 mm dose grid", dvh_ms, "ms", limit=50),
        Figure("metrics of the target and four organs", 1000 * seconds(metrics, 10), "ms", limit=50),
    ]


def bench_margin() -> Figure:
    """A margin of 8 mm round a 50 cc target, held by a barrier."""
    target, bone = ball("target"), ball("left")
    return Figure(
        "8 mm margin with a barrier, 50 cc on 1 mm voxels",
        seconds(lambda: grow_structure(target, 8, barriers=[bone]), 1),
        "s",
    )
