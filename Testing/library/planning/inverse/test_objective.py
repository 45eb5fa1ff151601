"""The objective: its points, the influence of seeds on them, and its terms against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.dose import dose_rate
from brachyresponse.errors import PlanError
from brachyresponse.planning import parse_limit
from brachyresponse.planning.inverse.search.dose_points import MARGIN, RIND, PointSet, problem_points, thinned
from brachyresponse.planning.inverse.search.influence import check_influence_memory, influence_gy_per_u
from brachyresponse.planning.inverse.search.objective import (
    bends_of,
    cost_of,
    limited_dose,
    problem_objective,
    slope_of,
)
from brachyresponse.planning.inverse.search.terms import Hinge, Mean, Quantile, Side
from brachyresponse.seeds import Seeds
from brachyresponse.sources import integrated_hours, load_source
from small_problem import small_problem

RNG = np.random.default_rng(7)
POINTS = 40
ROUNDING = 1e-4
"""Single precision over some dozens of points."""


@pytest.fixture(scope="module")
def doses() -> np.ndarray:
    return RNG.uniform(0, 250, (6, POINTS)).astype(np.float32)


def test_points_carry_the_volume_of_their_structures() -> None:
    problem = small_problem(target_margin_mm=2.0)
    sets = {points.name: points for points in problem_points(problem)}
    for name in ("GTV", "Nerve"):
        expected = problem.anatomy.structures[name].volume_cc
        assert sets[name].total_cc == pytest.approx(expected, rel=1e-9)  # rounding: volumes are scaled to the whole
    assert {MARGIN, RIND} < set(sets)


def test_points_of_the_margin_lie_outside_the_target_and_near_it() -> None:
    problem = small_problem(target_margin_mm=3.0)
    margin = next(points for points in problem_points(problem) if points.name == MARGIN)
    distance_mm = problem.anatomy.surface("GTV").distance_mm(margin.positions_mm)
    assert distance_mm.min() > -1e-6
    assert distance_mm.max() < 5.0  # the margin and a voxel of 2 mm


def test_thinned_points_leave_no_region_out() -> None:
    positions = RNG.uniform(0, 30, (8000, 3))
    drawn = thinned(PointSet("box", positions, np.full(8000, 0.001)), np.ones(8000), 500)
    octant = (drawn.positions_mm > 15) @ np.array([1, 2, 4])
    shares = np.bincount(octant, drawn.volume_cc, minlength=8) / drawn.total_cc
    np.testing.assert_allclose(shares, 1 / 8, atol=0.02)  # an eighth of 500 by chance alone would spread by 0.015


def test_influence_is_the_dose_of_the_formulas() -> None:
    source = load_source("amersham_6711")
    positions, points = RNG.uniform(-10, 10, (5, 3)), RNG.uniform(-30, 30, (50, 3))
    directions = RNG.normal(size=(5, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    gy_per_rate = integrated_hours(source.half_life_days) / 100
    found = influence_gy_per_u(source, positions, directions, points)
    for place in range(5):
        seed = Seeds(positions[[place]], directions[[place]], np.ones(1))
        expected = dose_rate(source, seed, points) * gy_per_rate
        np.testing.assert_allclose(found[place], expected, rtol=5e-4)  # the table is good to 0.035 %


def test_a_matrix_beyond_memory_is_refused() -> None:
    with pytest.raises(PlanError, match="50000 places for seeds and 4000 points of dose need 1600 MB, at most 600 MB"):
        check_influence_memory(50_000, 4_000)


@pytest.mark.parametrize("side", list(Side))
def test_a_hinge_is_the_plain_sum_of_what_lies_beyond(doses: np.ndarray, side: Side) -> None:
    weights = RNG.uniform(0, 1, POINTS).astype(np.float32)
    hinge = Hinge("x", slice(0, POINTS), weights, 100.0, side)
    for dose in doses:
        beyond = [max(side * (float(d) - 100.0), 0.0) for d in dose]
        assert hinge.cost(dose) == pytest.approx(sum(w * b for w, b in zip(weights, beyond, strict=True)), rel=ROUNDING)


@pytest.mark.parametrize(("side", "exempt_cc"), [(Side.ABOVE, 0.25), (Side.BELOW, 0.4)])
def test_a_quantile_costs_nothing_exactly_where_its_dose_keeps_the_level(side: Side, exempt_cc: float) -> None:
    volume_cc = np.full(POINTS, 0.05)
    quantile = Quantile("x", slice(0, POINTS), volume_cc, exempt_cc, 0.1, 100.0, side, 1.0)
    let_off = round(exempt_cc / 0.05)
    for beyond in range(POINTS + 1):
        dose = np.where(np.arange(POINTS) < beyond, 100.0 + 20 * side, 100.0 - 20 * side).astype(np.float32)
        expected = max(beyond - let_off, 0) * 0.05 / 0.1 * 20
        assert quantile.at(dose).cost(dose) == pytest.approx(expected, abs=1e-3)  # single precision of 20 percent


@pytest.mark.parametrize(
    ("text", "dose", "volume_cc"),
    [
        ("A:D2cc<=65%", 65.0, 2.0),
        ("A:D30<=150Gy", 125.0, 3.0),
        ("A:V150<=45%", 150.0, 4.5),
        ("A:V60Gy<=2cc", 50.0, 2.0),
        ("A:Dmax<=120Gy", 100.0, 0.0),
        ("A:Dmin>=90%", 90.0, 10.0),
        ("A:Dmean<=60Gy", 50.0, None),
    ],
)
def test_every_limit_is_one_of_the_dose_of_a_volume(text: str, dose: float, volume_cc: float | None) -> None:
    assert limited_dose(parse_limit(text), 10.0, 120.0) == (pytest.approx(dose), pytest.approx(volume_cc))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.floats(20, 200))
def test_slope_and_bends_together_are_the_exact_change_of_the_cost(seed: int, level: float) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0, 1, POINTS).astype(np.float32)
    every, shares = slice(0, POINTS), weights / weights.sum()
    penalties = (
        Hinge("a", every, weights, level, Side.ABOVE),
        Hinge("b", slice(5, 25), weights[5:25], level + 30, Side.BELOW),
        Mean("c", every, shares, level, Side.BELOW, 2.0),
        Mean("d", every, shares, level + 10, Side.ABOVE, 2.0),
    )
    dose = rng.uniform(0, 200, POINTS).astype(np.float32)
    added = rng.uniform(0, 60, (4, POINTS)).astype(np.float32)
    changes = added @ slope_of(penalties, dose) + bends_of(penalties, dose, added)
    expected = [cost_of(penalties, dose + more) - cost_of(penalties, dose) for more in added]
    np.testing.assert_allclose(changes, expected, rtol=1e-3, atol=0.05)  # differences of costs of some thousands


def test_scaled_levels_ask_of_half_the_dose_half_as_much() -> None:
    objective = problem_objective(small_problem())
    dose = RNG.uniform(50, 250, len(objective.positions_mm)).astype(np.float32)
    half = objective.scaled(0.5).cost(dose / 2)
    assert half == pytest.approx(objective.cost(dose) / 2, rel=1e-3)  # single precision of sums
