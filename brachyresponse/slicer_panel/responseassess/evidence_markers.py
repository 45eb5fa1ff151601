"""The table of markers: value, cut-off, side, weight, whether the patient fits, and why one is left out."""

from __future__ import annotations

from typing import Any

import qt
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, EvidenceNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.responseassess.marker_cells import COLUMNS, MarkerRow, marker_rows
from brachyresponse.slicer_panel.sentences import bullets, paragraph
from brachyresponse.slicer_panel.tables import fill_matrix, limit_column, selected_rows

TICK = 0
WIDTHS = {TICK: 128, 1: 108}
"""Pixels at most for the names and the values of markers, so that long ones leave room for what follows from them."""
NO_MARKER: str = _("Choose a marker in the table first.")
COLLECTED: str = _("It was collected from the scene: leave it out instead, with a reason.")
NO_MARKERS: str = _("No markers yet: press Collect, or type one in.")


class EvidenceMarkersSection(EvidencePart):
    """Every marker of the lesion, used or left out."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self.rows: list[MarkerRow] = []
        self._reason_of = ("", "", "")
        self.on_evidence(ui.markersTable, "cellChanged(int,int)", self._on_ticked, _("The marker was not changed."))
        ui.markersTable.connect("itemSelectionChanged()", self._on_selected)
        failed = _("The reason was not taken.")
        self.on_evidence(ui.markerReasonEdit, "editingFinished()", self._on_reason, failed)
        self.on_evidence(ui.removeMarkerButton, "clicked()", self._on_remove, _("The marker was not removed."))

    @property
    def chosen(self) -> MarkerRow | None:
        """The chosen row; None where there is none."""
        rows = selected_rows(self.ui.markersTable)
        return self.rows[rows[0]] if rows and rows[0] < len(self.rows) else None

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the markers."""
        evidence, logic = self.evidence, self.logic
        found = logic.findings(evidence) if evidence is not None else ()
        weighed = logic.evidence(evidence) if evidence is not None else None
        typed = [logic.isTyped(evidence, row) for row in range(len(found))]
        self.rows = marker_rows(found, typed, weighed)
        fill_matrix(self.ui.markersTable, COLUMNS, [""] * len(self.rows), [row.cells() for row in self.rows])
        for column, width in WIDTHS.items():
            limit_column(self.ui.markersTable, column, width)
        self._tell()

    def _tell(self) -> None:
        """Show the chosen marker in full; without one what collecting had to say."""
        ui, chosen = self.ui, self.chosen
        ui.markerBox.setHtml(chosen.text() if chosen is not None else self._notes())
        self._show_reason(chosen)
        none = (chosen is None, NO_MARKER)
        collected = (chosen is not None and not chosen.is_typed, COLLECTED)
        allow(ui.markerReasonEdit, first_reason((bool(self.missing), self.missing), none))
        allow(ui.removeMarkerButton, first_reason((bool(self.missing), self.missing), none, collected))
        self.panel.own_cutoff.show(chosen)

    def _show_reason(self, chosen: MarkerRow | None) -> None:
        """Show why a marker is left out; what is typed for one stays until its tick is taken away."""
        now = (self.owner, chosen.finding.id, chosen.finding.reason) if chosen is not None else ("", "", "")
        if now != self._reason_of:
            self.ui.markerReasonEdit.text = now[-1]
        self._reason_of = now

    def _notes(self) -> str:
        notes = self.logic.collectionNotes(self.evidence) if self.evidence is not None else ()
        return paragraph(self.missing or (NO_MARKER if self.rows else NO_MARKERS)) + bullets(notes)

    def _on_selected(self) -> None:
        if not self.panel.refreshing:
            self._tell()

    def _on_ticked(self, evidence: EvidenceNode, row: int, column: int) -> None:
        if column != TICK:
            return
        is_included = self.ui.markersTable.item(row, column).checkState() == qt.Qt.Checked
        reason = self.ui.markerReasonEdit.text.strip() if self.chosen is self.rows[row] else ""  # it is of that row
        self.logic.setIncluded(evidence, row, is_included, reason)

    def _on_reason(self, evidence: EvidenceNode) -> None:
        """Another reason for a marker that is left out; of one that is used it waits for the tick."""
        chosen, reason = self.chosen, self.ui.markerReasonEdit.text.strip()
        if chosen is not None and not chosen.finding.is_included and reason != chosen.finding.reason:
            self.logic.setIncluded(evidence, self.rows.index(chosen), False, reason)

    def _on_remove(self, evidence: EvidenceNode) -> None:
        chosen: Any = self.chosen
        self.logic.removeFinding(evidence, self.rows.index(chosen))
