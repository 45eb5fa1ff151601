"""Logic: the assessments of the scene, their visits, and what was seen at them."""

from __future__ import annotations

from datetime import date

import slicer

from brachyresponse.response.vocabulary import VisitRole
from brachyresponse.scene import response_assessments, response_visit_values, response_visits
from brachyresponse.scene.response_parts import (
    VisitPart,
    assessment_of,
    assessments_in,
    require_assessment,
    visit_part,
    visit_parts,
)
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, OwnerNode, VisitNode, VolumeNode
from brachyresponse.scene.responseassess_logic.state_logic import StateLogic


class VisitLogic(StateLogic):
    """The assessments of the scene, their visits, and what was seen at them."""

    def assessments(self) -> list[AssessmentNode]:
        """Return the assessments of the scene."""
        return assessments_in(slicer.mrmlScene)

    def createAssessment(self, name: str = "Response") -> AssessmentNode:
        """Add an assessment of a patient, without visits, and return its node."""
        return response_assessments.create_assessment(slicer.mrmlScene, name)

    def deleteAssessment(self, assessmentNode: AssessmentNode) -> None:
        """Delete an assessment with its visits, lines, tables and own segments; what the user made stays."""
        require_assessment(assessmentNode)
        self._cache.forget(assessmentNode)
        response_assessments.delete_assessment(assessmentNode)

    def renameAssessment(self, assessmentNode: AssessmentNode, name: str) -> None:
        """Rename an assessment, its folder, its visits and what belongs to it."""
        response_assessments.rename_assessment(assessmentNode, name)

    def visits(self, assessmentNode: AssessmentNode) -> list[VisitNode]:
        """Return the visits in the order of their days."""
        return response_visits.visits_of(assessmentNode)

    def assessmentOf(self, visitNode: VisitNode) -> AssessmentNode | None:
        """Return the assessment that a visit belongs to, or None."""
        return assessment_of(visitNode)

    def addVisit(
        self,
        assessmentNode: AssessmentNode,
        day: date | str,
        role: str = VisitRole.FOLLOW_UP.value,
        volumeNode: VolumeNode | None = None,
    ) -> VisitNode:
        """Add a visit and return its node; the role is "pre-baseline", "baseline" or "follow-up".

        The volume is the image on which lesions are measured: it stays where it is.
        """
        return response_visits.add_visit(assessmentNode, day, role, volumeNode)

    def removeVisit(self, assessmentNode: AssessmentNode, visitNode: VisitNode) -> None:
        """Take a visit out of an assessment, with what is ours of it."""
        response_visits.remove_visit(assessmentNode, visitNode)

    def visitDate(self, visitNode: VisitNode) -> date:
        """Return the day of a visit."""
        return response_visits.day_of_visit(visitNode)

    def setVisit(self, visitNode: VisitNode, name: str, value: object) -> None:
        """Set a value of a visit; None is not known.

        Names: date, role, nonTarget, t2Flair, steroidDose (mg dexamethasone a day), steroidTrend, clinicalStatus,
        histology ("tumour"). The words are those of the criteria's case files.
        """
        response_visit_values.set_visit_value(visitNode, name, value)

    def visitValue(self, visitNode: VisitNode, name: str) -> str | float | date | None:
        """Return a value of a visit by the names of :meth:`setVisit`; None where it is not known."""
        return response_visit_values.visit_value(visitNode, name)

    def setVisitVolume(self, visitNode: VisitNode, volumeNode: VolumeNode | None) -> None:
        """Choose the image on which the lesions of a visit are measured; another one needs another registration."""
        response_visits.set_visit_volume(visitNode, volumeNode)

    def visitVolume(self, visitNode: VisitNode) -> VolumeNode | None:
        """Return the image on which the lesions of a visit are measured, or None."""
        return visit_part(visitNode, VisitPart.VOLUME)

    def addSeries(self, visitNode: VisitNode, node: slicer.vtkMRMLNode) -> None:
        """Add a series, a volume or a sequence, to those of a visit, which the protocol check looks at."""
        response_visits.add_series(visitNode, node)

    def removeSeries(self, visitNode: VisitNode, node: slicer.vtkMRMLNode) -> None:
        """Take a series out of those of a visit."""
        response_visits.remove_series(visitNode, node)

    def series(self, visitNode: VisitNode) -> list[slicer.vtkMRMLNode]:
        """Return the series of a visit."""
        return visit_parts(visitNode, VisitPart.SERIES)

    def setPerfusion(self, visitNode: VisitNode, perfusionNode: OwnerNode | None) -> None:
        """Link a visit with its study of PerfusionRatios; its ratios stand in the time line."""
        response_visits.set_perfusion(visitNode, perfusionNode)

    def perfusion(self, visitNode: VisitNode) -> OwnerNode | None:
        """Return the perfusion study of a visit, or None."""
        return visit_part(visitNode, VisitPart.PERFUSION)
