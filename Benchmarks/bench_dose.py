"""Dose of an implant on a grid: time against the formulas themselves, error, memory, and a seed being dragged."""

from __future__ import annotations

import numpy as np
from figures import Figure, peak_megabytes, seconds

from brachyresponse.dose import LiveDose, dose_rate, implant_dose
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.sources import integrated_hours, load_source

SOURCE = load_source("amersham_6711")
PLAIN_POINTS = 100_000
"""The formulas are timed on this many voxels and scaled: all of them take half a minute."""
BYTES_PER_MB = 1e6


def scattered_seeds(count: int, radius_mm: float = 30.0) -> Seeds:
    """Seeds anywhere in a sphere, in any direction: as found after an implant."""
    random = np.random.default_rng(0)
    positions = random.normal(size=(count, 3))
    positions *= radius_mm * random.uniform(0, 1, (count, 1)) ** (1 / 3) / np.linalg.norm(positions, axis=1)[:, None]
    return Seeds(positions, random.normal(size=(count, 3)), random.uniform(0.4, 0.6, count))


def needles_of_seeds(needles: int, seeds: int, spacing_mm: float = 10.0) -> Seeds:
    """Parallel oblique needles, evenly loaded: as planned."""
    axis = np.array([0.2, 0.5, 0.8]) / np.linalg.norm([0.2, 0.5, 0.8])
    first = np.cross(axis, [1.0, 0.0, 0.0])
    first /= np.linalg.norm(first)
    across = int(np.ceil(np.sqrt(needles)))
    number, depth = np.divmod(np.arange(needles * seeds), seeds)
    columns, rows = number % across - (across - 1) / 2, number // across - (across - 1) / 2
    places = [np.outer(columns, first), np.outer(rows, np.cross(axis, first)), np.outer(depth - (seeds - 1) / 2, axis)]
    return Seeds(spacing_mm * sum(places), np.tile(axis, (needles * seeds, 1)), 0.5, needle=number + 1)


def cube(voxels: int, spacing_mm: float) -> Grid:
    """A cubic grid round the origin."""
    half_mm = (voxels - 1) / 2 * spacing_mm
    return Grid.covering([-half_mm] * 3, [half_mm] * 3, spacing_mm)


def largest_error_percent(dose_gy: np.ndarray, seeds: Seeds, grid: Grid) -> float:
    """Largest difference from the sum of ``dose_rate`` at voxels anywhere, round the seeds and along their axes."""
    random = np.random.default_rng(1)
    centres, axes = np.repeat(seeds.positions_mm, 40, axis=0), np.repeat(seeds.directions, 40, axis=0)
    places = [
        random.uniform([0, 0, 0], np.array(grid.size_ijk) - 1, (20_000, 3)),
        grid.to_ijk(centres + random.normal(size=centres.shape) * 5),
        grid.to_ijk(centres + axes * random.uniform(-100, 100, (len(centres), 1))),
    ]
    ijk = np.rint(np.concatenate(places)).astype(int)
    i, j, k = ijk[np.all((ijk >= 0) & (ijk < np.array(grid.size_ijk)), axis=1)].T
    rate = dose_rate(SOURCE, seeds, grid.to_ras(np.stack([i, j, k], axis=1)))
    expected = rate * integrated_hours(SOURCE.half_life_days) / 100
    return 100 * float(np.abs(dose_gy[k, j, i] / expected - 1).max())


def bench_100_seeds() -> list[Figure]:
    """The size that planning and verification wait for: 100 seeds on 128 x 128 x 128 of 1 mm."""
    grid, rows = cube(128, 1.0), []
    seeds = scattered_seeds(100)
    points = grid.to_ras(np.random.default_rng(2).uniform(0, 127, (PLAIN_POINTS, 3)))
    first_s = seconds(lambda: implant_dose(SOURCE, seeds, grid), repeats=1)
    plain_s = seconds(lambda: dose_rate(SOURCE, seeds, points), repeats=1) * grid.voxel_count / PLAIN_POINTS
    rows.append(Figure("100 seeds on 128 x 128 x 128 by the formulas, plain numpy (scaled)", plain_s, "s"))
    rows.append(Figure("100 scattered seeds, first time in a session (tables made)", first_s, "s"))
    for what, implant in {"scattered": seeds, "in 10 needles": needles_of_seeds(10, 10)}.items():
        time_s = seconds(lambda implant=implant: implant_dose(SOURCE, implant, grid), repeats=7)
        error = largest_error_percent(implant_dose(SOURCE, implant, grid), implant, grid)
        rows.append(Figure(f"100 seeds {what} on 128 x 128 x 128 of 1 mm", time_s, "s", limit=0.5))
        rows.append(Figure(f"100 seeds {what}: faster than the formulas", plain_s / time_s, "times", 50, at_least=True))
        rows.append(Figure(f"100 seeds {what}: largest error", error, "%", limit=0.1))
    return rows


def bench_few_seeds() -> list[Figure]:
    """One seed and one needle, whose errors nothing dilutes."""
    grid, rows = cube(128, 1.0), []
    for what, seeds in {"1 seed": needles_of_seeds(1, 1), "1 needle of 10 seeds": needles_of_seeds(1, 10)}.items():
        rows.append(Figure(f"{what} on 128 x 128 x 128", seconds(lambda s=seeds: implant_dose(SOURCE, s, grid)), "s"))
        error = largest_error_percent(implant_dose(SOURCE, seeds, grid), seeds, grid)
        rows.append(Figure(f"{what}: largest error", error, "%", limit=0.1))
    return rows


def bench_large_grid() -> list[Figure]:
    """A whole planning CT: time, and peak memory above input and output."""
    matrix = np.diag([0.7, 0.7, 1.5, 1.0])
    matrix[:3, 3] = [-179, -179, -150]
    grid, seeds = Grid((200, 512, 512), matrix), scattered_seeds(100)
    output_mb = grid.voxel_count * 4 / BYTES_PER_MB
    peak_mb = peak_megabytes(lambda: implant_dose(SOURCE, seeds, grid))
    time_s = seconds(lambda: implant_dose(SOURCE, seeds, grid), repeats=2)
    return [
        Figure("100 seeds on 512 x 512 x 200", time_s, "s"),
        Figure("512 x 512 x 200: peak memory above the result", peak_mb - output_mb, "MB", limit=300),
    ]


def bench_drag() -> list[Figure]:
    """One seed of 60 dragged, on a 2 mm planning grid: the dose's share of the 0.3 s for all that follows a drag."""
    seeds, grid = needles_of_seeds(12, 5), cube(100, 2.0)
    start_s = seconds(lambda: LiveDose(SOURCE, seeds, grid), repeats=1)
    live, random = LiveDose(SOURCE, seeds, grid), np.random.default_rng(3)

    def drag() -> None:
        live.update(live.seeds.moved(7, random.uniform(-20, 20, 3)))
        live.dose_gy.max()

    return [
        Figure("60 seeds on 100 x 100 x 100 of 2 mm: start of live dose", start_s, "s"),
        Figure("one seed dragged, dose on the whole grid", 1000 * seconds(drag, repeats=15), "ms", limit=60),
    ]
