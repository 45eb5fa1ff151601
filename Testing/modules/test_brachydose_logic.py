"""What the buttons of BrachyDose do, called as from the console: each call changes its own nodes and no others."""

from __future__ import annotations

import doctest
import re
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from brachyresponse.dose import implant_dose
from brachyresponse.geometry import Structure
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plan_parts
from brachyresponse.scene.segments import read_structure, write_structure
from brachyresponse.scene.volumes import read_grid, read_image
from brachyresponse.sources import load_source
from reference import PROJECT

TOLERANCE_MM = 1e-6  # rounding of a few matrix products at 100 mm


def voxel_centres_mm(structure: Structure) -> np.ndarray:
    return structure.grid.to_ras(np.argwhere(structure.mask)[:, ::-1])


class TestPlans:
    def test_a_new_plan_shows_the_values_it_starts_from(self, logic: Any, scene: Any) -> None:
        plan = logic.createPlan()
        assert logic.plans() == [plan]
        assert logic.needles(plan) == ()
        assert logic.seeds(plan).count == 0

    def test_a_new_plan_like_another_has_its_patient_and_source_but_no_needles(self, logic: Any, planned: Any) -> None:
        logic.setSource(planned, "best_2301", surrogateFor="HD 4.5 x 0.8")
        other = logic.createPlan(like=planned)
        assert logic.needles(other) == ()
        assert plan_part(other, PlanRole.SEGMENTATION) is plan_part(planned, PlanRole.SEGMENTATION)
        assert other.GetAttribute("BrachyResponse.Source") == "best_2301"
        assert other.GetAttribute("BrachyResponse.Choices") == planned.GetAttribute("BrachyResponse.Choices")

    def test_the_dose_volume_says_which_seed_it_stands_in_for(self, logic: Any, planned: Any) -> None:
        logic.setSource(planned, "best_2301", surrogateFor="HD 4.5 x 0.8")
        logic.evaluatePlan(planned, spacingMm=4.0)
        assert "best_2301 as surrogate for HD 4.5 x 0.8" in logic.doseNode(planned).GetDescription()

    def test_a_copy_has_the_same_needles_and_seeds_and_is_changed_alone(self, logic: Any, planned: Any) -> None:
        copied = logic.duplicatePlan(planned)
        assert logic.seeds(copied) == logic.seeds(planned)
        before = logic.seeds(planned)
        logic.deleteSeed(copied, 0)
        assert logic.seeds(planned) == before

    def test_deleting_a_plan_leaves_image_and_structures_and_nothing_else(
        self, logic: Any, evaluated: Any, scene: Any, small_patient: dict[str, Any]
    ) -> None:
        logic.previewTemplate(evaluated, direction=(1, 0, 0), pitchMm=10)
        logic.deletePlan(evaluated)
        left = {scene.GetNthNode(n).GetClassName() for n in range(scene.GetNumberOfNodes())}
        assert not left & {"vtkMRMLMarkupsLineNode", "vtkMRMLMarkupsFiducialNode", "vtkMRMLTableNode"}
        assert not [n for n in left if "Plot" in n and "View" not in n]
        assert scene.IsNodePresent(small_patient["volume"])
        assert scene.IsNodePresent(small_patient["segmentation"])


class TestSetup:
    def test_activity_is_the_same_in_every_unit(self, logic: Any, plan: Any) -> None:
        for amount in ({"activityMbq": 18.5}, {"activityMci": 0.5}, {"strengthU": 0.635}):
            assert logic.setActivity(plan, **amount) == pytest.approx(0.635, rel=1e-9)

    def test_seeds_have_what_is_left_on_the_day_of_the_implant(self, logic: Any, planned: Any) -> None:
        strength = logic.setActivity(planned, strengthU=1.0, referenceDate="2026-01-01", implantDate="2026-03-01")
        half_life = load_source("amersham_6711").half_life_days
        assert strength == pytest.approx(0.5 ** (59 / half_life), rel=1e-9)
        np.testing.assert_allclose(logic.seeds(planned).air_kerma_strength_u, strength, rtol=1e-9)

    def test_limits_are_kept_and_judged(self, logic: Any, planned: Any) -> None:
        logic.setLimits(planned, ["Cord:D0.1cc<=20Gy", "Cord:D2cc<=1000Gy"])
        found = logic.evaluatePlan(planned, spacingMm=2.0, marginMm=15.0).limits
        assert [str(limit) for limit in logic.limits(planned)] == ["Cord:D0.1cc<=20Gy", "Cord:D2cc<=1000Gy"]
        assert found[1].value is None or found[1].passed  # 0.9 cc of cord: D2cc is not defined

    def test_a_ptv_is_grown_from_the_gtv_and_stops_at_a_barrier(
        self, logic: Any, plan: Any, small_patient: dict[str, Any]
    ) -> None:
        grid = read_grid(small_patient["volume"])
        front = grid.points_mm().reshape(*grid.shape_kji, 3)[..., 1] > 13.0
        wall = write_structure(Structure("Wall", front, grid), small_patient["segmentation"])
        free = read_structure(small_patient["segmentation"], logic.growTarget(plan, 5.0))
        logic.setStructures(plan, barriers=[wall])
        stopped = read_structure(small_patient["segmentation"], logic.growTarget(plan, 5.0))
        assert voxel_centres_mm(free)[:, 1].max() > 15.0
        assert voxel_centres_mm(stopped)[:, 1].max() <= 13.0


