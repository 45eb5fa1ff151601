"""Logic: the treatments, the tumour, the criteria that follow, doses and the irradiated field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from brachyresponse.progress import Report, ignore_progress
from brachyresponse.response.criteria import criteria_set
from brachyresponse.response.field import FailureSite, FieldPlacement
from brachyresponse.response.treatment import CriteriaProposal, RadiationEnd, ReferenceDate, Treatment, Tumour
from brachyresponse.response.vocabulary import CriteriaName
from brachyresponse.scene import response_criteria, response_doses, response_placing, response_treatments
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.response_fields import ResponseField, response_text, set_response_field
from brachyresponse.scene.response_lesions import find_entry
from brachyresponse.scene.response_parts import ResponseRole, response_part, response_parts
from brachyresponse.scene.response_scene_implants import TreatmentProposal, proposed_treatments
from brachyresponse.scene.responseassess_logic.match_logic import MatchLogic
from brachyresponse.scene.responseassess_logic.nodes import (
    AssessmentNode,
    SegmentationNode,
    TableNode,
    TransformNode,
    VisitNode,
    VolumeNode,
)


class TreatmentLogic(MatchLogic):
    """The treatments, the tumour, the criteria that follow, doses and the irradiated field."""

    def setPatientID(self, assessmentNode: AssessmentNode, text: str) -> None:
        """Set the patient ID; "" takes it away."""
        set_response_field(assessmentNode, ResponseField.PATIENT_ID, text.strip())

    def patientID(self, assessmentNode: AssessmentNode) -> str:
        """Return the patient ID; empty when it is not known."""
        return response_text(assessmentNode, ResponseField.PATIENT_ID)

    def setTumour(self, assessmentNode: AssessmentNode, type: str | None, idh: str | None = None) -> None:
        """Say what the tumour is, and of a glioma the IDH state: "wildtype", "mutant" or "unknown"."""
        response_treatments.set_tumour(assessmentNode, type, idh)

    def tumour(self, assessmentNode: AssessmentNode) -> Tumour | None:
        """Return the tumour, or None while it is not known."""
        return response_treatments.read_record(assessmentNode).tumour

    def addTreatment(
        self,
        assessmentNode: AssessmentNode,
        kind: str,
        start: date | str,
        end: date | str | None = None,
        **details: Any,
    ) -> Treatment:
        """Add a treatment: "implant", "source removal", "external beam", "surgery", "biopsy", "steroids" ...

        The details are those of the kind, as ``prescription_gy``, ``dose_mg``, ``result``, ``grade``, and ``note``.
        """
        return response_treatments.add_treatment(assessmentNode, kind, start, end, **details)

    def removeTreatment(self, assessmentNode: AssessmentNode, row: int) -> None:
        """Remove the treatment of a row, counted from 0."""
        response_treatments.remove_treatment(assessmentNode, row)

    def treatments(self, assessmentNode: AssessmentNode) -> tuple[Treatment, ...]:
        """Return the treatments in the order of the table."""
        return response_treatments.read_record(assessmentNode).treatments

    def treatmentTable(self, assessmentNode: AssessmentNode) -> TableNode:
        """Return the table of the treatments; what is typed into it counts (:meth:`takeEdits`)."""
        node = response_part(assessmentNode, ResponseRole.TREATMENT_TABLE)
        return node or response_treatments.show_treatments(assessmentNode)

    def proposedTreatments(self, assessmentNode: AssessmentNode) -> list[TreatmentProposal]:
        """Return the implants of the scene's plans and verifications that the treatments do not have yet."""
        return proposed_treatments(assessmentNode)

    def acceptTreatments(self, assessmentNode: AssessmentNode, proposals: Sequence[TreatmentProposal]) -> None:
        """Add proposed treatments, with their doses."""
        before = self.treatments(assessmentNode)
        with batch(assessmentNode.GetScene()):
            response_treatments.write_treatments(assessmentNode, [*before, *(each.treatment for each in proposals)])
            for proposal in proposals:
                if proposal.dose is not None:
                    response_doses.keep_dose(assessmentNode, proposal.dose)

    def referenceDates(self, assessmentNode: AssessmentNode) -> tuple[ReferenceDate, ...]:
        """Return the days that may count as the end of radiation, with the share of the dose given by then."""
        return response_treatments.read_record(assessmentNode).reference_dates

    def setReferenceDate(self, assessmentNode: AssessmentNode, day: date | str | None) -> None:
        """Choose the end of radiation: a day, or a word such as "implant day"; None is not chosen.

        For a permanent implant it is never assumed.
        """
        response_criteria.set_reference(assessmentNode, day)

    def radiationEnd(self, assessmentNode: AssessmentNode) -> RadiationEnd:
        """Return the end of radiation that is used, with its sentence; its date is None while it must be chosen."""
        return response_criteria.radiation_end_of(assessmentNode)

    def referenceDate(self, assessmentNode: AssessmentNode) -> date | None:
        """Return the end of radiation that is used, or None."""
        return self.radiationEnd(assessmentNode).date

    def referenceNeeded(self, assessmentNode: AssessmentNode) -> str:
        """Return why the end of radiation has to be chosen; empty where it need not."""
        end = self.radiationEnd(assessmentNode)
        needs = bool(response_treatments.read_record(assessmentNode).courses) and end.date is None
        return end.sentence if needs else ""

    def proposedCriteria(self, assessmentNode: AssessmentNode) -> CriteriaProposal:
        """Return the criteria proposed for the tumour: ``.criteria .sentence .options .beside .alternatives``."""
        return response_criteria.proposal_of(assessmentNode)

    def setCriteria(self, assessmentNode: AssessmentNode, name: str | None, assessAnew: bool = False) -> None:
        """Choose the criteria; None leaves it to the tumour type.

        After an assessment by other criteria this is refused, unless all visits are to be assessed anew.
        """
        response_criteria.set_criteria(assessmentNode, name, is_agreed=assessAnew)

    def criteria(self, assessmentNode: AssessmentNode) -> CriteriaName | None:
        """Return the chosen criteria; None: as proposed."""
        return response_criteria.chosen_criteria(assessmentNode)

    def criteriaWarnings(self, assessmentNode: AssessmentNode) -> tuple[str, ...]:
        """Return what has to be said of the criteria that are used; none while none are."""
        return response_criteria.warnings_of(assessmentNode)

    def criteriaBadge(self, assessmentNode: AssessmentNode) -> str:
        """Return what the criteria that are used are marked with, as not checked; empty where they are not."""
        if self.criteria(assessmentNode) is None and self.tumour(assessmentNode) is None:
            return ""
        return criteria_set(response_criteria.used_criteria(assessmentNode)).badge

    def setOption(self, assessmentNode: AssessmentNode, name: str, value: bool | int | str | None) -> None:
        """Make a choice within the criteria, by the names of ``CaseOptions``; None leaves it as usual."""
        response_criteria.set_option(assessmentNode, name, value)

    def option(self, assessmentNode: AssessmentNode, name: str) -> Any:
        """Return a choice within the criteria as it is used."""
        response_criteria.check_option(name)
        return getattr(response_criteria.read_options(assessmentNode), name)

    def setCourseDose(
        self,
        assessmentNode: AssessmentNode,
        row: int,
        doseNode: VolumeNode | None,
        prescriptionGy: float | None = None,
    ) -> None:
        """Say which volume is the dose of the course in a row of the treatments."""
        response_doses.set_course_dose(assessmentNode, row, doseNode, prescriptionGy)

    def courseDose(self, assessmentNode: AssessmentNode, row: int) -> VolumeNode | None:
        """Return the volume with the dose of the course in a row; None without one, or when it was deleted."""
        return response_doses.find_dose(assessmentNode, self.treatments(assessmentNode)[row])

    def registerDose(
        self,
        assessmentNode: AssessmentNode,
        doseNode: VolumeNode,
        imageNode: VolumeNode | None = None,
        report: Report = ignore_progress,
    ) -> TransformNode:
        """Register the image on which a dose was computed to the baseline's, and return the transform of the dose.

        Without an image that of the plan or verification is taken that has the dose. The dose itself is not moved.
        """
        return response_doses.register_dose(assessmentNode, doseNode, imageNode, report)

    def doseLiesInBaseline(self, assessmentNode: AssessmentNode, doseNode: VolumeNode) -> TransformNode:
        """Say that a dose lies in the baseline's frame of reference, so that nothing need be registered."""
        return response_doses.dose_lies_in_baseline(assessmentNode, doseNode)

    def doseNodes(self, assessmentNode: AssessmentNode) -> list[VolumeNode]:
        """Return the doses of the courses."""
        return response_parts(assessmentNode, ResponseRole.DOSES)

    def placeInField(self, visitNode: VisitNode, lesionId: str) -> FieldPlacement:
        """Tell whether a lesion lies in the irradiated volume, and keep it; one that straddles it is the reader's."""
        return response_placing.place_in_field(visitNode, lesionId)

    def fieldSentence(self, visitNode: VisitNode, lesionId: str) -> str:
        """Return why a lesion lies where it does against the irradiated volume; empty before it was placed."""
        return find_entry(visitNode, lesionId).field_said

    def showField(self, visitNode: VisitNode) -> tuple[SegmentationNode, str]:
        """Write the irradiated volume as a segment of a visit, to be looked at."""
        return response_placing.show_field(visitNode)

    def siteOfFailure(self, visitNode: VisitNode, lesionId: str) -> FailureSite:
        """Tell where a lesion lies against the dose of the implant, with the dose that it had, and keep it."""
        return response_placing.find_site(visitNode, lesionId)
