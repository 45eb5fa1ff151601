"""Visits that are proposed from the studies in the scene; what is ticked becomes a visit, nothing is moved."""

from __future__ import annotations

import qt
from slicer.i18n import tr as _

from brachyresponse.scene.response_proposals import VisitProposal
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.responseassess.section import Section
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

LOOK_FIRST: str = _("Press Look in the scene first, and tick what belongs to this patient.")


class ProposalsSection(Section):
    """A table of days with their images."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.foundTable, stretched=1)
        self._found: list[VisitProposal] = []
        self.on(ui.proposeVisitsButton, "clicked()", self._on_look, _("No visits were proposed."))
        self.on_shown(ui.acceptVisitsButton, "clicked()", self._on_accept, _("The visits were not added."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Enable what can be done."""
        if node is None and self._found:
            self._show([])
        allow(self.ui.acceptVisitsButton, first_reason((node is None or not self._found, LOOK_FIRST)))

    def _on_look(self) -> None:
        """Propose; the assessment is made here where there is none."""
        if self.panel.assessment is None:
            self.panel.choose(self.logic.createAssessment())
        self._show(self.logic.proposeVisits(self.panel.assessment))

    def _on_accept(self, node: AssessmentNode) -> None:
        ticked = [each for row, each in enumerate(self._found) if self._is_ticked(row)]
        self.logic.acceptVisits(node, ticked)
        self._show([each for each in self._found if each not in ticked])
        self.panel.choose(node)

    def _is_ticked(self, row: int) -> bool:
        return bool(self.ui.foundTable.item(row, 0).checkState() == qt.Qt.Checked)

    def _show(self, found: list[VisitProposal]) -> None:
        self._found = list(found)
        fill_table(self.ui.foundTable, list(map(_cells, self._found)))


def _cells(proposal: VisitProposal) -> list[Cell]:
    names = ", ".join(volume.GetName() for volume in proposal.volumes)
    perfusion = proposal.perfusion.GetName() if proposal.perfusion is not None else "–"
    tool_tip = proposal.sentence
    return [Cell(proposal.day.isoformat(), tool_tip, checked=True), Cell(names, tool_tip), Cell(perfusion, tool_tip)]