class TestNeedles:
    def test_a_template_is_shown_without_being_made(self, logic: Any, plan: Any) -> None:
        model = logic.previewTemplate(plan, direction=(0, 0, -1), pitchMm=8)
        assert model.GetMesh().GetNumberOfPoints() > 0
        assert logic.needles(plan) == ()
        assert not model.GetSaveWithScene()

    def test_what_was_shown_is_what_is_made(self, logic: Any, plan: Any) -> None:
        shown = logic.templateNeedles(plan, direction=(0, 0, -1), pitchMm=8)
        logic.previewTemplate(plan, direction=(0, 0, -1), pitchMm=8)
        logic.makeTemplate(plan, direction=(0, 0, -1), pitchMm=8)
        assert logic.needles(plan) == shown
        assert plan.GetNodeReference("templatePreviewRef") is None

    def test_needles_that_are_there_stay_when_a_template_is_made(self, logic: Any, plan: Any) -> None:
        logic.addNeedle(plan, (40, 0, 0), (0, 0, 0))
        logic.makeTemplate(plan, direction=(0, 0, -1), pitchMm=8)
        numbers = [needle.number for needle in logic.needles(plan)]
        assert numbers == list(range(1, len(numbers) + 1))
        np.testing.assert_allclose(logic.needles(plan)[0].entry_mm, (40, 0, 0), atol=TOLERANCE_MM)

    def test_a_copied_needle_brings_its_seeds(self, logic: Any, planned: Any) -> None:
        held = int((logic.seeds(planned).needle == 1).sum())
        count = len(logic.needles(planned))
        logic.duplicateNeedle(planned, 1, offsetMm=7.0)
        copied = logic.needles(planned)[-1]
        assert copied.number == count + 1
        assert int((logic.seeds(planned).needle == copied.number).sum()) == held
        assert copied.distance_mm(logic.needles(planned)[0].tip_mm) == pytest.approx(7.0, abs=TOLERANCE_MM)

    def test_a_deleted_needle_takes_its_seeds_away(self, logic: Any, planned: Any) -> None:
        logic.deleteNeedle(planned, 1, 2)
        assert not np.isin(logic.seeds(planned).needle, [1, 2]).any()
        assert len(plan_parts(planned, PlanRole.NEEDLE)) == len(logic.needles(planned))

    def test_a_line_not_drawn_to_its_end_is_taken_away(self, logic: Any, plan: Any, scene: Any) -> None:
        line = logic.startNeedle(plan)
        line.AddControlPointWorld(0, 0, 50)
        logic.finishNeedle(plan, line)
        assert not scene.IsNodePresent(line)
        assert logic.needles(plan) == ()

    def test_a_line_drawn_to_its_end_is_a_needle(self, logic: Any, plan: Any) -> None:
        line = logic.startNeedle(plan)
        line.AddControlPointWorld(0, 0, 50)
        line.AddControlPointWorld(0, 0, 0)
        logic.finishNeedle(plan, line)
        assert logic.needles(plan)[0].length_mm == pytest.approx(50)

    def test_a_direction_can_be_a_needle_or_an_axis(self, logic: Any, plan: Any, brachydose: ModuleType) -> None:
        logic.addNeedle(plan, (40, 0, 0), (0, 0, 0))
        ways = brachydose.TemplateDirection
        np.testing.assert_allclose(logic.templateDirection(plan, ways.NEEDLE, 1), (-1, 0, 0), atol=TOLERANCE_MM)
        assert logic.templateDirection(plan, ways.INFERIOR) == (0, 0, -1)


