"""What the dose of a balloon of liquid I-125 costs, and how far its voxels are from the integral."""

from __future__ import annotations

import numpy as np
from figures import Figure, peak_megabytes, seconds

from brachyresponse.dose import liquid_dose_rate, liquid_sphere_dose_rate
from brachyresponse.geometry import Grid
from brachyresponse.planning.balloon import sphere_occupancy

ACTIVITY_MBQ = 10_000.0
CENTRE_MM = np.array([0.3, 0.2, -0.1])


def cube(size: int) -> Grid:
    """A cube of 1 mm voxels round the origin."""
    half = (size - 1) / 2
    return Grid.covering([-half] * 3, [half] * 3, 1.0)


def largest_error_percent(grid: Grid, radius_mm: float, *, mask: bool = False) -> float:
    """Largest error of the voxel dose from 1 mm outside the surface of a sphere."""
    share = sphere_occupancy(grid, CENTRE_MM, radius_mm)
    rate = liquid_dose_rate(share >= 0.5 if mask else share, grid, ACTIVITY_MBQ)
    outside_mm = np.linalg.norm(grid.points_mm() - CENTRE_MM, axis=-1) - radius_mm
    table_mm = np.linspace(1.0, outside_mm.max(), 4000)
    table = liquid_sphere_dose_rate(radius_mm, table_mm, ACTIVITY_MBQ)
    far = outside_mm >= 1.0
    return float(100 * np.abs(rate[far] / np.interp(outside_mm[far], table_mm, table) - 1).max())


def bench_liquid_voxels() -> list[Figure]:
    """A 3 cm balloon on a clinical grid, and the error of all three sizes."""
    grid = cube(128)
    share = sphere_occupancy(grid, CENTRE_MM, 15.0)
    small = cube(80)
    return [
        Figure(
            "balloon of 3 cm on 128 x 128 x 128 of 1 mm",
            seconds(lambda: liquid_dose_rate(share, grid, ACTIVITY_MBQ), 3),
            "s",
            limit=5,
        ),
        *(
            Figure(
                f"{2 * radius:g} mm balloon from 1 mm outside its surface: largest error",
                largest_error_percent(small, radius),
                "%",
                limit=1,
            )
            for radius in (10.0, 15.0, 20.0)
        ),
        Figure("30 mm balloon as a mask: largest error", largest_error_percent(small, 15.0, mask=True), "%"),
    ]


def bench_liquid_memory() -> Figure:
    """Memory of the transforms."""
    grid = cube(128)
    share = sphere_occupancy(grid, CENTRE_MM, 15.0)
    used = peak_megabytes(lambda: liquid_dose_rate(share, grid, ACTIVITY_MBQ))
    return Figure("balloon on 128 x 128 x 128: memory", used, "MB")


def bench_liquid_sphere() -> Figure:
    """The integral at a thousand distances."""
    distances = np.linspace(-15, 60, 1000)
    once = seconds(lambda: liquid_sphere_dose_rate(15.0, distances, ACTIVITY_MBQ), 5)
    return Figure("sphere, 1000 distances by the integral", 1000 * once, "ms")
