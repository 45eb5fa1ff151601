"""Dose on a grid: everywhere the sum of the formulas, in any orientation; errors, progress and cancelling."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import numpy as np
import pytest

from brachyresponse.dose import MEMORY_LIMIT_MB, dose_rate, implant_dose, required_memory_mb
from brachyresponse.errors import Cancelled, DoseError, SeedsError, SourceError
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, available_sources, integrated_hours, load_source
from brachyresponse.types import AnyArray

A_TENTH_OF_A_PERCENT = 1e-3  # what the dose on a grid has to keep against the sum of dose_rate

MakeSeeds = Callable[..., Seeds]


def telling_voxels(seeds: Seeds, grid: Grid, count: int = 1500) -> AnyArray:
    """Voxels (i, j, k), (M, 3), anywhere, round the seeds, in the capsules and along the axes, where F has its cusp."""
    random = np.random.default_rng(0)
    each = count // seeds.count
    centres = np.repeat(seeds.positions_mm, each, axis=0)
    axes = np.repeat(seeds.directions, each, axis=0) * random.uniform(-150, 150, (len(centres), 1))
    close = centres + random.normal(size=centres.shape) * 4
    anywhere = random.uniform(-0.5, np.array(grid.size_ijk) - 0.5, (count, 3))
    places = np.concatenate([grid.to_ijk(centres), grid.to_ijk(close), grid.to_ijk(centres + axes), anywhere])
    ijk = np.unique(np.rint(places).astype(int), axis=0)
    return ijk[np.all((ijk >= 0) & (ijk < np.array(grid.size_ijk)), axis=1)]


def assert_is_the_sum_of_dose_rates(dose_gy: AnyArray, source: Source, seeds: Seeds, grid: Grid) -> None:
    i, j, k = telling_voxels(seeds, grid).T
    rate = dose_rate(source, seeds, grid.to_ras(np.stack([i, j, k], axis=1)))
    expected = rate * integrated_hours(source.half_life_days) / 100
    np.testing.assert_allclose(dose_gy[k, j, i], expected, rtol=A_TENTH_OF_A_PERCENT)


@pytest.mark.parametrize("name", available_sources())
def test_one_seed_and_one_needle_of_every_source_give_the_sum(name: str, tilted_grid: Grid, needle: MakeSeeds) -> None:
    source = load_source(name)
    for seeds in (needle(1, [0.3, -0.5, 0.8]), needle(5, [1.0, 0.4, 0.2])):
        dose = implant_dose(source, seeds, tilted_grid)
        assert_is_the_sum_of_dose_rates(dose, source, seeds, tilted_grid)


@pytest.mark.parametrize("direction", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (-1, 2, -3)])
@pytest.mark.parametrize("model", ["amersham_6711", "theragenics_200"])
def test_a_needle_in_any_direction_gives_the_sum_on_its_own_axis_too(
    model: str, direction: tuple[int, int, int], needle: MakeSeeds
) -> None:
    source, seeds = load_source(model), needle(8, direction)
    grid = Grid.covering([-60, -40, -40], [60, 40, 40], 1.7)
    assert_is_the_sum_of_dose_rates(implant_dose(source, seeds, grid), source, seeds, grid)


@pytest.mark.parametrize("count", [2, 4, 12, 40])
def test_scattered_seeds_give_the_sum_on_a_tilted_grid(count: int, tilted_grid: Grid, scattered: MakeSeeds) -> None:
    source, seeds = load_source("amersham_6711"), scattered(count)
    assert_is_the_sum_of_dose_rates(implant_dose(source, seeds, tilted_grid), source, seeds, tilted_grid)


@pytest.mark.parametrize(
    ("shape", "spacing"),
    [
        ((12, 60, 60), (1.0, 1.0, 5.0)),
        ((60, 60, 60), (0.4, 0.4, 0.4)),
        ((20, 20, 20), (6.0, 6.0, 6.0)),
        ((1, 70, 90), (1.0, 1.0, 3.0)),
        ((1, 1, 1), (1.0, 1.0, 1.0)),
        ((3, 5, 70), (2.0, 0.7, 1.1)),
    ],
)
def test_slices_thin_thick_few_and_coarse_give_the_sum(
    shape: tuple[int, int, int], spacing: tuple[float, float, float], scattered: MakeSeeds
) -> None:
    matrix = np.diag([*spacing, 1.0])
    matrix[:3, 3] = -(np.array(shape[::-1]) - 1) / 2 * spacing
    grid, source, seeds = Grid(shape, matrix), load_source("best_2301"), scattered(7, 12.0)
    assert_is_the_sum_of_dose_rates(implant_dose(source, seeds, grid), source, seeds, grid)


def test_a_mirrored_grid_is_as_good_as_any(scattered: MakeSeeds) -> None:
    grid = Grid((30, 30, 30), np.array([[-1.5, 0, 0, 22], [0, 0, -1.5, 22], [0, 1.5, 0, -22], [0, 0, 0, 1.0]]))
    source, seeds = load_source("amersham_6711"), scattered(5)
    assert_is_the_sum_of_dose_rates(implant_dose(source, seeds, grid), source, seeds, grid)


def test_seeds_outside_the_grid_count(scattered: MakeSeeds) -> None:
    grid = Grid.covering([60, 60, 60], [100, 90, 90], 2.0)
    source, seeds = load_source("amersham_6711"), scattered(6)
    assert_is_the_sum_of_dose_rates(implant_dose(source, seeds, grid), source, seeds, grid)


def test_seeds_without_axes_and_with_are_added(tilted_grid: Grid, scattered: MakeSeeds) -> None:
    source, seeds = load_source("amersham_6711"), scattered(6).joined(scattered(6, random_seed=2).without_axes())
    assert_is_the_sum_of_dose_rates(implant_dose(source, seeds, tilted_grid), source, seeds, tilted_grid)


@pytest.mark.parametrize("count", [1, 9])
def test_a_source_with_two_different_ends_gives_the_sum(
    count: int, asymmetric_source: Source, tilted_grid: Grid, scattered: MakeSeeds
) -> None:
    seeds = scattered(count)
    dose = implant_dose(asymmetric_source, seeds, tilted_grid)
    assert_is_the_sum_of_dose_rates(dose, asymmetric_source, seeds, tilted_grid)


def test_seeds_that_touch_and_lie_on_voxel_centres_stay_finite() -> None:
    seeds = Seeds([[0, 0, 0], [0, 0, 4.5], [0, 0.8, 0], [0, 0, 0]], [[0, 0, 1.0]] * 4, 0.5)
    grid, source = Grid.covering([-10] * 3, [10] * 3, 0.5), load_source("ibt_1251l")
    dose = implant_dose(source, seeds, grid)
    assert np.isfinite(dose).all()
    assert_is_the_sum_of_dose_rates(dose, source, seeds, grid)


@pytest.mark.parametrize("spread_mm", [0.0, 1.0, 5.0])
def test_many_seeds_in_one_place_err_no_more_than_one(spread_mm: float) -> None:
    offsets = np.random.default_rng(1).normal(size=(60, 3)) * spread_mm
    seeds, grid = Seeds(offsets, np.tile([0.2, 0.5, 0.8], (60, 1)), 0.5), Grid.covering([-50] * 3, [50] * 3, 2.0)
    source = load_source("amersham_6711")
    assert_is_the_sum_of_dose_rates(implant_dose(source, seeds, grid), source, seeds, grid)


def test_many_seeds_near_few_others_give_the_sum_at_the_few(scattered: MakeSeeds, needle: MakeSeeds) -> None:
    many, few = scattered(40, 12.0), needle(4, [0, 1, 0])
    away = Seeds(few.positions_mm + np.array([70.0, 0, 0]), few.directions, 0.1)
    source, grid = load_source("theragenics_200"), Grid.covering([-30, -50, -30], [100, 50, 30], 1.6)
    seeds = many.joined(away)
    assert_is_the_sum_of_dose_rates(implant_dose(source, seeds, grid), source, seeds, grid)


def test_the_result_is_float32_and_the_same_each_time(tilted_grid: Grid, scattered: MakeSeeds) -> None:
    source, seeds = load_source("amersham_6711"), scattered(12)
    dose = implant_dose(source, seeds, tilted_grid)
    assert (dose.dtype, dose.shape) == (np.float32, tilted_grid.shape_kji)
    np.testing.assert_array_equal(dose, implant_dose(source, seeds, tilted_grid))


def test_dose_between_two_times_is_the_difference(scattered: MakeSeeds) -> None:
    source, seeds, grid = load_source("amersham_6711"), scattered(3), Grid.covering([-20] * 3, [20] * 3, 2.0)
    total = implant_dose(source, seeds, grid)
    first = implant_dose(source, seeds, grid, end_days=30)
    rest = implant_dose(source, seeds, grid, start_days=30, end_days=inf)
    np.testing.assert_allclose(first, 0.29536 * total, rtol=1e-4)  # five digits of the share
    np.testing.assert_allclose(first + rest, total, rtol=1e-6)  # float32


def test_an_implant_without_seeds_is_refused() -> None:
    with pytest.raises(SeedsError, match="no seeds"):
        implant_dose(load_source("amersham_6711"), Seeds.none(), Grid.covering([0] * 3, [9] * 3, 1.0))


def test_times_in_the_wrong_order_are_refused(scattered: MakeSeeds) -> None:
    with pytest.raises(SourceError, match="0 <= start <= end"):
        implant_dose(
            load_source("amersham_6711"), scattered(1), Grid.covering([0] * 3, [9] * 3, 1.0), start_days=9, end_days=1
        )


def test_a_grid_that_cannot_fit_is_refused_before_it_is_made(scattered: MakeSeeds) -> None:
    grid = Grid((2_000_000, 512, 512), np.eye(4))
    assert required_memory_mb(grid) > MEMORY_LIMIT_MB
    with pytest.raises(DoseError, match=r"512 x 512 x 2000000 voxels .* 2,097,4\d\d MB.* limit is 4,096 MB: choose"):
        implant_dose(load_source("amersham_6711"), scattered(1), grid)


def test_a_seed_metres_away_from_the_grid_is_refused(scattered: MakeSeeds) -> None:
    seeds = scattered(5).moved(3, [0.0, 25_000.0, 0.0])
    with pytest.raises(SeedsError, match=r"lies 25,\d\d\d mm from a corner .* one frame of reference"):
        implant_dose(load_source("amersham_6711"), seeds, Grid.covering([0] * 3, [9] * 3, 1.0))


def test_a_large_clinical_grid_is_within_the_limit() -> None:
    assert required_memory_mb(Grid((400, 512, 512), np.eye(4))) < MEMORY_LIMIT_MB


def test_progress_rises_to_the_end(tilted_grid: Grid, scattered: MakeSeeds) -> None:
    told: list[float] = []
    seeds = scattered(6).joined(scattered(6).without_axes())
    implant_dose(
        load_source("amersham_6711"), seeds, tilted_grid, report=lambda fraction, message: told.append(fraction)
    )
    assert len(told) > 4
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_cancelled_computation_stops_at_once_and_can_be_run_again(tilted_grid: Grid, scattered: MakeSeeds) -> None:
    source, seeds = load_source("amersham_6711"), scattered(8)
    told: list[float] = []

    def cancel(fraction: float, message: str) -> None:
        told.append(fraction)
        raise Cancelled

    with pytest.raises(Cancelled):
        implant_dose(source, seeds, tilted_grid, report=cancel)
    assert len(told) == 1
    assert_is_the_sum_of_dose_rates(implant_dose(source, seeds, tilted_grid), source, seeds, tilted_grid)
