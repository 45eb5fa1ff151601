"""A balloon as the source of a plan, from the console: what it writes, keeps, refuses, and leaves as it was."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import BrachyResponseError, Cancelled
from brachyresponse.planning.balloon import read_balloon
from brachyresponse.scene.balloon_plan import read_balloon_node
from brachyresponse.scene.dose_volume import read_dose
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plans_in
from scene.planner_case import PlannerCase, add_planner_case
from scene_state import scene_state

QUICK = {"spacingMm": 3.0, "marginMm": 6.0}
DIAMETER_MM, DEPTH_MM = 10.0, 5.0


@pytest.fixture
def case(scene: Any, logic: Any) -> PlannerCase:
    """A sphere of 10 mm in the middle of the target, 120 Gy at 5 mm, four days."""
    case = add_planner_case(scene, logic)
    logic.setSourceKind(case.plan, "balloon")
    logic.setBalloon(case.plan, diameterMm=DIAMETER_MM, depthMm=DEPTH_MM, activityMci=90, filled="2026-03-06 10:00")
    return case


def test_dose_tables_and_sentences_are_written_as_for_seeds(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    logic.addLimit(plan, "Cord:D0.1cc<=500Gy")
    found = logic.evaluateBalloon(plan, **QUICK)
    dose_gy, _ = read_dose(logic.doseNode(plan))
    assert np.array_equal(dose_gy, found.dose_gy)
    assert "balloon" in logic.doseNode(plan).GetDescription()
    metrics = plan_part(plan, PlanRole.METRICS)
    assert metrics.GetCellText(0, 1) == "Surface dose"
    assert plan_part(plan, PlanRole.RULES).GetNumberOfRows() == len(found.findings)
    assert plan_part(plan, PlanRole.LIMITS).GetCellText(0, 7) == "pass"
    assert plan_part(plan, PlanRole.DVH_CHART).GetNumberOfPlotSeriesNodes() == len(found.dvhs) + 1
    assert logic.balloonSectors(plan).GetNumberOfRows() == 6
    assert logic.balloonDepthDose(plan).GetNumberOfRows() == len(found.curve.depth_mm)
    first = logic.balloonSentences(plan)[0]
    assert f"{found.dose_at_depth_gy:.1f} Gy at 5 mm" in first
    assert f"{found.surface_dose_gy:.0f} Gy on the surface" in first
    assert logic.staleReason(plan) == ""


def test_time_and_activity_are_found_for_the_prescription(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    assert "120 Gy at 5 mm are reached at 2026-03-" in logic.dwellFor(plan)
    assert logic.evaluateBalloon(plan, **QUICK).dose_at_depth_gy == pytest.approx(120, rel=1e-4)  # to the second
    logic.setBalloon(plan, removed="2026-03-08 10:00")
    assert logic.staleReason(plan) == "the plan was changed"
    assert "mCi) contained at the assay on" in logic.activityFor(plan)
    assert logic.balloon(plan).unit == "mCi"
    logic.setBalloon(plan, activityMci=1)
    removed = logic.balloon(plan).removed
    with pytest.raises(BrachyResponseError, match="120 Gy is never reached"):
        logic.dwellFor(plan)
    assert logic.balloon(plan).removed == removed


def test_seeds_and_balloon_are_not_mistaken_for_each_other(case: PlannerCase, tmp_path: Path) -> None:
    logic, plan, scene = case.logic, case.plan, case.plan.GetScene()
    before = scene_state(scene)
    for call in (
        logic.evaluatePlan, logic.updateLive, logic.planImplant, logic.testRobustness, logic.checkProblem,
        logic.replanImplant, lambda plan: logic.exportLoadingSheet(plan, tmp_path),
    ):  # fmt: skip
        with pytest.raises(BrachyResponseError, match="is of a balloon, and this is for plans of seeds"):
            call(plan)
    assert scene_state(scene) == before
    logic.setSourceKind(plan, "seeds")
    for call in (logic.evaluateBalloon, logic.dwellFor, logic.activityFor):
        with pytest.raises(BrachyResponseError, match="is of seeds, and this is for plans of a balloon"):
            call(plan)
    assert logic.balloon(plan).diameter_mm == DIAMETER_MM


def test_an_error_or_cancel_leaves_the_scene_as_it_was(case: PlannerCase) -> None:
    logic, plan, scene = case.logic, case.plan, case.plan.GetScene()

    def cancel(fraction: float, message: str) -> None:
        if fraction > 0.1:
            raise Cancelled("stopped")

    before = scene_state(scene)
    with pytest.raises(Cancelled):
        logic.evaluateBalloon(plan, **QUICK, report=cancel)
    assert scene_state(scene) == before
    for values, message in (
        ({"filled": "2026-03-01 10:00"}, "before the assay"),
        ({"removed": "2026-03-05 10:00"}, "not after filling"),
        ({"diameterMm": 40}, "reaches beyond the image 'CT'"),
        ({"shape": "segment"}, "has no balloon: choose its segment, or a sphere"),
    ):
        kept = logic.balloon(plan)
        logic.setBalloon(plan, **values)
        before = scene_state(scene)
        with pytest.raises(BrachyResponseError, match=message):
            logic.evaluateBalloon(plan, **QUICK)
        assert scene_state(scene) == before
        logic.setBalloon(plan, **{name: getattr(kept, name) for name in ("filled", "removed", "diameter_mm", "shape")})


def test_the_sphere_is_drawn_where_its_centre_is(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    model = logic.updateBalloonModel(plan)
    assert model.GetPolyData().GetBounds()[:2] == pytest.approx((-5, 5), abs=0.1)  # of a surface of flat faces
    centre = logic.startBalloonCentre(plan)
    centre.AddControlPointWorld([2.0, 0.0, 1.0])
    assert centre in logic.planNodes(plan)
    assert logic.updateBalloonModel(plan) is model
    assert model.GetPolyData().GetBounds()[:2] == pytest.approx((-3, 7), abs=0.1)
    assert logic.balloonCentre(plan) is centre
    logic.setBalloon(plan, shape="segment", segment=case.gtv)
    assert plan_part(plan, PlanRole.BALLOON_MODEL) is None
    logic.setBalloon(plan, shape="volume", volumeMl=1.0)
    logic.setSourceKind(plan, "seeds")
    assert plan_part(plan, PlanRole.BALLOON_MODEL) is None


def test_segments_are_balloon_and_barriers_by_their_names(case: PlannerCase) -> None:
    case.logic.setBalloon(case.plan, shape="segment", segment=case.cord)
    case.logic.setStructures(case.plan, barriers=[case.gtv], gtv="", organs=[])
    plan = read_balloon_node(case.plan)
    assert (plan.balloon, plan.barriers) == ("Cord", ("GTV",))


@pytest.mark.validation
def test_a_segment_is_a_balloon_and_barriers_and_gaps_crop_its_target(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    logic.setBalloon(plan, shape="segment", segment=case.cord)  # the smaller of the two
    logic.setStructures(plan, barriers=[case.gtv], gtv="", organs=[])
    found = logic.evaluateBalloon(plan, **QUICK)
    assert (found.plan.balloon, found.plan.barriers) == ("Cord", ("GTV",))
    assert found.shape.is_mask
    assert min(sector.clearance_mm or 30 for sector in found.sectors) < 6  # the GTV lies 4 mm away


def test_leakage_is_told_with_its_flag(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    assert logic.leakageSentences(plan) == ()
    logic.setBalloon(plan, recoveredMci=60)
    assert logic.leakageFlagged(plan)
    assert "unaccounted for" in logic.leakageSentences(plan)[0]
    logic.setBalloon(plan, removed="2026-03-01 10:00")
    assert not logic.leakageFlagged(plan)
    assert "give 0 or more" in logic.leakageSentences(plan)[0]


def test_files_of_a_balloon_plan(case: PlannerCase, tmp_path: Path) -> None:
    logic, plan = case.logic, case.plan
    path = logic.exportPlan(plan, tmp_path)
    assert json.loads(path.read_text())["schema"] == 1
    assert read_balloon(path).balloon.diameter_mm == DIAMETER_MM
    names = {path.name for path in logic.exportTables(plan, tmp_path, **QUICK)}
    assert {"metrics.csv", "sectors.csv", "depth_dose.csv", "dvh.csv", "rules.csv"} == names
    assert "Surface dose" in (tmp_path / "metrics.csv").read_text()


def test_a_saved_scene_holds_the_balloon_and_its_results(case: PlannerCase, tmp_path: Path) -> None:
    logic, plan, scene = case.logic, case.plan, case.plan.GetScene()
    logic.startBalloonCentre(plan).AddControlPointWorld([1.0, 0.0, 0.0])
    logic.setBalloon(plan, recoveredMci=80, interruptions="2026-03-07 10:00 to 2026-03-07 12:00")
    logic.setBiology(plan, "Cord", "late_brain", alphaBetaGy="3 (2-4)")
    logic.setEarlierBeam(plan, None, fractions=30, recoveredPercent=20)
    logic.evaluateBalloon(plan, **QUICK)
    settings, said, rows = logic.balloon(plan), logic.balloonSentences(plan), logic.biology(plan)
    assert scene.WriteToMRB(str(tmp_path / "plan.mrb"))
    scene.Clear(0)
    assert scene.ReadFromMRB(str(tmp_path / "plan.mrb"), True)
    (loaded,) = plans_in(scene)
    assert logic.sourceKind(loaded) == "balloon"
    assert (logic.balloon(loaded), logic.balloonSentences(loaded)) == (settings, said)
    assert [row.alpha_beta_gy for row in logic.biology(loaded)] == [row.alpha_beta_gy for row in rows]
    assert (logic.earlierFractions(loaded), logic.earlierRecovered(loaded)) == (30, 20)
    assert logic.staleReason(loaded) == ""
    assert settings.filled == datetime(2026, 3, 6, 10)
    copied = logic.duplicatePlan(loaded, "Copy")
    assert logic.balloon(copied) == settings
    assert logic.biology(copied)[-1].tissue == "late_brain"
    assert logic.balloonSentences(copied) == ()
