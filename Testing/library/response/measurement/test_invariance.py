"""A lesion's size depends neither on where it lies, nor on how its voxels are stored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from brachyresponse.geometry import Grid
from brachyresponse.response import LesionMeasurement, measure_lesion
from lesion_solids import ragged, stored_in_every_order, turned

SEEDS = st.integers(0, 10_000)
ROUNDING_MM = 1e-5  # lengths are compared to a millionth of a millimetre when one of several is chosen
PIXELS_MM = np.diag([0.8, 1.1, 3.0, 1.0])


def sizes(found: LesionMeasurement) -> tuple[float, ...]:
    return found.longest_mm, found.perpendicular_mm or 0.0, found.volume_ml or 0.0


def a_grid(shape: tuple[int, ...], matrix: np.ndarray = PIXELS_MM) -> Grid:
    return Grid((shape[0], shape[1], shape[2]), matrix)


@settings(max_examples=2)
@given(SEEDS)
def test_the_order_of_the_array_does_not_matter(seed: int) -> None:
    mask = ragged(seed)
    found = measure_lesion(mask, a_grid(mask.shape))
    for array, grid in stored_in_every_order(mask, a_grid(mask.shape)):
        again = measure_lesion(array, grid)
        assert sizes(again) == pytest.approx(sizes(found), abs=ROUNDING_MM)
        assert again.slices == found.slices
        assert again.slice_thickness_mm == pytest.approx(3.0)


def test_the_order_in_memory_does_not_matter() -> None:
    mask = ragged(1)
    found = measure_lesion(mask, a_grid(mask.shape))
    assert sizes(measure_lesion(np.asfortranarray(mask), a_grid(mask.shape))) == sizes(found)
    assert sizes(measure_lesion(mask.astype(np.float64), a_grid(mask.shape))) == sizes(found)


@settings(max_examples=3)
@given(SEEDS, st.floats(0.1, 20))
def test_lengths_follow_the_scale(seed: int, scale: float) -> None:
    mask = ragged(seed)
    found = measure_lesion(mask, a_grid(mask.shape))
    larger = measure_lesion(mask, a_grid(mask.shape, np.diag([scale, scale, scale, 1.0]) @ PIXELS_MM))
    expected = np.multiply(sizes(found), (scale, scale, scale**3))
    assert sizes(larger) == pytest.approx(expected, rel=1e-5)  # what is nearly equally long may change places


@settings(max_examples=3)
@given(SEEDS, st.tuples(*[st.floats(-1, 1)] * 3), st.floats(-180, 180))
def test_a_lesion_moved_and_turned_with_its_image_keeps_its_size(
    seed: int, axis: tuple[float, float, float], angle_deg: float
) -> None:
    assume(np.linalg.norm(axis) > 0.1)
    mask = ragged(seed)
    grid = a_grid(mask.shape)
    found = measure_lesion(mask, grid)
    other = turned(grid, axis, angle_deg)
    again = measure_lesion(mask, other, plane="acquired")
    assert sizes(again) == pytest.approx(sizes(found), abs=ROUNDING_MM)
    across = measure_lesion(mask, other, plane=other.ijk_to_ras[:3, 2])
    assert sizes(across) == pytest.approx(sizes(found), abs=ROUNDING_MM)
    assert again.longest_ras_mm is not None
    ends_ijk = other.to_ijk(again.longest_ras_mm)
    assert ends_ijk[:, 2] == pytest.approx(again.slice)  # both ends in the slice that is told


@settings(max_examples=3)
@given(SEEDS, st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_room_round_a_lesion_changes_nothing(seed: int, below: int, before: int, beside: int) -> None:
    mask = ragged(seed)
    found = measure_lesion(mask, a_grid(mask.shape))
    wider = np.pad(mask, [(below, 1), (before, 2), (beside, 3)])
    again = measure_lesion(wider, a_grid(wider.shape))
    assert sizes(again) == pytest.approx(sizes(found), abs=ROUNDING_MM)
    assert again.slice == (found.slice or 0) + below
