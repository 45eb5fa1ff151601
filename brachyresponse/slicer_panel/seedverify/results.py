"""Results section: the metrics of plan and implant side by side, the chart, the dose difference."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.seedverify.section import NOT_COMPUTED, Section
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns

NOTE, WARNING = "note", "warning"
"""Stand in the column of the metrics where a row holds a sentence instead of numbers."""
HEADLINE = ("D90", "V100")
VERDICTS = (("error", Verdict.NOT_MET), ("warn", Verdict.WARNING), ("pass", Verdict.MET))
"""First words of a finding, the worst first."""
WITH_OEDEMA = "with oedema"
OEDEMA_COLUMN = 5


class ResultsSection(Section):
    """Shows the last evaluation as its table holds it."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._metrics: list[dict[str, str]] = []
        self._sentences: list[dict[str, str]] = []
        fit_columns(ui.metricsTable, stretched=0)
        self.on_shown(ui.chartButton, "clicked()", self.logic.showChart, _("Cannot show the chart."))
        for box in (ui.linesCheckBox, ui.surfacesCheckBox, ui.differenceCheckBox):
            self.on_shown(box, "toggled(bool)", self._on_ticked, _("Cannot show the dose."))

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the metrics."""
        ui = self.ui
        said = table_rows(self.logic.metricsTable(node)) if node else []
        self._metrics = [row for row in said if row["metric"] not in (NOTE, WARNING)]
        self._sentences = [row for row in said if row["metric"] in (NOTE, WARNING)]
        fill_table(ui.metricsTable, [_row(row) for row in self._metrics])
        ui.metricsTable.setColumnHidden(OEDEMA_COLUMN, not any(WITH_OEDEMA in row for row in self._metrics))
        for button in (ui.chartButton, ui.differenceCheckBox, ui.linesCheckBox, ui.surfacesCheckBox):
            allow(button, first_reason((not self._metrics, NOT_COMPUTED)))

    def show_doses(self, verification: VerificationNode) -> None:
        """Show isodoses and dose difference as they are ticked."""
        parameters = self.panel.parameters
        self.logic.showIsodoses(
            verification,
            lines=parameters.showLines,
            surfaces=parameters.showSurfaces,
            legend=parameters.showLines or parameters.showSurfaces,
        )
        self.logic.showDifference(verification, parameters.showDifference)

    def headline(self) -> list[str]:
        """Return D90 and V100 of the first target, plan against implant; empty before they were computed."""
        rows = {row["metric"]: row for row in self._metrics if row["structure"] == self._metrics[0]["structure"]}
        shown = [rows[name] for name in HEADLINE if name in rows]
        return [f"{row['metric']} {row['implant']} {row['unit']} ({_('plan')} {row['plan']})" for row in shown]

    def sentences(self, kind: str) -> list[str]:
        """Return the sentences of a kind, ``note`` or ``warning``, of the last evaluation."""
        return [row["note"] for row in self._sentences if row["metric"] == kind]

    def stamp(self) -> str:
        """Return the stamp of the first target: empty where it was contoured on the implant CT."""
        return self._metrics[0]["stamp"] if self._metrics else ""

    def _on_ticked(self, verification: VerificationNode, shown: bool) -> None:
        if self._metrics:
            self.show_doses(verification)


def _row(row: dict[str, str]) -> list[Cell]:
    tool_tip = "\n".join(filter(None, (row["metric"], row["finding"], row["stamp"], row["note"])))
    structure = f"{row['structure']} ({row['stamp']})" if row["stamp"] else row["structure"]
    words = {finding.split(" ")[0] for finding in row["finding"].split("; ")}
    verdict = next((verdict for word, verdict in VERDICTS if word in words), Verdict.NONE)
    unit = f" ({row['unit']})" if row["unit"] else ""
    return [
        Cell(structure, tool_tip),
        Cell(row["metric"] + unit, tool_tip),
        Cell(row["plan"], tool_tip, number=True),
        Cell(row["implant"], tool_tip, verdict, number=True),
        Cell(row["difference"], tool_tip, number=True),
        Cell(row.get(WITH_OEDEMA, ""), tool_tip, number=True),
    ]
