from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brachyresponse.errors import PlanError
from brachyresponse.planning import Needle, find_needle, nearest_needle

coordinate = st.floats(-300, 300)
point = st.tuples(coordinate, coordinate, coordinate).map(np.array)
TOLERANCE_MM = 1e-9  # rounding of coordinates of a few hundred millimetres


def a_needle(number: int = 1, x_mm: float = 0.0) -> Needle:
    return Needle(number, np.array([x_mm, 0.0, 0.0]), np.array([x_mm, 0.0, 40.0]))


def needle_between(entry: np.ndarray, tip: np.ndarray) -> Needle:
    assume(np.linalg.norm(tip - entry) > 1)
    return Needle(1, entry, tip)


def test_depth_runs_from_entry_to_tip() -> None:
    needle = Needle(3, np.array([10.0, 0.0, 0.0]), np.array([10.0, -40.0, 30.0]), "C4")
    assert needle.length_mm == pytest.approx(50, abs=TOLERANCE_MM)
    np.testing.assert_allclose(needle.direction, [0, -0.8, 0.6], atol=1e-12)  # rounding of a unit vector
    np.testing.assert_allclose(needle.at(10), [10, -8, 6], atol=TOLERANCE_MM)
    np.testing.assert_allclose(needle.at([0, 50]), [needle.entry_mm, needle.tip_mm], atol=TOLERANCE_MM)
    assert needle.label == "3 (C4)"


@given(point, point, point)
def test_a_projected_point_stays_where_it_is_when_projected_again(
    entry: np.ndarray, tip: np.ndarray, seed: np.ndarray
) -> None:
    needle = needle_between(entry, tip)
    once = needle.project(seed)
    np.testing.assert_allclose(needle.project(once), once, atol=TOLERANCE_MM)


@given(point, point, point, st.floats(0, 1))
def test_no_point_of_the_needle_is_nearer_than_the_projected_one(
    entry: np.ndarray, tip: np.ndarray, seed: np.ndarray, part: float
) -> None:
    needle = needle_between(entry, tip)
    other = needle.at(part * needle.length_mm)
    assert needle.distance_mm(seed) <= np.linalg.norm(seed - other) + TOLERANCE_MM


@given(point, point, st.floats(-500, 500))
def test_the_depth_of_a_point_at_a_depth_is_that_depth(entry: np.ndarray, tip: np.ndarray, depth_mm: float) -> None:
    needle = needle_between(entry, tip)
    assert needle.depth_of(needle.at(depth_mm)) == pytest.approx(depth_mm, abs=TOLERANCE_MM)


def test_projection_stops_at_both_ends() -> None:
    np.testing.assert_array_equal(a_needle().project([[3, 4, -20], [3, 4, 90]]), [[0, 0, 0], [0, 0, 40]])


def test_the_nearest_needle_is_found_with_its_distance() -> None:
    needle, distance_mm = nearest_needle([a_needle(1, 0), a_needle(2, 10)], [7, 0, 20])
    assert (needle.number, distance_mm) == (2, 3)
    assert find_needle([a_needle(1), a_needle(2)], 2).number == 2


def test_needles_are_values() -> None:
    assert a_needle() == a_needle()
    assert hash(a_needle()) == hash(a_needle())
    assert a_needle(1) != a_needle(2)
    assert a_needle(1, 0) != a_needle(1, 1)
    with pytest.raises(ValueError, match="read-only"):
        a_needle().tip_mm[0] = 1


@pytest.mark.parametrize(
    ("number", "entry", "tip", "message"),
    [
        (1, [0, 0, 0], [0, 0, 0], "Needle 1 has its tip at its entry"),
        (2, [0, 0, np.nan], [0, 0, 1], "Needle 2: its entry .* is not a position"),
        (2, [0, 0, 0], [0, 0, np.inf], "Needle 2: its tip .* is not a position"),
        (2, [0, 0], [0, 0, 1], "Needle 2: its entry .* three finite numbers"),
        (0, [0, 0, 0], [0, 0, 1], "the number 0: needles are numbered 1, 2, 3"),
        (1.5, [0, 0, 0], [0, 0, 1], "the number 1.5"),
    ],
)
def test_needles_that_make_no_sense_are_refused(number: float, entry: list, tip: list, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Needle(number, entry, tip)


def test_a_needle_that_is_not_there_is_named() -> None:
    with pytest.raises(PlanError, match=r"no needle 7 \(needles: 1, 2\)"):
        find_needle([a_needle(1), a_needle(2)], 7)
    with pytest.raises(PlanError, match="no needles: draw one"):
        nearest_needle([], [0, 0, 0])
