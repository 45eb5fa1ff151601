"""What the result rests on: warnings first, then what was assumed, each with what a person should do."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.responseassess.section import Section
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns


class NotesSection(Section):
    """Warnings and assumptions of the last assessment."""

    def setup(self) -> None:
        """Set the table up."""
        fit_columns(self.ui.notesTable)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the notes."""
        table, study = self.ui.notesTable, self.panel.strip.study
        rows = [[Cell(text, text, Verdict.WARNING)] for text in study.warnings] if study else []
        rows += [[Cell(each.sentence, each.sentence)] for each in study.assumptions] if study else []
        fill_table(table, rows)
        table.resizeRowsToContents()
        title = _("Notes ({count})").format(count=len(study.warnings)) if study and study.warnings else _("Notes")
        tabs = self.ui.responseTabs
        tabs.setTabText(tabs.indexOf(self.ui.notesTab), title)
