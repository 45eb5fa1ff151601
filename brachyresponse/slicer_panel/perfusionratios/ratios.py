"""Ratios and meaning section: lesion over white matter now and before, the timing, and what may be concluded."""

from __future__ import annotations

import html

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.lesions.ratios import HIGH_STATISTICS
from brachyresponse.perfusion import Interpretation
from brachyresponse.perfusion.study import StudyDates
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.perfusionratios.ratio_rows import ratio_cells, same_ratio
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES, Section
from brachyresponse.slicer_panel.selectors import quiet, show_node
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns
from brachyresponse.slicer_panel.tables import Verdict as Icon

LESION_COLUMN = 0
KEPT = {"yes": Icon.MET, "no": Icon.WARNING}


class RatiosSection(Section):
    """The ratio table with the scan before treatment beside it, and the interpretation."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, shown = self.ui, self.on_shown
        fit_columns(ui.ratioTable, stretched=1)
        fit_columns(ui.timingTable, stretched=0)
        fit_columns(ui.notesTable)
        for statistic in HIGH_STATISTICS:
            ui.statisticSelector.addItem(statistic.label, str(statistic))
        failed = _("The study cannot be used.")
        shown(ui.preTreatmentSelector, "currentNodeChanged(vtkMRMLNode*)", self._on_before, failed)
        shown(ui.statisticSelector, "activated(int)", self._on_statistic, _("The statistic was not taken."))
        for name, edit in self._date_edits().items():
            shown(
                edit, "editingFinished()", lambda node, it=name: self._on_date(node, it), _("The date was not taken.")
            )
        shown(ui.drugEdit, "editingFinished()", self._on_drug, _("The drug was not taken."))

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show ratios, timing and meaning."""
        ui, logic = self.ui, self.logic
        show_node(ui.preTreatmentSelector, logic.preTreatment(node) if node else None)
        self._show_ratios(node)
        self._show_timing(node)
        fill_table(ui.notesTable, [[Cell(text, text)] for text in (logic.warnings(node) if node else [])])
        ui.notesTable.resizeRowsToContents()
        ui.interpretationBox.setHtml(self._meaning(node) if node else "")
        for widget in (ui.preTreatmentSelector, ui.statisticSelector, ui.drugEdit, *self._date_edits().values()):
            allow(widget, "" if node else NO_SERIES)

    def _meaning(self, node: PerfusionNode) -> str:
        """What may be concluded, lesion by lesion; of a scan before treatment, that it is one."""
        found = self.logic.interpretations(node)
        if found:
            return "".join(map(as_html, found.values()))
        text = self.logic.interpretationText(node)
        return html.escape(text.GetText()) if text else str(_("Nothing was computed yet."))

    def _date_edits(self) -> dict[str, qt.QLineEdit]:
        ui = self.ui
        return {"treatment": ui.treatmentEdit, "progression": ui.progressionEdit, "surgery": ui.surgeryEdit}

    def _show_ratios(self, node: PerfusionNode | None) -> None:
        ui = self.ui
        statistic = str(self.logic.setting(node, "statistic")) if node else ""
        with quiet(ui.statisticSelector):
            ui.statisticSelector.setCurrentIndex(ui.statisticSelector.findData(statistic))
        every = table_rows(self.logic.ratioTable(node)) if node else []
        rows = [row for row in every if row["statistic"] == statistic]
        fill_table(ui.ratioTable, [ratio_cells(row, same_ratio(every, row)) for row in rows])
        ui.ratioTable.setColumnHidden(LESION_COLUMN, len({row["lesion"] for row in rows}) < 2)

    def _show_timing(self, node: PerfusionNode | None) -> None:
        dates = self.logic.dates(node) if node else StudyDates()
        for name, edit in self._date_edits().items():
            day = getattr(dates, name)
            edit.text = day.isoformat() if day else ""
        self.ui.drugEdit.text = self.logic.drug(node) if node else ""
        rows = table_rows(self.logic.timingTable(node)) if node else []
        fill_table(self.ui.timingTable, [_timing_cells(row) for row in rows])

    def _on_before(self, node: PerfusionNode, before: slicer.vtkMRMLNode | None) -> None:
        self.logic.setPreTreatment(node, before)

    def _on_statistic(self, node: PerfusionNode, row: int) -> None:
        self.logic.setSetting(node, "statistic", self.ui.statisticSelector.itemData(row))

    def _on_date(self, node: PerfusionNode, name: str) -> None:
        self.logic.setDay(node, name, self._date_edits()[name].text.strip())

    def _on_drug(self, node: PerfusionNode) -> None:
        self.logic.setDrug(node, self.ui.drugEdit.text.strip())


def _timing_cells(row: dict[str, str]) -> list[Cell]:
    tool_tip = "\n".join(filter(None, (f"{row['condition']}: {row['expected']}", row["note"])))
    found = _("not known") if row["kept"] == "not known" else _("{days} days").format(days=row["days"])
    return [Cell(row["condition"], tool_tip), Cell(found, tool_tip, KEPT.get(row["kept"], Icon.NONE))]


def as_html(interpretation: Interpretation) -> str:
    """Return a verdict with its sentences, each with the rule that it comes from."""
    lines = "".join(
        f"<li>{html.escape(one.text)} <i>[{html.escape(one.rule)}]</i></li>" for one in interpretation.sentences
    )
    head = f"{interpretation.lesion}: {interpretation.headline}"
    return f"<p><b>{html.escape(head)}</b></p><ul style='margin-left: 12px; -qt-list-indent: 0'>{lines}</ul>"
