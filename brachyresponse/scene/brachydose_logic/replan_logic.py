"""Replanning during the procedure: what a CT shows stays, its dose so far is shown, and the rest is planned anew."""

from __future__ import annotations

import slicer

from brachyresponse.planning.inverse import ImplantedSoFar, Replanned
from brachyresponse.planning.inverse.replanning.replan import DoseSoFar
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import so_far_finding
from brachyresponse.scene.brachydose_logic.editing_logic import EditingLogic
from brachyresponse.scene.brachydose_logic.nodes import PlanNode, TableNode, VolumeNode
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.so_far_replanning import run_replanning


class ReplanLogic(EditingLogic):
    """Replanning during the procedure, round what a CT shows to be implanted already."""

    def procedureImage(self, planNode: PlanNode) -> VolumeNode | None:
        """Return the CT taken during the procedure, or None."""
        return plan_part(planNode, PlanRole.PROCEDURE_IMAGE)

    def setProcedureImage(
        self,
        planNode: PlanNode,
        volumeNode: VolumeNode | None,
        transformNode: slicer.vtkMRMLLinearTransformNode | None = None,
    ) -> None:
        """Choose the CT taken during the procedure; it is put under the transform that brings it to the planning CT."""
        so_far_finding.set_procedure_image(planNode, volumeNode, transformNode)

    def findSoFar(self, planNode: PlanNode, report: Report = ignore_progress) -> ImplantedSoFar:
        """Find needles and seeds on the CT of the procedure; write them as a table and draw them, and return them."""
        return so_far_finding.find_so_far(planNode, report)

    def soFarTable(self, planNode: PlanNode) -> TableNode | None:
        """Return the table of needles and seeds found, each to be used or not; None while nothing was looked for."""
        return plan_part(planNode, PlanRole.SO_FAR)

    def useSoFar(self, planNode: PlanNode, row: int, used: bool) -> None:
        """Use a needle or seed that was found, or not, by its row in the table from 0."""
        so_far_finding.use_so_far(planNode, row, used)

    def soFarSentences(self, planNode: PlanNode) -> tuple[str, ...]:
        """Return in words what was found, its dose so far and its cold regions; empty while nothing was looked for."""
        return so_far_finding.so_far_sentences(planNode)

    def doseSoFar(self, planNode: PlanNode) -> DoseSoFar:
        """Return the dose of what is used of what was found: D90, V100, histograms, cold regions."""
        return so_far_finding.dose_of_so_far(planNode)

    def replanImplant(
        self,
        planNode: PlanNode,
        report: Report | None = None,
        *,
        doseSpacingMm: float = 1.0,
        doseMarginMm: float = 30.0,
        pointSource: bool = False,
    ) -> Replanned:
        """Plan the rest anew round what was found, which is locked, and write the whole as one step to undo.

        As :meth:`planImplant`: ``plan.evaluation`` of what is returned is what the tables hold, and who cancels keeps
        the best plan so far. ``exportRemainingSheet`` writes what remains to be implanted.
        """
        extent = DoseExtent(doseSpacingMm, doseMarginMm)
        return run_replanning(planNode, self._editor, extent, report, point_sources=pointSource)
