from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from brachyresponse.errors import GeometryError
from brachyresponse.geometry import Grid, sample


def oblique_grid(seed: int) -> Grid:
    random = np.random.default_rng(seed)
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.random(None, random).as_matrix() * random.uniform(0.3, 5, 3)
    matrix[:3, 3] = random.uniform(-200, 200, 3)
    return Grid((4, 5, 6), matrix)


@given(st.integers(0, 10_000))
def test_index_to_position_and_back_is_the_identity(seed: int) -> None:
    grid = oblique_grid(seed)
    ijk = np.random.default_rng(seed).uniform(-10, 10, (7, 3))
    np.testing.assert_allclose(grid.to_ijk(grid.to_ras(ijk)), ijk, atol=1e-9)  # rounding of doubles


@given(st.integers(0, 10_000))
def test_an_image_of_the_grid_has_the_same_grid(seed: int) -> None:
    grid = oblique_grid(seed)
    assert Grid.from_image(grid.to_image(np.zeros(grid.shape_kji))) == grid


@given(st.integers(0, 10_000))
def test_points_of_a_block_are_those_of_simpleitk(seed: int) -> None:
    grid = oblique_grid(seed)
    image = grid.to_image(np.zeros(grid.shape_kji))
    lps = np.array(image.TransformIndexToPhysicalPoint((3, 1, 2)))
    np.testing.assert_allclose(grid.points_mm(slice(2, 3))[0, 1, 3], lps * [-1, -1, 1], atol=1e-9)  # rounding


def test_a_covering_grid_spans_the_box_with_cubic_voxels() -> None:
    grid = Grid.covering([-3, 0, 1], [4, 0, 5.5], 2)
    corners = grid.corners_mm()
    assert (corners.min(axis=0) <= [-3, 0, 1]).all()
    assert (corners.max(axis=0) >= [4, 0, 5.5]).all()
    np.testing.assert_allclose(grid.spacing_ijk_mm, 2, rtol=1e-12)
    np.testing.assert_allclose(grid.centre_mm, [0.5, 0, 3.25], atol=1e-12)


def test_contains_counts_whole_voxels() -> None:
    grid = Grid((2, 2, 2), np.eye(4))
    assert grid.contains([-0.5, 0, 1.5])
    assert not grid.contains([-0.51, 0, 0])


@pytest.mark.parametrize(
    ("shape", "matrix", "message"),
    [
        ((0, 2, 2), np.eye(4), "at least 1 voxel"),
        ((2, 2), np.eye(4), "three sizes"),
        ((2, 2, 2), np.eye(3), "expected \\(4, 4\\)"),
        ((2, 2, 2), np.full((4, 4), np.nan), "NaN"),
        ((2, 2, 2), np.diag([1.0, 0, 1, 1]), "must be positive"),
        ((2, 2, 2), np.eye(4) + np.eye(4, k=1) * 0.2, "0 0 0 1|right angles"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(shape: tuple[int, ...], matrix: np.ndarray, message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        Grid(shape, matrix)


def test_a_tilted_gantry_is_refused_and_a_rounded_direction_is_not() -> None:
    sheared = np.eye(4)
    sheared[1, 2] = 0.1
    with pytest.raises(GeometryError, match="right angles"):
        Grid((2, 2, 2), sheared)
    rounded = np.eye(4)
    rounded[1, 2] = 1e-5
    assert Grid((2, 2, 2), rounded).voxel_cc == pytest.approx(1e-3, rel=1e-6)  # a file's last digit


def test_an_image_with_four_dimensions_is_refused() -> None:
    with pytest.raises(GeometryError, match="4 dimensions"):
        Grid.from_image(sitk.Image([2, 2, 2, 2], sitk.sitkFloat32))


def test_an_array_of_another_shape_is_refused() -> None:
    with pytest.raises(GeometryError, match=r"\(1, 2, 3\).*\(2, 2, 2\)"):
        Grid((2, 2, 2), np.eye(4)).to_image(np.zeros((1, 2, 3)))


@given(st.integers(0, 10_000))
def test_sampling_a_linear_field_is_exact(seed: int) -> None:
    grid = oblique_grid(seed)
    gradient = np.array([0.3, -1.2, 2.0])
    random = np.random.default_rng(seed)
    points = grid.to_ras(random.uniform(0, np.array(grid.size_ijk) - 1, (20, 3)))
    values = sample(grid.points_mm() @ gradient, grid, points)
    np.testing.assert_allclose(values, points @ gradient, rtol=1e-9, atol=1e-7)  # rounding at hundreds of mm


def test_sampling_outside_gives_the_value_asked_for_and_the_corners_count_as_inside() -> None:
    grid = oblique_grid(3)
    values = np.ones(grid.shape_kji)
    np.testing.assert_allclose(sample(values, grid, grid.corners_mm(), outside=-1), 1, rtol=1e-9)  # rounding
    assert sample(values, grid, grid.to_ras([-0.1, 0, 0]), outside=-1) == -1
