"""Logic: lesions, white matter, and what is left out."""

from __future__ import annotations

from brachyresponse.scene import perfusion_segments
from brachyresponse.scene.perfusion_segments import WHITE_MATTER, ChosenSegment, chosen_segment
from brachyresponse.scene.perfusionratios_logic.choice_logic import ChoiceLogic
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode, SegmentationNode


class RegionLogic(ChoiceLogic):
    """Lesions, white matter, and what is left out: segments, edited in the Segment Editor as any other."""

    def addLesion(self, perfusionNode: PerfusionNode, segmentationNode: SegmentationNode, segmentID: str) -> None:
        """Measure a segment as a lesion."""
        perfusion_segments.add_lesion(perfusionNode, segmentationNode, segmentID)

    def removeLesion(self, perfusionNode: PerfusionNode, segmentationNode: SegmentationNode, segmentID: str) -> None:
        """Measure a lesion no longer; its segment stays."""
        perfusion_segments.remove_lesion(perfusionNode, segmentationNode, segmentID)

    def lesions(self, perfusionNode: PerfusionNode) -> list[ChosenSegment]:
        """Return the lesions: ``.node .segment_id .name .exists`` each."""
        return perfusion_segments.lesion_segments(perfusionNode)

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
