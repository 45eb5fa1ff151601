"""Following what the user does to series, segments and tables of a study in the views and in other modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.perfusion_segments import ChosenSegment, chosen_segment, chosen_slots
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.following import NodeFollower

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.perfusionratios.panel import PerfusionRatiosPanel

Fingerprint = tuple[tuple[str, int], ...]


class StudyFollower(NodeFollower):
    """Watches the nodes of one study: a segment that was corrected makes its results out of date.

    Segments are also corrected while another module is open and nothing is watched, so it is their time stamps that
    tell, looked at whenever the study is shown again.
    """

    panel: PerfusionRatiosPanel

    def __init__(self, panel: PerfusionRatiosPanel) -> None:
        super().__init__(panel)
        self._seen: dict[str, tuple[PerfusionNode, Fingerprint]] = {}

    def nodes_of(self, node: PerfusionNode) -> list[slicer.vtkMRMLNode]:
        """Return series, images, segmentations and tables of a study."""
        nodes: list[slicer.vtkMRMLNode] = self.panel.logic.perfusionNodes(node)
        return nodes

    def on_other(self, node: PerfusionNode | None) -> None:
        """Look whether segments were corrected while the study was not shown."""
        if node is not None:
            self._look_at_segments(node)

    def follow(self, node: PerfusionNode) -> None:
        """Take in what was done."""
        with self.panel.runner.action(_("The change was not taken."), quiet=True):
            self.panel.logic.takeEdits(node)
            self._look_at_segments(node)
        self.timer.cancel()  # the events of our own writes; they would take the message away

    def computed(self, node: PerfusionNode) -> None:
        """Told that the results of a study were just computed from its segments."""
        self._seen[node.GetID()] = (node, _fingerprint(node))

    def _look_at_segments(self, node: PerfusionNode) -> None:
        now = _fingerprint(node)
        seen = self._seen.get(node.GetID())
        self._seen[node.GetID()] = (node, now)
        if seen is not None and seen[0] is node and seen[1] != now and self.panel.logic.maps(node):
            self.panel.logic.markStale(node, _("a segment was corrected"))


def _fingerprint(node: PerfusionNode) -> Fingerprint:
    """When each segment of a study was changed last."""
    return tuple((slot, changed_at(chosen_segment(node, slot))) for slot in chosen_slots(node))


def changed_at(chosen: ChosenSegment | None) -> int:
    """Return a number that rises whenever a segment is changed; 0 where there is none."""
    if chosen is None or chosen.node is None or not chosen.exists:
        return 0
    segmentation = chosen.node.GetSegmentation()
    source = segmentation.GetSegment(chosen.segment_id).GetRepresentation(segmentation.GetSourceRepresentationName())
    return source.GetMTime() if source is not None else 0
