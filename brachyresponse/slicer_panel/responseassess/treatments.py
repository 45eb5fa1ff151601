"""The treatment record: a table in order of date, and a row to add with the details of its kind."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.response.treatment import Treatment, TreatmentKind
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.responseassess.details import Detail, describe_details, details_of
from brachyresponse.slicer_panel.responseassess.section import NO_ASSESSMENT, Section
from brachyresponse.slicer_panel.responseassess.words import capital
from brachyresponse.slicer_panel.shortcuts import Shortcuts
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows

VALUE = 1


class TreatmentsSection(Section):
    """What was given and when."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.treatmentsTable, stretched=3)
        fit_columns(ui.detailsTable, stretched=1)
        self._kind = Choice(ui.kindSelector, {kind: capital(kind) for kind in TreatmentKind})
        self._details: tuple[Detail, ...] = ()
        self._show_details(TreatmentKind.IMPLANT)
        ui.kindSelector.connect("activated(int)", lambda row: self._show_details(TreatmentKind(self._kind.value)))
        self._treatments: tuple[Treatment, ...] = ()
        self.on_shown(ui.treatmentsTable, "itemSelectionChanged()", self._on_chosen, _("It cannot be shown."))
        self.on_shown(ui.addTreatmentButton, "clicked()", self._on_add, _("The treatment was not added."))
        self.on_shown(ui.removeTreatmentButton, "clicked()", self._on_remove, _("The treatment was not removed."))
        failed = _("Nothing was found in the scene.")
        self.on_shown(ui.sceneTreatmentsButton, "clicked()", self._on_scene, failed)
        self._shortcuts = Shortcuts(ui.treatmentsTable, {"Delete": ui.removeTreatmentButton})

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the record."""
        self._treatments = self.logic.treatments(node) if node else ()
        fill_table(self.ui.treatmentsTable, list(map(_cells, self._treatments)))
        self._enable()

    def _enable(self) -> None:
        ui, none = self.ui, (self.panel.assessment is None, NO_ASSESSMENT)
        unchosen = (not selected_rows(ui.treatmentsTable), _("Choose a treatment in the table first."))
        allow(ui.removeTreatmentButton, first_reason(none, unchosen))
        adding = (ui.kindSelector, ui.startEdit, ui.endEdit, ui.detailsTable, ui.addTreatmentButton)
        for widget in (*adding, ui.sceneTreatmentsButton):
            allow(widget, first_reason(none))

    def _show_details(self, kind: TreatmentKind, treatment: Treatment | None = None) -> None:
        """Show the form of a kind, empty or as a treatment has it."""
        self._kind.show(kind)
        self._details = details_of(kind)
        fill_table(self.ui.detailsTable, [detail.cells(detail.value_of(treatment)) for detail in self._details])

    def _on_chosen(self, node: AssessmentNode) -> None:
        """Show the chosen treatment in the form: what is wrong is removed, and added again as it should be."""
        rows = selected_rows(self.ui.treatmentsTable)
        if rows and rows[0] < len(self._treatments):
            chosen = self._treatments[rows[0]]
            self.ui.startEdit.text = chosen.start.isoformat()
            self.ui.endEdit.text = chosen.end.isoformat() if chosen.end else ""
            self._show_details(chosen.kind, chosen)

    def _on_add(self, node: AssessmentNode) -> None:
        ui, kind = self.ui, TreatmentKind(self._kind.value)
        typed = {
            detail.name: detail.read(ui.detailsTable.item(row, VALUE).text())
            for row, detail in enumerate(self._details)
            if ui.detailsTable.item(row, VALUE).text().strip()
        }
        self.logic.addTreatment(node, kind, ui.startEdit.text.strip(), ui.endEdit.text.strip() or None, **typed)
        ui.startEdit.text = ui.endEdit.text = ""
        self._show_details(kind)

    def _on_remove(self, node: AssessmentNode) -> None:
        self.logic.removeTreatment(node, selected_rows(self.ui.treatmentsTable)[0])
        self.ui.treatmentsTable.clearSelection()

    def _on_scene(self, node: AssessmentNode) -> None:
        """Add the implants that plans and verifications of the scene know."""
        found = self.logic.proposedTreatments(node)
        self.logic.acceptTreatments(node, found)
        said = "\n".join(each.sentence for each in found)
        self.panel.runner.tell(said or _("No plan or verification of this scene has an implant that is not on record."))


def _cells(treatment: Treatment) -> list[Cell]:
    words = describe_details(treatment)
    tool_tip = f"{treatment.describe()}\n{words}".strip()
    return [
        Cell(capital(treatment.kind), tool_tip),
        Cell(treatment.start.isoformat(), tool_tip),
        Cell(treatment.end.isoformat() if treatment.end else "", tool_tip),
        Cell(words, tool_tip),
    ]
