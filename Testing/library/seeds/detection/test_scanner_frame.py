"""The scanner's frame is the same however an array is stored."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from brachyresponse.geometry import Grid
from brachyresponse.seeds.detection.scanner_frame import ScannerFrame
from stored_otherwise import stored_otherwise

ORDERS = list(itertools.product(itertools.permutations(range(3)), itertools.product([False, True], repeat=3)))


def oblique_grid(spacing_mm: tuple[float, float, float]) -> Grid:
    angle = 0.3
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    tilt = np.array([[1, 0, 0], [0, np.cos(0.2), -np.sin(0.2)], [0, np.sin(0.2), np.cos(0.2)]])
    matrix = np.eye(4)
    matrix[:3, :3] = turn @ tilt * spacing_mm
    matrix[:3, 3] = 5, -7, 11
    return Grid((4, 6, 5), matrix)


@pytest.mark.parametrize("spacing_mm", [(0.5, 0.5, 2.0), (0.7, 0.7, 0.7), (2.5, 0.6, 0.6)])
@pytest.mark.parametrize(("order", "flips"), ORDERS)
def test_any_order_of_the_array_gives_one_frame(
    spacing_mm: tuple[float, float, float], order: tuple[int, int, int], flips: tuple[bool, bool, bool]
) -> None:
    grid = oblique_grid(spacing_mm)
    values = np.arange(grid.voxel_count).reshape(grid.shape_kji)
    expected = ScannerFrame.of(values, grid)
    frame = ScannerFrame.of(*stored_otherwise(values, grid, order, flips))
    np.testing.assert_array_equal(frame.values_hu, expected.values_hu)
    np.testing.assert_allclose(frame.axes, expected.axes, atol=1e-12)  # rounding of the matrix
    np.testing.assert_allclose(frame.origin_mm, expected.origin_mm, atol=1e-9)


def test_the_scanners_axis_is_the_one_of_the_largest_voxels() -> None:
    grid = oblique_grid((2.5, 0.6, 0.6))
    frame = ScannerFrame.of(np.zeros(grid.shape_kji), grid)
    np.testing.assert_allclose(frame.spacing_mm, [0.6, 0.6, 2.5])


def test_voxels_lie_in_ras_where_the_grid_has_them() -> None:
    grid = oblique_grid((0.5, 0.5, 2.0))
    values = np.arange(grid.voxel_count).reshape(grid.shape_kji)
    frame = ScannerFrame.of(values, grid)
    box = (slice(1, 3), slice(0, 2), slice(2, 5))
    places = frame.to_ras(frame.points_mm(box)).reshape(-1, 3)
    ijk = np.rint(grid.to_ijk(places)).astype(int)
    np.testing.assert_array_equal(values[ijk[:, 2], ijk[:, 1], ijk[:, 0]], frame.values_hu[box].ravel())
    np.testing.assert_allclose(frame.from_ras(places), frame.points_mm(box).reshape(-1, 3), atol=1e-9)
