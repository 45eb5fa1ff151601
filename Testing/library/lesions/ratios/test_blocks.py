"""Blocks of neighbouring voxels, and how far the correlation between voxels reaches beyond them."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.lesions.ratios.blocks import blocks_of
from brachyresponse.lesions.ratios.correlation import correlation_width_mm, missed_by_blocks
from brachyresponse.lesions.ratios.intervals import expanded_interval
from brachyresponse.lesions.ratios.statistic import RatioStatistic, resampled, statistic_of
from two_balls import GRID, LESION, POINTS_MM, REFERENCE, a_map


def test_voxels_of_a_block_are_neighbours() -> None:
    blocks = blocks_of(REFERENCE, GRID, 8.0)
    positions = POINTS_MM[REFERENCE]
    for number in range(blocks.count):
        assert np.ptp(positions[blocks.number == number], axis=0).max() <= 8.0


def test_small_regions_get_smaller_blocks() -> None:
    blocks = blocks_of(LESION, GRID, 30.0)
    assert blocks.edge_mm < 8
    assert blocks.count >= 8


def test_a_single_voxel_is_one_block_without_spread() -> None:
    mask = np.zeros_like(LESION)
    mask[3, 3, 3] = True
    blocks = blocks_of(mask, GRID, 8.0)
    assert (blocks.count, blocks.standard_error_of_mean(np.array([2.0]))) == (1, 0.0)


def test_the_standard_error_of_independent_voxels_is_the_textbook_one() -> None:
    blocks = blocks_of(REFERENCE, GRID, 6.0)
    errors = [blocks.standard_error_of_mean(a_map(random_seed=n)[REFERENCE]) for n in range(20)]
    expected = 0.4 / np.sqrt(np.count_nonzero(REFERENCE))
    assert np.mean(errors) == pytest.approx(expected, rel=0.12)  # 20 estimates from some 20 blocks each


@pytest.mark.parametrize("width_mm", [3.0, 4.0])
def test_the_width_of_smooth_noise_is_found(width_mm: float) -> None:
    found = correlation_width_mm(a_map(width_mm=width_mm), ~LESION, GRID)
    assert (0.95 * width_mm < 2.355 * found[1:]).all()  # never too narrow
    assert (2.355 * found[1:] < 1.25 * width_mm).all()  # the widest of several lags is taken


def test_independent_voxels_are_found_independent() -> None:
    blocks = blocks_of(REFERENCE, GRID, 8.0)
    widening, independent = missed_by_blocks(REFERENCE, GRID, blocks, np.zeros(3))
    assert widening == pytest.approx(1, abs=0.05)  # the pairs are a sample
    assert independent == pytest.approx(np.count_nonzero(REFERENCE), rel=1e-6)  # no two voxels are correlated


def test_a_wide_correlation_leaves_few_independent_voxels() -> None:
    blocks = blocks_of(REFERENCE, GRID, 8.0)
    widening, independent = missed_by_blocks(REFERENCE, GRID, blocks, np.full(3, 3.0))
    assert widening > 1.2
    assert independent < 10


def test_resampling_every_block_once_gives_the_statistic_itself() -> None:
    values, blocks = a_map()[LESION], blocks_of(LESION, GRID, 8.0)
    once = np.ones((1, blocks.count), int)
    for statistic in (RatioStatistic.MEAN, RatioStatistic.MEDIAN, RatioStatistic.P95):
        found = resampled(values, blocks.number, once, statistic)[0]
        spacing = np.diff(np.sort(values)).max()
        assert found == pytest.approx(statistic_of(values, statistic), abs=spacing)  # between two values or at one


def test_a_block_drawn_twice_counts_twice() -> None:
    values, number = np.array([1.0, 2.0, 3.0, 10.0]), np.array([0, 0, 1, 2])
    weights = np.array([[0, 1, 2]])
    assert resampled(values, number, weights, RatioStatistic.MEAN)[0] == pytest.approx(23 / 3)
    assert resampled(values, number, weights, RatioStatistic.MEDIAN)[0] == 10.0


def test_an_interval_of_few_units_is_that_of_student() -> None:
    from scipy.stats import norm, t

    drawn = norm.ppf((np.arange(200_000) + 0.5) / 200_000)  # as a bootstrap of a mean with standard error 1 would be
    low, high = expanded_interval(drawn, 5, 0.95)
    expected = t.ppf(0.975, 4) * np.sqrt(5 / 4)
    assert (low, high) == pytest.approx((-expected, expected), rel=1e-3)  # the draws' spacing in the tail
