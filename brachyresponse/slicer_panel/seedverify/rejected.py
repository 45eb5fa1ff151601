"""Rejected candidates: what looked a little like a seed, why it is none, and how it comes back."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.seeds import RejectedCandidate
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.seedverify.section import Section
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows

REJECTED_TAB = 1


class RejectedSection(Section):
    """The table of rejected candidates beside that of the seeds; they are seen in the views while it is open."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.rejectedTable, stretched=2)
        self._count = 0
        shown = self.on_shown
        shown(ui.rejectedTable, "itemSelectionChanged()", self._on_selected, _("Cannot show the candidate."))
        shown(ui.bringBackButton, "clicked()", self._on_bring_back, _("The candidate was not brought back."))
        shown(ui.correctTabs, "currentChanged(int)", self._on_tab, _("Cannot show the candidates."))

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the candidates."""
        rejected = self.logic.foundSeeds(node).rejected if node else ()
        self._count = len(rejected)
        fill_table(self.ui.rejectedTable, [_row(index, candidate) for index, candidate in enumerate(rejected)])
        title = _("Rejected ({count})").format(count=self._count) if self._count else _("Rejected")
        self.ui.correctTabs.setTabText(REJECTED_TAB, title)
        allow(self.ui.bringBackButton, "" if self._chosen() else _("Choose a candidate in the table first."))

    def _on_selected(self, verification: VerificationNode) -> None:
        if chosen := self._chosen():
            self.logic.showRejectedCandidate(verification, chosen[0])

    def _on_bring_back(self, verification: VerificationNode) -> None:
        self.logic.bringBack(verification, self._chosen()[0])
        self.ui.rejectedTable.clearSelection()

    def _on_tab(self, verification: VerificationNode, tab: int) -> None:
        self.logic.showRejected(verification, tab == REJECTED_TAB)

    def _chosen(self) -> list[int]:
        return [row for row in selected_rows(self.ui.rejectedTable) if row < self._count]


def _row(index: int, candidate: RejectedCandidate) -> list[Cell]:
    return [
        Cell(str(index + 1), candidate.sentence),
        Cell(f"{candidate.confidence:.2f}", candidate.sentence, number=True),
        Cell(candidate.sentence, candidate.sentence),
    ]