class TestSeeds:
    def test_seeds_are_laid_inside_the_target(self, logic: Any, planned: Any, small_patient: dict[str, Any]) -> None:
        distance = np.linalg.norm(logic.seeds(planned).positions_mm, axis=1)
        assert logic.seeds(planned).count > 5
        assert distance.max() < 12 + 2  # the ball of 12 mm and half a voxel's diagonal

    def test_laying_seeds_again_replaces_them_and_leaves_free_ones(self, logic: Any, planned: Any) -> None:
        before = logic.seeds(planned)
        logic.addSeed(planned, (30, 0, 0))
        logic.loadNeedles(planned, spacingMm=8)
        after = logic.seeds(planned)
        assert after.count == before.count + 1
        assert (after.needle == 0).sum() == 1

    def test_a_nudged_seed_goes_along_its_needle(self, logic: Any, planned: Any) -> None:
        before = logic.seeds(planned).positions_mm
        logic.nudgeSeed(planned, 0, 1, stepMm=1.5)
        moved = logic.seeds(planned).positions_mm - before
        np.testing.assert_allclose(moved[:2], [[0, 0, -1.5]] * 2, atol=TOLERANCE_MM)
        np.testing.assert_allclose(moved[2:], 0, atol=TOLERANCE_MM)

    def test_a_detached_seed_can_be_put_anywhere_and_attached_again(self, logic: Any, planned: Any) -> None:
        logic.detachSeed(planned, 0)
        logic.moveSeed(planned, 0, (20, 20, 20))
        np.testing.assert_allclose(logic.seeds(planned).positions_mm[0], 20, atol=TOLERANCE_MM)
        logic.attachSeed(planned, 0)
        number = int(logic.seeds(planned).needle[0])
        needle = logic.needles(planned)[number - 1]
        assert needle.distance_mm(logic.seeds(planned).positions_mm[0]) < TOLERANCE_MM

    def test_a_needle_is_extended_from_its_tip_backwards(self, logic: Any, plan: Any) -> None:
        logic.addNeedle(plan, (0, 0, 50), (0, 0, 0))
        logic.extendNeedle(plan, 1, 6.0)
        logic.extendNeedle(plan, 1, 6.0)
        np.testing.assert_allclose(logic.seeds(plan).positions_mm[:, 2], [2.25, 8.25], atol=TOLERANCE_MM)

    def test_deleting_several_seeds_deletes_just_these(self, logic: Any, planned: Any) -> None:
        before = logic.seeds(planned)
        logic.deleteSeed(planned, 0, 3)
        np.testing.assert_array_equal(logic.seeds(planned).positions_mm, before.without(3).without(0).positions_mm)

    def test_each_call_is_one_step_of_undo(self, logic: Any, planned: Any) -> None:
        before = logic.seeds(planned)
        logic.nudgeSeed(planned, 0, 1, 2, stepMm=2.0)
        logic.deleteNeedle(planned, 1)
        logic.undo(planned)
        logic.undo(planned)
        assert logic.seeds(planned) == before
        assert logic.canRedo(planned)
        logic.redo(planned)
        assert logic.seeds(planned) != before


class TestDose:
    def test_compute_dose_gives_exactly_the_library_s_dose_on_the_volume_s_grid(
        self, logic: Any, planned: Any, small_patient: dict[str, Any]
    ) -> None:
        seeds_node = plan_part(planned, PlanRole.SEEDS)
        dose_node = logic.computeDose(seeds_node, small_patient["volume"])
        dose, grid = read_image(dose_node)
        expected = implant_dose(load_source("amersham_6711"), logic.seeds(planned), grid)
        np.testing.assert_allclose(grid.ijk_to_ras, read_grid(small_patient["volume"]).ijk_to_ras, atol=1e-9)
        np.testing.assert_array_equal(dose, expected)

    def test_an_evaluation_writes_what_it_returns(self, logic: Any, planned: Any) -> None:
        evaluation = logic.evaluatePlan(planned, spacingMm=2.0, marginMm=15.0)
        dose, grid = read_image(logic.doseNode(planned))
        np.testing.assert_array_equal(dose, evaluation.dose_gy)
        assert grid.shape_kji == evaluation.grid.shape_kji
        for role in (PlanRole.METRICS, PlanRole.RULES, PlanRole.DVH_CHART, PlanRole.ISODOSE, PlanRole.SEED_MODEL):
            assert plan_part(planned, role) is not None, role

    def test_the_dose_reaches_the_organs_at_risk(self, logic: Any, planned: Any) -> None:
        evaluation = logic.evaluatePlan(planned, spacingMm=2.0, marginMm=5.0)
        assert evaluation.dvhs["Cord"].outside_fraction < 1e-9  # rounding

    def test_a_second_evaluation_updates_the_same_nodes(self, logic: Any, evaluated: Any, scene: Any) -> None:
        count, dose_node = scene.GetNumberOfNodes(), logic.doseNode(evaluated)
        logic.evaluatePlan(evaluated, spacingMm=2.5, marginMm=15.0)
        assert logic.doseNode(evaluated) is dose_node
        assert scene.GetNumberOfNodes() == count

    def test_point_sources_give_another_dose(self, logic: Any, planned: Any) -> None:
        line = logic.evaluatePlan(planned, 2.0, 15.0).dose_gy
        point = logic.evaluatePlan(planned, 2.0, 15.0, pointSource=True).dose_gy
        assert np.abs(line - point).max() > 1.0

    def test_results_are_stale_after_any_change_and_current_after_its_undo(self, logic: Any, evaluated: Any) -> None:
        assert logic.staleReason(evaluated) == ""
        logic.nudgeSeed(evaluated, 0, stepMm=1.0)
        assert logic.staleReason(evaluated) != ""
        logic.undo(evaluated)
        assert logic.staleReason(evaluated) == ""
        logic.setPrescription(evaluated, 100.0)
        assert logic.staleReason(evaluated) != ""

    def test_isodose_levels_follow_the_prescription(self, logic: Any, evaluated: Any) -> None:
        logic.writeIsodoses(evaluated, (80, 100))
        models = plan_parts(evaluated, PlanRole.ISODOSE)
        assert [model.GetAttribute("BrachyResponse.IsodoseLevelGy") for model in models] == ["96", "120"]

    def test_isodoses_can_be_hidden_one_kind_at_a_time(self, logic: Any, evaluated: Any) -> None:
        logic.showIsodoses(evaluated, lines=False, surfaces=True)
        display = plan_part(evaluated, PlanRole.ISODOSE).GetDisplayNode()
        assert not display.GetVisibility2D()
        assert display.GetVisibility3D()


