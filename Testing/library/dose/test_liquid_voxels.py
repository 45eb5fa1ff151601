"""Liquid on voxels against the integral over the sphere, on all sorts of grids."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from brachyresponse.dose import liquid_dose, liquid_dose_rate, liquid_sphere_dose_rate, liquid_voxels
from brachyresponse.dose.liquid_kernel import mean_inverse_square
from brachyresponse.errors import DoseError, StructureError
from brachyresponse.geometry import Grid
from brachyresponse.planning.balloon import sphere_occupancy
from brachyresponse.sources import integrated_hours
from brachyresponse.types import AnyArray, FloatArray

RADIUS_MM, ACTIVITY_MBQ = 8.0, 1000.0
OFF_CENTRE_MM = np.array([0.3, 0.2, -0.1])


def grid_of(spacing_mm: tuple[float, float, float], shape_kji: tuple[int, int, int], turn_deg: float = 0.0) -> Grid:
    """A grid turned about two axes, its middle at the origin."""
    c, s = np.cos(np.deg2rad(turn_deg)), np.sin(np.deg2rad(turn_deg))
    turned = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    matrix = np.eye(4)
    matrix[:3, :3] = turned * spacing_mm
    matrix[:3, 3] = -matrix[:3, :3] @ ((np.array(shape_kji[::-1]) - 1) / 2)
    return Grid(shape_kji, matrix)


def errors_beyond(
    grid: Grid, least_mm: float, *, mask: bool = False, radius_mm: float = RADIUS_MM
) -> tuple[AnyArray, FloatArray]:
    """Relative errors of the voxel dose rate at voxels at least so far outside the surface, and these distances."""
    occupancy = sphere_occupancy(grid, OFF_CENTRE_MM, radius_mm)
    rate = liquid_dose_rate(occupancy >= 0.5 if mask else occupancy, grid, ACTIVITY_MBQ)
    outside_mm = np.linalg.norm(grid.points_mm() - OFF_CENTRE_MM, axis=-1) - radius_mm
    far = outside_mm >= least_mm
    table_mm = np.linspace(least_mm, outside_mm.max(), 400)
    expected = np.exp(
        np.interp(outside_mm[far], table_mm, np.log(liquid_sphere_dose_rate(radius_mm, table_mm, ACTIVITY_MBQ)))
    )
    return rate[far] / expected - 1, outside_mm[far]


@pytest.mark.parametrize(
    ("spacing_mm", "shape_kji", "turn_deg", "tolerance"),
    [
        ((1.0, 1.0, 1.0), (36, 36, 36), 0.0, 0.01),
        ((1.0, 1.0, 1.0), (36, 36, 36), 30.0, 0.01),
        ((0.8, 0.8, 2.0), (14, 32, 32), 20.0, 0.025),  # eight slices of two millimetres hold the sphere
    ],
)
def test_from_1_mm_outside_the_surface_the_voxel_dose_is_that_of_the_sphere(
    spacing_mm: tuple[float, float, float], shape_kji: tuple[int, int, int], turn_deg: float, tolerance: float
) -> None:
    errors, _ = errors_beyond(grid_of(spacing_mm, shape_kji, turn_deg), 1.0)
    assert np.abs(errors).max() < tolerance


def test_a_mask_costs_percents_near_the_surface_and_little_far_from_it() -> None:
    errors, outside_mm = errors_beyond(grid_of((1.0, 1.0, 1.0), (36, 36, 36)), 1.0, mask=True)
    assert 0.01 < np.abs(errors).max() < 0.04
    assert np.abs(errors[outside_mm > 8]).max() < 0.01


@pytest.mark.validation
@pytest.mark.parametrize("radius_mm", [10.0, 15.0, 20.0])
@pytest.mark.parametrize("turn_deg", [0.0, 25.0])
def test_on_a_128_cube_of_1_mm_every_balloon_is_met_within_1_percent(radius_mm: float, turn_deg: float) -> None:
    errors, _ = errors_beyond(grid_of((1.0, 1.0, 1.0), (128, 128, 128), turn_deg), 1.0, radius_mm=radius_mm)
    assert np.abs(errors).max() < 0.01


def test_inside_the_liquid_the_dose_is_met_too() -> None:
    grid = grid_of((1.0, 1.0, 1.0), (25, 25, 25))
    rate = liquid_dose_rate(sphere_occupancy(grid, OFF_CENTRE_MM, RADIUS_MM), grid, ACTIVITY_MBQ)
    beyond_mm = np.linalg.norm(grid.points_mm() - OFF_CENTRE_MM, axis=-1) - RADIUS_MM
    deep = beyond_mm < -2
    expected = liquid_sphere_dose_rate(RADIUS_MM, beyond_mm[deep], ACTIVITY_MBQ)
    np.testing.assert_allclose(rate[deep], expected, rtol=5e-3)  # cells of a third of a millimetre


def test_the_mean_of_the_inverse_square_over_a_cell_is_that_of_a_fine_sum() -> None:
    cell_mm, away_mm = np.array([1.0, 0.7, 2.0]), np.array([[0.0, 0.0, 0.0], [0.5, 0.35, 0.0], [2.0, -1.0, 0.5]])
    along = (np.arange(60) + 0.5) / 60 - 0.5
    points = np.stack(np.meshgrid(*(along * side for side in cell_mm), indexing="ij"), axis=-1)
    summed = [(1 / ((points + away) ** 2).sum(axis=-1)).mean() for away in away_mm]
    found = mean_inverse_square(away_mm, cell_mm)
    np.testing.assert_allclose(found[:2], summed[:2], rtol=2e-2)  # the sum is coarse round the singular point
    np.testing.assert_allclose(found[2], summed[2], rtol=1e-3)


@pytest.fixture(scope="module")
def small() -> tuple[AnyArray, Grid]:
    grid = grid_of((1.0, 1.0, 1.0), (17, 17, 17))
    return sphere_occupancy(grid, OFF_CENTRE_MM, 4.0), grid


def test_the_dose_is_the_rate_times_the_time_with_decay(small: tuple[AnyArray, Grid]) -> None:
    occupancy, grid = small
    rate = liquid_dose_rate(occupancy, grid, ACTIVITY_MBQ)
    for half_life, dwell_days in ((59.4, 5.0), (9.7, 5.0), (59.4, inf)):
        dose_gy = liquid_dose(occupancy, grid, ACTIVITY_MBQ, half_life_days=half_life, dwell_days=dwell_days)
        assert dose_gy.dtype == np.float32
        np.testing.assert_allclose(dose_gy, rate * integrated_hours(half_life, 0, dwell_days) / 100, rtol=1e-6)


def test_the_activity_is_that_of_the_whole_balloon_whatever_the_shares(small: tuple[AnyArray, Grid]) -> None:
    occupancy, grid = small
    half, whole = (liquid_dose_rate(occupancy * np.float32(part), grid, ACTIVITY_MBQ) for part in (0.5, 1.0))
    # near the surface shares are laid otherwise inside their voxels: compared 10 mm and more from it
    np.testing.assert_allclose(half[0, 0], whole[0, 0], rtol=1e-3)


@pytest.mark.parametrize(
    ("activity_mbq", "dwell_days", "sentence"),
    [(0.0, 5.0, "contained activity is 0 MBq"), (1.0, -2.0, "dwell time is -2 days: give zero or more")],
)
def test_no_activity_and_a_negative_dwell_are_refused(
    small: tuple[AnyArray, Grid], activity_mbq: float, dwell_days: float, sentence: str
) -> None:
    with pytest.raises(DoseError, match=sentence):
        liquid_dose(*small, activity_mbq, dwell_days=dwell_days)


def test_a_balloon_at_the_edge_of_its_image_is_refused(small: tuple[AnyArray, Grid]) -> None:
    with pytest.raises(DoseError, match="touches the edge of its image, so part of it may be missing"):
        liquid_dose(np.roll(small[0], 6, axis=1), small[1], ACTIVITY_MBQ)


def test_an_empty_balloon_is_refused(small: tuple[AnyArray, Grid]) -> None:
    with pytest.raises(StructureError, match="'Balloon' is empty"):
        liquid_dose(np.zeros_like(small[0]), small[1], ACTIVITY_MBQ)


def test_a_grid_too_large_for_the_transform_is_refused(
    small: tuple[AnyArray, Grid], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liquid_voxels, "MEMORY_LIMIT_MB", 250.0)  # as if 4 GB were a quarter: no huge array is made
    with pytest.raises(DoseError, match=r"would take 25\d MB for the Fourier transform, the limit is 250 MB: choose a"):
        liquid_dose(*small, ACTIVITY_MBQ)
