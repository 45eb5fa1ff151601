"""Needles on a CT taken during the procedure."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid
from brachyresponse.seeds.needle_detection import detect_needles
from brachyresponse.seeds.needle_lines import find_lines
from needle_ct import needle_ct

GRID = Grid((40, 80, 80), np.array([[0.9, 0, 0, -36], [0, 0.9, 0, -36], [0, 0, 1.5, -30], [0, 0, 0, 1.0]]))
TARGET_MM = np.array([-10.0, 0.0, 0.0])
WAITING = np.array([[34.0, -8.0, -6.0], [-14.0, -4.0, 2.0]])
DRAWN_BACK = np.array([[34.0, 8.0, 4.0], [8.0, 8.0, 4.0]])
IN_LINE = np.array([[2.0, 8.0, 4.0], [-3.0, 8.0, 4.0], [-8.0, 8.0, 4.0]])
"""Seeds that the second needle has dropped, end to end behind one another."""
ALONG_X = np.array([1.0, 0.0, 0.0])


@pytest.fixture(scope="module")
def a_ct() -> np.ndarray:
    return needle_ct(GRID, np.stack([WAITING, DRAWN_BACK]), IN_LINE, np.tile(ALONG_X, (3, 1)))


def test_needles_are_found_with_their_tips_and_seeds_are_not_taken_for_them(a_ct: np.ndarray) -> None:
    found = detect_needles(a_ct, GRID, toward_mm=TARGET_MM)
    assert len(found) == 2
    for needle, truth in zip(found, (WAITING, DRAWN_BACK), strict=True):
        assert np.linalg.norm(needle.tip_mm - truth[1]) < 1.5  # the slices' distance
        along = (truth[1] - truth[0]) / np.linalg.norm(truth[1] - truth[0])
        assert (needle.tip_mm - needle.entry_mm) @ along / needle.length_mm > np.cos(np.deg2rad(1))
        offset = needle.entry_mm - truth[0]
        assert np.linalg.norm(offset - (offset @ along) * along) < 0.7  # of a voxel


def test_a_row_of_seeds_alone_is_no_needle() -> None:
    ct = needle_ct(GRID, np.empty((0, 2, 3)), IN_LINE, np.tile(ALONG_X, (3, 1)))
    assert detect_needles(ct, GRID, toward_mm=TARGET_MM) == ()


def test_a_thick_plate_is_no_needle() -> None:
    ct = needle_ct(GRID, np.empty((0, 2, 3)), np.empty((0, 3)), np.empty((0, 3)))
    ct[18:24, 20:32, 20:60] += 2500
    assert detect_needles(ct, GRID, toward_mm=TARGET_MM) == ()


def test_what_is_no_ct_is_refused() -> None:
    with pytest.raises(ImageError, match="Every slice of the CT holds one single value"):
        detect_needles(np.zeros(GRID.shape_kji, np.int16), GRID, toward_mm=TARGET_MM)


def test_lines_are_found_among_scattered_points_again_and_again() -> None:
    random = np.random.default_rng(2)
    along = np.array([0.6, 0.8, 0.0])
    first = random.uniform(0, 40, (120, 1)) * along + random.normal(0, 0.3, (120, 3))
    second = np.array([0, 0, 15.0]) + random.uniform(0, 30, (90, 1)) * [0, 0, 1.0] + random.normal(0, 0.3, (90, 3))
    points = np.concatenate([first, second, random.uniform(-20, 60, (60, 3))])
    lines = find_lines(points, 1.0, 25.0)
    assert len(lines) == 2
    assert abs(lines[0].direction @ along) > np.cos(np.deg2rad(1.5))
    assert lines[0].length_mm == pytest.approx(40, abs=2.0)  # points are drawn at random along it
    again = find_lines(points, 1.0, 25.0)
    np.testing.assert_array_equal(lines[0].start_mm, again[0].start_mm)
