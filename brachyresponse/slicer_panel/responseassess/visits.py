"""Visits section: the table of visits, the sample patient, and visits added by hand."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.response.vocabulary import VisitRole
from brachyresponse.scene.response_lesion_list import VisitLesion
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.responseassess.section import NO_ASSESSMENT, Section
from brachyresponse.slicer_panel.responseassess.words import ROLES
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, select_cell, selected_rows

VARIANTS: dict[str, str] = {
    "progression_at_margin": _("Progression at the margin"),
    "pseudoprogression": _("Pseudoprogression in week 8"),
    "necrosis": _("Necrosis at month 8"),
    "never_hyperperfused": _("Recurrence, never hyperperfused"),
    "neck_node": _("Neck node after I-125 seeds"),
}


class VisitsSection(Section):
    """Which visits the patient had."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.visitsTable, stretched=2)
        self._variant = Choice(ui.sampleSelector, VARIANTS)
        self._role = Choice(ui.addRoleSelector, ROLES)
        self._role.show(VisitRole.FOLLOW_UP)
        self.on_shown(ui.visitsTable, "itemSelectionChanged()", self._on_selected, _("This visit cannot be shown."))
        self.on_shown(ui.addVisitButton, "clicked()", self._on_add, _("The visit was not added."))
        ui.sampleButton.connect("clicked()", self._on_sample)

    @property
    def chosen(self) -> list[VisitNode]:
        """The visits that are chosen in the table, in order of date."""
        rows = selected_rows(self.ui.visitsTable)
        return [self.panel.visits[row] for row in rows if row < len(self.panel.visits)]

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the visits."""
        ui = self.ui
        fill_table(ui.visitsTable, list(map(self._cells, self.panel.visits, self.panel.found)))
        if self.visit is not None and len(self.chosen) < 2:
            select_cell(ui.visitsTable, self.panel.visits.index(self.visit), 0)
        for widget in (ui.sampleSelector, ui.sampleButton):
            widget.visible = node is None
        for widget in (ui.addDateEdit, ui.addRoleSelector, ui.addVolumeSelector, ui.addVisitButton):
            allow(widget, "" if node else NO_ASSESSMENT)

    def _cells(self, visit: VisitNode, found: dict[str, VisitLesion]) -> list[Cell]:
        logic, volume = self.logic, self.logic.visitVolume(visit)
        name = volume.GetName() if volume is not None else _("no image")
        tool_tip = "\n".join([name, *(series.GetName() for series in logic.series(visit))])
        return [
            Cell(logic.visitDate(visit).isoformat(), tool_tip),
            Cell(ROLES[self.panel.role_of(visit)], tool_tip),
            Cell(name, tool_tip),
            Cell(str(len(found)), ", ".join(found) or _("No lesions on record at this visit"), number=True),
        ]

    def _on_selected(self, node: AssessmentNode) -> None:
        chosen = self.chosen
        if len(chosen) == 1 and chosen[0] is not self.visit:
            self.panel.choose_visit(chosen[0])

    def _on_add(self, node: AssessmentNode) -> None:
        ui = self.ui
        day, role, volume = ui.addDateEdit.text.strip(), self._role.value, ui.addVolumeSelector.currentNode()
        self.panel.choose_visit(self.logic.addVisit(node, day, role, volume))
        ui.addDateEdit.text = ""

    def _on_sample(self) -> None:
        panel = self.panel
        with panel.runner.long_action(_("Building the sample patient"), _("No sample patient.")) as report:
            panel.choose(self.logic.loadSamplePatient(self._variant.value, report))
        panel.show_node()
