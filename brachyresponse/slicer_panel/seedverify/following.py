"""Following what the user does to seeds, structures and plan of a verification in the views and in other modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.slicer_panel.following import NodeFollower

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.seedverify.panel import SeedVerifyPanel


class VerificationFollower(NodeFollower):
    """Watches the nodes of one verification: a seed that was dragged, clicked or removed is a correction."""

    panel: SeedVerifyPanel

    def nodes_of(self, node: VerificationNode) -> list[slicer.vtkMRMLNode]:
        """Return seeds, plan, images, structures and registration of a verification."""
        nodes: list[slicer.vtkMRMLNode] = self.panel.logic.verificationNodes(node)
        return nodes

    def follow(self, node: VerificationNode) -> None:
        """Take in what was done; a seed that is still being dragged waits until it is let go."""
        if self.dragging:
            return
        with self.panel.runner.action(_("The seeds were not corrected."), quiet=True):
            self.panel.logic.followEdits(node)
        self.timer.cancel()  # the events of our own writes; they would take the message away
