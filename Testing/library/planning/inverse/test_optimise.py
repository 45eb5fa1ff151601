"""From a problem to an optimised plan; the real cases are held against the figures asked of the planner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, PlanError
from brachyresponse.planning import ImplantPlan, OptimisedPlan, plan_implant
from brachyresponse.planning.inverse import load_weights
from planning_cases import brain_problem, prostate_problem
from prostate_case import needs_prostate_case
from reference import needs_reference
from small_problem import LIMIT, small_problem

MOVES = 30


@pytest.fixture(scope="module")
def shown() -> list[ImplantPlan]:
    return []


@pytest.fixture(scope="module")
def plan(shown: list[ImplantPlan]) -> OptimisedPlan:
    return plan_implant(small_problem(moves=MOVES, random_seed=4), on_best=shown.append)


def test_a_plan_has_what_a_plan_has_and_how_it_was_found(plan: OptimisedPlan) -> None:
    assert plan.target == "GTV"
    assert plan.dvh("GTV").d(90) > 120.0
    assert [str(result.limit) for result in plan.limits] == [LIMIT]
    assert {"GTV", "Nerve"} <= set(plan.metrics)
    assert not plan.search.cancelled
    assert plan.search.random_seed == 4


def test_the_reported_cost_is_the_least_of_the_search(plan: OptimisedPlan) -> None:
    assert plan.search.cost == pytest.approx(min(plan.search.costs), rel=1e-4)  # single precision of the dose


def test_the_dose_is_computed_anew_on_a_grid_of_1_mm(plan: OptimisedPlan) -> None:
    np.testing.assert_allclose(plan.evaluation.grid.spacing_ijk_mm, 1.0)


def test_the_same_seed_number_gives_the_same_plan(plan: OptimisedPlan) -> None:
    assert plan_implant(small_problem(moves=MOVES, random_seed=4)) == plan
    assert plan == plan.plan


def test_the_best_so_far_is_shown_at_most_a_dozen_times(plan: OptimisedPlan, shown: list[ImplantPlan]) -> None:
    assert 1 <= len(shown) <= 12
    assert all(isinstance(each, ImplantPlan) and each.seeds.count for each in shown)


def test_the_beginning_is_shown_before_the_first_move() -> None:
    seen: list[object] = []
    plan_implant(
        small_problem(moves=2),
        report=lambda fraction, message: seen.append(message),
        on_best=lambda plan: seen.append(plan),
    )
    first = next(place for place, each in enumerate(seen) if isinstance(each, ImplantPlan))
    assert "Move 0 of 2" in str(seen[first + 1])


def cancel_at(word: str) -> Callable[[float, str], None]:
    def report(fraction: float, message: str) -> None:
        if word in message:
            raise Cancelled

    return report


def test_a_cancelled_search_returns_the_best_until_then() -> None:
    plan = plan_implant(small_problem(moves=MOVES), report=cancel_at("Move 20"))
    assert plan.search.cancelled
    assert plan.seeds.count
    assert plan.search.cost == pytest.approx(min(plan.search.costs), rel=1e-4)


def test_who_cancels_at_the_evaluation_has_the_plan_that_is_found() -> None:
    assert plan_implant(small_problem(moves=2), report=cancel_at("Evaluation")).seeds.count


def test_a_search_cancelled_before_there_is_a_plan_returns_none() -> None:
    with pytest.raises(Cancelled):
        plan_implant(small_problem(moves=MOVES), report=cancel_at("Points"))


def test_improving_a_plan_never_makes_it_worse(plan: OptimisedPlan) -> None:
    better = plan_implant(small_problem(moves=MOVES, start=plan.plan))
    assert better.search.cost <= plan.search.cost * (1 + 1e-4)


def test_weights_that_make_every_seed_too_dear_are_refused() -> None:
    dear = replace(load_weights("coverage_first"), seed=1e5)
    with pytest.raises(PlanError, match="The best plan for 'GTV' with these weights has no seeds"):
        plan_implant(small_problem(weights=dear))


def test_a_structure_without_dose_is_named(plan: OptimisedPlan) -> None:
    with pytest.raises(PlanError, match="No dose of 'Eye' was computed: choose one of GTV, Nerve"):
        plan.dvh("Eye")


def check(plan: OptimisedPlan, least: dict[str, float], most: dict[str, float]) -> None:
    dvh, rx_gy = plan.dvh(plan.target), plan.prescription_gy
    found: dict[str, Any] = {f"V{n}": dvh.v(n / 100 * rx_gy) for n in (100, 150, 200)}
    found |= {"D90": dvh.d(90) / rx_gy * 100, "needles": len(plan.needles), "seeds": plan.seeds.count}
    assert {name: found[name] for name, value in least.items() if found[name] < value} == {}
    assert {name: found[name] for name, value in most.items() if found[name] > value} == {}
    assert [str(result.limit) for result in plan.limits if not result.passed] == []


@pytest.mark.validation
@needs_prostate_case
@pytest.mark.parametrize("random_seed", [1, 2])
def test_the_prostate_is_planned_as_well_as_is_asked(random_seed: int) -> None:
    plan = plan_implant(prostate_problem(random_seed=random_seed))
    check(plan, {"D90": 115, "V100": 99}, {"V150": 45, "V200": 17, "needles": 32, "seeds": 83})


@pytest.mark.validation
@needs_prostate_case
def test_the_prostate_is_planned_with_few_needles() -> None:
    plan = plan_implant(prostate_problem(weights="fewest_needles", random_seed=1))
    check(plan, {"D90": 100, "V100": 98}, {"V150": 50, "needles": 21})


@pytest.mark.validation
@needs_reference("mri", "brain1_label.nrrd")
def test_the_brain_tumour_is_planned_as_well_as_is_asked() -> None:
    plan = plan_implant(brain_problem(random_seed=1))
    check(plan, {"D90": 112, "V100": 98}, {"V150": 48, "V200": 20, "needles": 13, "seeds": 33})
