"""The case: implant CT, plan, date, structures; and the verifications of the scene."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import slicer

from brachyresponse.planning import PlanRoles
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import verification_anatomy, verification_segments, verifications
from brachyresponse.scene.plan_structures import PlanSegments
from brachyresponse.scene.sample_implant import load_sample_implant
from brachyresponse.scene.seedverify_logic.nodes import PlanNode, SegmentationNode, VerificationNode, VolumeNode
from brachyresponse.scene.seedverify_logic.state_logic import StateLogic
from brachyresponse.scene.verification_contouring import contour_targets
from brachyresponse.scene.verification_days import delivery_sentence, planned_day
from brachyresponse.scene.verification_fields import (
    VerificationField,
    set_verification_field,
    verification_day,
    verification_text,
)
from brachyresponse.scene.verification_parts import VerificationRole, verification_part, verifications_in
from brachyresponse.scene.verification_plan_display import is_plan_shown, show_plan
from brachyresponse.scene.verification_seeds import take_over_strength
from brachyresponse.scene.verification_staleness import mark_verification_stale


class CaseLogic(StateLogic):
    """The case: implant CT, plan, date, structures; and the verifications of the scene."""

    def verifications(self) -> list[VerificationNode]:
        """Return the verifications of the scene."""
        return verifications_in(slicer.mrmlScene)

    def createVerification(
        self, implantVolumeNode: VolumeNode, planNode: PlanNode | None = None, name: str = "Verification"
    ) -> VerificationNode:
        """Add a verification of the implant on a CT, against a plan where there is one, and return its node."""
        return verifications.create_verification(implantVolumeNode, planNode, name)

    def deleteVerification(self, verificationNode: VerificationNode) -> None:
        """Delete a verification with its seeds, registration, dose and tables; images, plan and structures stay."""
        self._cache.forget(verificationNode)
        verifications.delete_verification(verificationNode)

    def renameVerification(self, verificationNode: VerificationNode, name: str) -> None:
        """Rename a verification, its folder and what belongs to it."""
        verifications.rename_verification(verificationNode, name)

    def setImplantVolume(self, verificationNode: VerificationNode, volumeNode: VolumeNode | None) -> None:
        """Choose the implant CT; of one loaded from DICOM, patient ID, frame of reference and day are taken along."""
        before = self.implantVolumeNode(verificationNode)
        verifications.set_implant_volume(verificationNode, volumeNode)
        if volumeNode is not before:
            mark_verification_stale(verificationNode, "another implant CT was chosen")

    def setPlan(self, verificationNode: VerificationNode, planNode: PlanNode | None) -> None:
        """Choose the plan to compare with, and its planning CT unless another was chosen; None is no plan."""
        verifications.set_plan(verificationNode, planNode)
        take_over_strength(verificationNode)

    def showPlan(self, verificationNode: VerificationNode, on: bool) -> None:
        """Show or hide needles, seeds, isodoses and structures of the plan, which lie where the planning CT lies."""
        show_plan(verificationNode, on)

    def isPlanShown(self, verificationNode: VerificationNode) -> bool:
        """Tell whether anything of the plan can be seen in the views."""
        return is_plan_shown(verificationNode)

    def setPlanVolume(self, verificationNode: VerificationNode, volumeNode: VolumeNode | None) -> None:
        """Choose the planning CT, where it is not the one of the plan."""
        verifications.set_volume(verificationNode, VerificationRole.PLAN_VOLUME, volumeNode, "planning CT")

    def setScanDate(self, verificationNode: VerificationNode, day: date | str | None) -> None:
        """Set the day on which the implant CT was made, a date or text as "2026-03-06"; None takes it away."""
        verifications.set_day(verificationNode, VerificationField.SCAN_DATE, day, "implant CT")

    def setImplantDate(self, verificationNode: VerificationNode, day: date | str | None) -> None:
        """Set the day on which the seeds were implanted, where it is not the plan's; None is the plan's."""
        verifications.set_day(verificationNode, VerificationField.IMPLANT_DATE, day, "implant")

    def setProfile(self, verificationNode: VerificationNode, profile: str) -> None:
        """Choose the site profile with the limits of the verification; "" is that of the plan."""
        verifications.set_profile(verificationNode, profile)

    def setPatient(
        self, verificationNode: VerificationNode, *, patientID: str | None = None, frameOfReference: str | None = None
    ) -> None:
        """Set patient ID and frame of reference of the implant CT; what is not given stays."""
        for field, text in (
            (VerificationField.PATIENT_ID, patientID),
            (VerificationField.FRAME_OF_REFERENCE_UID, frameOfReference),
        ):
            if text is not None:
                set_verification_field(verificationNode, field, text.strip())

    def setTarget(
        self, verificationNode: VerificationNode, role: str, segmentationNode: SegmentationNode, segmentID: str
    ) -> None:
        """Choose the segment on the implant CT that is the "gtv" or the "ptv"; "" is none.

        Both are of one segmentation: with a segment of another one, the other target is to be chosen again.
        """
        verification_segments.set_target(verificationNode, role, segmentationNode, segmentID)

    def setOrgans(
        self,
        verificationNode: VerificationNode,
        segmentationNode: SegmentationNode | None,
        segmentIDs: Sequence[str],
        skinID: str = "",
    ) -> None:
        """Choose the organs at risk and the skin on the implant CT, segments of one segmentation."""
        verification_segments.set_organs(verificationNode, segmentationNode, segmentIDs, skinID)

    def contourTargets(self, verificationNode: VerificationNode) -> SegmentationNode:
        """Return the segmentation to draw the targets in, on the implant CT; made, and its targets chosen, when absent.

        Open it in the Segment Editor: contoured anew is how an implant is verified.
        """
        return contour_targets(verificationNode)

    def carryStructures(self, verificationNode: VerificationNode, *, targets: bool = True) -> SegmentationNode:
        """Carry the plan's structures to the implant CT by the registration, and choose them; returns the segmentation.

        Their names say that they were carried and not verified. Without ``targets`` only organs and skin are chosen.
        """
        return verification_anatomy.carry_structures(verificationNode, targets=targets)

    def planNode(self, verificationNode: VerificationNode) -> PlanNode | None:
        """Return the plan, or None."""
        return verification_part(verificationNode, VerificationRole.PLAN)

    def planVolumeNode(self, verificationNode: VerificationNode) -> VolumeNode | None:
        """Return the planning CT, or None."""
        return verification_part(verificationNode, VerificationRole.PLAN_VOLUME)

    def implantVolumeNode(self, verificationNode: VerificationNode) -> VolumeNode | None:
        """Return the implant CT, or None."""
        return verification_part(verificationNode, VerificationRole.IMPLANT_VOLUME)

    def targetSegmentation(self, verificationNode: VerificationNode) -> SegmentationNode | None:
        """Return the segmentation that the targets are chosen from, or None."""
        return verification_part(verificationNode, VerificationRole.TARGETS)

    def organSegmentation(self, verificationNode: VerificationNode) -> SegmentationNode | None:
        """Return the segmentation that organs at risk and skin are chosen from, or None."""
        return verification_part(verificationNode, VerificationRole.ORGANS)

    def segments(self, verificationNode: VerificationNode) -> PlanSegments:
        """Return the segment IDs of targets, organs and skin: ``.gtv .ptv .organs .skin``."""
        return verification_segments.read_segments(verificationNode)

    def isCarried(self, verificationNode: VerificationNode) -> bool:
        """Tell whether a chosen target was carried over from the plan and not contoured on the implant CT."""
        return verification_segments.has_carried_target(verificationNode)

    def scanDate(self, verificationNode: VerificationNode) -> date | None:
        """Return the day of the implant CT, or None while it is not set."""
        return verification_day(verificationNode, VerificationField.SCAN_DATE)

    def implantDate(self, verificationNode: VerificationNode) -> date | None:
        """Return the day of the implant that was set, or None where it is the plan's."""
        return verification_day(verificationNode, VerificationField.IMPLANT_DATE)

    def plannedImplantDate(self, verificationNode: VerificationNode) -> date | None:
        """Return the day of the implant by the plan, or None."""
        return planned_day(self.planNode(verificationNode))

    def deliverySentence(self, verificationNode: VerificationNode) -> str:
        """Return how old the implant was on its CT and what of its dose was given by then; empty where not known."""
        return delivery_sentence(verificationNode)

    def profile(self, verificationNode: VerificationNode) -> str:
        """Return the name of the site profile: the one that was chosen, else that of the plan."""
        return verifications.profile_name(verificationNode)

    def patientID(self, verificationNode: VerificationNode) -> str:
        """Return the patient ID of the implant CT; empty when it is not known."""
        return verification_text(verificationNode, VerificationField.PATIENT_ID)

    def roles(self, verificationNode: VerificationNode) -> PlanRoles:
        """Return what the chosen structures are, by name."""
        return verification_segments.read_roles(verificationNode)

    def loadSampleImplant(self, report: Report = ignore_progress) -> VerificationNode:
        """Build the digital patient with a plan and the CT of its implant, and return a verification of it."""
        return load_sample_implant(slicer.mrmlScene, report)
