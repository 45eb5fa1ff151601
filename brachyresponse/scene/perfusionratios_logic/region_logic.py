"""Logic: lesions, white matter, and what is left out."""

from __future__ import annotations

from numpy.typing import ArrayLike

from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import perfusion_carrying, perfusion_growing, perfusion_segments
from brachyresponse.scene.perfusion_parts import PerfusionRole, is_perfusion, perfusion_parts
from brachyresponse.scene.perfusion_segments import WHITE_MATTER, ChosenSegment, chosen_segment
from brachyresponse.scene.perfusionratios_logic.choice_logic import ChoiceLogic
from brachyresponse.scene.perfusionratios_logic.nodes import (
    PerfusionNode,
    SegmentationNode,
    TransformNode,
    VolumeNode,
)


class RegionLogic(ChoiceLogic):
    """Lesions, white matter, and what is left out: segments, edited in the Segment Editor as any other."""

    def growLesion(
        self, perfusionNode: PerfusionNode, positionRas: ArrayLike, volumeNode: VolumeNode | None = None
    ) -> tuple[SegmentationNode, str]:
        """Grow an enhancing lesion from a click, add it, and return its segmentation and segment ID.

        It grows on the anatomical image, unless another post-contrast image is given, and stops at the "barriers".
        """
        return perfusion_growing.grow_lesion_segment(perfusionNode, positionRas, volumeNode)

    def growHyperintensity(
        self, perfusionNode: PerfusionNode, positionRas: ArrayLike, volumeNode: VolumeNode
    ) -> tuple[SegmentationNode, str]:
        """Grow the bright part of a FLAIR or T2-weighted image from a click; it is no lesion until it is added."""
        return perfusion_growing.grow_hyperintensity_segment(perfusionNode, positionRas, volumeNode)

    def segmentNotes(self, segmentationNode: SegmentationNode, segmentID: str) -> str:
        """Return how a segment was grown, proposed or carried, and what to look at; empty for one that was drawn."""
        return perfusion_growing.read_notes(segmentationNode, segmentID)

    def addLesion(self, perfusionNode: PerfusionNode, segmentationNode: SegmentationNode, segmentID: str) -> None:
        """Measure a segment as a lesion."""
        perfusion_segments.add_lesion(perfusionNode, segmentationNode, segmentID)

    def removeLesion(self, perfusionNode: PerfusionNode, segmentationNode: SegmentationNode, segmentID: str) -> None:
        """Measure a lesion no longer; its segment stays."""
        perfusion_segments.remove_lesion(perfusionNode, segmentationNode, segmentID)

    def lesions(self, perfusionNode: PerfusionNode) -> list[ChosenSegment]:
        """Return the lesions: ``.node .segment_id .name .exists`` each."""
        return perfusion_segments.lesion_segments(perfusionNode)

    def proposeWhiteMatter(self, perfusionNode: PerfusionNode) -> tuple[SegmentationNode, str]:
        """Propose normal-appearing white matter opposite the largest lesion, outside the dose, and choose it."""
        return perfusion_growing.propose_white_matter_segment(perfusionNode)

    def setWhiteMatter(
        self, perfusionNode: PerfusionNode, segmentationNode: SegmentationNode | None, segmentID: str
    ) -> None:
        """Choose the segment of normal-appearing white matter; "" is none."""
        perfusion_segments.choose_segment(perfusionNode, WHITE_MATTER, segmentationNode, segmentID)

    def whiteMatter(self, perfusionNode: PerfusionNode) -> ChosenSegment | None:
        """Return the white matter, or None."""
        return chosen_segment(perfusionNode, WHITE_MATTER)

    def setMask(
        self, perfusionNode: PerfusionNode, role: str, segmentationNode: SegmentationNode | None, segmentID: str
    ) -> None:
        """Choose the segment that is left out as vessels, necrosis, cavity, blood, calcification or balloon.

        "brain" is where maps are computed, "barriers" where growing a lesion stops; "" as segment is none.
        """
        perfusion_segments.choose_mask(perfusionNode, role, segmentationNode, segmentID)

    def mask(self, perfusionNode: PerfusionNode, role: str) -> ChosenSegment | None:
        """Return the segment in a role, or None."""
        return chosen_segment(perfusionNode, perfusion_segments.mask_slot(role))

    def segmentationNodes(self, perfusionNode: PerfusionNode) -> list[SegmentationNode]:
        """Return the segmentations that hold a chosen segment, each once."""
        return perfusion_segments.chosen_segmentations(perfusionNode)

    def carrySegments(
        self,
        perfusionNode: PerfusionNode,
        fromNode: PerfusionNode | VolumeNode,
        report: Report = ignore_progress,
    ) -> TransformNode:
        """Carry lesions and white matter by a registration, choose them, and return its transform.

        From an image of this visit, on which they were drawn, to the dynamic series; or from another study, whose
        anatomical image is registered to that of this one. What was drawn stays. :meth:`residualMm` tells how
        uncertain the registration is.
        """
        if is_perfusion(fromNode):
            return perfusion_carrying.carry_from_visit(perfusionNode, fromNode, report)
        return perfusion_carrying.carry_to_series(perfusionNode, fromNode, report)

    def registrations(self, perfusionNode: PerfusionNode) -> list[TransformNode]:
        """Return the transforms by which segments were carried."""
        return perfusion_parts(perfusionNode, PerfusionRole.REGISTRATION)

    def residualMm(self, transformNode: TransformNode) -> float:
        """Return how uncertain a registration is, mm."""
        return perfusion_carrying.residual_mm(transformNode)
