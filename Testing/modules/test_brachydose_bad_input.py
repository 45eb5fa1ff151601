"""Bad input: the Logic says what is wrong in a sentence, and nothing in the scene has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import BrachyResponseError, Cancelled
from brachyresponse.geometry import Structure
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.segments import write_structure
from brachyresponse.scene.volumes import read_grid
from scene_state import scene_state


@pytest.fixture
def refused(scene: Any) -> Callable[[str, Callable[[], Any]], None]:
    """Check that a call is refused with a message and leaves the scene as it was."""

    def check(message: str, call: Callable[[], Any]) -> None:
        before = scene_state(scene)
        with pytest.raises(BrachyResponseError, match=message):
            call()
        assert scene_state(scene) == before

    return check


def seeds_node(plan: Any) -> Any:
    return plan_part(plan, PlanRole.SEEDS)


def put_under(node: Any, matrix: np.ndarray) -> Any:
    """Put a node under a linear transform and return the transform's node."""
    import slicer

    transform = node.GetScene().AddNewNodeByClass("vtkMRMLLinearTransformNode", "Moved")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
    node.SetAndObserveTransformNodeID(transform.GetID())
    return transform


class TestTarget:
    def test_no_target(self, logic: Any, plan: Any, refused: Any) -> None:
        logic.setStructures(plan, gtv="")
        logic.addNeedle(plan, (0, 0, 40), (0, 0, 0))
        refused("has no target", lambda: logic.loadNeedles(plan, spacingMm=8))
        refused("has no target", lambda: logic.makeTemplate(plan, direction=(0, 0, -1), pitchMm=8))
        refused("has no target", lambda: logic.evaluatePlan(plan))

    def test_an_empty_target(self, logic: Any, plan: Any, small_patient: Any, refused: Any) -> None:
        empty = small_patient["segmentation"].GetSegmentation().AddEmptySegment("", "Nothing")
        refused("'Nothing' .* is empty", lambda: logic.setStructures(plan, gtv=empty))

    def test_a_target_that_is_not_there(self, logic: Any, plan: Any, refused: Any) -> None:
        refused("no segment", lambda: logic.setStructures(plan, gtv="S_gone"))

    def test_a_target_outside_the_image(
        self, logic: Any, plan: Any, small_patient: dict[str, Any], scene: Any, refused: Any
    ) -> None:
        import slicer

        far = np.diag([1.0, 1.0, 1.0, 1.0])
        far[:3, 3] = 500
        elsewhere = slicer.util.addVolumeFromArray(np.zeros((10, 10, 10), np.int16), ijkToRAS=far, name="Other CT")
        refused(
            "Target 'GTV' lies outside the image 'Other CT'",
            lambda: logic.createPlan(elsewhere, small_patient["segmentation"], small_patient["GTV"]),
        )

    def test_a_target_outside_the_image_chosen_later(self, logic: Any, planned: Any, refused: Any) -> None:
        import slicer

        far = np.diag([1.0, 1.0, 1.0, 1.0])
        far[:3, 3] = 500
        logic.setImage(planned, slicer.util.addVolumeFromArray(np.zeros((9, 9, 9), np.int16), ijkToRAS=far, name="MR"))
        refused("outside the image 'MR'", lambda: logic.evaluatePlan(planned, 2.0, 10.0))

    def test_a_surface_without_reference_geometry(self, logic: Any, plan: Any, scene: Any, refused: Any) -> None:
        import vtk

        ball = vtk.vtkSphereSource()
        ball.SetRadius(10)
        ball.Update()
        segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Surfaces")
        segmentation.GetSegmentation().SetSourceRepresentationName("Closed surface")
        segment = segmentation.AddSegmentFromClosedSurfaceRepresentation(ball.GetOutput(), "Ball", [1, 0, 0])
        logic.setSegmentation(plan, segmentation)
        refused("reference geometry", lambda: logic.setStructures(plan, gtv=segment))

    def test_an_unknown_role(self, logic: Any, plan: Any, refused: Any) -> None:
        refused("'tumour' is nothing that a structure can be", lambda: logic.setStructures(plan, tumour="x"))

    def test_a_ptv_without_gtv(self, logic: Any, plan: Any, refused: Any) -> None:
        logic.setStructures(plan, gtv="")
        refused("no GTV to grow", lambda: logic.growTarget(plan, 5.0))
        logic.setStructures(plan, gtv=plan_part(plan, PlanRole.SEGMENTATION).GetSegmentation().GetNthSegmentID(0))
        refused("margin", lambda: logic.growTarget(plan, float("nan")))


