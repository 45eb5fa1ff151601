"""Find section: the seeds on the implant CT, and how many were implanted."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.seedverify.section import NO_CT, Section


class FindingSection(Section):
    """Finds the seeds, in a region where one is chosen, and counts them against those implanted."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self.on_shown(ui.expectedCountSpinBox, "valueChanged(int)", self._on_expected, _("The number was not taken."))
        ui.regionSegmentationSelector.connect("currentNodeChanged(vtkMRMLNode*)", ui.regionSelector.setCurrentNode)
        ui.findButton.connect("clicked()", self.find)

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the count."""
        ui, logic = self.ui, self.logic
        searched = node is not None and logic.seedsNode(node) is not None
        expected = logic.seedCounts(node)[1] if node else None
        ui.expectedCountSpinBox.value = expected or 0
        ui.expectedCountSpinBox.enabled = node is not None
        allow(ui.findButton, "" if node and logic.implantVolumeNode(node) else NO_CT)
        say(ui.countLabel, counted(*logic.seedCounts(node)) if searched else "")
        say(ui.findWarningsLabel, "\n".join(logic.foundSeeds(node).warnings) if searched else "")

    def find(self) -> None:
        """Find the seeds, with progress."""
        ui, panel = self.ui, self.panel
        with panel.runner.long_action(_("Finding the seeds"), _("The seeds were not found.")) as report:
            self.logic.findSeeds(
                panel.verification,
                ui.expectedCountSpinBox.value or None,
                ui.regionSegmentationSelector.currentNode() if ui.regionSelector.currentSegmentID() else None,
                ui.regionSelector.currentSegmentID(),
                report,
            )
        panel.show_node()

    def _on_expected(self, verification: VerificationNode, count: int) -> None:
        self.logic.setExpectedCount(verification, count or None)


def counted(found: int, expected: int | None, doubtful: int) -> str:
    """Return the running count as a sentence: ``58 of 60 seeds found, 3 to look at``."""
    if expected is None:
        text = _("{found} seeds found").format(found=found)
    else:
        text = _("{found} of {expected} seeds found").format(found=found, expected=expected)
    return str(text + (_(", {doubtful} to look at").format(doubtful=doubtful) if doubtful else ""))
