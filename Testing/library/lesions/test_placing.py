"""Structures brought to the grid of a map: what fills a voxel by half, what is cut off, what lies elsewhere."""

from __future__ import annotations

import re

import numpy as np
import pytest

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.lesions.placing import place_structure

FINE = Grid((20, 20, 20), np.eye(4))


def coarse(shape: tuple[int, int, int] = (5, 5, 5)) -> Grid:
    """Voxels of 4 mm whose corners are corners of the fine ones."""
    matrix = np.diag([4.0, 4.0, 4.0, 1.0])
    matrix[:3, 3] = 1.5
    return Grid(shape, matrix)


def a_box(first: int, last: int) -> Structure:
    mask = np.zeros(FINE.shape_kji, bool)
    mask[first:last, first:last, first:last] = True
    return Structure("GTV", mask, FINE)


def test_a_structure_on_the_grid_stays_as_it_is() -> None:
    placed = place_structure(a_box(4, 12), FINE, what="lesion", image="map 'ADC'")
    np.testing.assert_array_equal(placed.mask, a_box(4, 12).mask)
    assert not placed.warnings


def test_voxels_belong_where_at_least_half_of_them_is_filled() -> None:
    placed = place_structure(a_box(4, 12), coarse(), what="lesion", image="map 'ADC'")
    assert np.count_nonzero(placed.mask) == 8
    np.testing.assert_allclose(placed.share[1:3, 1:3, 1:3], 1.0, atol=0.1)  # interpolated at its surface


def test_what_is_cut_off_is_told() -> None:
    placed = place_structure(a_box(8, 20), coarse((4, 5, 5)), what="lesion", image="map 'ADC'")
    (said,) = placed.warnings
    assert re.fullmatch(r"Only 6\d% of the lesion 'GTV' lie in the field of view of map 'ADC'\.", said)


@pytest.mark.parametrize(
    ("structure", "grid", "message"),
    [
        (a_box(16, 20), coarse((3, 3, 3)), "lesion 'GTV' lies outside the field of view of map 'ADC'"),
        (a_box(4, 5), coarse(), "lesion 'GTV' fills no voxel of map 'ADC' by half"),
    ],
)
def test_what_is_not_on_the_map_is_refused(structure: Structure, grid: Grid, message: str) -> None:
    with pytest.raises(StructureError, match=message):
        place_structure(structure, grid, what="lesion", image="map 'ADC'")
