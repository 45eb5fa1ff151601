"""Limits of the planning rules, changed for one plan by the Logic of BrachyDose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from brachyresponse.errors import PlanError
from brachyresponse.planning import PlanEvaluation, RuleFinding, load_profile
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from scene_state import scene_state


@pytest.fixture
def neck(logic: Any, planned: Any) -> Any:
    """A plan with needles and seeds that is held to the rules of a neck node."""
    logic.setPrescription(planned, 120.0, "neck_node")
    return planned


def limit_of(logic: Any, plan: Any, rule_id: str) -> str:
    return next(rule.limit for rule in logic.rules(plan) if rule.id == rule_id)


def finding_of(evaluation: PlanEvaluation, rule_id: str) -> RuleFinding:
    return next(finding for finding in evaluation.findings if finding.rule == rule_id)


def test_a_plan_is_judged_by_the_limit_that_was_set_for_it(logic: Any, neck: Any) -> None:
    before = finding_of(logic.evaluatePlan(neck, 2.0, 15.0), "rx")
    logic.setRuleLimit(neck, "rx", least=125, most=150)
    after = finding_of(logic.evaluatePlan(neck, 2.0, 15.0), "rx")
    assert (before.passed, before.limit) == (True, "110 to 140 Gy")
    assert (after.passed, after.limit) == (False, "125 to 150 Gy")
    assert after.source.startswith("clinic's own limit; the profile has: 110 to 140 Gy")


def test_a_rule_can_lose_its_limit_and_get_it_back(logic: Any, neck: Any) -> None:
    logic.setRuleLimit(neck, "rx")
    logic.setRuleLimit(neck, "skin", least=7)
    assert limit_of(logic, neck, "rx") == "no limit"
    logic.resetRuleLimits(neck, "rx")
    assert limit_of(logic, neck, "rx") == "110 to 140 Gy"
    assert limit_of(logic, neck, "skin") == "at least 7 mm"
    logic.resetRuleLimits(neck)
    assert logic.rules(neck) == load_profile("neck_node").rules


def test_results_are_stale_under_another_limit_and_current_under_the_old_one(logic: Any, neck: Any) -> None:
    logic.evaluatePlan(neck, 2.0, 15.0)
    logic.setRuleLimit(neck, "rx", least=100)
    assert logic.staleReason(neck) != ""
    logic.resetRuleLimits(neck, "rx")
    assert logic.staleReason(neck) == ""
    assert plan_part(neck, PlanRole.RULE_LIMITS) is None


def test_another_profile_drops_the_limits_and_another_dose_does_not(logic: Any, neck: Any) -> None:
    logic.setRuleLimit(neck, "rx", least=100)
    logic.setPrescription(neck, 110.0, "neck_node")
    assert limit_of(logic, neck, "rx") == "at least 100 Gy"
    logic.setPrescription(neck, 110.0, "prostate")
    assert logic.rules(neck) == load_profile("prostate").rules


def test_a_copy_has_the_limits_and_is_changed_alone(logic: Any, neck: Any) -> None:
    logic.setRuleLimit(neck, "rx", least=100)
    copied = logic.duplicatePlan(neck, "Copy")
    logic.setRuleLimit(neck, "rx", least=90)
    assert limit_of(logic, copied, "rx") == "at least 100 Gy"
    assert plan_part(copied, PlanRole.RULE_LIMITS).GetName() == "Copy rule limits"


def test_limits_go_with_their_plan(logic: Any, neck: Any, scene: Any) -> None:
    logic.setRuleLimit(neck, "rx", least=100)
    table = plan_part(neck, PlanRole.RULE_LIMITS)
    logic.deletePlan(neck)
    assert not scene.IsNodePresent(table)


def test_limits_come_back_with_the_scene(logic: Any, neck: Any, scene: Any, tmp_path: Path) -> None:
    logic.setRuleLimit(neck, "rx", least=100.5)
    logic.evaluatePlan(neck, 2.0, 15.0)
    rules = logic.rules(neck)
    assert scene.WriteToMRB(str(tmp_path / "plan.mrb"))
    scene.Clear(0)
    assert scene.ReadFromMRB(str(tmp_path / "plan.mrb"), True)
    (loaded,) = logic.plans()
    assert logic.rules(loaded) == rules
    assert logic.staleReason(loaded) == ""


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ({"ruleId": "rxx", "least": 1.0}, "no rule 'rxx'; did you mean 'rx'"),
        ({"ruleId": "rx", "least": 10.0, "most": 5.0}, "at least 10 and at most 5 cannot both hold"),
        ({"ruleId": "rx", "most": float("inf")}, "its limit is inf; give a number"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(
    logic: Any, neck: Any, scene: Any, limit: dict[str, Any], message: str
) -> None:
    before = scene_state(scene)
    with pytest.raises(PlanError, match=message):
        logic.setRuleLimit(neck, **limit)
    assert scene_state(scene) == before
