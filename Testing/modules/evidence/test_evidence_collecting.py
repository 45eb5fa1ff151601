"""Evidence that is collected from the scene: perfusion, diffusion, spectra, treatments, dose and seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
import slicer

import evidence_records as records
from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid
from brachyresponse.response.evidence import Answer, Verdict
from brachyresponse.response.matching import VisitRegistration
from brachyresponse.scene.diffusion_records import write_diffusion_record
from brachyresponse.scene.diffusion_staleness import mark_diffusion_current
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.evidence_exports import evidence_beside
from brachyresponse.scene.perfusion_records import write_record
from brachyresponse.scene.perfusion_staleness import mark_perfusion_stale
from brachyresponse.scene.plan_parts import PlanRole, set_plan_part
from brachyresponse.scene.response_implant_seeds import implant_on
from brachyresponse.scene.response_registration import write_registration
from brachyresponse.scene.spectroscopy_nodes import add_spectra
from brachyresponse.scene.spectroscopy_records import write_record as write_spectra_record
from brachyresponse.scene.spectroscopy_staleness import mark_spectra_current
from brachyresponse.scene.verification_parts import VerificationRole, set_verification_part
from brachyresponse.spectroscopy import Spectra
from scene.followed import BASELINE, FOLLOW_UP, grid
from scene.verified import add_verified
from scene.weighed import CENTRE_MM, FET, FET_ID, LESION, add_drawn, add_perfusion, answer_all
from scene_state import scene_state

TODAY = date(2026, 7, 1)
RCBV = "rcbv_mets_meta"


def found(logic: Any, evidence: Any) -> dict[str, Any]:
    return {each.id: each for each in logic.findings(evidence)}


class TestPerfusion:
    def test_ratios_of_the_visits_study_are_collected_with_their_conditions(
        self, logic: Any, evidence: Any, perfused: Any
    ) -> None:
        assert logic.collectFindings(evidence) == ()
        finding = found(logic, evidence)[RCBV]
        assert (finding.value, finding.unit) == (3.4, "1")
        assert not logic.isTyped(evidence, 0)
        known = {each.id: each.answer for each in logic.questions(evidence)}
        assert known["leakage_corrected"] is Answer.YES
        answer_all(logic, evidence)
        assert logic.weigh(evidence).verdict is Verdict.FAVOURS_RECURRENCE
        assert any("June DSC" in line for line in logic.lesionEvidence(evidence).request.inputs)

    def test_what_was_typed_in_stays_and_the_conflict_is_named(self, logic: Any, evidence: Any, perfused: Any) -> None:
        logic.addFinding(evidence, RCBV, 1.1, unit="1", statistic="mean", by="A. Reader")
        (said,) = logic.collectFindings(evidence)
        assert f"Marker '{RCBV}': 1.1 (mean) was typed in, the perfusion study of the visit says 3.4 (mean)" in said
        assert found(logic, evidence)[RCBV].value == 1.1
        logic.weigh(evidence)
        assert said in logic.evidenceText(evidence).GetText()
        row = next(n for n, each in enumerate(logic.findings(evidence)) if each.id == RCBV)
        logic.removeFinding(evidence, row)
        logic.collectFindings(evidence)
        assert found(logic, evidence)[RCBV].value == 3.4

    def test_what_was_left_out_stays_out_when_it_is_collected_again(
        self, logic: Any, evidence: Any, perfused: Any
    ) -> None:
        logic.collectFindings(evidence)
        row = next(n for n, each in enumerate(logic.findings(evidence)) if each.id == RCBV)
        logic.setIncluded(evidence, row, False, "a vessel lies in it")
        write_record(perfused, replace(records.dsc(rcbv=2.9), scan_date=date.fromisoformat(FOLLOW_UP), patient_id=""))
        logic.collectFindings(evidence)
        finding = found(logic, evidence)[RCBV]
        assert (finding.value, finding.is_included, finding.reason) == (2.9, False, "a vessel lies in it")
        with pytest.raises(Exception, match="was collected from the perfusion study of the visit: leave it out"):
            logic.removeFinding(evidence, row)

    def test_a_study_of_an_earlier_visit_is_the_scan_before_treatment(
        self, logic: Any, visit: Any, evidence: Any, scene: Any
    ) -> None:
        owner = logic.assessmentOf(visit)
        logic.addTreatment(owner, "implant", "2026-03-05", prescription_gy=120.0)
        before = replace(records.dce(vp=1.1, ktrans=1.0), treatment_date=None)
        now = replace(records.dce(vp=1.0, ktrans=0.9), treatment_date=None)
        logic.setPerfusion(logic.visits(owner)[0], add_perfusion(scene, "March DCE", before, BASELINE))
        logic.setPerfusion(visit, add_perfusion(scene, "June DCE", now, FOLLOW_UP))
        logic.collectFindings(evidence)
        finding = found(logic, evidence)["dce_hgg_vandijken"]
        assert float(finding.details["perfusion_weight"]) == 0.0  # it never was hyperperfused
        assert "6 of 14" in finding.details["perfusion_sentences"]
        answer_all(logic, evidence)
        assert logic.weigh(evidence).verdict is Verdict.NOT_EVALUABLE
        assert "'March DCE' of 2026-03-01, from before the treatment" in logic.evidenceText(evidence).GetText()

    def test_a_study_that_is_out_of_date_is_not_taken_and_that_is_said(
        self, logic: Any, evidence: Any, perfused: Any
    ) -> None:
        mark_perfusion_stale(perfused, "a segment was changed")
        (said,) = logic.collectFindings(evidence)
        assert "The perfusion study of the visit was not taken: " in said
        assert "out of date (a segment was changed): compute its ratios again" in said
        assert logic.findings(evidence) == ()

    def test_a_study_of_another_patient_is_not_taken(
        self, logic: Any, visit: Any, evidence: Any, perfused: Any
    ) -> None:
        logic.setPatientID(logic.assessmentOf(visit), "PAT-2")
        write_record(perfused, replace(records.dsc(rcbv=2.9), patient_id="PAT-1"))
        (said,) = logic.collectFindings(evidence)
        assert "'June DSC' is of patient 'PAT-1', the assessment of 'PAT-2': link a study of this patient" in said

    def test_it_is_asked_which_lesion_of_the_study_is_meant(
        self, logic: Any, visit: Any, evidence: Any, scene: Any
    ) -> None:
        logic.addManualLesion(visit, "T2", 12.0, 10.0)
        other = logic.createEvidence(visit, "T2")
        logic.setPerfusion(visit, add_perfusion(scene, "June DSC", records.dsc(rcbv=3.4), FOLLOW_UP))
        (said,) = logic.collectFindings(other)
        assert "has no lesion of this name (lesions: 'T1'): say which it is" in said
        assert logic.collectFindings(evidence) == ()
        logic.setPerfusionLesion(other, "T1")
        assert logic.collectFindings(other) == ()
        assert RCBV in found(logic, other)


class TestOtherMeasurements:
    def test_of_several_spectra_the_one_of_the_best_quality_is_taken(
        self, logic: Any, visit: Any, evidence: Any
    ) -> None:
        for name, record in {
            "broad": records.spectroscopy(cho_naa=None),
            "small share": replace(records.spectroscopy(cho_naa=9.0, share=0.6), name="small share"),
            "good": replace(records.spectroscopy(cho_naa=2.4), name="good"),
        }.items():
            fid = np.ones((1, 1, 1, 16), complex)
            node = add_spectra(visit, Spectra(name, fid, Grid((1, 1, 1), np.eye(4)), 5e-4, 127.7, 144.0))
            write_spectra_record(node, record)
            mark_spectra_current(node)
        unfitted = add_spectra(visit, Spectra("unfitted", fid, Grid((1, 1, 1), np.eye(4)), 5e-4, 127.7, 144.0))
        said = logic.collectFindings(evidence)
        assert found(logic, evidence)["cho_naa_glioma_zhang"].value == 2.4
        assert any(f"{unfitted.GetName()!r} were not fitted: fit them." in each for each in said)
        assert any("each marker is taken from the one of the best quality" in each for each in said)
        logic.removeSpectra(unfitted)
        logic.weigh(evidence)
        assert logic.evidenceState(evidence) == ""
        logic.removeSpectra(logic.spectra(visit)[0])
        assert logic.evidenceState(evidence) == "a spectrum was changed"

    def test_diffusion_is_collected_with_its_central_restriction(self, logic: Any, visit: Any, evidence: Any) -> None:
        write_diffusion_record(visit, records.diffusion(adc=1250.0))
        mark_diffusion_current(visit)
        logic.collectFindings(evidence)
        assert found(logic, evidence)["adc_glioma_li2016"].value == 1250.0
        assert "The core diffuses less than the rim." in logic.context(evidence).central_restriction

    def test_diffusion_of_another_lesion_is_not_taken(self, logic: Any, visit: Any, evidence: Any) -> None:
        logic.renameLesion(visit, LESION, "T7")
        write_diffusion_record(visit, records.diffusion())
        mark_diffusion_current(visit)
        (said,) = logic.collectFindings(evidence)
        assert "The diffusion of lesion 'T7' was not measured: measure it." in said

    def test_treatments_are_held_against_the_day_of_every_scan(
        self, logic: Any, visit: Any, evidence: Any, scene: Any
    ) -> None:
        logic.setPerfusion(visit, add_perfusion(scene, "May DSC", records.dsc(rcbv=3.4), "2026-05-10"))
        logic.addTreatment(logic.assessmentOf(visit), "bevacizumab", "2026-05-20")
        logic.collectFindings(evidence)
        known = {each.id: each for each in logic.questions(evidence)}
        assert known["antiangiogenic_therapy"].answer is Answer.NO  # it was begun after the scan that counts
        logic.addFinding(evidence, FET_ID, **FET)
        logic.weigh(evidence)
        assert logic.lesionEvidence(evidence).request.scan_days == (date(2026, 5, 10), date(2026, 6, 1))
        known = {each.id: each for each in logic.questions(evidence)}
        assert known["antiangiogenic_therapy"].answer is Answer.YES

    def test_treatments_answer_conditions(self, logic: Any, visit: Any, evidence: Any, perfused: Any) -> None:
        logic.addTreatment(logic.assessmentOf(visit), "bevacizumab", "2026-05-20")
        logic.collectFindings(evidence)
        known = {each.id: each for each in logic.questions(evidence)}
        assert known["antiangiogenic_therapy"].answer is Answer.YES
        answer_all(logic, evidence)
        assert RCBV in {each.marker.id for each in logic.weigh(evidence).left_out}


class TestImplant:
    @pytest.fixture
    def implanted(self, logic: Any, scene: Any) -> Any:
        """A drawn lesion with the dose and the seeds of an implant that was verified in the baseline's frame."""
        followed = add_drawn(logic, scene)
        verified = add_verified(scene)
        dose = write_dose(np.full(grid().shape_kji, 130.0), grid(), scene, "Implant dose")
        set_verification_part(verified.node, VerificationRole.DOSE, dose)
        set_plan_part(verified.plan, PlanRole.DOSE, None)
        logic.acceptTreatments(followed.assessment, logic.proposedTreatments(followed.assessment))
        baseline = logic.visits(followed.assessment)[0]
        logic.setVisitVolume(baseline, slicer.util.addVolumeFromArray(
            np.ones(grid().shape_kji, np.float32), ijkToRAS=grid().ijk_to_ras, name="March T1"))  # fmt: skip
        logic.doseLiesInBaseline(followed.assessment, dose)
        write_registration(followed.visit, VisitRegistration(np.eye(4), 0.5, "given"))
        return followed

    def test_dose_and_distance_to_seeds_are_context_without_weight(self, logic: Any, implanted: Any) -> None:
        evidence = logic.createEvidence(implanted.visit, LESION)
        logic.collectFindings(evidence)
        context = logic.context(evidence)
        assert context.dose.d50_gy == pytest.approx(130.0, abs=0.5)  # single precision, interpolated
        assert context.dose.share_above_prescription_percent == 100.0
        seeds = implant_on(implanted.visit).seeds
        nearest = np.linalg.norm(seeds.positions_mm - np.array(CENTRE_MM), axis=1).min() - 8.0
        assert context.distance_to_seeds_mm == pytest.approx(max(nearest, 0.0), abs=3.5)  # capsules and voxels
        logic.weigh(evidence)
        text = logic.evidenceText(evidence).GetText()
        assert "130.0 Gy" in text
        assert f"The scan of {FOLLOW_UP} is" in text  # so long after the implant, which moves the prior

    def test_a_dose_that_was_not_brought_there_is_said(self, logic: Any, implanted: Any) -> None:
        logic.unregister(implanted.visit)
        evidence = logic.createEvidence(implanted.visit, LESION)
        assert any("The dose at the lesion is not known" in each for each in logic.collectFindings(evidence))
        assert logic.context(evidence).dose is None


