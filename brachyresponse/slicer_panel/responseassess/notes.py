"""What the result rests on: warnings first, then what was assumed."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.responseassess.section import Section
from brachyresponse.slicer_panel.sentences import bullets, headline


class NotesSection(Section):
    """Warnings and assumptions of the last assessment; how many warnings there are stands on the tab."""

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the notes."""
        study = self.panel.strip.study
        warnings = study.warnings if study else ()
        assumed = [each.sentence for each in study.assumptions] if study else []
        parts = [headline(_("To be looked at")) if warnings else "", bullets(warnings)]
        parts += [headline(_("Assumed")) if assumed else "", bullets(assumed)]
        self.ui.notesBox.setHtml("".join(parts))
        tabs = self.ui.responseTabs
        title = _("Notes ({count})").format(count=len(warnings)) if warnings else _("Notes")
        tabs.setTabText(tabs.indexOf(self.ui.notesTab), title)
