"""A segmentation and one of its segments, in two selectors side by side."""

from __future__ import annotations

import qt
import slicer

from brachyresponse.scene.perfusion_segments import ChosenSegment
from brachyresponse.slicer_panel.selectors import quiet, show_segments


class SegmentChoice:
    """Shows which segment was chosen; the segmentation is the user's own until one of its segments is.

    Parameters
    ----------
    segmentations
        Selector of the segmentation.
    segments
        Selector of its segment, with a "None".
    """

    def __init__(self, segmentations: qt.QWidget, segments: qt.QWidget) -> None:
        self._segmentations, self._segments = segmentations, segments
        segmentations.connect("currentNodeChanged(vtkMRMLNode*)", segments.setCurrentNode)

    @property
    def chosen(self) -> tuple[slicer.vtkMRMLSegmentationNode | None, str]:
        """The segmentation and the ID of the segment, empty for none."""
        return self._segmentations.currentNode(), self._segments.currentSegmentID()

    def show(self, segment: ChosenSegment | None) -> None:
        """Show a choice, or that there is none."""
        if segment is not None and segment.exists:
            show_segments(self._segmentations, segment.node, ((self._segments, segment.segment_id),))
        else:
            with quiet(self._segments):
                self._segments.setCurrentSegmentID("")
