"""ResponseAssess beside what the other modules put into the scene: implants, perfusion studies, copies, the sample."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import slicer

from brachyresponse.digital_patient.evidence import why_no_session
from brachyresponse.digital_patient.response import ResponseVariant, response_course
from brachyresponse.errors import Cancelled, ResponseError
from brachyresponse.response.evidence import Verdict
from brachyresponse.response.treatment import TreatmentKind
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.plan_parts import PlanRole, set_plan_part
from brachyresponse.scene.response_sample import write_course
from brachyresponse.scene.verification_parts import VerificationRole, set_verification_part
from scene.followed import BASELINE, FOLLOW_UP, add_scan, grid, response_logic
from scene.perfused import add_perfused
from scene.verified import add_verified
from scene_state import scene_state


@pytest.fixture
def logic(scene: Any) -> Any:
    return response_logic()


@pytest.fixture
def assessment(logic: Any) -> Any:
    """Two visits with a lesion by numbers."""
    node = logic.createAssessment("Anna")
    logic.setTumour(node, "brain metastasis")
    for day, role, longest in ((BASELINE, "baseline", 20.0), (FOLLOW_UP, "follow-up", 21.0)):
        logic.addManualLesion(logic.addVisit(node, day, role), "T1", longest, 15.0)
    return node


def flat_dose(scene: Any) -> Any:
    return write_dose(np.full(grid().shape_kji, 130.0), grid(), scene, "Implant dose")


class TestImplants:
    def test_what_was_verified_is_proposed_with_its_dose_rather_than_what_was_planned(
        self, logic: Any, assessment: Any, scene: Any
    ) -> None:
        verified = add_verified(scene)
        dose = flat_dose(scene)
        set_verification_part(verified.node, VerificationRole.DOSE, dose)
        set_plan_part(verified.plan, PlanRole.DOSE, flat_dose(scene))
        (proposal,) = logic.proposedTreatments(assessment)
        assert proposal.treatment.kind is TreatmentKind.IMPLANT
        assert "Verification" in proposal.sentence
        logic.acceptTreatments(assessment, [proposal])
        (implant,) = logic.treatments(assessment)
        assert (implant.start.isoformat(), implant.radiation.prescription_gy) == ("2026-03-06", 120.0)
        assert logic.courseDose(assessment, 0) is dose
        assert logic.proposedTreatments(assessment) == []

    def test_a_dose_computed_on_the_baselines_image_needs_no_registration(
        self, logic: Any, assessment: Any, scene: Any
    ) -> None:
        verified = add_verified(scene)
        set_verification_part(verified.node, VerificationRole.DOSE, flat_dose(scene))
        baseline = logic.visits(assessment)[0]
        logic.setVisitVolume(baseline, verified.ct)
        logic.acceptTreatments(assessment, logic.proposedTreatments(assessment))
        logic.addDrawnLesion(baseline, [(0, 0, 0), (9, 0, 0)], lesionId="T1")
        with pytest.raises(ResponseError, match="'T1' at the visit of 2026-03-01 has no segment"):
            logic.placeInField(baseline, "T1")
        node, segment_id = logic.showField(baseline)
        assert segment_id in {node.GetSegmentation().GetNthSegmentID(n) for n in range(1)}

    def test_a_dose_that_was_deleted_is_said(self, logic: Any, assessment: Any, scene: Any) -> None:
        logic.addTreatment(assessment, "implant", "2026-02-20", prescription_gy=120.0)
        dose = flat_dose(scene)
        logic.setCourseDose(assessment, 0, dose)
        dose.SetName("Renamed")
        assert logic.courseDose(assessment, 0) is dose
        scene.RemoveNode(dose)
        assert logic.courseDose(assessment, 0) is None
        visit = logic.visits(assessment)[0]
        logic.setVisitVolume(visit, add_scan(scene, "March").volume)
        with pytest.raises(ResponseError, match="its dose 'Implant dose' is not in the scene"):
            logic.showField(visit)
        with pytest.raises(ResponseError, match="There is no treatment 8: there are 1"):
            logic.setCourseDose(assessment, 7, None)


class TestPerfusion:
    def test_the_ratios_of_a_linked_study_stand_in_the_time_line(self, logic: Any, assessment: Any, scene: Any) -> None:
        import sys

        from reference import PROJECT
        from slicer_standin.modules import load_module

        module = sys.modules[load_module(PROJECT / "PerfusionRatios" / "PerfusionRatios.py").name]
        perfusion = module.PerfusionRatiosLogic()
        study = add_perfused(scene)
        perfusion.setScanDate(study.node, FOLLOW_UP)
        visit = logic.visits(assessment)[1]
        logic.setPerfusion(visit, study.node)
        assert logic.assess(assessment).perfusion == ()
        perfusion.compute(study.node)
        assert logic.staleReason(assessment) == "a perfusion study was changed"
        found = logic.assess(assessment)
        assert {entry.lesion for entry in found.perfusion} == {"Lesion"}
        names = [
            logic.timelineChart(assessment).GetNthPlotSeriesNode(n).GetName()
            for n in range(logic.timelineChart(assessment).GetNumberOfPlotSeriesNodes())
        ]
        assert any("Lesion" in name for name in names)
        logic.deleteAssessment(assessment)
        assert study.node.GetScene() is scene

    def test_a_study_of_another_day_is_proposed_as_a_visit(self, logic: Any, assessment: Any, scene: Any) -> None:
        from brachyresponse.scene.perfusion_studies import set_scan_date

        study = add_perfused(scene)
        set_scan_date(study.node, "2026-09-01")
        (proposal,) = logic.proposeVisits(assessment)
        assert proposal.perfusion is study.node
        assert proposal.volumes == (study.anatomical,)
        (visit,) = logic.acceptVisits(assessment, [proposal])
        assert logic.perfusion(visit) is study.node
        assert logic.visitVolume(visit) is study.anatomical


class TestCopies:
    def test_a_copy_that_is_deleted_takes_nothing_of_the_assessment_along(self, logic: Any, assessment: Any) -> None:
        logic.assess(assessment)
        copy = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode", "Copy")
        copy.Copy(assessment)
        assert logic.assessments() == [assessment, copy]
        logic.deleteAssessment(copy)
        assert logic.assessments() == [assessment]
        assert len(logic.visits(assessment)) == 2
        assert logic.staleReason(assessment) == ""
        assert logic.timelineChart(assessment) is not None

    def test_a_renamed_assessment_renames_what_carries_its_name(self, logic: Any, assessment: Any) -> None:
        logic.assess(assessment)
        logic.renameAssessment(assessment, "Berta")
        assert [visit.GetName() for visit in logic.visits(assessment)] == [f"Berta {BASELINE}", f"Berta {FOLLOW_UP}"]
        assert logic.assessmentTable(assessment).GetName() == "Berta assessment"


class TestSample:
    def test_the_neck_node_is_assessed_as_is_true(self, logic: Any, scene: Any) -> None:
        course = response_course(ResponseVariant.NECK_NODE, voxel_mm=1.5)
        assessment = write_course(course, scene)
        study = logic.assess(assessment)
        assert tuple(visit.category for visit in study.assessment.visits) == course.truth.categories
        assert study.assessment.best_overall_response == course.truth.best_overall_response
        assert study.serum_markers

    @pytest.mark.validation
    @pytest.mark.parametrize("variant", ResponseVariant)
    def test_every_course_is_assessed_as_is_true(self, logic: Any, variant: ResponseVariant) -> None:
        assessment = logic.loadSamplePatient(variant)
        truth = response_course(variant).truth
        study = logic.assess(assessment)
        assert tuple(visit.category for visit in study.assessment.visits) == truth.categories
        assert study.assessment.progression_date == truth.progression_date

    @pytest.mark.validation
    @pytest.mark.parametrize("variant", [each for each in ResponseVariant if not why_no_session(each)])
    def test_the_evidence_of_the_sample_never_favours_the_wrong_class(
        self, logic: Any, variant: ResponseVariant
    ) -> None:
        assessment = logic.loadSamplePatient(variant)
        (evidence,) = logic.evidences(assessment)
        found = logic.weigh(evidence)
        truth = response_course(variant).truth.diagnosis
        wrong = Verdict.FAVOURS_NECROSIS if truth == "recurrence" else Verdict.FAVOURS_RECURRENCE
        assert found.verdict is not wrong
        assert logic.evidenceState(evidence) == ""
        part = logic.diffusionRecord(logic.evidenceVisit(evidence)).part(logic.evidenceLesion(evidence))
        if part.is_evaluable:
            true_adc = {"progression_at_margin": 930.0, "never_hyperperfused": 900.0}[variant]
            assert part.statistic().value == pytest.approx(
                true_adc, rel=0.08
            )  # noise, edge and seeds beside a small one
        assert len(logic.assess(assessment).evidence) == 1
        said = "absent hyperperfusion is unreliable in this lesion" in logic.evidenceText(evidence).GetText()
        assert said == (variant is ResponseVariant.NEVER_HYPERPERFUSED)

    @pytest.mark.validation
    def test_a_registered_visit_lies_where_it_truly_does(self, logic: Any) -> None:
        from brachyresponse.scene.response_registration import motion_matrix

        assessment = logic.loadSamplePatient("progression_at_margin")
        visit = logic.visits(assessment)[1]
        truth = motion_matrix(logic.registration(visit))
        found = motion_matrix(logic.registerVisit(visit))
        corners = np.array([[60.0, 60, 60, 1], [-60, 60, 0, 1], [0, -60, 60, 1]]).T
        assert np.abs((found - truth) @ corners).max() < 1.0  # a voxel

    def test_a_cancelled_sample_adds_nothing(self, logic: Any) -> None:
        def cancel(fraction: float, message: str) -> None:
            raise Cancelled

        state = scene_state(slicer.mrmlScene)
        with pytest.raises(Cancelled):
            logic.loadSamplePatient("neck_node", report=cancel)
        with pytest.raises(ResponseError, match="There is no course 'cured'"):
            logic.loadSamplePatient("cured")
        assert scene_state(slicer.mrmlScene) == state

    def test_an_image_is_not_needed_to_be_told_what_is_due(self, logic: Any, assessment: Any, scene: Any) -> None:
        add_scan(scene, "unused")
        assert logic.scheduleState(assessment) is None
        with pytest.raises(ResponseError):
            logic.setSchedule(assessment, "monthly")
