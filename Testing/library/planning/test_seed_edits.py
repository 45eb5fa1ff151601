from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import PlanError, SeedsError
from brachyresponse.planning import (
    ImplantPlan,
    Needle,
    add_seed,
    attach,
    delete_seed,
    detach,
    keep_on_needles,
    nudge,
    seeds_at,
)

ROUNDING_MM = 1e-9
NEEDLE = Needle(2, np.array([3.0, 40.0, -5.0]), np.array([-8.0, -20.0, 15.0]))
shift = st.tuples(*[st.floats(-60, 60)] * 3).map(np.array)


@given(shift)
def test_a_dragged_seed_stays_on_its_needle(drag_mm: np.ndarray) -> None:
    seeds = seeds_at(NEEDLE, np.array([20.0, 30.0]), 0.5)
    dragged = keep_on_needles(seeds.moved(1, seeds.positions_mm[1] + drag_mm), [NEEDLE])
    assert NEEDLE.distance_mm(dragged.positions_mm).max() < ROUNDING_MM
    np.testing.assert_allclose(dragged.positions_mm[0], seeds.positions_mm[0], atol=ROUNDING_MM)
    again = keep_on_needles(dragged, [NEEDLE])
    np.testing.assert_allclose(again.positions_mm, dragged.positions_mm, atol=ROUNDING_MM)


def test_a_seed_whose_axis_was_lost_points_along_its_needle_again() -> None:
    kept = keep_on_needles(seeds_at(NEEDLE, [20.0], 0.5).without_axes(), [NEEDLE])
    assert kept.axis_known.all()
    np.testing.assert_allclose(kept.directions[0], NEEDLE.direction, atol=1e-12)  # a unit vector's rounding


def test_free_seeds_are_left_where_they_are(a_plan: ImplantPlan) -> None:
    moved = a_plan.seeds.moved(6, [4, 4, 4])
    assert keep_on_needles(moved, a_plan.needles) == moved


@given(st.floats(-20, 20))
def test_nudging_there_and_back_changes_nothing(along_mm: float) -> None:
    seeds = seeds_at(NEEDLE, [30.0], 0.5)
    there = nudge(seeds, 0, along_mm, NEEDLE)
    assert NEEDLE.depth_of(there.positions_mm[0]) == pytest.approx(30 + along_mm, abs=ROUNDING_MM)
    back = nudge(there, 0, -along_mm, NEEDLE)
    np.testing.assert_allclose(back.positions_mm, seeds.positions_mm, atol=ROUNDING_MM)


def test_a_nudged_seed_stops_at_the_needles_ends() -> None:
    seeds = seeds_at(NEEDLE, [30.0], 0.5)
    np.testing.assert_allclose(nudge(seeds, 0, 500, NEEDLE).positions_mm[0], NEEDLE.tip_mm, atol=ROUNDING_MM)
    np.testing.assert_allclose(nudge(seeds, 0, -500, NEEDLE).positions_mm[0], NEEDLE.entry_mm, atol=ROUNDING_MM)


def test_a_detached_seed_is_free_where_it_was_and_can_be_attached_again() -> None:
    seeds = seeds_at(NEEDLE, [20.0, 30.0], 0.5)
    freed = detach(seeds, 1)
    np.testing.assert_array_equal(freed.needle, [2, 0])
    np.testing.assert_array_equal(freed.positions_mm, seeds.positions_mm)
    off = freed.moved(1, np.add(NEEDLE.at(33.0), [0, 0, 5]))
    back = attach(off, 1, NEEDLE)
    assert back.needle[1] == 2
    assert NEEDLE.distance_mm(back.positions_mm[1]) < ROUNDING_MM


def test_a_seed_added_to_a_needle_lies_on_it_and_a_free_one_has_no_known_axis(a_plan: ImplantPlan) -> None:
    needle = a_plan.needles[0]
    added = add_seed(a_plan.seeds, [-7.0, 3.0, 2.0], strength_u=0.5, needle=needle)
    np.testing.assert_allclose(added.positions_mm[-1], [-10, 3, 0], atol=ROUNDING_MM)
    assert (added.needle[-1], bool(added.axis_known[-1])) == (1, True)
    free = add_seed(a_plan.seeds, [1.0, 2.0, 3.0], strength_u=0.5)
    np.testing.assert_array_equal(free.positions_mm[-1], [1, 2, 3])
    assert (free.needle[-1], bool(free.axis_known[-1])) == (0, False)
    assert delete_seed(free, free.count - 1) == a_plan.seeds


def test_edits_of_seeds_that_are_not_there_are_refused(a_plan: ImplantPlan, straight_needle: Callable) -> None:
    seeds = a_plan.seeds
    with pytest.raises(PlanError, match="Seed 1 is on needle 1, not on needle 2: attach it first"):
        nudge(seeds, 0, 1.0, a_plan.needles[1])
    with pytest.raises(PlanError, match="Seed 7 is free, not on needle 1"):
        nudge(seeds, 6, 1.0, a_plan.needles[0])
    with pytest.raises(PlanError, match="Seed 1 cannot be moved by nan mm"):
        nudge(seeds, 0, np.nan, a_plan.needles[0])
    with pytest.raises(PlanError, match="no seed 8: the plan has 7 seeds"):
        detach(seeds, 7)
    with pytest.raises(SeedsError, match="no seed 8"):
        delete_seed(seeds, 7)
    with pytest.raises(PlanError, match=r"no needle 1 \(needles: 9\): draw it, or detach its seeds"):
        keep_on_needles(seeds, [straight_needle(9)])
