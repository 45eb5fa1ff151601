"""What a reader does with visits and lesions through the Logic of ResponseAssess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import slicer

from brachyresponse.errors import BrachyResponseError, GeometryError, ResponseError
from brachyresponse.response.measurement import MeasurementOrigin
from brachyresponse.response.vocabulary import LesionKind, LesionState
from brachyresponse.scene.hierarchy import folder_of
from brachyresponse.scene.nodes import get_attribute
from scene.building import bent_transform, linear_transform, rotation
from scene.followed import BASELINE, FOLLOW_UP, Scan, add_scan, ball, response_logic
from scene_state import scene_state

CENTRE, RADIUS_MM = (4.0, -2.0, 1.0), 9.0


@pytest.fixture
def logic(scene: Any) -> Any:
    return response_logic()


@pytest.fixture
def assessment(logic: Any) -> Any:
    return logic.createAssessment("Anna")


@pytest.fixture
def scan(scene: Any) -> Scan:
    return add_scan(scene, "March", ball(CENTRE, RADIUS_MM))


@pytest.fixture
def visit(logic: Any, assessment: Any, scan: Scan) -> Any:
    return logic.addVisit(assessment, BASELINE, "baseline", scan.volume)


@pytest.fixture
def measured(logic: Any, visit: Any, scan: Scan) -> Any:
    """The visit with lesion "T", measured on its segment."""
    logic.addLesion(visit, scan.segmentation, scan.draw("Tumour", CENTRE, RADIUS_MM), "T")
    logic.measureLesion(visit, "T")
    return visit


def lesion(logic: Any, visit: Any, name: str = "T") -> Any:
    return next(each for each in logic.lesions(visit) if each.id == name)


def drag(line: Any, end: int, to_ras_mm: Any) -> None:
    """Move an end of a line in the world, as a reader does."""
    line.SetNthControlPointPositionWorld(end, *map(float, to_ras_mm))


class TestVisits:
    def test_visits_stand_in_order_of_their_days_in_one_folder(self, logic: Any, assessment: Any, visit: Any) -> None:
        later = logic.addVisit(assessment, "2026-09-01")
        between = logic.addVisit(assessment, FOLLOW_UP)
        assert logic.visits(assessment) == [visit, between, later]
        assert logic.assessmentOf(between) is assessment
        hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
        folders = [folder_of(node) for node in logic.visits(assessment)]
        assert {hierarchy.GetItemParent(folder) for folder in folders} == {folder_of(assessment)}
        assert [hierarchy.GetItemName(folder) for folder in folders] == [BASELINE, FOLLOW_UP, "2026-09-01"]

    def test_what_is_said_of_a_visit_is_read_back_and_can_be_taken_back(self, logic: Any, visit: Any) -> None:
        said = {"nonTarget": "CR", "t2Flair": "worse", "steroidDose": 4.0, "clinicalStatus": "worse"}
        for name, value in {**said, "histology": "tumour", "steroidTrend": "increased"}.items():
            logic.setVisit(visit, name, value)
        assert {name: logic.visitValue(visit, name) for name in said} == said
        logic.setVisit(visit, "steroidDose", 0)
        assert logic.visitValue(visit, "steroidDose") == 0.0
        for name in said:
            logic.setVisit(visit, name, None)
            assert logic.visitValue(visit, name) is None

    def test_a_corrected_day_renames_the_visit_and_its_place_in_the_order(self, logic: Any, assessment: Any) -> None:
        first, second = (logic.addVisit(assessment, day) for day in (BASELINE, FOLLOW_UP))
        logic.setVisit(first, "date", "2026-07-01")
        assert logic.visits(assessment) == [second, first]
        assert first.GetName() == "Anna 2026-07-01"

    def test_images_stay_where_they_are(self, logic: Any, assessment: Any, visit: Any, scan: Scan) -> None:
        assert folder_of(scan.volume) is None
        assert scan.volume.GetParentTransformNode() is None
        logic.addSeries(visit, scan.volume)
        assert logic.series(visit) == [scan.volume]
        assert logic.visitVolume(visit) is scan.volume


class TestMeasuring:
    def test_a_ball_is_measured_on_its_segment_and_drawn_as_two_lines(self, logic: Any, measured: Any) -> None:
        found = lesion(logic, measured)
        assert found.longest_mm == pytest.approx(2 * RADIUS_MM, abs=1.0)  # a pixel
        assert found.volume_ml == pytest.approx(4 / 3 * np.pi * RADIUS_MM**3 / 1000, rel=0.05)
        assert found.origin is MeasurementOrigin.AUTOMATIC
        longest, across = logic.lineNodes(measured, "T")
        assert longest.GetLineLengthWorld() == pytest.approx(found.longest_mm)
        assert across.GetLineLengthWorld() == pytest.approx(found.perpendicular_mm)
        assert longest.GetDisplayNode().GetPropertiesLabelVisibility()
        assert longest.GetName() == "T longest"

    def test_a_dragged_line_is_the_measurement_and_is_the_readers(self, logic: Any, measured: Any) -> None:
        longest, _ = logic.lineNodes(measured, "T")
        start = np.array(longest.GetNthControlPointPositionWorld(0))
        along = np.array(longest.GetNthControlPointPositionWorld(1)) - start
        drag(longest, 1, start + 1.5 * along)
        found = lesion(logic, measured)
        assert found.longest_mm == pytest.approx(1.5 * np.linalg.norm(along))
        assert found.origin is MeasurementOrigin.MANUAL
        assert logic.takeEdits(logic.assessmentOf(measured))
        assert get_attribute(longest, "Origin") == "manual"
        assert not logic.takeEdits(logic.assessmentOf(measured))

    def test_measuring_again_takes_the_reader_back(self, logic: Any, measured: Any) -> None:
        before = lesion(logic, measured)
        drag(logic.lineNodes(measured, "T")[0], 1, (0.0, 0.0, 0.0))
        logic.takeEdits(logic.assessmentOf(measured))
        logic.measureLesion(measured, "T")
        after = lesion(logic, measured)
        assert (after.longest_mm, after.origin) == (before.longest_mm, MeasurementOrigin.AUTOMATIC)
        assert len(logic.lineNodes(measured, "T")) == 2

    def test_lines_under_a_turned_transform_are_read_in_the_world(self, logic: Any, measured: Any, scene: Any) -> None:
        turned = linear_transform(scene, rotation(30.0, [1, 2, 3]), [12.0, -30.0, 45.0])
        longest, across = logic.lineNodes(measured, "T")
        before = lesion(logic, measured)
        for node in (longest, across):
            node.SetAndObserveTransformNodeID(turned.GetID())
        assert lesion(logic, measured).longest_mm == before.longest_mm
        assert lesion(logic, measured).origin is MeasurementOrigin.AUTOMATIC
        start, end = (np.array(longest.GetNthControlPointPositionWorld(n)) for n in range(2))
        drag(longest, 1, start + 0.5 * (end - start))
        assert lesion(logic, measured).longest_mm == pytest.approx(before.longest_mm / 2)
        logic.measureLesion(measured, "T")
        ends = np.array([longest.GetNthControlPointPositionWorld(n) for n in range(2)])
        assert np.linalg.norm(ends.mean(axis=0) - np.array(CENTRE)) < 3.0
        assert lesion(logic, measured).longest_mm == pytest.approx(before.longest_mm)

    def test_a_redrawn_segment_is_said(self, logic: Any, measured: Any, scan: Scan) -> None:
        scan.draw("Tumour", CENTRE, 5.0)
        assert "redrawn" in lesion(logic, measured).notes[0]

    def test_holes_are_left_out_or_filled_as_chosen(self, logic: Any, visit: Any, scan: Scan) -> None:
        from brachyresponse.geometry import Structure
        from brachyresponse.scene.segments import write_structure
        from scene.followed import grid

        ring = ball(CENTRE, 12.0) & ~ball(CENTRE, 8.0)
        segment_id = write_structure(Structure("Ring", ring, grid()), scan.segmentation, "Ring")
        logic.addLesion(visit, scan.segmentation, segment_id, "R")
        without = logic.measureLesion(visit, "R").longest_mm
        filled = logic.measureLesion(visit, "R", holes="fill").longest_mm
        assert filled > without
        assert lesion(logic, visit, "R").holes == "fill"


class TestLesions:
    def test_one_click_grows_a_lesion_that_can_be_measured(self, logic: Any, visit: Any) -> None:
        node, segment_id = logic.growLesion(visit, CENTRE)
        name = logic.addLesion(visit, node, segment_id)
        logic.measureLesion(visit, name)
        assert lesion(logic, visit, name).longest_mm == pytest.approx(2 * RADIUS_MM, abs=2.0)

    def test_sizes_without_a_segment_are_as_good(self, logic: Any, visit: Any) -> None:
        logic.addManualLesion(visit, "M", 21.0, 14.0)
        logic.setLesion(visit, "M", "kind", "node")
        found = lesion(logic, visit, "M")
        assert (found.longest_mm, found.perpendicular_mm, found.kind) == (21.0, 14.0, LesionKind.NODE)
        assert found.origin is MeasurementOrigin.MANUAL
        assert logic.lineNodes(visit, "M") == []

    def test_drawn_diameters_are_lines_that_can_be_dragged_on(self, logic: Any, visit: Any) -> None:
        logic.addDrawnLesion(visit, [(0, 0, 0), (20, 0, 0)], [(10, -6, 0), (10, 6, 0)], "D")
        assert lesion(logic, visit, "D").perpendicular_mm == pytest.approx(12.0)
        drag(logic.lineNodes(visit, "D")[0], 1, (30, 0, 0))
        assert lesion(logic, visit, "D").longest_mm == pytest.approx(30.0)

    def test_entered_sizes_take_the_place_of_lines(self, logic: Any, measured: Any) -> None:
        logic.addManualLesion(measured, "T", 30.0, 20.0)
        assert logic.lineNodes(measured, "T") == []
        assert lesion(logic, measured).longest_mm == 30.0

    def test_an_absent_lesion_has_no_size_and_no_lines(self, logic: Any, measured: Any) -> None:
        logic.setLesion(measured, "T", "state", "absent")
        found = lesion(logic, measured)
        assert (found.state, found.longest_mm, found.origin) == (LesionState.ABSENT, None, None)
        assert logic.lineNodes(measured, "T") == []

    def test_kind_organ_and_role_are_those_of_the_lesion_at_all_visits(
        self, logic: Any, assessment: Any, measured: Any
    ) -> None:
        later = logic.addVisit(assessment, FOLLOW_UP)
        logic.addManualLesion(later, "T", 10.0, 8.0)
        logic.setLesion(later, "T", "kind", "node")
        logic.setLesion(measured, "T", "organ", "neck")
        for visit in (measured, later):
            assert (lesion(logic, visit).kind, lesion(logic, visit).organ) == (LesionKind.NODE, "neck")
        logic.setLesion(later, "T", "kind", None)
        assert lesion(logic, measured).kind is LesionKind.ENHANCING

    def test_a_lesion_that_the_baseline_did_not_have_is_new(self, logic: Any, assessment: Any, measured: Any) -> None:
        later = logic.addVisit(assessment, FOLLOW_UP)
        logic.addManualLesion(later, "T", 10.0, 8.0)
        logic.addManualLesion(later, "N", 12.0, 12.0)
        assert [each.is_new for each in logic.lesions(later)] == [False, True]
        logic.renameLesion(measured, "T", "N")
        assert not logic.lesions(measured)[0].is_new
        assert [each.is_new for each in logic.lesions(later)] == [True, False]
        assert logic.lineNodes(measured, "N")[0].GetName() == "N longest"

    def test_deleting_takes_what_is_ours_and_nothing_of_the_user(
        self, logic: Any, assessment: Any, measured: Any, scan: Scan
    ) -> None:
        logic.growLesion(measured, CENTRE)
        logic.deleteAssessment(assessment)
        left = [slicer.mrmlScene.GetNthNode(n) for n in range(slicer.mrmlScene.GetNumberOfNodes())]
        ours = [node.GetName() for node in left if node.IsA("vtkMRMLMarkupsNode") or "Anna" in (node.GetName() or "")]
        assert ours == []
        assert scan.volume in left
        assert scan.segmentation in left


BAD_INPUT: list[tuple[Callable[[Any, Any, Scan], Any], str]] = [
    (lambda logic, visit, scan: logic.setVisit(visit, "role", "first"), "'first' is no role of a visit"),
    (lambda logic, visit, scan: logic.setVisit(visit, "date", "1 March"), "'1 March' is not written as 2026"),
    (lambda logic, visit, scan: logic.setVisit(visit, "mood", 1), "A visit has no 'mood'"),
    (lambda logic, visit, scan: logic.setVisit(visit, "steroidDose", -2), "-2 mg a day cannot be"),
    (lambda logic, visit, scan: logic.addVisit(logic.assessmentOf(visit), BASELINE), "has a visit on 2026-03"),
    (lambda logic, visit, scan: logic.addVisit(logic.assessmentOf(visit), ""), "visit has no date"),
    (lambda logic, visit, scan: logic.addManualLesion(visit, "M", -3.0), "-3 mm cannot be"),
    (lambda logic, visit, scan: logic.addManualLesion(visit, "M", 0.0), "0 mm is no size"),
    (lambda logic, visit, scan: logic.addManualLesion(visit, "M", 10.0, 12.0), "longer than its longest"),
    (lambda logic, visit, scan: logic.addManualLesion(visit, "M"), "no size is given"),
    (lambda logic, visit, scan: logic.measureLesion(visit, "X"), r"no lesion 'X' \(lesions: T\)"),
    (lambda logic, visit, scan: logic.setLesion(visit, "T", "size", 3), "A lesion has no 'size'"),
    (lambda logic, visit, scan: logic.setLesion(visit, "T", "mergedInto", "T"), "cannot be merged into itself"),
    (lambda logic, visit, scan: logic.setLesion(visit, "T", "state", "gone"), "'gone' is no state"),
    (lambda logic, visit, scan: logic.measureLesion(visit, "T", plane="oblong"), "oblong"),
    (lambda logic, visit, scan: logic.addDrawnLesion(visit, [(0, 0), (1, 1)]), "shape"),
    (lambda logic, visit, scan: logic.removeVisit(visit, visit), "is no"),
    (lambda logic, visit, scan: logic.visits(None), "No assessment is chosen"),
]


class TestRefusals:
    def test_bad_input_is_said_and_changes_nothing(self, logic: Any, measured: Any, scan: Scan) -> None:
        state = scene_state(slicer.mrmlScene)
        for call, said in BAD_INPUT:
            with pytest.raises(BrachyResponseError, match=said):
                call(logic, measured, scan)
            assert scene_state(slicer.mrmlScene) == state, said

    def test_a_lesion_lies_in_one_place(self, logic: Any, measured: Any, scan: Scan) -> None:
        other = scan.draw("Other", (-10.0, 0.0, 0.0), 4.0)
        state = scene_state(slicer.mrmlScene)
        with pytest.raises(ResponseError, match="Lesion 'T' at the visit of 2026-03-01 is there already"):
            logic.addLesion(measured, scan.segmentation, other, "T")
        assert scene_state(slicer.mrmlScene) == state

    def test_a_segment_of_another_visits_image_is_refused(
        self, logic: Any, assessment: Any, measured: Any, scan: Scan, scene: Any
    ) -> None:
        june = add_scan(scene, "June")
        june.volume.SetOrigin(100.0, 0.0, 0.0)
        later = logic.addVisit(assessment, FOLLOW_UP, volumeNode=june.volume)
        segment_id = scan.segmentation.GetSegmentation().GetNthSegmentID(0)
        logic.addLesion(later, scan.segmentation, segment_id, "T")
        with pytest.raises(
            ResponseError, match=r"drawn on 'March T1 post-contrast', the image of the visit of 2026-03"
        ):
            logic.measureLesion(later, "T")

    def test_a_deleted_line_is_said_until_it_is_measured_again(self, logic: Any, measured: Any) -> None:
        assessment = logic.assessmentOf(measured)
        slicer.mrmlScene.RemoveNode(logic.lineNodes(measured, "T")[1])
        assert "a line of its diameters was deleted; measure it again" in lesion(logic, measured).notes[0]
        assert lesion(logic, measured).longest_mm is None
        assert not logic.takeEdits(assessment)
        logic.setCriteria(assessment, "RANO-BM")
        with pytest.raises(ResponseError, match="a line of its diameters was deleted"):
            logic.assess(assessment)
        logic.measureLesion(measured, "T")
        assert len(logic.lineNodes(measured, "T")) == 2
        logic.assess(assessment)

    def test_a_warped_line_is_said(self, logic: Any, measured: Any, scene: Any) -> None:
        logic.lineNodes(measured, "T")[0].SetAndObserveTransformNodeID(bent_transform(scene).GetID())
        assert "non-linear transform" in lesion(logic, measured).notes[0]
        with pytest.raises(GeometryError, match="non-linear transform"):
            logic.measureLesion(measured, "T")

    def test_a_deleted_segment_leaves_what_was_measured_and_is_said(
        self, logic: Any, measured: Any, scan: Scan, scene: Any
    ) -> None:
        before = lesion(logic, measured).longest_mm
        scene.RemoveNode(scan.segmentation)
        assert lesion(logic, measured).longest_mm == before
        assert "The segment was deleted" in lesion(logic, measured).notes[0]
        with pytest.raises(BrachyResponseError, match="was deleted"):
            logic.measureLesion(measured, "T")
