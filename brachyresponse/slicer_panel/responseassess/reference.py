"""From which day the early window after radiation counts: asked for, with the share of dose given until then."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.response.treatment import ReferenceChoice, ReferenceDate
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.responseassess.section import NO_ASSESSMENT, Section
from brachyresponse.slicer_panel.responseassess.words import capital
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows


class ReferenceSection(Section):
    """The end of radiation."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.referenceTable, stretched=2)
        self._choices: tuple[ReferenceDate, ...] = ()
        ui.referenceTable.connect("itemSelectionChanged()", self._on_chosen)
        self.on_shown(ui.referenceButton, "clicked()", self._on_take, _("The day was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the days to choose from, and the one that is used."""
        ui, logic = self.ui, self.logic
        self._choices = tuple(logic.referenceDates(node)) if node else ()
        fill_table(ui.referenceTable, list(map(_cells, self._choices)))
        day = logic.referenceDate(node) if node else None
        ui.referenceEdit.text = day.isoformat() if day else ""
        say(ui.referenceUsedLabel, logic.radiationEnd(node).sentence if node else "")
        for widget in (ui.referenceEdit, ui.referenceButton):
            allow(widget, "" if node else NO_ASSESSMENT)

    def _on_chosen(self) -> None:
        rows = selected_rows(self.ui.referenceTable)
        if rows and rows[0] < len(self._choices) and not self.panel.refreshing:
            self.ui.referenceEdit.text = self._choices[rows[0]].date.isoformat()

    def _on_take(self, node: AssessmentNode) -> None:
        day = self.ui.referenceEdit.text.strip()
        offered = next((each for each in self._choices if each.date.isoformat() == day), None)
        if offered is not None and offered is self._first_of(offered.choice):
            self.logic.setReferenceDate(node, str(offered.choice))
        else:
            self.logic.setReferenceDate(node, day or None)
        self.ui.referenceTable.clearSelection()

    def _first_of(self, choice: ReferenceChoice) -> ReferenceDate | None:
        """The day that a word stands for: that of the latest course that offers it."""
        return next((each for each in self._choices if each.choice is choice), None)


def _cells(choice: ReferenceDate) -> list[Cell]:
    share = "–" if choice.delivered_share is None else f"{100 * choice.delivered_share:.0f} %"
    tool_tip = choice.sentence
    return [
        Cell(choice.date.isoformat(), tool_tip),
        Cell(share, tool_tip, number=True),
        Cell(capital(str(choice.choice)), tool_tip),
    ]
