from __future__ import annotations

from typing import Any

from brachyresponse.scene.plan_parts import PlanRole, plan_parts
from brachyresponse.scene.seed_model import show_seeds
from brachyresponse.scene.verification_plan_display import is_plan_shown, show_plan
from brachyresponse.scene.verification_segments import set_target
from brachyresponse.scene.verifications import set_plan
from scene.verified import add_verified, segment_id


def test_the_plan_is_hidden_and_shown_with_all_that_is_drawn_of_it(scene: Any) -> None:
    verified = add_verified(scene, targets=False)
    show_seeds(verified.plan)
    verified.plan_segmentation.CreateDefaultDisplayNodes()
    roles = (PlanRole.NEEDLE, PlanRole.SEEDS, PlanRole.SEED_MODEL, PlanRole.SEGMENTATION)
    drawn = [node for role in roles for node in plan_parts(verified.plan, role)]
    assert len(drawn) == 6
    assert is_plan_shown(verified.node)
    show_plan(verified.node, False)
    assert not any(node.GetDisplayNode().GetVisibility() for node in drawn)
    assert not is_plan_shown(verified.node)
    show_plan(verified.node, True)
    assert all(node.GetDisplayNode().GetVisibility() for node in drawn)


def test_structures_that_are_the_implants_too_stay_as_they_are(scene: Any) -> None:
    verified = add_verified(scene, targets=False)
    verified.plan_segmentation.CreateDefaultDisplayNodes()
    set_target(verified.node, "gtv", verified.plan_segmentation, segment_id(verified.plan_segmentation, "GTV"))
    show_plan(verified.node, False)
    assert verified.plan_segmentation.GetDisplayNode().GetVisibility()


def test_without_a_plan_nothing_is_drawn_of_it(scene: Any) -> None:
    verified = add_verified(scene, targets=False)
    set_plan(verified.node, None)
    show_plan(verified.node, True)
    assert not is_plan_shown(verified.node)