class TestLive:
    def test_a_live_update_equals_a_full_evaluation_on_its_grid(self, logic: Any, evaluated: Any) -> None:
        logic.moveSeed(evaluated, 0, logic.seeds(evaluated).positions_mm[0] + [0, 0, 1.5])
        live = logic.updateLive(evaluated, 2.0, 15.0)
        full = logic.evaluatePlan(evaluated, 2.0, 15.0)
        assert live.grid == full.grid
        np.testing.assert_allclose(live.dose_gy, full.dose_gy, rtol=1e-3, atol=1e-3)  # the library's 0.1 %
        assert live.metric("GTV", "d90").value == pytest.approx(full.metric("GTV", "d90").value, rel=1e-3)

    def test_what_the_plan_is_made_for_is_read_anew_when_it_changes(self, logic: Any, evaluated: Any) -> None:
        first = logic.updateLive(evaluated, 2.0, 15.0)
        logic.setPrescription(evaluated, 60.0)
        second = logic.updateLive(evaluated, 2.0, 15.0)
        assert second.metric("GTV", "v200").value > first.metric("GTV", "v200").value

    def test_a_seed_that_leaves_the_grid_gets_a_larger_one(self, logic: Any, evaluated: Any) -> None:
        logic.updateLive(evaluated, 2.0, 5.0)
        logic.addSeed(evaluated, (0, 45, 0))
        assert logic.updateLive(evaluated, 2.0, 5.0).grid.contains([[0, 45, 0]]).all()

    def test_two_plans_do_not_share_their_live_dose(self, logic: Any, evaluated: Any) -> None:
        other = logic.duplicatePlan(evaluated)
        logic.deleteSeed(other, 0)
        first = logic.updateLive(evaluated, 2.0, 15.0).dose_gy.copy()
        assert logic.updateLive(other, 2.0, 15.0).dose_gy.sum() < first.sum()
        np.testing.assert_array_equal(logic.updateLive(evaluated, 2.0, 15.0).dose_gy, first)


@pytest.mark.usefixtures("quick_sample_patient")
def test_the_session_in_the_docstring_runs(brachydose: ModuleType) -> None:
    finder = doctest.DocTestFinder(recurse=False)
    (session,) = finder.find(brachydose.BrachyDoseLogic, "BrachyDoseLogic", globs={})
    outcome = doctest.DocTestRunner().run(session)
    assert outcome.attempted > 8
    assert outcome.failed == 0


@pytest.mark.usefixtures("quick_sample_patient")
def test_the_module_s_own_self_test_passes(brachydose: ModuleType) -> None:
    brachydose.BrachyDoseTest().runTest()


@pytest.mark.usefixtures("quick_sample_patient")
def test_the_session_on_the_module_s_page_runs(brachydose: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    page = (PROJECT / "Docs" / "user_guide" / "brachydose.md").read_text(encoding="utf-8")
    sessions = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    sessions = [session for session in sessions if "planImplant" not in session]  # the planner's is tested by itself
    assert len(sessions) == 2
    names: dict[str, Any] = {}
    for session in sessions:
        exec(session, names)
    said = capsys.readouterr().out
    assert "Gy" in said
    assert "the plan was changed" in said
    assert names["doseNode"].GetImageData() is not None