class TestSeeds:
    def test_no_seeds(self, logic: Any, plan: Any, small_patient: Any, refused: Any) -> None:
        refused("has no seeds", lambda: logic.evaluatePlan(plan))
        refused("no seeds", lambda: logic.computeDose(seeds_node(plan), small_patient["volume"]))

    @pytest.mark.parametrize("activity", [0.0, -18.5, float("nan"), float("inf")])
    def test_an_activity_that_is_not_positive(self, logic: Any, planned: Any, refused: Any, activity: float) -> None:
        refused("give a positive number", lambda: logic.setActivity(planned, activityMbq=activity))

    def test_activity_given_twice(self, logic: Any, planned: Any, refused: Any) -> None:
        refused("given twice", lambda: logic.setActivity(planned, activityMbq=18.5, strengthU=0.6))

    def test_a_strength_of_zero_in_the_seed_list(self, logic: Any, planned: Any, refused: Any) -> None:
        seeds_node(planned).SetNthControlPointDescription(2, "needle=1 strength_u=0 axis=known origin=manual")
        refused("Control point 3 .* strength is 0 U", lambda: logic.evaluatePlan(planned))

    def test_a_position_that_is_no_number(self, logic: Any, planned: Any, refused: Any) -> None:
        refused("NaN or infinity", lambda: logic.addSeed(planned, (0, float("nan"), 0)))
        refused("finite", lambda: logic.addNeedle(planned, (0, 0, float("inf")), (0, 0, 0)))

    def test_a_nan_in_the_seed_list(self, logic: Any, planned: Any, small_patient: Any, refused: Any) -> None:
        seeds_node(planned).SetNthControlPointPosition(1, float("nan"), 0, 0)
        refused("Seed 2: .* NaN", lambda: logic.computeDose(seeds_node(planned), small_patient["volume"]))

    def test_a_seed_or_needle_that_is_not_there(self, logic: Any, planned: Any, refused: Any) -> None:
        refused("There is no seed 1000", lambda: logic.deleteSeed(planned, 0, 999))
        refused("no needle 77", lambda: logic.deleteNeedle(planned, 1, 77))
        refused("no needle 77", lambda: logic.addSeed(planned, (0, 0, 0), needle=77))

    def test_a_free_seed_cannot_be_nudged(self, logic: Any, planned: Any, refused: Any) -> None:
        logic.detachSeed(planned, 0)
        refused("Seed 1 is on no needle", lambda: logic.nudgeSeed(planned, 0, stepMm=1.0))

    def test_a_sheared_transform(self, logic: Any, planned: Any, small_patient: Any, refused: Any) -> None:
        sheared = np.eye(4)
        sheared[0, 1] = 0.3
        put_under(seeds_node(planned), sheared)
        refused("'Moved', which scales, shears", lambda: logic.evaluatePlan(planned))
        refused(
            "'Moved', which scales, shears", lambda: logic.computeDose(seeds_node(planned), small_patient["volume"])
        )

    def test_a_rigid_transform_is_applied_and_not_ignored(self, logic: Any, planned: Any) -> None:
        before, moved = logic.seeds(planned), np.eye(4)
        moved[:3, 3] = [3, -4, 5]
        put_under(seeds_node(planned), moved)
        np.testing.assert_allclose(
            logic.seeds(planned).positions_mm, before.positions_mm + np.array([3, -4, 5]), atol=1e-9
        )

    def test_a_hardened_rotation_turns_the_axes_too(self, logic: Any, planned: Any) -> None:
        turned = np.eye(4)
        turned[1:3, 1:3] = [[0, -1], [1, 0]]
        put_under(seeds_node(planned), turned)
        expected = logic.seeds(planned).directions
        seeds_node(planned).HardenTransform()
        np.testing.assert_allclose(np.abs(logic.seeds(planned).directions), np.abs(expected), atol=1e-6)


