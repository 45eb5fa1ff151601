"""The report: what leaves Slicer."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.responseassess.section import NOT_ASSESSED, Section


class ReportSection(Section):
    """Writes report, tables and key images into one folder."""

    def setup(self) -> None:
        """Connect the widgets."""
        self.ui.exportButton.connect("clicked()", self.export)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Enable what can be written."""
        allow(self.ui.exportButton, "" if self.panel.strip.study else NOT_ASSESSED)

    def export(self) -> None:
        """Write the files, with progress."""
        panel, folder = self.panel, self.ui.folderEdit
        with panel.runner.long_action(_("Writing the files"), _("The files were not written.")):
            written = self.logic.exportAssessment(panel.assessment, folder.currentPath)
            names = ", ".join(path.name for path in written)
            slicer.util.showStatusMessage(_("Written: {names}").format(names=names), 5000)
            folder.addCurrentPathToHistory()
        panel.show_node()
