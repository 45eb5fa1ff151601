"""Following what the user does to images, segments, diameters and tables of an assessment, here or elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.following import NodeFollower

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.responseassess.panel import ResponseAssessPanel


class AssessmentFollower(NodeFollower):
    """Watches the nodes of one assessment: a dragged diameter is taken at once, what is out of date is said."""

    panel: ResponseAssessPanel

    def nodes_of(self, node: AssessmentNode) -> list[slicer.vtkMRMLNode]:
        """Return visits, images, segmentations, diameters and tables of an assessment."""
        nodes: list[slicer.vtkMRMLNode] = self.panel.logic.assessmentNodes(node)
        return nodes

    def follow(self, node: AssessmentNode) -> None:
        """Take in what was done."""
        with self.panel.runner.action(_("The change was not taken."), quiet=True):
            self.panel.logic.takeEdits(node)
        self.timer.cancel()  # the events of our own writes; they would take the message away