class TestSourceAndDates:
    def test_an_unknown_source(self, logic: Any, planned: Any, refused: Any) -> None:
        refused("amersham_6712", lambda: logic.setSource(planned, "amersham_6712"))

    def test_an_unknown_profile(self, logic: Any, planned: Any, refused: Any) -> None:
        refused("no site profile 'lung'", lambda: logic.setPrescription(planned, 120.0, profile="lung"))

    @pytest.mark.parametrize("dose", [0.0, -1.0, float("nan")])
    def test_a_prescription_that_is_not_positive(self, logic: Any, planned: Any, refused: Any, dose: float) -> None:
        refused("give a positive dose", lambda: logic.setPrescription(planned, dose))

    @pytest.mark.parametrize("day", ["2026-13-01", "6.3.2026", "tomorrow", ""])
    def test_a_wrong_date(self, logic: Any, planned: Any, refused: Any, day: str) -> None:
        refused("implant date .* is not a date", lambda: logic.setActivity(planned, implantDate=day))
        refused("planning image .* is not a date", lambda: logic.setPatient(planned, imageDate=day))

    def test_a_limit_that_cannot_be_read(self, logic: Any, planned: Any, refused: Any) -> None:
        refused("Cord", lambda: logic.setLimits(planned, ["Cord: not much"]))


class TestNodes:
    def test_a_node_of_another_kind(self, logic: Any, planned: Any, small_patient: Any, refused: Any) -> None:
        refused("cannot serve as", lambda: logic.computeDose(small_patient["volume"], small_patient["volume"]))
        refused("cannot serve as", lambda: logic.computeDose(seeds_node(planned), seeds_node(planned)))
        refused("No reference volume", lambda: logic.computeDose(seeds_node(planned), None))
        refused("cannot serve as", lambda: logic.setImage(planned, small_patient["segmentation"]))

    def test_an_image_without_voxels(self, logic: Any, planned: Any, scene: Any, refused: Any) -> None:
        empty = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Empty")
        refused("'Empty' holds no image", lambda: logic.setImage(planned, empty))

    def test_a_volume_under_a_bent_transform(
        self, logic: Any, planned: Any, small_patient: dict[str, Any], scene: Any, refused: Any
    ) -> None:
        small_patient["volume"].SetAndObserveTransformNodeID(
            scene.AddNewNodeByClass("vtkMRMLGridTransformNode", "Warp").GetID()
        )
        refused("non-linear transform 'Warp'", lambda: logic.computeDose(seeds_node(planned), small_patient["volume"]))

    def test_a_moved_image_is_computed_where_it_lies(self, logic: Any, planned: Any, small_patient: Any) -> None:
        moved = np.eye(4)
        moved[:3, 3] = [10, 0, 0]
        before = read_grid(small_patient["volume"]).centre_mm
        put_under(small_patient["volume"], moved)
        dose_node = logic.computeDose(seeds_node(planned), small_patient["volume"])
        np.testing.assert_allclose(read_grid(dose_node).centre_mm, before + np.array([10, 0, 0]), atol=1e-6)

    def test_structures_of_one_name(self, logic: Any, planned: Any, small_patient: Any, refused: Any) -> None:
        segmentation = small_patient["segmentation"]
        grid = read_grid(small_patient["volume"])
        mask = np.zeros(grid.shape_kji, bool)
        mask[5:9, 5:9, 5:9] = True
        other = write_structure(Structure("Other", mask, grid), segmentation)
        segmentation.GetSegmentation().GetSegment(other).SetName("Cord")
        logic.setStructures(planned, organs=[small_patient["Cord"], other])
        refused("Two segments .* 'Cord'", lambda: logic.evaluatePlan(planned))


