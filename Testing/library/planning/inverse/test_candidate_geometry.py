"""The quick ways of the candidates' geometry, held against the plain ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import overlapping_seeds
from brachyresponse.planning.inverse.candidates.nearness import Box, nearness_of
from brachyresponse.planning.inverse.candidates.rows import row_round
from brachyresponse.planning.inverse.candidates.segments import overlap_seeds, segments_distance_mm
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.seeds import Seeds


@pytest.fixture(scope="module")
def a_tube() -> Structure:
    """A slanted tube on an oblique grid of uneven voxels."""
    turn = np.deg2rad(20)
    matrix = np.eye(4)
    matrix[:3, :3] = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]) * [
        1,
        1,
        2.5,
    ]
    matrix[:3, 3] = [-20, -30, -30]
    grid = Grid((24, 50, 50), matrix)
    points = grid.points_mm()
    return Structure("tube", np.hypot(points[..., 0] - 0.3 * points[..., 2], points[..., 1]) < 4, grid)


@pytest.mark.parametrize("limit_mm", [-1.5, 0.0, 1.0, 6.0])
def test_nearness_gives_the_answers_of_the_surface(a_tube: Structure, limit_mm: float) -> None:
    points = np.random.default_rng(3).uniform(-22, 22, (4000, 3))
    near = nearness_of(a_tube, Box(np.full(3, -22.0), np.full(3, 22.0)), 6.0)
    expected = StructureSurface(a_tube).distance_mm(points) < limit_mm
    assert near is not None
    np.testing.assert_array_equal(near.closer_than(points, limit_mm), expected)
    assert 0 < expected.sum() < len(points)


def test_a_structure_out_of_reach_is_near_to_nothing(a_tube: Structure) -> None:
    assert nearness_of(a_tube, Box(np.full(3, 200.0), np.full(3, 210.0)), 5.0) is None


COORDINATE = st.floats(-5, 5).map(lambda value: round(value, 3))
POINT = st.tuples(COORDINATE, COORDINATE, COORDINATE).map(np.array)


@settings(max_examples=20, deadline=None)
@given(POINT, POINT, POINT, POINT)
def test_the_distance_of_straight_pieces_is_that_of_their_nearest_points(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray
) -> None:
    share = np.linspace(0, 1, 81)[:, None]
    first, second = a + share * (b - a), c + share * (d - c)
    sampled = np.linalg.norm(first[:, None] - second, axis=-1).min()
    found = float(segments_distance_mm(a, b, c, d))
    step_mm = (np.linalg.norm(b - a) + np.linalg.norm(d - c)) / 160
    assert sampled - step_mm - 1e-9 <= found <= sampled + 1e-9


def test_places_overlap_locked_seeds_as_seeds_overlap_each_other() -> None:
    rng = np.random.default_rng(5)
    positions, directions = rng.uniform(-4, 4, (60, 3)), rng.normal(size=(60, 3))
    locked = Seeds(rng.uniform(-4, 4, (6, 3)), rng.normal(size=(6, 3)), 0.5)
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    expected = [
        any(pair.second > 5 for pair in overlapping_seeds(locked.joined(Seeds(at[None], axis[None], np.array([0.5])))))
        for at, axis in zip(positions, directions, strict=True)
    ]
    np.testing.assert_array_equal(overlap_seeds(positions, unit, locked), expected)
    assert 5 < sum(expected) < 55


def test_rows_round_seeds_fill_the_gaps_that_are_wide_enough() -> None:
    row = row_round([20.0, 31.0, 36.0], 9.0, 44.0, 5.0)
    np.testing.assert_allclose(row, [10, 15, 25, 41])  # 26 would come within 5 mm of 25
