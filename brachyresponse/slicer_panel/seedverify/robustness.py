"""Robustness of the results: where D90 and V100 lie, given how well the seeds are known."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.seedverify.section import Section
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

NOTE = "note"


class RobustnessSection(Section):
    """The interval of the target's dose, from implants whose seeds lie a little elsewhere."""

    def setup(self) -> None:
        """Connect the widgets."""
        fit_columns(self.ui.robustnessTable)
        self.ui.robustnessButton.connect("clicked()", self.estimate)

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the intervals."""
        ui = self.ui
        said = table_rows(self.logic.robustnessTable(node)) if node else []
        fill_table(ui.robustnessTable, [_row(row) for row in said if row["metric"] != NOTE])
        say(ui.robustnessLabel, "\n".join(row["note"] for row in said if row["metric"] == NOTE))
        allow(ui.robustnessButton, self.panel.outcome.cannot_compute(node))

    def estimate(self) -> None:
        """Sample the implants, with progress."""
        panel, parameters = self.panel, self.panel.parameters
        with panel.runner.long_action(_("Sampling implants"), _("The robustness was not estimated.")) as report:
            self.logic.estimateRobustness(
                panel.verification,
                parameters.robustnessSamples,
                parameters.positionSdMm,
                parameters.axisSdDeg,
                report=report,
            )
        panel.show_node()


def _row(row: dict[str, str]) -> list[Cell]:
    unit = f" {row['unit']}"
    tool_tip = _("Median {median}{unit} {stamp}").format(median=row["median"], unit=unit, stamp=row["stamp"])
    return [
        Cell(f"{row['metric']} {row['structure']}", tool_tip),
        Cell(row["as found"] + unit, tool_tip, number=True),
        Cell(f"{row['low']} – {row['high']}{unit}", tool_tip, number=True),
    ]
