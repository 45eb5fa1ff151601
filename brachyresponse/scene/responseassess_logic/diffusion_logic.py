"""Logic: the diffusion of a visit, its lesions against white matter."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.diffusion.record import DiffusionRecord
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import (
    diffusion_choices,
    diffusion_measuring,
    diffusion_records,
    diffusion_staleness,
    response_implant_seeds,
)
from brachyresponse.scene.diffusion_fields import DiffusionField
from brachyresponse.scene.perfusion_segments import ChosenSegment
from brachyresponse.scene.response_parts import VisitPart, visit_part
from brachyresponse.scene.responseassess_logic.nodes import (
    ChartNode,
    SeedsNode,
    SegmentationNode,
    TableNode,
    VisitNode,
    VolumeNode,
)


class DiffusionLogic:
    """The diffusion of a visit, its lesions against white matter."""

    def setDiffusion(self, visitNode: VisitNode, volumeNode: VolumeNode | None, unit: str = "") -> None:
        """Choose the ADC map of a visit; None takes it away.

        The unit, as "1e-6 mm2/s", is asked for where the volume does not say it by its codes: it is never guessed.
        """
        diffusion_choices.set_diffusion(visitNode, volumeNode, unit)

    def setWeightedImages(
        self, visitNode: VisitNode, volumeNodes: Sequence[VolumeNode], bValues: Sequence[float]
    ) -> VolumeNode:
        """Compute the ADC map of a visit from diffusion-weighted images, b values in s/mm2, and return it."""
        return diffusion_choices.set_weighted_images(visitNode, volumeNodes, bValues)

    def diffusionVolume(self, visitNode: VisitNode) -> VolumeNode | None:
        """Return the ADC map of a visit, chosen or computed, or None."""
        return diffusion_choices.diffusion_volume(visitNode)

    def weightedImages(self, visitNode: VisitNode) -> list[VolumeNode]:
        """Return the diffusion-weighted images from which the ADC map was computed."""
        return diffusion_choices.weighted_images(visitNode)

    def setDiffusionReference(
        self, visitNode: VisitNode, segmentationNode: SegmentationNode | None, segmentID: str
    ) -> None:
        """Choose the segment that is normal-appearing white matter; "" is that of the visit's perfusion study."""
        diffusion_choices.set_reference(visitNode, segmentationNode, segmentID)

    def diffusionReference(self, visitNode: VisitNode) -> ChosenSegment | None:
        """Return the segment of the white matter, or None."""
        return diffusion_choices.reference_segment(visitNode)

    def proposeDiffusionReference(self, visitNode: VisitNode) -> tuple[SegmentationNode, str]:
        """Propose white matter opposite the largest lesion, and choose it; returns segmentation and segment ID."""
        return diffusion_choices.propose_reference(visitNode)

    def setDiffusionRegistered(self, visitNode: VisitNode, isRegistered: bool | None) -> None:
        """Say whether the ADC map lies on the image of the visit; None leaves it to DICOM, else it is asked."""
        diffusion_choices.set_checked(visitNode, DiffusionField.IS_REGISTERED, isRegistered)

    def diffusionRegistered(self, visitNode: VisitNode) -> bool | None:
        """Return whether the ADC map lies on the image of the visit; None where it is not known."""
        return diffusion_choices.is_registered(visitNode)

    def setDiffusionUndistorted(self, visitNode: VisitNode, isUndistorted: bool | None) -> None:
        """Say whether somebody looked at the map at the lesion, and found it not displaced by distortion."""
        diffusion_choices.set_checked(visitNode, DiffusionField.IS_UNDISTORTED, isUndistorted)

    def diffusionUndistorted(self, visitNode: VisitNode) -> bool | None:
        """Return whether the map is not displaced by distortion at the lesion; None where nobody looked."""
        return diffusion_choices.is_undistorted(visitNode)

    def setVisitSeeds(self, visitNode: VisitNode, seedsNode: SeedsNode | None) -> None:
        """Choose the seeds as they lie on the scan of a visit, with a transform above them where they need one.

        None leaves them to the visit's perfusion study, or to the plan or verification that has a treatment's dose.
        """
        response_implant_seeds.set_visit_seeds(visitNode, seedsNode)

    def visitSeeds(self, visitNode: VisitNode) -> SeedsNode | None:
        """Return the seeds that were chosen for a visit, or None."""
        return visit_part(visitNode, VisitPart.SEEDS)

    def measureDiffusion(
        self, visitNode: VisitNode, lesionId: str | None = None, report: Report = ignore_progress
    ) -> DiffusionRecord:
        """Measure the ADC of a lesion, or of all drawn ones, and write table, histogram and record.

        Seeds with a margin, and what the perfusion study of the visit leaves out, are left out here as well.
        """
        return diffusion_measuring.measure_visit_diffusion(visitNode, lesionId, report)

    def diffusionRecord(self, visitNode: VisitNode) -> DiffusionRecord | None:
        """Return what was measured at a visit, also in an earlier session; None before anything was."""
        return diffusion_records.read_visit_diffusion(visitNode)

    def diffusionTable(self, visitNode: VisitNode) -> TableNode | None:
        """Return the table of what was measured, or None."""
        return visit_part(visitNode, VisitPart.DIFFUSION_TABLE)

    def diffusionHistogram(self, visitNode: VisitNode) -> ChartNode | None:
        """Return the chart with the histograms of lesions and white matter, or None."""
        return visit_part(visitNode, VisitPart.HISTOGRAM)

    def diffusionState(self, visitNode: VisitNode) -> str:
        """Return why what was measured no longer holds; empty while it does, or while nothing was."""
        return diffusion_staleness.stale_diffusion_reason(visitNode)
