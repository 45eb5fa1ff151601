"""Logic: visits found in the scene, the protocol, views side by side, files, and the sample patient."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.response.schedule import ProtocolCheck, load_schedule
from brachyresponse.scene import (
    response_proposals,
    response_series,
    response_showing,
    response_staleness,
    response_views,
)
from brachyresponse.scene.response_parts import need_assessment, require_assessment
from brachyresponse.scene.response_proposals import VisitProposal
from brachyresponse.scene.response_views import VisitViews
from brachyresponse.scene.response_visits import day_of_visit
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, TableNode, VisitNode
from brachyresponse.scene.responseassess_logic.result_logic import ResultLogic

USUAL_PROTOCOL = "gliasite_mri"


class FileLogic(ResultLogic):
    """Visits found in the scene, the protocol, views side by side, files, and the sample patient."""

    def __init__(self) -> None:
        super().__init__()
        self._views = VisitViews()

    def proposeVisits(self, assessmentNode: AssessmentNode) -> list[VisitProposal]:
        """Return the days of the scene's images and perfusion studies that are no visits yet.

        ``.day .title .volumes .perfusion .sentence`` each; the first volume is the one to measure on.
        """
        return response_proposals.propose_visits(assessmentNode)

    def acceptVisits(self, assessmentNode: AssessmentNode, proposals: Sequence[VisitProposal]) -> list[VisitNode]:
        """Add proposed visits and return them; the earliest is the baseline where there is none yet."""
        return response_proposals.accept_visits(assessmentNode, proposals)

    def protocolCheck(self, visitNode: VisitNode) -> ProtocolCheck:
        """Hold the series of a visit against the protocol of the schedule, without one that of GliaSite.

        Sequences, planes, slice thickness and b-values; perfusion and spectroscopy where the picture is ambiguous.
        """
        assessmentNode = need_assessment(visitNode)
        schedule = self.schedule(assessmentNode)
        protocol = USUAL_PROTOCOL if schedule is None else load_schedule(schedule).protocol
        if not protocol:
            raise ResponseError(f"Schedule {schedule!r} has no imaging protocol to hold a visit against.")
        return response_series.check_visit_protocol(
            visitNode, protocol, is_advanced_called_for=self._isAmbiguous(visitNode)
        )

    def protocolTable(self, visitNode: VisitNode) -> TableNode:
        """Write what :meth:`protocolCheck` finds as a table, and return it."""
        return response_series.write_protocol(visitNode, self.protocolCheck(visitNode))

    def _isAmbiguous(self, visitNode: VisitNode) -> bool:
        """Whether the last result calls for advanced imaging at a visit, which it says of the last one."""
        study = self.study(need_assessment(visitNode))
        if study is None or study.schedule is None or study.case.visits[-1].date != day_of_visit(visitNode):
            return False
        return bool(study.schedule.advanced_imaging)

    def showVisits(
        self, assessmentNode: AssessmentNode, visitNodes: Sequence[VisitNode]
    ) -> list[slicer.vtkMRMLSliceNode]:
        """Show two to four visits side by side, linked through their registrations, and return their slice views.

        Each view shows its own image, segments and diameters; none is moved.
        """
        require_assessment(assessmentNode)
        return self._views.show(list(visitNodes))

    def hideVisits(self) -> None:
        """Go back to the views of before, also in a scene that was saved while visits were shown side by side."""
        self._views.hide()
        response_views.release_all(slicer.mrmlScene)

    def shownVisits(self) -> list[VisitNode]:
        """Return the visits that are shown side by side."""
        return self._views.visits

    def showMeasurement(self, visitNode: VisitNode, lesionId: str) -> None:
        """Go to the slice in which a lesion is measured, with its diameters; beside others where they are shown.

        The lengths stand beside the lines of this lesion, and only these can be dragged. Of the other lesions, and of
        other visits, the ends are seen in all slices.
        """
        position = response_showing.place_of(visitNode, lesionId)
        response_showing.put_first(visitNode, lesionId, position)
        if not self._views.go_to(visitNode, position):
            response_showing.show_place(visitNode, lesionId, position)

    def exportAssessment(self, assessmentNode: AssessmentNode, folder: str | Path) -> list[Path]:
        """Write the last result into a folder and return the files: report.html, response.json, tables as CSV.

        With evidence on a lesion also evidence.json, which the command ``respond`` reads. A result that no longer
        belongs to what it was made of is refused: assess again.
        """
        study = self.needStudy(assessmentNode)
        reason = response_staleness.stale_response_reason(assessmentNode)
        if reason:
            raise ResponseError(f"The result is out of date ({reason}): assess again, then write the files.")
        from brachyresponse.scene.evidence_exports import check_evidence_is_current
        from brachyresponse.scene.response_exports import export_assessment  # pictures and report: not at every start

        check_evidence_is_current(assessmentNode)
        return export_assessment(assessmentNode, study, folder)

    def loadSamplePatient(
        self, variant: str = "progression_at_margin", report: Report = ignore_progress
    ) -> AssessmentNode:
        """Build the digital patient's follow-up and return an assessment of it, ready to be assessed.

        The variants are "progression_at_margin", "pseudoprogression", "necrosis", "never_hyperperfused" and
        "neck_node". Lesions are drawn and measured, treatments entered, visits and dose brought to the baseline.
        """
        from brachyresponse.scene.response_sample import load_sample_course  # all of the digital patient

        return load_sample_course(slicer.mrmlScene, variant, report)