class TestGrid:
    def test_a_grid_finer_than_meant(self, logic: Any, planned: Any, refused: Any) -> None:
        refused("million voxels", lambda: logic.evaluatePlan(planned, spacingMm=0.05))

    def test_a_spacing_that_is_no_length(self, logic: Any, planned: Any, refused: Any) -> None:
        refused("give positive lengths", lambda: logic.evaluatePlan(planned, spacingMm=0.0))
        refused("give positive lengths", lambda: logic.evaluatePlan(planned, spacingMm=float("nan")))

    def test_a_volume_that_does_not_fit_into_memory_is_refused_before_it_is_allocated(
        self, logic: Any, planned: Any, monkeypatch: pytest.MonkeyPatch, small_patient: dict[str, Any]
    ) -> None:
        from brachyresponse.geometry import Grid

        read_in = "brachyresponse.scene.brachydose_logic.dose_logic.read_grid"
        monkeypatch.setattr(read_in, lambda node, what: Grid((20000, 20000, 20000), np.eye(4)))
        with pytest.raises(BrachyResponseError, match=r"would take .* MB"):
            logic.computeDose(seeds_node(planned), small_patient["volume"])

    def test_a_coarse_grid_is_computed_with_a_warning(self, logic: Any, planned: Any) -> None:
        warnings = logic.evaluatePlan(planned, spacingMm=4.0, marginMm=12.0).warnings
        assert any("coarse" in warning for warning in warnings)


class TestFiles:
    def test_a_folder_that_cannot_be_written(self, logic: Any, planned: Any, tmp_path: Path, refused: Any) -> None:
        (tmp_path / "file").write_text("in the way")
        for export in (logic.exportPlan, logic.exportLoadingSheet):
            refused("cannot be made", lambda it=export: it(planned, tmp_path / "file" / "below"))
        refused("No folder is chosen", lambda: logic.exportPlan(planned, ""))

    def test_a_read_only_folder(
        self, logic: Any, planned: Any, tmp_path: Path, refused: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Tests may run as root, to whom no folder is read-only: the answer of the system is put in its place.
        monkeypatch.setattr("os.access", lambda path, mode: False)
        refused("cannot be written to", lambda: logic.exportPlan(planned, tmp_path))

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 99}', '{"schema": 1, "needles": 3}'])
    def test_a_damaged_plan_file(self, logic: Any, plan: Any, tmp_path: Path, refused: Any, text: str) -> None:
        path = tmp_path / "plan.json"
        path.write_text(text)
        refused("plan.json", lambda: logic.importPlan(path, plan))

    def test_a_plan_file_that_is_not_there(self, logic: Any, plan: Any, tmp_path: Path, refused: Any) -> None:
        refused("nowhere.json", lambda: logic.importPlan(tmp_path / "nowhere.json", plan))

    @pytest.mark.parametrize(("field", "value"), [("patient_id", "P-18"), ("frame_of_reference_uid", "1.2.3")])
    def test_a_plan_of_another_patient_or_frame(
        self, logic: Any, planned: Any, tmp_path: Path, refused: Any, field: str, value: str
    ) -> None:
        planned.SetAttribute("BrachyResponse.FrameOfReferenceUid", "9.8.7")
        path = logic.exportPlan(planned, tmp_path)
        path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
        refused(value, lambda: logic.importPlan(path, planned))

    def test_a_plan_file_comes_back_as_it_went(self, logic: Any, planned: Any, tmp_path: Path) -> None:
        imported = logic.importPlan(logic.exportPlan(planned, tmp_path), planned)
        assert logic.needles(imported) == logic.needles(planned)
        np.testing.assert_allclose(logic.seeds(imported).positions_mm, logic.seeds(planned).positions_mm, atol=1e-9)


def test_a_cancelled_computation_leaves_nothing(logic: Any, planned: Any, scene: Any, small_patient: Any) -> None:
    def stop(fraction: float, message: str) -> None:
        raise Cancelled

    before = scene_state(scene)
    with pytest.raises(Cancelled):
        logic.evaluatePlan(planned, report=stop)
    with pytest.raises(Cancelled):
        logic.computeDose(seeds_node(planned), small_patient["volume"], report=stop)
    with pytest.raises(Cancelled):
        logic.loadSamplePatient(report=stop)
    assert scene_state(scene) == before


def test_an_evaluation_cancelled_half_way_keeps_the_last_results(logic: Any, evaluated: Any, scene: Any) -> None:
    def stop_later(fraction: float, message: str) -> None:
        if fraction > 0.3:
            raise Cancelled

    before = scene_state(scene)
    with pytest.raises(Cancelled):
        logic.evaluatePlan(evaluated, 2.0, 15.0, report=stop_later)
    assert scene_state(scene) == before
