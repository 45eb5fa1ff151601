"""Dose of the implant beside that of the plan: metrics, DVH, difference, limits; robustness, oedema, two scans."""

from __future__ import annotations

from collections.abc import Sequence

import slicer

from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import verification_evaluation, verification_output, verification_staleness
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.seedverify_logic.nodes import ChartNode, TableNode, VerificationNode, VolumeNode
from brachyresponse.scene.seedverify_logic.state_logic import StateLogic
from brachyresponse.scene.shared_logic import IsodoseLogic
from brachyresponse.scene.verification_cache import KeptVerification
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    need_verification_part,
    verification_part,
    verification_parts,
)
from brachyresponse.verification import Verification

FOLLOWED_ROLES = (
    VerificationRole.SEEDS,
    VerificationRole.REJECTED,
    VerificationRole.PLAN,
    VerificationRole.IMPLANT_VOLUME,
    VerificationRole.PLAN_VOLUME,
    VerificationRole.TARGETS,
    VerificationRole.ORGANS,
    VerificationRole.REGISTRATION,
)


class DoseLogic(IsodoseLogic, StateLogic):
    """Dose of the implant beside that of the plan, and how it is shown."""

    def evaluate(
        self,
        verificationNode: VerificationNode,
        doseSpacingMm: float = 1.0,
        doseMarginMm: float = 30.0,
        report: Report = ignore_progress,
    ) -> Verification:
        """Compute plan and implant, write dose, difference, isodoses, DVHs and tables, and return the verification."""
        extent = DoseExtent(doseSpacingMm, doseMarginMm)
        verification = verification_evaluation.evaluate_verification(verificationNode, extent, report)
        verification_output.write_results(verificationNode, verification)
        self._cache.keep(verificationNode, extent, verification)
        return verification

    def seedTable(self, verificationNode: VerificationNode) -> TableNode | None:
        """Return the table of seeds, or None before they were matched."""
        return verification_part(verificationNode, VerificationRole.SEED_TABLE)

    def metricsTable(self, verificationNode: VerificationNode) -> TableNode | None:
        """Return the table of metrics of plan and implant, or None before they were evaluated."""
        return verification_part(verificationNode, VerificationRole.METRICS)

    def coldRegionsTable(self, verificationNode: VerificationNode) -> TableNode | None:
        """Return the table of cold regions of the target, or None before they were evaluated."""
        return verification_part(verificationNode, VerificationRole.COLD)

    def nearOrgansTable(self, verificationNode: VerificationNode) -> TableNode | None:
        """Return the table of seeds near organs at risk, or None before they were evaluated."""
        return verification_part(verificationNode, VerificationRole.NEAR)

    def dvhChart(self, verificationNode: VerificationNode) -> ChartNode | None:
        """Return the chart with the DVHs of plan (dashed) and implant (solid), or None before they were evaluated."""
        return verification_part(verificationNode, VerificationRole.DVH_CHART)

    def doseNode(self, verificationNode: VerificationNode) -> VolumeNode | None:
        """Return the dose of the implant, Gy, or None before it was evaluated."""
        return verification_part(verificationNode, VerificationRole.DOSE)

    def differenceVolume(self, verificationNode: VerificationNode) -> VolumeNode | None:
        """Return the dose of the implant minus that of the plan, Gy, or None before it was evaluated."""
        return verification_part(verificationNode, VerificationRole.DIFFERENCE)

    def showChart(self, verificationNode: VerificationNode) -> None:
        """Show the dose-volume histograms in a layout with a plot."""
        chart = need_verification_part(verificationNode, VerificationRole.DVH_CHART, "DVH chart")
        slicer.modules.plots.logic().ShowChartInLayout(chart)

    def writeIsodoses(
        self, verificationNode: VerificationNode, levelsPercent: Sequence[float] = (50, 100, 150, 200)
    ) -> None:
        """Draw isodoses of the implant at levels in percent of the prescription."""
        verification_output.write_isodoses(verificationNode, levelsPercent)

    def showDifference(self, verificationNode: VerificationNode, on: bool) -> None:
        """Lay the dose difference over the implant CT in the slice views, or take it away."""
        verification_output.show_difference(verificationNode, on)

    def staleReason(self, verificationNode: VerificationNode) -> str:
        """Return why the results no longer hold; empty while they do, or while there are none."""
        return verification_staleness.stale_verification_reason(verificationNode)

    def markStale(self, verificationNode: VerificationNode, reason: str) -> None:
        """Say why the results no longer hold, as the end of a sentence."""
        verification_staleness.mark_verification_stale(verificationNode, reason)

    def verificationNodes(self, verificationNode: VerificationNode) -> list[slicer.vtkMRMLNode]:
        """Return the nodes whose changes matter to a verification: seeds, plan, images, structures, registration."""
        return [node for role in FOLLOWED_ROLES for node in verification_parts(verificationNode, role)]

    def _verified(self, verificationNode: VerificationNode, report: Report) -> KeptVerification:
        """Return the last result while it holds, else a new one."""
        kept = self._cache.find(verificationNode)
        if kept is not None and not self.staleReason(verificationNode):
            return self._cache.vouched(kept, self._editor.read(verificationNode))
        extent = kept.extent if kept is not None else DoseExtent()
        verification = self.evaluate(verificationNode, extent.spacing_mm, extent.margin_mm, report)
        return self._cache.keep(verificationNode, extent, verification)
