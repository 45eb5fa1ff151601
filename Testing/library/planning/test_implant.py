"""Needles that are moved carry their seeds; seeds that are moved stay on their needles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import PlanError
from brachyresponse.planning.implant import Implant
from brachyresponse.planning.needles import Needle
from brachyresponse.seeds import Seeds

TOLERANCE_MM = 1e-9  # rounding only


def an_implant() -> Implant:
    """Two needles along z with two seeds each, and a free seed."""
    needles = (
        Needle(1, np.zeros(3), np.array([0, 0, 100.0])),
        Needle(2, np.array([10.0, 0, 0]), np.array([10.0, 0, 80])),
    )
    positions = [[0, 0, 40], [0, 0, 50], [10, 0, 30], [10, 0, 60], [5, 5, 5]]
    return Implant(needles, Seeds(positions, [[0, 0, 1.0]] * 5, 0.5, needle=[1, 1, 2, 2, 0]))


def with_first_needle(implant: Implant, entry: tuple[float, ...], tip: tuple[float, ...]) -> Implant:
    return implant.with_needles((Needle(1, np.array(entry), np.array(tip)), *implant.needles[1:]))


def test_a_needle_that_is_moved_as_a_whole_takes_its_seeds_along() -> None:
    moved = with_first_needle(an_implant(), (3, 4, 5), (3, 4, 105))
    np.testing.assert_allclose(moved.seeds.positions_mm[:2], [[3, 4, 45], [3, 4, 55]], atol=TOLERANCE_MM)
    np.testing.assert_array_equal(moved.seeds.positions_mm[2:], an_implant().seeds.positions_mm[2:])


def test_seeds_keep_their_distance_from_the_entry_when_the_tip_is_moved() -> None:
    moved = with_first_needle(an_implant(), (0, 0, 0), (100, 0, 0))
    np.testing.assert_allclose(moved.seeds.positions_mm[:2], [[40, 0, 0], [50, 0, 0]], atol=TOLERANCE_MM)
    np.testing.assert_allclose(moved.seeds.directions[:2], [[1, 0, 0]] * 2, atol=TOLERANCE_MM)


def test_seeds_keep_their_distance_from_the_tip_when_the_entry_is_moved() -> None:
    moved = with_first_needle(an_implant(), (0, 0, -20), (0, 0, 100))
    np.testing.assert_allclose(moved.seeds.positions_mm[:2], [[0, 0, 40], [0, 0, 50]], atol=TOLERANCE_MM)


def test_a_seed_does_not_leave_a_needle_that_becomes_too_short_for_it() -> None:
    moved = with_first_needle(an_implant(), (0, 0, 0), (0, 0, 45))
    np.testing.assert_allclose(moved.seeds.positions_mm[:2, 2], [40, 45], atol=TOLERANCE_MM)


def test_seeds_of_a_needle_that_is_gone_stay_and_become_free() -> None:
    implant = an_implant().with_needles(an_implant().needles[1:])
    np.testing.assert_array_equal(implant.seeds.needle, [0, 0, 2, 2, 0])
    np.testing.assert_array_equal(implant.seeds.positions_mm, an_implant().seeds.positions_mm)


def test_needles_can_be_taken_away_with_their_seeds() -> None:
    implant = an_implant().without_needles([2])
    assert [needle.number for needle in implant.needles] == [1]
    np.testing.assert_array_equal(implant.seeds.needle, [1, 1, 0])


@given(st.tuples(*[st.floats(-200, 200)] * 3), st.integers(0, 3))
def test_a_seed_dragged_anywhere_stays_on_its_needle(position: tuple[float, ...], index: int) -> None:
    implant = an_implant()
    dragged = implant.with_seeds(implant.seeds.moved(index, position))
    needle = dragged.needles[int(dragged.seeds.needle[index]) - 1]
    assert needle.distance_mm(dragged.seeds.positions_mm[index]) < 1e-6  # rounding at 200 mm


def test_a_free_seed_goes_where_it_is_dragged() -> None:
    implant = an_implant()
    dragged = implant.with_seeds(implant.seeds.moved(4, (1, 2, 3)))
    np.testing.assert_array_equal(dragged.seeds.positions_mm[4], [1, 2, 3])


def test_a_number_is_given_once() -> None:
    assert an_implant().next_number == 3
    with pytest.raises(PlanError, match="Two needles have the number 1"):
        Implant((an_implant().needles[0],) * 2, Seeds.none())
