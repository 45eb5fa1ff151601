"""Report section: what leaves Slicer."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.seedverify.section import NOT_COMPUTED, Section


class ReportSection(Section):
    """Writes the verification, its seeds, tables and report into one folder."""

    def setup(self) -> None:
        """Connect the widgets."""
        self.ui.exportButton.connect("clicked()", self.export)

    def refresh(self, node: VerificationNode | None) -> None:
        """Enable what can be written."""
        computed = node is not None and self.logic.metricsTable(node) is not None
        allow(self.ui.exportButton, first_reason((not computed, NOT_COMPUTED)))

    def export(self) -> None:
        """Write the files, with progress where the dose has to be computed again."""
        panel, folder = self.panel, self.ui.folderEdit
        with panel.runner.long_action(_("Writing the files"), _("The files were not written.")) as report:
            written = self.logic.exportVerification(panel.verification, folder.currentPath, report)
            names = ", ".join(path.name for path in written)
            slicer.util.showStatusMessage(_("Written: {names}").format(names=names), 5000)
            folder.addCurrentPathToHistory()
        panel.show_node()
