"""When the next scan is due, by the schedule that was chosen."""

from __future__ import annotations

import qt
from slicer.i18n import tr as _

from brachyresponse.response.schedule import RowStatus, ScheduleRow, load_schedule
from brachyresponse.scene.response_words import day_of
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.labels import tell_in
from brachyresponse.slicer_panel.responseassess.section import NO_ASSESSMENT, Section
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns

SCHEDULE: str = _("schedule")
VERDICTS = {
    RowStatus.DONE: Verdict.MET,
    RowStatus.DUE: Verdict.WARNING,
    RowStatus.OVERDUE: Verdict.NOT_MET,
    RowStatus.MISSED: Verdict.WARNING,
}


class ScheduleSection(Section):
    """Scans made, due and overdue."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.scheduleTable, stretched=1)
        self._known: dict[str, str] = {UNKNOWN: _("none"), **self.logic.schedules()}
        self._schedule = Choice(ui.scheduleSelector, self._known)
        self.on_shown(ui.openScheduleButton, "clicked()", self._on_open, _("The schedule was not taken."))
        self.on_shown(ui.scheduleSelector, "activated(int)", self._on_schedule, _("The schedule was not taken."))
        self.on_shown(ui.todayEdit, "editingFinished()", self._on_today, _("The day was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show what is due."""
        ui, logic = self.ui, self.logic
        self._show_schedule(logic.schedule(node) if node else None)
        today = self.panel.parameters.today if self.panel.parameters else ""
        ui.todayEdit.text = today
        state = logic.scheduleState(node, day_of(today, SCHEDULE)) if node else None
        tell_in(ui.dueBox, "\n".join((state.sentence, *state.notes)) if state else "")
        fill_table(ui.scheduleTable, [_cells(row) for row in state.rows] if state else [])
        for widget in (ui.scheduleSelector, ui.openScheduleButton, ui.todayEdit):
            allow(widget, "" if node else NO_ASSESSMENT)

    def _show_schedule(self, schedule: str | None) -> None:
        """Show the schedule; one of the user's own by the title in its file."""
        own = {schedule: load_schedule(schedule).title} if schedule and schedule not in self._known else {}
        self._schedule.fill(self._known | own)
        self._schedule.show(schedule)

    def _on_open(self, node: AssessmentNode) -> None:
        path = qt.QFileDialog.getOpenFileName(self.panel.window, _("Schedule"), "", _("Schedules (*.json)"))
        if path:
            self.logic.setSchedule(node, path)

    def _on_schedule(self, node: AssessmentNode, row: int) -> None:
        self.logic.setSchedule(node, self._schedule.value or None)

    def _on_today(self, node: AssessmentNode) -> None:
        today = self.ui.todayEdit.text.strip()
        day_of(today, SCHEDULE)  # what cannot be a day is refused before it is kept
        self.panel.parameters.today = today


def _cells(row: ScheduleRow) -> list[Cell]:
    tool_tip = row.sentence
    return [
        Cell(row.due.isoformat() if row.due else "–", tool_tip),
        Cell(row.visit.label, tool_tip),
        Cell(row.status, tool_tip, VERDICTS.get(row.status, Verdict.NONE)),
    ]
