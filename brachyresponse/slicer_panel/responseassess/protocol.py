"""The series of the visit against what the imaging protocol asks."""

from __future__ import annotations

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.responseassess.section import Section
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns


class ProtocolSection(Section):
    """One row a sequence."""

    def setup(self) -> None:
        """Set the table up."""
        fit_columns(self.ui.protocolTable, stretched=2)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the visit's protocol check."""
        rows = table_rows(self.logic.protocolTable(self.visit)) if self.visit else []
        fill_table(self.ui.protocolTable, [_cells(row) for row in rows])


def _cells(row: dict[str, str]) -> list[Cell]:
    verdict = {"met": Verdict.MET, "missing": Verdict.NOT_MET}.get(row["verdict"], Verdict.WARNING)
    return [Cell(row["sequence"], row["sentence"], verdict), Cell(row["plane"]), Cell(row["found"], row["sentence"])]
