from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure

GRID = Grid((4, 5, 6), np.diag([2.0, 3.0, 5.0, 1.0]))


def block() -> np.ndarray:
    mask = np.zeros(GRID.shape_kji, bool)
    mask[1:3, 2:5, 0:1] = True
    return mask


def test_volume_centre_and_bounds_of_a_block() -> None:
    structure = Structure("block", block(), GRID)
    assert structure.volume_cc == pytest.approx(6 * 0.030, rel=1e-12)
    np.testing.assert_allclose(structure.centre_mm, [0, 9, 7.5], atol=1e-12)
    lower, upper = structure.bounds_mm()
    np.testing.assert_allclose(lower, [-1, 4.5, 2.5], atol=1e-12)
    np.testing.assert_allclose(upper, [1, 13.5, 12.5], atol=1e-12)


def test_a_half_full_voxel_counts_half() -> None:
    structure = Structure("half", block() * 0.5, GRID)
    assert structure.volume_cc == pytest.approx(3 * 0.030, rel=1e-6)  # kept as float32
    assert structure.mask.sum() == 6


def test_a_structure_cannot_be_changed_through_its_field() -> None:
    structure = Structure("block", block(), GRID)
    with pytest.raises(ValueError, match="read-only"):
        structure.occupancy[0, 0, 0] = True


@pytest.mark.parametrize(
    ("occupancy", "message"),
    [
        (np.zeros(GRID.shape_kji, bool), "'target' is empty"),
        (np.full(GRID.shape_kji, 2), "from 2 to 2"),
        (np.full(GRID.shape_kji, np.nan), "nan"),
        (np.ones((2, 2, 2), bool), r"\(2, 2, 2\).*\(4, 5, 6\)"),
    ],
)
def test_a_structure_that_makes_no_sense_is_refused(occupancy: np.ndarray, message: str) -> None:
    with pytest.raises(StructureError, match=message):
        Structure("target", occupancy, GRID)


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32])
def test_zeros_and_ones_are_a_mask(kind: type) -> None:
    mask = np.arange(27).reshape(3, 3, 3) % 2 == 0
    structure = Structure("T", mask.astype(kind), Grid((3, 3, 3), np.eye(4)))
    assert structure.occupancy.dtype == bool
    np.testing.assert_array_equal(structure.occupancy, mask)
