"""A cut-off of the clinic's own for the chosen marker, with the statistic that it belongs to."""

from __future__ import annotations

from typing import Any

from slicer.i18n import tr as _

from brachyresponse.response.evidence import OwnCutoff
from brachyresponse.scene.responseassess_logic.nodes import EvidenceNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.responseassess.marker_cells import MarkerRow
from brachyresponse.slicer_panel.responseassess.numbers import number_in

NO_MARKER: str = _("Choose a marker in the table first.")


class OwnCutoffSection(EvidencePart):
    """Value, statistic and who set it."""

    def setup(self) -> None:
        """Connect the widgets."""
        self._shown: tuple[str, str, OwnCutoff | None] = ("", "", None)
        self.on_evidence(self.ui.ownCutoffButton, "clicked()", self._on_set, _("The cut-off was not taken."))

    def show(self, chosen: MarkerRow | None) -> None:
        """Show the own cut-off of a marker; what is typed for it stays until it is set."""
        ui = self.ui
        known = self._known(chosen)
        now = (self.owner, chosen.finding.id if chosen is not None else "", known)
        if now != self._shown:
            ui.ownCutoffEdit.text = f"{known.value:g}" if known else ""
            ui.ownStatisticEdit.text = known.statistic if known else ""
            ui.ownByEdit.text = known.set_by if known else ""
        self._shown = now
        reason = first_reason((bool(self.missing), self.missing), (chosen is None, NO_MARKER))
        for widget in (ui.ownCutoffEdit, ui.ownStatisticEdit, ui.ownByEdit, ui.ownCutoffButton):
            allow(widget, reason)

    def _known(self, chosen: MarkerRow | None) -> OwnCutoff | None:
        if chosen is None or self.evidence is None:
            return None
        own: tuple[OwnCutoff, ...] = self.logic.ownCutoffs(self.evidence)
        return next((each for each in own if each.marker == chosen.finding.id), None)

    def _on_set(self, evidence: EvidenceNode) -> None:
        """Set the cut-off; an empty value takes it away."""
        ui, chosen = self.ui, self.panel.markers.chosen
        typed = ui.ownCutoffEdit.text.strip()
        marker: Any = chosen
        value = number_in(typed, _("The cut-off")) if typed else None
        statistic, set_by = ui.ownStatisticEdit.text.strip(), ui.ownByEdit.text.strip()
        self.logic.setOwnCutoff(evidence, marker.finding.id, value, statistic, set_by)
