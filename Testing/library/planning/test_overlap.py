from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.planning import overlapping_seeds
from brachyresponse.seeds import Seeds

directions = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1).map(np.array)


def two_seeds(second_mm: list[float] | np.ndarray, axes: list | None = None, *, axis_known: bool = True) -> Seeds:
    axes = axes or [[0, 0, 1], [0, 0, 1]]
    return Seeds(np.array([[0, 0, 0], second_mm], float), np.array(axes, float), np.ones(2), np.full(2, axis_known))


@pytest.mark.parametrize(
    ("second_mm", "axes", "overlap"),
    [
        ([0, 0, 4.5], None, False),  # end to end
        ([0, 0, 4.4], None, True),
        ([0.8, 0, 0], None, False),  # side by side
        ([0.79, 0, 0], None, True),
        ([0, 0.79, 0], [[0, 0, 1], [1, 0, 0]], True),  # crossed
        ([0, 0.81, 0], [[0, 0, 1], [1, 0, 0]], False),
        ([2.2, 0, 0], [[0, 0, 1], [1, 0, 0]], True),  # the end of one on the side of the other
        ([2.7, 0, 0], [[0, 0, 1], [1, 0, 0]], False),
    ],
)
def test_seeds_overlap_only_where_they_share_space(second_mm: list, axes: list | None, overlap: bool) -> None:
    assert bool(overlapping_seeds(two_seeds(second_mm, axes))) == overlap


def test_seeds_of_unknown_axis_are_balls() -> None:
    assert not overlapping_seeds(two_seeds([0, 0, 0.9], axis_known=False))
    assert overlapping_seeds(two_seeds([0, 0, 0.7], axis_known=False))


@given(st.tuples(*[st.floats(-5, 5)] * 3), directions, directions)
def test_the_distance_is_that_of_the_nearest_of_many_points(
    second_mm: tuple[float, float, float], first: np.ndarray, second: np.ndarray
) -> None:
    seeds = two_seeds(np.array(second_mm), [first, second])
    along = np.linspace(-1.85, 1.85, 401)[:, None]  # the axis of a rod of 4.5 x 0.8 mm with round ends
    a, b = (p + along * d for p, d in zip(seeds.positions_mm, seeds.directions, strict=True))
    nearest_mm = np.linalg.norm(a[:, None] - b[None], axis=-1).min()
    found = overlapping_seeds(seeds)
    if found:
        # points lie 0.009 mm apart on each axis
        assert found[0].distance_mm == pytest.approx(nearest_mm, abs=0.01)
    else:
        assert nearest_mm > 0.8 - 1e-5


def test_every_pair_is_named_once_and_in_order(straight_needle: Callable, seeds_along: Callable) -> None:
    seeds = seeds_along(straight_needle(), 50, 40, 52, 41)
    assert [(pair.first, pair.second) for pair in overlapping_seeds(seeds)] == [(0, 2), (1, 3)]
    assert overlapping_seeds(Seeds.none()) == ()
