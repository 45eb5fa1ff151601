"""What users and other modules do behind the back of ResponseAssess: nothing is lost, nothing old is taken for new."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer

from brachyresponse.errors import BrachyResponseError, ResponseError, StructureError
from brachyresponse.response.matching import VisitRegistration
from brachyresponse.scene.nodes import SceneError, nodes_of_class
from brachyresponse.scene.response_parts import ResponseRole, response_parts
from brachyresponse.scene.response_registration import write_registration
from brachyresponse.scene.tables import read_table
from scene.building import linear_transform, rotation, volume_of
from scene.followed import BASELINE, FOLLOW_UP, Scan, add_scan, grid, response_logic
from scene_state import scene_state

LAST = "2026-09-01"
LEFT = (-9.0, 0.0, 0.0)


@pytest.fixture
def logic(scene: Any) -> Any:
    return response_logic()


@pytest.fixture
def scans(scene: Any) -> list[Scan]:
    return [add_scan(scene, name) for name in ("March", "June", "September")]


@pytest.fixture
def visits(logic: Any, scans: list[Scan]) -> list[Any]:
    """Three visits, registered by the identity, with a lesion that is drawn and one by numbers."""
    assessment = logic.createAssessment("Anna")
    logic.setTumour(assessment, "brain metastasis")
    days = ((BASELINE, "baseline"), (FOLLOW_UP, "follow-up"), (LAST, "follow-up"))
    made = [logic.addVisit(assessment, *day, scan.volume) for day, scan in zip(days, scans, strict=True)]
    for visit, scan in zip(made, scans, strict=True):
        logic.addLesion(visit, scan.segmentation, scan.draw("1", LEFT, 6.0), "1")
        logic.measureLesion(visit, "1")
        logic.addManualLesion(visit, "2", 12.0, 11.0)
    for visit in made[1:]:
        write_registration(visit, turned(0.0))
    return made


@pytest.fixture
def assessment(logic: Any, visits: list[Any]) -> Any:
    return logic.assessmentOf(visits[0])


def turned(degrees: float) -> VisitRegistration:
    matrix = np.eye(4)
    matrix[:3, :3] = rotation(degrees, [0, 0, 1])
    return VisitRegistration(matrix, 0.5, "As made.")


def type_into(table: Any, row: int, heading: str, text: str) -> None:
    table.SetCellText(row, read_table(table).columns.index(heading), text)


class TestBaseline:
    """A registration brings to one image; where the baseline has another, it says nothing."""

    def test_registrations_to_another_baseline_do_not_count(
        self, logic: Any, visits: list[Any], assessment: Any
    ) -> None:
        first, second, last = visits
        logic.setVisit(first, "role", "pre-baseline")
        logic.setVisit(second, "role", "baseline")
        with pytest.raises(ResponseError, match="brings to the image 'March T1 post-contrast', but the baseline"):
            logic.matchLesions(last)
        with pytest.raises(ResponseError, match="register again"):
            logic.previewRegistration(last)
        assert "register again" in logic.registrationSentences(last)[0]
        study = logic.assess(assessment)  # no size depends on it, and it is said
        assert any("2026-09-01 to baseline' brings to" in each.sentence for each in study.assumptions)
        logic.setVisit(first, "role", "baseline")
        logic.setVisit(second, "role", "follow-up")
        assert logic.matchLesions(last).pairs

    def test_nor_do_those_to_an_image_that_the_baseline_no_longer_has(
        self, logic: Any, visits: list[Any], assessment: Any, scene: Any
    ) -> None:
        dose = volume_of(np.full(grid().shape_kji, 100.0, np.float32), grid(), "Dose")
        logic.addTreatment(assessment, "implant", "2026-02-20", prescription_gy=60.0)
        logic.setCourseDose(assessment, 0, dose)
        logic.doseLiesInBaseline(assessment, dose)
        logic.placeInField(visits[0], "1")
        logic.setVisitVolume(visits[0], add_scan(scene, "Other").volume)
        for call in (lambda: logic.matchLesions(visits[1]), lambda: logic.placeInField(visits[0], "1")):
            with pytest.raises(ResponseError, match="but the baseline has the image 'Other T1 post-contrast'"):
                call()

    def test_one_image_is_not_two_visits(self, logic: Any, assessment: Any, visits: list[Any], scans: Any) -> None:
        state = scene_state(slicer.mrmlScene)
        with pytest.raises(ResponseError, match="is that of the visit of 2026-03-01"):
            logic.addVisit(assessment, "2026-12-01", volumeNode=scans[0].volume)
        assert scene_state(slicer.mrmlScene) == state
        other = logic.createAssessment("Berta")
        assert logic.visitVolume(logic.addVisit(other, BASELINE, "baseline", scans[0].volume)) is scans[0].volume

    def test_of_proposed_visits_all_or_none_are_added(self, logic: Any, assessment: Any, scene: Any) -> None:
        days = {"20261101": "November", "20261201": "December"}
        hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
        date_name = slicer.vtkMRMLSubjectHierarchyConstants.GetDICOMStudyDateAttributeName()
        for day, name in days.items():
            study = hierarchy.CreateStudyItem(hierarchy.GetSceneItemID(), day)
            hierarchy.SetItemAttribute(study, date_name, day)
            hierarchy.CreateItem(study, add_scan(scene, name).volume)
        proposals = logic.proposeVisits(assessment)
        logic.addVisit(assessment, "2026-12-01")
        count = scene.GetNumberOfNodes()
        with pytest.raises(ResponseError, match="has a visit on 2026-12-01 already"):
            logic.acceptVisits(assessment, proposals)
        assert scene.GetNumberOfNodes() == count
        assert len(logic.visits(assessment)) == 4


class TestStaleness:
    def test_what_the_result_is_made_of_makes_it_stale(
        self, logic: Any, assessment: Any, visits: list[Any], scans: list[Scan]
    ) -> None:
        line = logic.lineNodes(visits[1], "1")[0]
        ends = np.array([line.GetNthControlPointPosition(index) for index in range(2)])
        aside = [*(ends[0] + [0, 1, 0]), *(ends[1] + [0, 1, 0])]  # as long as before
        values = slicer.util.arrayFromVolume(scans[2].volume)
        for change, said in (
            (lambda: logic.setSchedule(assessment, "gliasite"), "the schedule was changed"),
            (lambda: logic.setReferenceDate(assessment, "2026-02-01"), "the end of radiation was changed"),
            (lambda: write_registration(visits[1], turned(0.2)), "a registration or a dose was changed"),
            (lambda: slicer.util.updateVolumeFromArray(scans[2].volume, values + 1), "an image was changed"),
            (lambda: [line.SetNthControlPointPosition(end, *aside[3 * end : 3 * end + 3]) for end in range(2)],
             "a lesion was changed"),
        ):  # fmt: skip
            logic.assess(assessment)
            assert logic.staleReason(assessment) == ""
            change()
            assert logic.staleReason(assessment) == said

    def test_what_it_is_not_made_of_does_not(
        self, logic: Any, assessment: Any, visits: list[Any], scans: list[Scan]
    ) -> None:
        logic.assess(assessment)
        line = logic.lineNodes(visits[1], "1")[0]
        line.SetLocked(True)
        line.SetDisplayVisibility(False)
        scans[1].volume.SetName("renamed")
        scans[1].volume.CreateDefaultDisplayNodes()
        scans[1].volume.GetDisplayNode().SetLevel(17.0)
        segment = scans[1].segmentation.GetSegmentation().GetNthSegment(0)
        segment.SetName("renamed")
        segment.SetColor(0.0, 1.0, 0.0)
        logic.visitTable(assessment)
        logic.setVisit(visits[1], "date", FOLLOW_UP)
        turn = linear_transform(slicer.mrmlScene, rotation(30.0, [1, 2, 3]), [5.0, 6.0, 7.0])
        assert logic.staleReason(assessment) == ""
        assert not logic.lesions(visits[1])[0].notes
        scans[1].volume.SetAndObserveTransformNodeID(turn.GetID())
        assert logic.staleReason(assessment) == "an image was changed"

    def test_an_assessment_has_a_name(self, logic: Any, assessment: Any) -> None:
        for call in (lambda: logic.createAssessment(" "), lambda: logic.renameAssessment(assessment, "")):
            with pytest.raises(ResponseError, match="has no name: give it one"):
                call()
        assert [node.GetName() for node in logic.assessments()] == ["Anna"]

    def test_the_files_have_the_name_and_the_patient_id_of_now(
        self, logic: Any, assessment: Any, visits: list[Any], tmp_path: Path
    ) -> None:
        for visit in visits:
            logic.setVisitVolume(visit, None)
        logic.assess(assessment)
        logic.renameAssessment(assessment, "Berta")
        logic.setPatientID(assessment, "P-7")
        logic.exportAssessment(assessment, tmp_path)
        report = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert "Berta" in report
        assert "P-7" in report
        assert "Anna" not in report


class TestTables:
    def test_of_what_was_typed_all_or_nothing_is_taken(self, logic: Any, assessment: Any, visits: list[Any]) -> None:
        table = logic.visitTable(assessment)
        type_into(table, 0, "role", "pre-baseline")
        type_into(table, 1, "date", LAST)
        with pytest.raises(ResponseError, match="has a visit on 2026-09-01 already"):
            logic.takeEdits(assessment)
        assert logic.visitValue(visits[0], "role") == "baseline"
        table = logic.lesionTable(assessment)
        type_into(table, 0, "organ", "lung")
        type_into(table, 2, "lesion", "2")
        with pytest.raises(ResponseError, match="'2' at the visit of 2026-06-01 is there already"):
            logic.takeEdits(assessment)
        assert {lesion.organ for lesion in logic.lesions(visits[0])} == {"brain"}

    def test_two_visits_exchange_their_days(self, logic: Any, assessment: Any, visits: list[Any]) -> None:
        table = logic.visitTable(assessment)
        type_into(table, 1, "date", LAST)
        type_into(table, 2, "date", FOLLOW_UP)
        assert logic.takeEdits(assessment)
        assert logic.visits(assessment) == [visits[0], visits[2], visits[1]]
        assert visits[1].GetName() == f"Anna {LAST}"

    def test_a_table_without_columns_takes_no_treatment_along(self, logic: Any, assessment: Any) -> None:
        logic.addTreatment(assessment, "implant", "2026-02-20", prescription_gy=60.0)
        table = logic.treatmentTable(assessment)
        table.RemoveAllColumns()
        with pytest.raises(ResponseError, match="has lost its columns; it was made anew"):
            logic.takeEdits(assessment)
        assert len(logic.treatments(assessment)) == table.GetNumberOfRows() == 1


class TestDeleted:
    @pytest.mark.parametrize("role", [ResponseRole.CHART_TABLE, ResponseRole.CHART_SERIES, ResponseRole.CHART])
    def test_the_chart_is_made_anew_of_what_is_left(
        self, logic: Any, assessment: Any, scene: Any, role: ResponseRole
    ) -> None:
        logic.assess(assessment)
        shown = len(response_parts(assessment, ResponseRole.CHART_SERIES))
        scene.RemoveNode(response_parts(assessment, role)[0])
        logic.assess(assessment)
        assert len(nodes_of_class(scene, "vtkMRMLPlotSeriesNode")) == shown
        assert logic.timelineChart(assessment).GetNumberOfPlotSeriesNodes() == shown

    def test_a_lesion_whose_segment_was_deleted_keeps_its_size_and_its_place(
        self, logic: Any, assessment: Any, visits: list[Any], scans: list[Scan], scene: Any
    ) -> None:
        dose = volume_of(np.full(grid().shape_kji, 100.0, np.float32), grid(), "Dose")
        logic.addTreatment(assessment, "implant", "2026-02-20", prescription_gy=60.0)
        logic.setCourseDose(assessment, 0, dose)
        logic.doseLiesInBaseline(assessment, dose)
        placed = logic.placeInField(visits[1], "1")
        before = logic.assess(assessment).assessment.visits
        scene.RemoveNode(scans[1].segmentation)
        with pytest.raises(StructureError, match="'1' at the visit of 2026-06-01: its segment was deleted"):
            logic.placeInField(visits[1], "1")
        assert [visit.sum for visit in logic.assess(assessment).assessment.visits] == [visit.sum for visit in before]
        assert logic.lesions(visits[1])[0].field is placed.position

    def test_a_node_that_was_removed_is_said_to_be(
        self, logic: Any, assessment: Any, visits: list[Any], scene: Any
    ) -> None:
        scene.RemoveNode(visits[1])
        for call in (logic.lesions, logic.matchLesions, logic.why, lambda node: logic.removeVisit(assessment, node)):
            with pytest.raises(SceneError, match="Visit 'Anna 2026-06-01' was removed from the scene"):
                call(visits[1])
        assert len(logic.visits(assessment)) == 2
        scene.RemoveNode(assessment)
        with pytest.raises(BrachyResponseError, match="Assessment 'Anna' was removed from the scene"):
            logic.assess(assessment)


def test_a_scene_saved_with_visits_side_by_side_shows_all_again(
    logic: Any, assessment: Any, visits: list[Any], scene: Any, tmp_path: Path
) -> None:
    scene.AddNewNodeByClass("vtkMRMLLayoutNode")
    logic.showVisits(assessment, visits[:2])
    lines = logic.lineNodes(visits[0], "1")
    assert lines[0].GetDisplayNode().GetNumberOfViewNodeIDs()
    path = str(tmp_path / "shown.mrb")
    assert scene.WriteToMRB(path)
    scene.Clear(0)
    assert scene.ReadFromMRB(path, True)
    again = response_logic()
    again.hideVisits()
    lines = nodes_of_class(scene, "vtkMRMLMarkupsLineNode")
    assert len(lines) == 6
    assert not any(line.GetDisplayNode().GetNumberOfViewNodeIDs() for line in lines)


def test_all_lesions_are_seen_and_those_that_are_not_chosen_cannot_be_dragged_off_their_slice(
    logic: Any, visits: list[Any]
) -> None:
    logic.addDrawnLesion(visits[0], [(0, 9, 4), (9, 9, 4)], lesionId="D")
    for chosen, beside in (("1", "D"), ("D", "1")):
        logic.showMeasurement(visits[0], chosen)
        (first, *_), (other, *_) = (logic.lineNodes(visits[0], name) for name in (chosen, beside))
        assert first.GetName() == f"{chosen} longest"
        assert {other.GetNthControlPointLabel(end) for end in range(2)} == {beside, ""}
        for node, is_first in ((first, True), (other, False)):
            display = node.GetDisplayNode()
            assert bool(display.GetPropertiesLabelVisibility()) is is_first
            assert bool(display.GetPointLabelsVisibility()) is not is_first
            assert bool(display.GetSliceProjection()) is not is_first
            assert bool(node.GetNthControlPointLocked(0)) is not is_first
    assert logic.lineNodes(visits[0], "1")[1].GetName() == "1 across"
    same = logic.lineNodes(visits[1], "1")[0]
    logic.showMeasurement(visits[0], "1")
    assert same.GetDisplayNode().GetPropertiesLabelVisibility()
    assert same.GetDisplayNode().GetSliceProjection()


def test_reasons_are_told_in_words_and_not_by_the_names_that_rules_have_in_files(
    logic: Any, assessment: Any, visits: list[Any]
) -> None:
    logic.setCriteria(assessment, "RANO-2010")
    logic.addManualLesion(visits[2], "N", 20.0, 20.0)
    logic.assess(assessment)
    told = [logic.why(visit) for visit in visits]
    rules = [str(row[4]) for row in read_table(logic.reasonTable(assessment)).rows]
    assert "any unequivocal new lesion is PD" in told[2]
    assert "mm²" in told[2]
    for text in (*told, *rules):
        assert not any(wrong in text for wrong in ("new_lesion", "pr_decrease", "If If", "mm2", "[table"))


def test_visits_at_which_nothing_was_measured_have_an_empty_chart(logic: Any) -> None:
    assessment = logic.createAssessment("Anna")
    logic.setTumour(assessment, "brain metastasis")
    logic.addVisit(assessment, BASELINE, "baseline")
    study = logic.assess(assessment)
    assert [visit.sum for visit in study.assessment.visits] == [None]
    assert logic.timelineChart(assessment).GetNumberOfPlotSeriesNodes() == 0
