"""Two scans of one implant side by side, as of day 0 and of about day 30."""

from __future__ import annotations

from datetime import date

from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.scene.verification_parts import VerificationRole, verification_part
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.seedverify.section import NOT_COMPUTED, Section
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

WARNING = "warning"
"""Stands in the column of the metrics where a row is a warning; the sentence is in the next column."""
NUMBERS = slice(3, 7)
"""Columns of the table of scans: plan, first and second day, difference."""


class ComparingSection(Section):
    """The metrics on the earlier and the later scan; the earlier one keeps the table."""

    def setup(self) -> None:
        """Connect the widgets."""
        fit_columns(self.ui.compareTable, stretched=1)
        self.ui.compareButton.connect("clicked()", self.compare)

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the two scans."""
        ui, other = self.ui, self._other()
        rows = self._rows(node, other) if node is not None and other is not None else []
        numbers = [row for row in rows if row["metric"] != WARNING]
        if numbers:
            ui.compareTable.setHorizontalHeaderLabels([_("Structure"), _("Metric"), *list(numbers[0])[NUMBERS]])
        fill_table(ui.compareTable, [_row(row) for row in numbers])
        say(ui.compareLabel, "\n".join(row["unit"] for row in rows if row["metric"] == WARNING))
        computed = node is not None and self.logic.metricsTable(node) is not None
        no_other = (other is None or other is node, _("Choose the verification of another scan of this patient."))
        allow(ui.compareButton, first_reason((not computed, NOT_COMPUTED), no_other))

    def compare(self) -> None:
        """Compare the two scans, with progress where a dose has to be computed."""
        panel = self.panel
        with panel.runner.long_action(_("Comparing the scans"), _("The scans were not compared.")) as report:
            self.logic.compareScans(*self._in_order(panel.verification, self._other()), report)
        panel.show_node()

    def _other(self) -> VerificationNode | None:
        return self.panel.parameters.otherVerification if self.panel.parameters else None

    def _in_order(self, *verifications: VerificationNode) -> list[VerificationNode]:
        return sorted(verifications, key=lambda node: self.logic.scanDate(node) or date.max)

    def _rows(self, node: VerificationNode, other: VerificationNode) -> list[dict[str, str]]:
        earlier, _later = self._in_order(node, other)
        return table_rows(verification_part(earlier, VerificationRole.COMPARISON))


def _row(row: dict[str, str]) -> list[Cell]:
    unit = f" ({row['unit']})" if row["unit"] else ""
    values = list(row.values())[NUMBERS]
    return [
        Cell(row["structure"], row["stamp"]),
        Cell(row["metric"] + unit, row["stamp"]),
        *(Cell(value, row["stamp"], number=True) for value in values),
    ]
