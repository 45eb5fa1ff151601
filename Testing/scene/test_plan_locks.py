"""Locked needles and seeds: Slicer's padlock, kept through edits of the others, and changes of them refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("slicer_core", reason="needs the slicer-core wheel")

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.needles import needle_node
from brachyresponse.scene.plan_locks import LOCKED_COLOUR
from brachyresponse.scene.plans import seeds_node_of
from scene.building import linear_transform, rotation
from scene.planner_case import PlannerCase, add_planner_case

ON_FIRST = 0
"""Index of a seed on needle 1; that of the last one is on another needle."""


@pytest.fixture
def case(scene: Any) -> PlannerCase:
    case = add_planner_case(scene)
    case.by_hand()
    return case


@pytest.fixture
def locked(case: PlannerCase) -> PlannerCase:
    """Needle 1 is locked with its seeds, and the last seed with its needle."""
    case.logic.lockNeedle(case.plan, 1)
    case.logic.lockSeed(case.plan, last(case))
    return case


def last(case: PlannerCase) -> int:
    return case.logic.seeds(case.plan).count - 1


def of_needle(case: PlannerCase, number: int) -> list[int]:
    return np.flatnonzero(case.logic.seeds(case.plan).needle == number).tolist()


def test_a_locked_needle_has_slicer_s_padlock_with_its_seeds(locked: PlannerCase) -> None:
    line, seeds_node = needle_node(locked.plan, 1), seeds_node_of(locked.plan)
    assert line.GetLocked()
    assert line.GetDisplayNode().GetSelectedColor() == pytest.approx(LOCKED_COLOUR)
    points = range(seeds_node.GetNumberOfControlPoints())
    assert [n for n in points if seeds_node.GetNthControlPointLocked(n)] == [*of_needle(locked, 1), last(locked)]


def test_the_planner_may_load_the_needle_of_a_locked_seed_but_no_locked_needle(locked: PlannerCase) -> None:
    held = int(locked.logic.seeds(locked.plan).needle[-1])
    kept = locked.logic.locked(locked.plan)
    assert [needle.number for needle in kept.needles] == [1, held]
    assert kept.loadable == {held}
    assert kept.seeds == locked.logic.seeds(locked.plan).select([*of_needle(locked, 1), last(locked)])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.logic.deleteNeedle(c.plan, 1), "Needle 1 .* is locked and stays as it is: unlock it first"),
        (lambda c: c.logic.deleteSeed(c.plan, last(c)), r"Seed \d+ is locked"),
        (lambda c: c.logic.moveSeed(c.plan, last(c), (0, 0, 0)), r"Seed \d+ is locked"),
        (lambda c: c.logic.nudgeSeed(c.plan, ON_FIRST, stepMm=1), "Seed 1 is locked"),
        (lambda c: c.logic.detachSeed(c.plan, ON_FIRST), "Seed 1 is locked"),
        (lambda c: c.logic.lockSeed(c.plan, 40), "no seed 41: the plan has"),
        (lambda c: c.logic.lockNeedle(c.plan, 40), "no needle 40"),
    ],
)
def test_a_change_of_what_is_locked_is_refused(
    locked: PlannerCase, change: Callable[[PlannerCase], object], said: str
) -> None:
    before = locked.logic.seeds(locked.plan), locked.logic.lockedSeeds(locked.plan)
    with pytest.raises(BrachyResponseError, match=said):
        change(locked)
    assert (locked.logic.seeds(locked.plan), locked.logic.lockedSeeds(locked.plan)) == before


def test_locks_stay_with_their_seeds_when_others_go_and_come_back(locked: PlannerCase) -> None:
    logic, plan = locked.logic, locked.plan
    kept = logic.locked(plan).seeds
    free = next(n for n in range(last(locked)) if n not in logic.lockedSeeds(plan))
    logic.deleteSeed(plan, free)
    assert logic.locked(plan).seeds == kept
    logic.undo(plan)
    assert logic.locked(plan).seeds == kept
    assert logic.locked(logic.duplicatePlan(plan)).seeds == kept


def test_locks_stay_under_a_transform(locked: PlannerCase, scene: Any) -> None:
    kept = locked.logic.lockedSeeds(locked.plan)
    turn = linear_transform(scene, rotation(30.0, [1, 2, 3]), [12.0, -30.0, 45.0])
    for node in (seeds_node_of(locked.plan), *(needle_node(locked.plan, n.number) for n in needles(locked))):
        node.SetAndObserveTransformNodeID(turn.GetID())
    locked.logic.addSeed(locked.plan, (12, -30, 60))
    assert locked.logic.lockedSeeds(locked.plan) == kept


def needles(case: PlannerCase) -> Any:
    return case.logic.needles(case.plan)


def test_a_locked_seed_or_needle_that_was_moved_goes_back(locked: PlannerCase) -> None:
    logic, plan = locked.logic, locked.plan
    logic.followEdits(plan)
    before = logic.needles(plan), logic.seeds(plan), logic.lockedSeeds(plan)
    seeds_node_of(plan).SetNthControlPointPositionWorld(ON_FIRST, 1.0, 2.0, 3.0)  # as a table or a script can
    needle_node(plan, 1).SetNthControlPointPositionWorld(1, 1.0, 2.0, -9.0)
    assert not logic.followEdits(plan)
    assert (logic.needles(plan), logic.seeds(plan), logic.lockedSeeds(plan)) == before


def test_another_activity_leaves_locked_seeds_alone(locked: PlannerCase) -> None:
    before = locked.logic.seeds(locked.plan).air_kerma_strength_u[0]
    strength = locked.logic.setActivity(locked.plan, strengthU=0.9)
    kept = list(locked.logic.lockedSeeds(locked.plan))
    expected = np.full(last(locked) + 1, strength)
    expected[kept] = before
    np.testing.assert_allclose(locked.logic.seeds(locked.plan).air_kerma_strength_u, expected, rtol=1e-12)


def test_a_needle_is_unlocked_with_its_seeds_and_all_at_once(locked: PlannerCase) -> None:
    logic, plan = locked.logic, locked.plan
    logic.unlock(plan, needles=[1])
    assert logic.lockedSeeds(plan) == (last(locked),)
    logic.unlock(plan)
    assert (logic.lockedNeedles(plan), logic.lockedSeeds(plan)) == ((), ())
    logic.deleteNeedle(plan, 1)


def test_who_opens_the_padlock_in_the_markups_module_has_unlocked_it(locked: PlannerCase) -> None:
    seeds_node_of(locked.plan).SetNthControlPointLocked(last(locked), False)
    locked.logic.deleteSeed(locked.plan, last(locked))
    assert locked.logic.lockedSeeds(locked.plan) == tuple(of_needle(locked, 1))


def test_a_new_plan_like_one_with_locks_has_none(locked: PlannerCase) -> None:
    assert locked.logic.lockedNeedles(locked.logic.createPlan(like=locked.plan)) == ()
