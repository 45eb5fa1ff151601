"""The category strip: a column a visit, in the colours of the report, and the time-line chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slicer.i18n import tr as _

from brachyresponse.pictures.response_colours import READER, style_of, word_of
from brachyresponse.response.criteria import VisitAssessment
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.responseassess.section import NOT_ASSESSED, Section
from brachyresponse.slicer_panel.shortcuts import Shortcuts
from brachyresponse.slicer_panel.tables import Cell, fill_matrix, select_cell

DEVIATES = " †"
"""After a category that departs from the criteria because a protocol says so."""
BELOW = 1
"""The row whose cell is marked as chosen, so that the colour of the category stays in sight."""


class StripSection(Section):
    """What each visit is, at a glance.

    Attributes
    ----------
    study
        The last assessment as the scene holds it, or None.
    """

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self.study: Any = None
        self._found: list[VisitAssessment] = []
        self.on_shown(ui.stripTable, "itemSelectionChanged()", self._on_selected, _("This visit cannot be shown."))
        self.on_shown(ui.chartButton, "clicked()", self.logic.showTimeline, _("The time line cannot be shown."))
        self._shortcuts = Shortcuts(ui.responseSection, {"C": ui.chartButton})

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the categories."""
        table = self.ui.stripTable
        self.study = self.logic.study(node) if node else None
        self._found = list(self.study.assessment.visits) if self.study else []
        rows = self._rows()
        cells = [[make(found) for found in self._found] for make in rows.values()]
        fill_matrix(table, [_heading(found.date.isoformat()) for found in self._found], list(rows), cells)
        select_cell(table, BELOW, self._column_of(self.visit))
        allow(self.ui.chartButton, "" if self.study else NOT_ASSESSED)

    def of(self, visit: VisitNode | None) -> VisitAssessment | None:
        """Return what was found of a visit; None where it was not assessed."""
        day = self.logic.visitDate(visit) if visit is not None else None
        return next((found for found in self._found if found.date == day), None)

    def adjudications(self) -> dict[Any, Any]:
        """Return the reader's word by the day of the visit."""
        return {each.visit: each for each in self.study.adjudications} if self.study else {}

    def _rows(self) -> dict[str, Callable[[VisitAssessment], Cell]]:
        """Return the rows: a heading, and how a visit is shown."""
        if not self._found:
            return {}
        reader = self.adjudications()
        rows: dict[str, Callable[[VisitAssessment], Cell]] = {
            _("Category"): _category,
            _("Sum, {unit}").format(unit=self._found[0].unit.replace("mm2", "mm²")): _sum,
            _("Baseline"): lambda found: _change(found.percent_from_baseline, _("Change from the baseline")),
            _("Nadir"): lambda found: _change(found.percent_from_nadir, _("Change from the smallest sum before")),
        }
        if any(found.volume_percent_from_baseline is not None for found in self._found):
            change = _("Change of the volume from the baseline")
            rows[_("Volume")] = lambda found: _change(found.volume_percent_from_baseline, change)
        return {**rows, _("Reader"): lambda found: _reader(reader.get(found.date))} if reader else rows

    def _column_of(self, visit: VisitNode | None) -> int:
        found = self.of(visit)
        return self._found.index(found) if found else -1

    def _on_selected(self, node: AssessmentNode) -> None:
        column = self.ui.stripTable.currentColumn()
        if 0 <= column < len(self._found):
            day = self._found[column].date
            visit = next((each for each in self.panel.visits if self.logic.visitDate(each) == day), None)
            if visit is not None and visit is not self.visit:
                self.panel.choose_visit(visit)


def _heading(day: str) -> str:
    """The year above month and day, so that a strip of many visits stays narrow."""
    return day.replace("-", "\n", 1)


def _category(found: VisitAssessment) -> Cell:
    style = style_of(found.category)
    mark = " ✓" if found.confirmed else " ?" if found.is_imaging_only else ""
    deviates = DEVIATES if found.deviations else ""
    tool_tip = "\n".join((found.sentence, *found.deviations))
    return Cell(word_of(found.category) + mark + deviates, tool_tip, fill=style.fill, ink=style.text)


def _sum(found: VisitAssessment) -> Cell:
    return Cell("–" if found.sum is None else f"{found.sum:.1f}".removesuffix(".0"), found.sentence, number=True)


def _change(change: float | None, tool_tip: str) -> Cell:
    return Cell("–" if change is None else f"{change:+.0f} %", tool_tip, number=True)


def _reader(adjudication: Any | None) -> Cell:
    if adjudication is None:
        return Cell()
    style = style_of(adjudication.category)
    return Cell(f"{adjudication.category}{READER}", adjudication.reason, fill=style.fill, ink=style.text)
