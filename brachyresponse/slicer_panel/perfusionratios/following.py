"""Following what the user does to series, segments and tables of a study in the views and in other modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.perfusion_segments import ChosenSegment
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.following import NodeFollower

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.perfusionratios.panel import PerfusionRatiosPanel


class StudyFollower(NodeFollower):
    """Watches the nodes of one study, so that what is typed is taken and what is out of date is said at once."""

    panel: PerfusionRatiosPanel

    def nodes_of(self, node: PerfusionNode) -> list[slicer.vtkMRMLNode]:
        """Return series, images, segmentations and tables of a study."""
        nodes: list[slicer.vtkMRMLNode] = self.panel.logic.perfusionNodes(node)
        return nodes

    def follow(self, node: PerfusionNode) -> None:
        """Take in what was done."""
        with self.panel.runner.action(_("The change was not taken."), quiet=True):
            self.panel.logic.takeEdits(node)
        self.timer.cancel()  # the events of our own writes; they would take the message away


def changed_at(chosen: ChosenSegment | None) -> int:
    """Return a number that rises whenever a segment is changed; 0 where there is none."""
    if chosen is None or chosen.node is None or not chosen.exists:
        return 0
    segmentation = chosen.node.GetSegmentation()
    source = segmentation.GetSegment(chosen.segment_id).GetRepresentation(segmentation.GetSourceRepresentationName())
    return source.GetMTime() if source is not None else 0
