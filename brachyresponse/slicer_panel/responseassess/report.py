"""The report: what leaves Slicer."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import tell_in
from brachyresponse.slicer_panel.responseassess.section import NO_ASSESSMENT, NOT_ASSESSED, Section


class ReportSection(Section):
    """Writes report, tables and key images into one folder."""

    def setup(self) -> None:
        """Connect the widgets."""
        self.ui.exportButton.connect("clicked()", self.export)
        self.on_shown(self.ui.patientEdit, "editingFinished()", self._on_patient, _("The ID was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show what will be written."""
        text = self.logic.reasonsText(node) if node else None
        tell_in(self.ui.summaryBox, text.GetText() if text is not None else "")
        self.ui.patientEdit.text = self.logic.patientID(node) if node else ""
        allow(self.ui.patientEdit, "" if node else NO_ASSESSMENT)
        is_stale = node is not None and bool(self.logic.staleReason(node))
        old = (is_stale, _("The result is out of date: assess again first."))
        allow(self.ui.exportButton, first_reason((self.panel.strip.study is None, NOT_ASSESSED), old))

    def export(self) -> None:
        """Write the files, with progress."""
        panel, folder = self.panel, self.ui.folderEdit
        with panel.runner.long_action(_("Writing the files"), _("The files were not written.")):
            written = self.logic.exportAssessment(panel.assessment, folder.currentPath)
            names = ", ".join(path.name for path in written)
            slicer.util.showStatusMessage(_("Written: {names}").format(names=names), 5000)
            folder.addCurrentPathToHistory()
        panel.show_node()

    def _on_patient(self, node: AssessmentNode) -> None:
        self.logic.setPatientID(node, self.ui.patientEdit.text)