def test_a_perfusion_study_that_is_out_of_date_makes_its_answer_so(
    logic: Any, visit: Any, evidence: Any, perfused: Any
) -> None:
    logic.weigh(evidence)
    mark_perfusion_stale(perfused, "a segment was changed")
    assert logic.evidenceState(evidence) == "a perfusion study was changed"


def test_another_lesion_is_asked_after_and_a_later_visit_is_not(
    logic: Any, visit: Any, evidence: Any, scene: Any
) -> None:
    logic.weigh(evidence)
    later = logic.addVisit(logic.assessmentOf(visit), "2026-09-01", "follow-up")
    logic.addManualLesion(later, LESION, 40.0, 20.0, volumeMl=9.0)
    logic.setPerfusion(later, add_perfusion(scene, "September DSC", records.dsc(), "2026-09-01"))
    assert logic.evidenceState(evidence) == ""
    logic.addManualLesion(visit, "T2", 12.0, 10.0)
    assert logic.evidenceState(evidence) == "the lesion was changed"  # there are several now


def test_a_diameter_that_was_deleted_makes_the_answer_out_of_date_and_stops_nothing_else(
    logic: Any, scene: Any
) -> None:
    followed = add_drawn(logic, scene)
    evidence = logic.createEvidence(followed.visit, LESION)
    logic.weigh(evidence)
    (line, *_) = slicer.util.getNodesByClass("vtkMRMLMarkupsLineNode")
    scene.RemoveNode(line)
    assert logic.evidenceState(evidence) == "the lesion was changed"
    logic.setPrior(evidence, 0.2, 0.3, 0.4)
    before = scene_state(scene)
    with pytest.raises(ResponseError, match="a line of its diameters was deleted; measure it again"):
        logic.weigh(evidence)
    assert scene_state(scene) == before


