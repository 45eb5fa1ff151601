"""Long validation of the dose on grids: every source, several implants, every voxel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from brachyresponse.dose import LiveDose, dose_rate, implant_dose
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, available_sources, integrated_hours, load_source

pytestmark = pytest.mark.validation

A_TENTH_OF_A_PERCENT = 1e-3

MakeSeeds = Callable[..., Seeds]


def assert_every_voxel_is_the_sum(source: Source, seeds: Seeds, grid: Grid) -> None:
    rate = dose_rate(source, seeds, grid.points_mm().reshape(-1, 3)).reshape(grid.shape_kji)
    expected = rate * integrated_hours(source.half_life_days) / 100
    np.testing.assert_allclose(implant_dose(source, seeds, grid), expected, rtol=A_TENTH_OF_A_PERCENT)


@pytest.mark.parametrize("name", available_sources())
def test_every_voxel_is_the_sum_for_needles_and_scattered_seeds(
    name: str, tilted_grid: Grid, scattered: MakeSeeds, needle: MakeSeeds
) -> None:
    source = load_source(name)
    implants = [
        needle(1, [0.3, 0.2, 1.0]),
        needle(6, [1.0, 0.0, 0.0]),
        needle(12, tilted_grid.ijk_to_ras[:3, 2], spacing_mm=5.0),
        scattered(5, 30.0),
        scattered(30),
    ]
    for seeds in implants:
        assert_every_voxel_is_the_sum(source, seeds, tilted_grid)


@pytest.mark.parametrize("model", ["amersham_6711", "theragenics_200"])
def test_every_voxel_of_a_hundred_seeds_in_parallel_needles_is_the_sum(model: str) -> None:
    axis = np.array([0.2, 0.5, 0.8]) / np.linalg.norm([0.2, 0.5, 0.8])
    first = np.cross(axis, [1.0, 0, 0]) / np.linalg.norm(np.cross(axis, [1.0, 0, 0]))
    needle, depth = np.divmod(np.arange(100), 10)
    positions = (
        np.outer(needle % 4 - 1.5, first)
        + np.outer(needle // 4 - 1, np.cross(axis, first))
        + np.outer(depth - 4.5, axis)
    )
    seeds = Seeds(8.0 * positions, np.tile(axis, (100, 1)), 0.5)
    assert_every_voxel_is_the_sum(load_source(model), seeds, Grid.covering([-62] * 3, [62] * 3, 2.0))


def test_after_a_thousand_drags_of_a_60_seed_plan_the_dose_is_the_dose_anew(needle: MakeSeeds) -> None:
    source, random, seeds = load_source("amersham_6711"), np.random.default_rng(4), needle(5, [0.1, 0.2, 1.0])
    for number in range(11):
        seeds = seeds.joined(
            Seeds(seeds.positions_mm[:5] + np.array([5.0 * number, 3.0, 0.0]), seeds.directions[:5], 0.5)
        )
    grid = Grid.covering([-50] * 3, [50] * 3, 2.0)
    live = LiveDose(source, seeds, grid)
    for _ in range(1000):
        seeds = seeds.moved(int(random.integers(seeds.count)), random.uniform(-45, 45, 3))
        live.update(seeds)
    np.testing.assert_allclose(live.dose_gy, implant_dose(source, seeds, grid), rtol=A_TENTH_OF_A_PERCENT)
