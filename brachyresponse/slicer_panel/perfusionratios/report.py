"""The report: what leaves Slicer."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.perfusionratios.section import NOT_COMPUTED, Section


class ReportSection(Section):
    """Writes the study, its maps, ratios and report into one folder."""

    def setup(self) -> None:
        """Connect the widgets."""
        self.ui.exportButton.connect("clicked()", self.export)

    def refresh(self, node: PerfusionNode | None) -> None:
        """Enable what can be written."""
        allow(self.ui.exportButton, "" if node and self.logic.maps(node) else NOT_COMPUTED)

    def export(self) -> None:
        """Write the files, with progress where maps have to be computed again."""
        panel, folder = self.panel, self.ui.folderEdit
        with panel.runner.long_action(_("Writing the files"), _("The files were not written.")) as report:
            written = self.logic.exportStudy(panel.study, folder.currentPath, report)
            names = ", ".join(path.name for path in written)
            slicer.util.showStatusMessage(_("Written: {names}").format(names=names), 5000)
            folder.addCurrentPathToHistory()
        panel.show_node()