CHANGES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "a cut-off or a setting was changed": lambda logic, visit, ev: logic.setSetting(ev, "threshold", 1.6),
    "the diffusion was changed": lambda logic, visit, ev: (
        write_diffusion_record(visit, records.diffusion()),
        mark_diffusion_current(visit),
    ),
    "a perfusion study was changed": lambda logic, visit, ev: logic.setPerfusion(
        visit, add_perfusion(slicer.mrmlScene, "DSC", records.dsc(), FOLLOW_UP)
    ),
    "a treatment, the tumour or the patient ID was changed": lambda logic, visit, ev: logic.addTreatment(
        logic.assessmentOf(visit), "surgery", "2026-02-01"
    ),
    "the lesion was changed": lambda logic, visit, ev: logic.addManualLesion(visit, LESION, 28.0, 15.0, volumeMl=2.5),
}


def test_the_answer_is_out_of_date_as_soon_as_anything_changes(logic: Any, visit: Any, evidence: Any) -> None:
    logic.addFinding(evidence, FET_ID, **FET)
    for reason, change in CHANGES.items():
        logic.weigh(evidence)
        assert logic.evidenceState(evidence) == ""
        change(logic, visit, evidence)
        assert logic.evidenceState(evidence) == reason


def test_nothing_that_is_out_of_date_is_pictured_with_evidence(logic: Any, visit: Any, evidence: Any) -> None:
    write_diffusion_record(visit, records.diffusion())
    mark_diffusion_current(visit)
    node = add_spectra(
        visit, Spectra("svs", np.ones((1, 1, 1, 16), complex), Grid((1, 1, 1), np.eye(4)), 5e-4, 127.7, 144.0)
    )
    write_spectra_record(node, records.spectroscopy())
    logic.weigh(evidence)
    study = logic.assess(logic.assessmentOf(visit), TODAY)
    ((_, said),) = next(iter(evidence_beside(logic.assessmentOf(visit), study).values()))
    assert said == "ADC of lesion T1, map 'ADC'"  # and no spectrum: it was not fitted as it is now
    logic.setDiffusionUndistorted(visit, False)
    assert list(evidence_beside(logic.assessmentOf(visit), study).values()) == [()]
