"""Visits with images through the Logic of ResponseAssess: brought together, matched, placed, shown, saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer

from brachyresponse.errors import BrachyResponseError, ResponseError
from brachyresponse.response.matching import MatchKind, VisitRegistration
from brachyresponse.response.vocabulary import Category, FieldPosition, LesionState
from brachyresponse.scene.nodes import matrix_to_array, nodes_of_class
from brachyresponse.scene.response_registration import write_registration
from brachyresponse.scene.tables import read_table
from scene.building import rotation, volume_of
from scene.followed import BASELINE, FOLLOW_UP, Scan, add_scan, grid, response_logic
from scene_state import scene_state

LEFT, RIGHT = (-9.0, 0.0, 0.0), (9.0, 0.0, 0.0)


def motion(turn_deg: float = 0.0, shift_mm: tuple[float, float, float] = (0, 0, 0)) -> VisitRegistration:
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation(turn_deg, [0, 0, 1]), shift_mm
    return VisitRegistration(matrix, 0.5, "As made.")


@pytest.fixture
def logic(scene: Any) -> Any:
    return response_logic()


@pytest.fixture
def scans(scene: Any) -> tuple[Scan, Scan]:
    return add_scan(scene, "March"), add_scan(scene, "June")


@pytest.fixture
def visits(logic: Any, scans: tuple[Scan, Scan]) -> tuple[Any, Any]:
    """A baseline with lesions 1 (left) and 2 (right), and a visit registered to it by the identity, without lesions."""
    assessment = logic.createAssessment("Anna")
    logic.setTumour(assessment, "brain metastasis")
    first = logic.addVisit(assessment, BASELINE, "baseline", scans[0].volume)
    later = logic.addVisit(assessment, FOLLOW_UP, volumeNode=scans[1].volume)
    for name, centre in (("1", LEFT), ("2", RIGHT)):
        draw(logic, first, scans[0], name, centre, 6.0)
    for visit in (first, later):
        logic.setVisit(visit, "steroidDose", 0.0)
        logic.setVisit(visit, "clinicalStatus", "stable_or_improved")
    write_registration(later, motion())
    return first, later


def draw(logic: Any, visit: Any, scan: Scan, name: str, centre: tuple[float, float, float], radius_mm: float) -> None:
    logic.addLesion(visit, scan.segmentation, scan.draw(f"drawn {name}", centre, radius_mm), name)
    logic.measureLesion(visit, name)


class TestMatching:
    def test_lesions_are_named_by_those_they_overlap_and_others_are_absent_or_new(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan]
    ) -> None:
        _, later = visits
        draw(logic, later, scans[1], "a", (-8.0, 0.0, 0.0), 5.0)
        draw(logic, later, scans[1], "b", (-9.0, 17.0, 0.0), 3.0)
        state = scene_state(slicer.mrmlScene)
        match = logic.matchLesions(later)
        assert scene_state(slicer.mrmlScene) == state
        assert match.pairs[0].after == ("a",)
        logic.applyMatch(later, match)
        found = {lesion.id: lesion.state for lesion in logic.lesions(later)}
        assert found == {"1": LesionState.MEASURED, "2": LesionState.ABSENT, "b": LesionState.MEASURED}
        assert [lesion.id for lesion in logic.lesions(later) if lesion.is_new] == ["b"]
        assert logic.lineNodes(later, "1")[0].GetName() == "1 longest"
        logic.assess(logic.assessmentOf(later))

    def test_a_lesion_that_fell_apart_is_summed_in_its_parts(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan]
    ) -> None:
        _, later = visits
        draw(logic, later, scans[1], "a", (-9.0, -4.0, 0.0), 2.0)
        draw(logic, later, scans[1], "b", (-9.0, 4.0, 0.0), 2.5)
        draw(logic, later, scans[1], "c", RIGHT, 6.0)
        match = logic.matchLesions(later)
        assert match.split[0].before == ("1",)
        logic.applyMatch(later, match)
        study = logic.assess(logic.assessmentOf(later))
        lesion = next(each for each in study.case.visits[1].lesions if each.id == "1")
        assert (lesion.state, len(lesion.parts)) == (LesionState.SPLIT, 2)

    def test_lesions_that_grew_together_carry_on_the_larger_one(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan]
    ) -> None:
        _, later = visits
        draw(logic, later, scans[1], "big", (0.0, 0.0, 0.0), 14.0)
        match = logic.matchLesions(later)
        assert match.of_kind(MatchKind.MERGED)
        logic.applyMatch(later, match)
        found = {lesion.id: (lesion.state, lesion.merged_into) for lesion in logic.lesions(later)}
        assert sorted(found.values()) == [(LesionState.MEASURED, ""), (LesionState.MERGED, next(
            name for name, said in found.items() if said[0] is LesionState.MEASURED))]  # fmt: skip
        logic.assess(logic.assessmentOf(later))

    def test_the_reader_overrules(self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan]) -> None:
        _, later = visits
        draw(logic, later, scans[1], "a", LEFT, 5.0)
        match = logic.overruleMatch(logic.matchLesions(later), before="2", after="a", reason="it wandered")
        logic.applyMatch(later, match)
        assert {lesion.id: lesion.state for lesion in logic.lesions(later)} == {
            "2": LesionState.MEASURED,
            "1": LesionState.ABSENT,
        }

    def test_a_lesion_that_was_measured_by_numbers_is_not_taken_for_absent(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan]
    ) -> None:
        _, later = visits
        draw(logic, later, scans[1], "a", LEFT, 5.0)
        logic.addManualLesion(later, "2", 11.0, 9.0)
        logic.applyMatch(later, logic.matchLesions(later))
        assert {lesion.id: lesion.longest_mm for lesion in logic.lesions(later)}["2"] == 11.0

    def test_a_visit_that_is_not_registered_is_said(self, logic: Any, visits: tuple[Any, Any]) -> None:
        _, later = visits
        logic.unregister(later)
        with pytest.raises(ResponseError, match="visit of 2026-06-01 is not registered to the baseline"):
            logic.matchLesions(later)
        with pytest.raises(ResponseError, match="is the baseline itself"):
            logic.matchLesions(visits[0])

    def test_another_image_forgets_the_registration(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan], scene: Any
    ) -> None:
        _, later = visits
        logic.setVisitVolume(later, add_scan(scene, "July").volume)
        assert logic.registration(later) is None
        with pytest.raises(ResponseError, match="is that of the visit of 2026-03-01"):
            logic.setVisitVolume(later, scans[0].volume)

    def test_an_image_that_shows_nothing_cannot_be_registered_and_nothing_is_written(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan]
    ) -> None:
        _, later = visits
        logic.unregister(later)
        slicer.util.updateVolumeFromArray(scans[1].volume, np.ones(grid().shape_kji, np.float32))
        state = scene_state(slicer.mrmlScene)
        with pytest.raises(BrachyResponseError):
            logic.registerVisit(later)
        assert scene_state(slicer.mrmlScene) == state


class TestDose:
    @pytest.fixture
    def dose(self, logic: Any, visits: tuple[Any, Any]) -> Any:
        """A dose that falls off from the left lesion, 100 Gy at 12 mm, by an implant with a prescription of 100 Gy."""
        away_mm = np.linalg.norm(grid().points_mm() - np.array(LEFT), axis=-1).reshape(grid().shape_kji)
        node = volume_of((1200.0 / np.maximum(away_mm, 1.0)).astype(np.float32), grid(), "Dose")
        assessment = logic.assessmentOf(visits[0])
        logic.addTreatment(assessment, "implant", "2026-02-20")
        logic.setCourseDose(assessment, 0, node, 100.0)
        return node

    def test_lesions_are_placed_by_a_dose_that_was_brought_to_the_baseline(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan], dose: Any
    ) -> None:
        first, later = visits
        draw(logic, later, scans[1], "n", (-9.0, 3.0, 0.0), 3.0)
        with pytest.raises(ResponseError, match="'Dose' is not registered to the baseline"):
            logic.placeInField(later, "n")
        logic.doseLiesInBaseline(logic.assessmentOf(first), dose)
        assert logic.placeInField(later, "n").position is FieldPosition.INSIDE
        assert "n" in logic.fieldSentence(later, "n")
        site = logic.siteOfFailure(later, "n")
        assert site.d_min_gy == pytest.approx(1200 / 6, rel=0.2)
        assert logic.lesions(later)[0].field is FieldPosition.INSIDE
        node, segment_id = logic.showField(later)
        assert node.GetSegmentation().GetSegment(segment_id).GetName() == "Irradiated field"
        assert dose.GetParentTransformNode() is None

    def test_the_registration_moves_the_dose_to_the_visit(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan], dose: Any
    ) -> None:
        first, later = visits
        logic.doseLiesInBaseline(logic.assessmentOf(first), dose)
        write_registration(later, motion(shift_mm=(-18.0, 0.0, 0.0)))  # what lies right here lies left in the baseline
        draw(logic, later, scans[1], "n", RIGHT, 3.0)
        assert logic.placeInField(later, "n").position is FieldPosition.INSIDE
        write_registration(later, motion())
        logic.addStatedLesion(later, "1", "absent")
        logic.addStatedLesion(later, "2", "absent")
        logic.assess(logic.assessmentOf(later))
        assert next(each for each in logic.lesions(later) if each.id == "n").field is not FieldPosition.INSIDE

    def test_a_new_lesion_is_placed_by_the_next_assessment_or_it_is_said_why_not(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan], dose: Any
    ) -> None:
        first, later = visits
        assessment = logic.assessmentOf(first)
        draw(logic, later, scans[1], "n", (-9.0, 3.0, 0.0), 3.0)
        for name in ("1", "2"):
            logic.addStatedLesion(later, name, "absent")
        study = logic.assess(assessment)
        assert any("'n' was not placed" in each.sentence for each in study.assumptions)
        logic.doseLiesInBaseline(assessment, dose)
        study = logic.assess(assessment)
        assert study.case.visits[1].new_lesions[0].field is FieldPosition.INSIDE
        assert "inside" in logic.fieldSentence(later, "n")

    def test_a_lesion_is_there_as_a_whole_or_in_parts(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan]
    ) -> None:
        _, later = visits
        draw(logic, later, scans[1], "1", LEFT, 3.0)
        draw(logic, later, scans[1], "1b", RIGHT, 3.0)
        logic.setLesion(later, "1b", "partOf", "1")
        with pytest.raises(ResponseError, match="'1' at the visit of 2026-06-01 is there as a whole and in parts"):
            logic.assess(logic.assessmentOf(later))

    def test_a_lesion_that_the_reader_placed_stays_there(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan], dose: Any
    ) -> None:
        _, later = visits
        draw(logic, later, scans[1], "n", RIGHT, 3.0)
        logic.setLesion(later, "n", "field", "outside")
        assert logic.lesions(later)[0].field is FieldPosition.OUTSIDE
        assert logic.fieldSentence(later, "n") == ""


class TestViews:
    @pytest.fixture
    def layout(self, scene: Any) -> Any:
        node = scene.AddNewNodeByClass("vtkMRMLLayoutNode")
        yield node
        scene.RemoveNode(node)

    def test_views_cut_where_the_registration_says(self, logic: Any, visits: tuple[Any, Any], layout: Any) -> None:
        first, later = visits
        moved = motion(20.0, (5.0, -3.0, 2.0))
        write_registration(later, moved)
        one, other = logic.showVisits(logic.assessmentOf(first), [first, later])
        assert logic.shownVisits() == [first, later]
        one.JumpSliceByCentering(4.0, 5.0, 6.0)
        expected = np.linalg.inv(moved.matrix) @ matrix_to_array(one.GetSliceToRAS())
        np.testing.assert_allclose(matrix_to_array(other.GetSliceToRAS()), expected, atol=1e-9)
        other.SetSliceOffset(other.GetSliceOffset() + 4.0)
        expected = moved.matrix @ matrix_to_array(other.GetSliceToRAS())
        np.testing.assert_allclose(matrix_to_array(one.GetSliceToRAS()), expected, atol=1e-9)
        logic.hideVisits()

    def test_lines_lie_in_the_view_of_their_visit_and_come_back_everywhere(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan], layout: Any
    ) -> None:
        first, later = visits
        before = layout.GetViewArrangement()
        beside = logic.addVisit(logic.assessmentOf(first), "2026-09-01")
        logic.addDrawnLesion(beside, [(0, 0, 0), (9, 0, 0)], lesionId="1")
        one, other = logic.showVisits(logic.assessmentOf(first), [first, later])
        for node in (logic.lineNodes(first, "1")[0], scans[0].segmentation):
            display = node.GetDisplayNode()
            assert display.IsDisplayableInView(one.GetID())
            assert not display.IsDisplayableInView(other.GetID())
        hidden = logic.lineNodes(beside, "1")[0].GetDisplayNode()
        assert not any(hidden.IsDisplayableInView(view.GetID()) for view in (one, other))
        logic.showMeasurement(first, "2")
        assert matrix_to_array(one.GetSliceToRAS())[:3, 3][2] == pytest.approx(RIGHT[2], abs=1.5)
        logic.hideVisits()
        assert layout.GetViewArrangement() == before
        assert scans[0].segmentation.GetDisplayNode().GetNumberOfViewNodeIDs() == 0

    def test_what_cannot_be_shown_is_said(self, logic: Any, visits: tuple[Any, Any], layout: Any) -> None:
        first, later = visits
        assessment = logic.assessmentOf(first)
        with pytest.raises(ResponseError, match="1 visits are chosen: choose 2 to 4"):
            logic.showVisits(assessment, [first])
        logic.setVisitVolume(later, None)
        with pytest.raises(BrachyResponseError, match="has no image of the visit"):
            logic.showVisits(assessment, [first, later])
        assert logic.shownVisits() == []

    def test_a_removed_visit_ends_it(self, logic: Any, visits: tuple[Any, Any], layout: Any) -> None:
        first, later = visits
        one, _ = logic.showVisits(logic.assessmentOf(first), [first, later])
        logic.removeVisit(logic.assessmentOf(first), later)
        one.JumpSliceByCentering(1.0, 1.0, 1.0)
        assert logic.shownVisits() == []


class TestFound:
    def test_images_of_one_day_are_proposed_as_a_visit(self, logic: Any, scene: Any) -> None:
        hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
        for day, names in (("20260601", ("FLAIR", "T1 post contrast")), ("20260301", ("T1 post Gd",))):
            study = hierarchy.CreateStudyItem(hierarchy.GetSceneItemID(), day)
            constants = slicer.vtkMRMLSubjectHierarchyConstants
            hierarchy.SetItemAttribute(study, constants.GetDICOMStudyDateAttributeName(), day)
            for name in names:
                node = add_scan(scene, name).volume
                node.SetName(name)
                hierarchy.CreateItem(study, node)
        add_scan(scene, "without a day")
        assessment = logic.createAssessment("Anna")
        proposals = logic.proposeVisits(assessment)
        assert [str(each.day) for each in proposals] == [BASELINE, FOLLOW_UP]
        assert [node.GetName() for node in proposals[1].volumes] == ["T1 post contrast", "FLAIR"]
        first, later = logic.acceptVisits(assessment, proposals)
        assert (logic.visitValue(first, "role"), logic.visitValue(later, "role")) == ("baseline", "follow-up")
        assert logic.visitVolume(later).GetName() == "T1 post contrast"
        assert logic.proposeVisits(assessment) == []
        item = hierarchy.GetItemByDataNode(logic.visitVolume(later))
        assert hierarchy.GetItemName(hierarchy.GetItemParent(item)) == "20260601"

    def test_the_series_of_a_visit_are_held_against_the_protocol(
        self, logic: Any, visits: tuple[Any, Any], scene: Any
    ) -> None:
        first, _ = visits
        flair = add_scan(scene, "FLAIR").volume
        flair.SetName("FLAIR axial")
        logic.addSeries(first, flair)
        rows = {(row[0], row[1]): row[3] for row in read_table(logic.protocolTable(first)).rows}
        assert rows["FLAIR", "axial"] == "present"
        assert rows["DWI", "axial"] == "missing"


class TestKept:
    def test_a_saved_scene_restores_the_assessment_and_its_result(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan], scene: Any, tmp_path: Path
    ) -> None:
        first, later = visits
        assessment = logic.assessmentOf(first)
        draw(logic, later, scans[1], "1", LEFT, 8.0)
        logic.addStatedLesion(later, "2", "absent")
        line = logic.lineNodes(later, "1")[0]
        line.SetNthControlPointPositionWorld(1, *(np.array(line.GetNthControlPointPositionWorld(1)) * 1.25))
        logic.addTreatment(assessment, "steroids", "2026-03-05", dose_mg=4.0)
        for table in (logic.visitTable, logic.lesionTable, logic.treatmentTable):
            table(assessment)
        study = logic.assess(assessment)
        why = logic.why(later)
        assert scene.WriteToMRB(str(tmp_path / "patient.mrb"))
        scene.Clear(0)
        assert scene.ReadFromMRB(str(tmp_path / "patient.mrb"), True)
        again = response_logic()
        (assessment,) = again.assessments()
        assert not again.takeEdits(assessment)
        assert again.staleReason(assessment) == ""
        assert again.study(assessment).case == study.case
        first, later = again.visits(assessment)
        assert again.why(later) == why
        assert [lesion.origin for lesion in again.lesions(later)] == ["manual", None]
        assert again.assess(assessment).case == study.case
        assert len(nodes_of_class(scene, "vtkMRMLPlotChartNode")) == 1
        assert scene.ReadFromMRB(str(tmp_path / "patient.mrb"), False)  # beside it: the IDs are other ones
        copied = next(node for node in again.assessments() if node is not assessment)
        assert again.staleReason(copied) == ""
        assert not {node.GetID() for node in again.visits(copied)} & {first.GetID(), later.GetID()}
        again.deleteAssessment(copied)
        assert again.assess(assessment).case == study.case

    def test_files_hold_the_report_with_key_images(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan], tmp_path: Path
    ) -> None:
        first, later = visits
        for name, centre in (("1", LEFT), ("2", RIGHT)):
            draw(logic, later, scans[1], name, centre, 4.0)
        assessment = logic.assessmentOf(first)
        study = logic.assess(assessment)
        assert study.assessment.visits[1].category is not Category.PD
        names = {path.name for path in logic.exportAssessment(assessment, tmp_path)}
        assert {"report.html", "response.json", "visits.csv"} <= names
        assert "<svg" in (tmp_path / "report.html").read_text(encoding="utf-8")
        logic.setVisit(later, "clinicalStatus", "worse")
        with pytest.raises(ResponseError, match="out of date"):
            logic.exportAssessment(assessment, tmp_path)

    def test_a_redrawn_lesion_is_measured_anew_by_the_next_assessment(
        self, logic: Any, visits: tuple[Any, Any], scans: tuple[Scan, Scan]
    ) -> None:
        first, later = visits
        for name, centre in (("1", LEFT), ("2", RIGHT)):
            draw(logic, later, scans[1], name, centre, 6.0)
        assessment = logic.assessmentOf(first)
        logic.assess(assessment)
        scans[1].draw("drawn 1", LEFT, 8.0)
        assert logic.staleReason(assessment) == "a lesion was changed"
        study = logic.assess(assessment)
        assert study.assessment.visits[1].sum > 24.0
        entry = study.measurements[-1]
        assert (entry.plane, entry.slices, entry.slice_thickness_mm) == ("axial", 6, 2.0)
        assert entry.slice in (7, 8)  # of sixteen, about the middle
        assert logic.lineNodes(later, "1")[0].GetLineLengthWorld() == pytest.approx(16.0, abs=1.0)
        assert logic.staleReason(assessment) == ""
