"""Limits with weights: kept in the limits' table beside what was found, and absent in scenes of before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("slicer_core", reason="needs the slicer-core wheel")

from brachyresponse.errors import PlanError
from brachyresponse.planning import parse_limit
from brachyresponse.planning.organ_limits import LimitResult
from brachyresponse.scene.inverse_settings import TrackSettings
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plans_in
from brachyresponse.scene.plans import create_plan
from brachyresponse.scene.results import WEIGHT, write_limits
from scene.planner_case import Logic

CORD, VESSEL = "Cord:D0.1cc<=60Gy", "Vessel:Dmax<=150%"


@pytest.fixture
def plan(scene: Any) -> Any:
    plan = create_plan(scene)
    Logic().addLimit(plan, CORD, weight=2.5)
    return plan


@pytest.fixture
def table(plan: Any) -> Any:
    return need_plan_part(plan, PlanRole.LIMITS, "limits")


def cell(table: Any, row: int, heading: str) -> str:
    columns = [table.GetTable().GetColumnName(n) for n in range(table.GetNumberOfColumns())]
    return str(table.GetCellText(row, columns.index(heading)))


def test_limits_come_and_go_one_by_one_and_keep_their_weights(plan: Any) -> None:
    logic = Logic()
    logic.addLimit(plan, parse_limit(VESSEL))
    assert logic.limitWeights(plan) == {CORD: 2.5, VESSEL: 1}
    logic.removeLimit(plan, CORD)
    assert logic.limitWeights(plan) == {VESSEL: 1}


def test_a_weight_changes_beside_what_was_found(plan: Any, table: Any) -> None:
    limit = parse_limit(CORD)
    write_limits([limit], plan, [LimitResult(limit, 71.0, False, "just so")])
    Logic().setLimitWeight(plan, CORD, 4)
    assert [cell(table, 0, name) for name in (WEIGHT, "found", "result", "note")] == ["4", "71", "fail", "just so"]


def test_a_scene_of_before_has_weights_of_one_and_the_usual_settings(
    plan: Any, table: Any, scene: Any, tmp_path: Path
) -> None:
    table.RemoveColumn([table.GetTable().GetColumnName(n) for n in range(table.GetNumberOfColumns())].index(WEIGHT))
    assert scene.WriteToMRB(str(tmp_path / "old.mrb"))
    scene.Clear(0)
    scene.ReadFromMRB(str(tmp_path / "old.mrb"))
    (old,), logic = plans_in(scene), Logic()
    assert logic.limitWeights(old) == {CORD: 1}
    assert logic.tracks(old) == TrackSettings()
    assert (logic.lockedNeedles(old), logic.plannerState(old), logic.tradeOffState(old)) == ((), "", "")
    logic.setLimits(old, [CORD, VESSEL])
    assert cell(need_plan_part(old, PlanRole.LIMITS, "limits"), 1, WEIGHT) == "1"


def test_a_weight_that_is_none_is_named_with_its_row(plan: Any, table: Any) -> None:
    table.SetCellText(0, 5, "-3")
    with pytest.raises(PlanError, match=r"row 1: its weight -3.0 is none; write a number from 0 on"):
        Logic().limitWeights(plan)


def test_a_limit_that_is_there_or_is_not_there_is_refused(plan: Any) -> None:
    logic = Logic()
    with pytest.raises(PlanError, match="is there already: change its weight"):
        logic.addLimit(plan, CORD)
    with pytest.raises(PlanError, match=r"no limit Vessel:Dmax<=150% \(limits: Cord:D0.1cc<=60Gy\)"):
        logic.setLimitWeight(plan, VESSEL, 2)
    with pytest.raises(PlanError, match="weight of Vessel:Dmax<=150% is -1"):
        logic.addLimit(plan, VESSEL, weight=-1)
    assert logic.limitWeights(plan) == {CORD: 2.5}
