"""Replanning during the procedure, from the console: what a CT shows is found, locked, and the rest planned anew."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import slicer

from brachyresponse.errors import BrachyResponseError, PlanError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.planning.inverse import ImplantedSoFar
from brachyresponse.scene import so_far_finding
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plans_in
from brachyresponse.scene.so_far_table import COLUMNS
from needle_ct import needle_ct
from scene.building import bent_transform, linear_transform
from scene.planner_case import COARSE, PlannerCase, add_planner_case
from scene_state import scene_state

OFF_MM = np.array([0.8, -0.6, 0.5])
"""How far everything lies off plan."""
GRID = Grid.covering(np.array([-16.0, -16.0, -16.0]), np.array([16.0, 16.0, 44.0]), 1.0)
KIND, NUMBER, USED, NEEDLE = (COLUMNS.index(name) for name in ("kind", "number", "used", "needle"))


@pytest.fixture
def case(scene: Any, logic: Any, monkeypatch: pytest.MonkeyPatch) -> PlannerCase:
    """Five needles by hand; the seeds of 1 and 2 are dropped, and 3 waits in place: all of it is on a CT.

    Where the seeds are is known at once: tests of the library find them.
    """
    case = add_planner_case(scene, logic)
    case.by_hand()
    logic.setSearch(case.plan, moves=2)
    needles, seeds = logic.needles(case.plan), logic.seeds(case.plan)
    dropped = seeds.select(np.isin(seeds.needle, (1, 2)))
    places_mm = dropped.positions_mm + OFF_MM
    waiting = np.array([[needles[2].tip_mm + [0, 0, 34], needles[2].tip_mm]]) + OFF_MM
    values = needle_ct(GRID, waiting, places_mm, dropped.directions)
    ct = slicer.util.addVolumeFromArray(values, ijkToRAS=GRID.ijk_to_ras, name="Procedure")
    logic.setProcedureImage(case.plan, ct)

    def seeds_found(*image: Any, region: Any, report: Any) -> SimpleNamespace:
        report(0.5, "Seeds")
        sure = np.full(len(places_mm), 0.9)
        return SimpleNamespace(positions_mm=places_mm, directions=dropped.directions, confidence=sure, rejected=())

    monkeypatch.setattr("brachyresponse.planning.inverse.replanning.so_far.detect_seeds", seeds_found)
    return case


def column(table: Any, index: int) -> list[str]:
    return [table.GetCellText(row, index) for row in range(table.GetNumberOfRows())]


def test_what_the_ct_shows_is_listed_drawn_and_used_or_not(case: PlannerCase, tmp_path: Path) -> None:
    logic, plan, scene = case.logic, case.plan, case.plan.GetScene()
    with pytest.raises(BrachyResponseError, match="Nothing was looked for"):
        logic.doseSoFar(plan)
    found = logic.findSoFar(plan)
    dropped = int(np.isin(logic.seeds(plan).needle, (1, 2)).sum())
    table = logic.soFarTable(plan)
    kinds = column(table, KIND)
    assert (kinds.count("needle"), kinds.count("seed")) == (3, dropped)
    assert set(column(table, USED)) == {"yes"}
    assert found.in_place == {3}
    assert plan_part(plan, PlanRole.SO_FAR_SEEDS).GetPolyData().GetNumberOfPoints() > 0
    before = logic.soFarSentences(plan)
    assert f"{dropped} seeds and 3 needles, 1 of them in place" in before[0]
    assert "V100" in before[1]
    assert any(sentence.startswith("Cold: ") for sentence in before)
    whole = logic.doseSoFar(plan)
    logic.useSoFar(plan, kinds.index("seed"), False)
    assert logic.doseSoFar(plan).d90_gy < whole.d90_gy
    assert f"{dropped - 1} seeds" in logic.soFarSentences(plan)[0]
    with pytest.raises(BrachyResponseError, match="There is no row 100"):
        logic.useSoFar(plan, 99, True)
    said = logic.soFarSentences(plan)
    assert scene.WriteToMRB(str(tmp_path / "plan.mrb"))
    scene.Clear(0)
    assert scene.ReadFromMRB(str(tmp_path / "plan.mrb"), True)
    (loaded,) = plans_in(scene)
    assert logic.soFarSentences(loaded) == said
    assert logic.procedureImage(loaded).GetName() == "Procedure"
    assert "no" in column(logic.soFarTable(loaded), USED)
    slicer.util.updateVolumeFromArray(logic.procedureImage(loaded), np.zeros(GRID.shape_kji, np.int16))
    assert "was exchanged or moved" in logic.soFarSentences(loaded)[0]


def test_the_rest_is_planned_anew_as_one_step_and_what_is_found_is_locked(case: PlannerCase, tmp_path: Path) -> None:
    logic, plan = case.logic, case.plan
    before = (logic.needles(plan), logic.seeds(plan))
    logic.lockNeedle(plan, 4)
    found = logic.findSoFar(plan)
    replanned = logic.replanImplant(plan, **COARSE)
    seeds = logic.seeds(plan)
    assert seeds == replanned.plan.seeds
    assert np.allclose(logic.locked(plan).seeds.positions_mm, found.seeds.positions_mm, atol=6e-3)  # of the table
    assert set(logic.lockedNeedles(plan)) == {1, 2, 3}
    assert logic.locked(plan).loadable == {3}
    assert logic.staleReason(plan) == logic.plannerState(plan) == ""
    files = logic.exportRemainingSheet(plan, tmp_path)
    assert [path.name for path in files] == ["remaining_loading_sheet.html", "remaining_loading_sheet.csv"]
    assert "what remains" in files[0].read_text(encoding="utf-8")
    logic.undo(plan)
    assert (logic.needles(plan), logic.seeds(plan)) == before


def test_a_ct_is_looked_at_where_its_transform_puts_it(case: PlannerCase, monkeypatch: pytest.MonkeyPatch) -> None:
    logic, plan, scene = case.logic, case.plan, case.plan.GetScene()
    looked_at: list[Volume] = []

    def look(ct: Volume, *others: Any, **more: Any) -> ImplantedSoFar:
        looked_at.append(ct)
        raise PlanError("seen")

    monkeypatch.setattr(so_far_finding, "found_so_far", look)
    ct = logic.procedureImage(plan)
    logic.setProcedureImage(plan, ct, linear_transform(scene, np.eye(3), (2, 0, 0)))
    with pytest.raises(PlanError, match="seen"):
        logic.findSoFar(plan)
    assert np.allclose(looked_at[0].grid.centre_mm - GRID.centre_mm, [2, 0, 0], atol=1e-6)
    before = ct.GetTransformNodeID()
    with pytest.raises(BrachyResponseError, match="lies under the non-linear transform"):
        logic.setProcedureImage(plan, ct, bent_transform(scene))
    assert ct.GetTransformNodeID() == before


def test_what_cannot_be_used_leaves_the_scene_as_it_was(case: PlannerCase, tmp_path: Path) -> None:
    logic, plan, scene = case.logic, case.plan, case.plan.GetScene()
    logic.findSoFar(plan)
    away = linear_transform(scene, np.eye(3), (30, 0, 0))
    logic.setProcedureImage(plan, logic.procedureImage(plan), away)
    for call, message in (
        (logic.findSoFar, "shows 0 % of the target 'GTV'"),
        (logic.replanImplant, "was exchanged or moved since needles and seeds were found"),
    ):
        before = scene_state(scene)
        with pytest.raises(BrachyResponseError, match=message):
            call(plan)
        assert scene_state(scene) == before
    scene.RemoveNode(logic.soFarTable(plan))
    empty = slicer.util.addVolumeFromArray(np.zeros(GRID.shape_kji, np.int16), ijkToRAS=GRID.ijk_to_ras, name="Empty")
    logic.setProcedureImage(plan, empty)
    before = scene_state(scene)
    with pytest.raises(BrachyResponseError, match="the image is empty"):
        logic.findSoFar(plan)
    with pytest.raises(BrachyResponseError, match="Nothing was looked for"):
        logic.replanImplant(plan)
    assert scene_state(scene) == before
    logic.setProcedureImage(plan, None)
    with pytest.raises(BrachyResponseError, match="has no CT of the procedure"):
        logic.findSoFar(plan)
    logic.lockNeedle(plan, *(needle.number for needle in logic.needles(plan)))
    with pytest.raises(BrachyResponseError, match="all its seeds are locked"):
        logic.exportRemainingSheet(plan, tmp_path)


def test_a_table_that_was_damaged_is_refused_and_stays_as_it_is(case: PlannerCase) -> None:
    logic, plan, scene = case.logic, case.plan, case.plan.GetScene()
    logic.findSoFar(plan)
    table = logic.soFarTable(plan)
    seed = column(table, KIND).index("seed")
    for name in ("place (mm)", "needle", "direction", "strength (U)"):
        cells = table.GetTable().GetColumn(COLUMNS.index(name))
        right = cells.GetValue(seed)
        cells.SetValue(seed, "0 0 nan")
        before = scene_state(scene)
        for call in (logic.doseSoFar, logic.replanImplant, lambda plan: logic.useSoFar(plan, 0, False)):
            with pytest.raises(PlanError, match="found on the CT is damaged in its table: find it again"):
                call(plan)
        assert scene_state(scene) == before
        cells.SetValue(seed, right)
