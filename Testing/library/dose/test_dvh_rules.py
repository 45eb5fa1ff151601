"""What holds for every DVH, on random doses and structures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.dose import Dvh, compute_dvh
from brachyresponse.geometry import Grid
from solids import grid_round

PERCENTS = (1, 5, 20, 50, 80, 90, 95, 99)
random_seed = st.integers(0, 2**32 - 1)


def random_case(seed: int) -> tuple[np.ndarray, np.ndarray, Grid]:
    """A rough dose, the occupancy of a lumpy structure, and their grid, oblique and anisotropic."""
    random = np.random.default_rng(seed)
    grid = grid_round(
        9, (1.0, 1.5, 2.5), shift_mm=random.uniform(-50, 50, 3), turned_deg=tuple(random.uniform(-40, 40, 2))
    )
    dose_gy = random.gamma(2.0, 40.0, grid.shape_kji)
    occupancy = np.zeros(grid.shape_kji)
    core = (slice(1, -1),) * 3  # samples beyond the dose grid's outermost centres would share one dose
    occupancy[core] = np.clip(random.uniform(-1, 2, occupancy[core].shape), 0, 1)
    return dose_gy, occupancy, grid


def readings(dvh: Dvh) -> list[float]:
    return [dvh.volume_cc, dvh.mean_gy, dvh.min_gy, dvh.max_gy, *(dvh.d(x) for x in PERCENTS)]


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.float32, np.float64])
def test_a_mask_of_numbers_is_the_same_as_one_of_bools(kind: type) -> None:
    dose_gy, occupancy, grid = random_case(1)
    mask = occupancy > 0.5
    assert readings(compute_dvh(dose_gy, grid, mask.astype(kind))) == readings(compute_dvh(dose_gy, grid, mask))


@given(random_seed)
@settings(max_examples=12, deadline=None)
def test_dvh_never_rises(seed: int) -> None:
    dose_gy, occupancy, grid = random_case(seed)
    dvh = compute_dvh(dose_gy, grid, occupancy)
    assert np.all(np.diff(dvh.volume_cc_above) <= 0)
    doses = [dvh.d(x) for x in (0, *PERCENTS, 100)]
    assert doses == sorted(doses, reverse=True)
    assert dvh.min_gy <= dvh.mean_gy <= dvh.max_gy


@given(random_seed)
@settings(max_examples=12, deadline=None)
def test_volume_above_dx_is_x(seed: int) -> None:
    dose_gy, occupancy, grid = random_case(seed)
    dvh = compute_dvh(dose_gy, grid, occupancy)
    two_samples = 200 * dvh.sample_volume_cc.max() / dvh.inside_cc  # two may have the same dose
    for percent in PERCENTS:
        assert dvh.v(dvh.d(percent)) == pytest.approx(percent, abs=two_samples)


@given(random_seed, st.floats(0.01, 100))
@settings(max_examples=12, deadline=None)
def test_scaled_dose_scales_every_dose(seed: int, factor: float) -> None:
    dose_gy, occupancy, grid = random_case(seed)
    once, scaled = compute_dvh(dose_gy, grid, occupancy), compute_dvh(factor * dose_gy, grid, occupancy)
    np.testing.assert_allclose(
        readings(scaled)[1:], factor * np.array(readings(once)[1:]), rtol=1e-5
    )  # dose in float32


@given(random_seed, st.permutations([0, 1, 2]), st.lists(st.booleans(), min_size=3, max_size=3))
@settings(max_examples=12, deadline=None)
def test_the_order_and_sense_of_the_axes_do_not_matter(seed: int, order: list[int], flipped: list[bool]) -> None:
    dose_gy, occupancy, grid = random_case(seed)
    turned = reordered_grid(grid, order, flipped)
    expected = readings(compute_dvh(dose_gy, grid, occupancy))
    found = readings(compute_dvh(reordered(dose_gy, order, flipped), turned, reordered(occupancy, order, flipped)))
    np.testing.assert_allclose(found, expected, rtol=1e-4)  # sub-voxels on the level are shared to a millionth


def reordered(array: np.ndarray, order: list[int], flipped: list[bool]) -> np.ndarray:
    axes = [axis for axis, flip in enumerate(flipped) if flip]
    return np.flip(np.transpose(array, order), axes)


def reordered_grid(grid: Grid, order_kji: list[int], flipped_kji: list[bool]) -> Grid:
    shape = tuple(grid.shape_kji[axis] for axis in order_kji)
    columns_kji = grid.ijk_to_ras[:3, 2::-1][:, order_kji]
    signs = np.where(flipped_kji, -1.0, 1.0)
    matrix = np.eye(4)
    matrix[:3, :3] = (columns_kji * signs)[:, ::-1]
    last = (np.array(shape) - 1) * np.array(flipped_kji)
    matrix[:3, 3] = grid.ijk_to_ras[:3, 3] + columns_kji @ last
    return Grid((shape[0], shape[1], shape[2]), matrix)


@given(random_seed, st.tuples(*[st.floats(-500, 500)] * 3))
@settings(max_examples=12, deadline=None)
def test_moving_dose_and_structure_together_changes_nothing(seed: int, shift_mm: tuple[float, float, float]) -> None:
    dose_gy, occupancy, grid = random_case(seed)
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] += shift_mm
    moved = Grid(grid.shape_kji, matrix)
    expected = readings(compute_dvh(dose_gy, grid, occupancy))
    np.testing.assert_allclose(readings(compute_dvh(dose_gy, moved, occupancy, moved)), expected, rtol=1e-5)


@given(random_seed)
@settings(max_examples=8, deadline=None)
def test_two_halves_make_the_whole(seed: int) -> None:
    dose_gy, occupancy, grid = random_case(seed)
    occupancy = np.ones_like(occupancy, bool)
    left, right = occupancy.copy(), occupancy.copy()
    left[..., 9:] = False
    right[..., :9] = False
    whole, *halves = (compute_dvh(dose_gy, grid, part) for part in (occupancy, left, right))
    level = float(np.median(dose_gy))
    assert sum(half.volume_cc for half in halves) == pytest.approx(whole.volume_cc)
    assert sum(half.v_cc(level) for half in halves) == pytest.approx(whole.v_cc(level), rel=1e-6)
