"""The hot spot: compact, of the stated volume, where the map is highest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.lesions.ratios import hot_spot
from two_balls import GRID, LESION, POINTS_MM


def with_peak(centre_mm: tuple[float, float, float]) -> np.ndarray:
    return np.exp(-np.sum((POINTS_MM - centre_mm) ** 2, axis=-1) / 50)


def test_the_hot_spot_lies_round_the_peak_and_has_its_volume() -> None:
    spot = hot_spot(with_peak((35, 29, 28)), LESION, GRID, 0.5)
    assert np.count_nonzero(spot) * GRID.voxel_cc == pytest.approx(0.5, abs=GRID.voxel_cc / 2 + 1e-9)
    np.testing.assert_allclose(POINTS_MM[spot].mean(axis=0), (35, 29, 28), atol=2.0)  # a voxel


def test_a_single_bright_voxel_does_not_draw_it_away() -> None:
    values = with_peak((35, 29, 28))
    values[tuple(np.argwhere(LESION)[0])] = 3.0
    spot = hot_spot(values, LESION, GRID, 0.5)
    assert np.linalg.norm(POINTS_MM[spot].mean(axis=0) - (35, 29, 28)) < 4  # two voxels


@settings(max_examples=10)
@given(volume_cc=st.floats(0.02, 6.0), seed=st.integers(0, 99))
def test_it_stays_in_the_lesion_and_is_brighter_than_it(volume_cc: float, seed: int) -> None:
    values = with_peak((30, 29, 28)) + np.random.default_rng(seed).normal(0, 0.05, GRID.shape_kji)
    spot = hot_spot(values, LESION, GRID, volume_cc)
    assert not np.any(spot & ~LESION)
    assert values[spot].mean() >= values[LESION].mean() - 1e-12
    assert np.count_nonzero(spot) == min(max(round(volume_cc / GRID.voxel_cc), 1), np.count_nonzero(LESION))


def test_a_lesion_one_voxel_thin_still_has_one() -> None:
    line = np.zeros_like(LESION)
    line[10, 15, 10:60] = True
    values = np.zeros(GRID.shape_kji)
    values[10, 15, 40:45] = 1.0
    spot = hot_spot(values, line, GRID, 5 * GRID.voxel_cc)
    assert np.count_nonzero(spot) == 5
    assert values[spot].mean() >= 0.8  # the ball is shorter than the spot, so its middle may be one voxel off
