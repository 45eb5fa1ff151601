"""The series of the visit against what the imaging protocol asks."""

from __future__ import annotations

from brachyresponse.errors import ResponseError
from brachyresponse.response.schedule import ProtocolRow, ProtocolVerdict
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.responseassess.section import Section
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns

VERDICTS = {
    ProtocolVerdict.PRESENT: Verdict.MET,
    ProtocolVerdict.DEVIATES: Verdict.WARNING,
    ProtocolVerdict.MISSING: Verdict.NOT_MET,
    ProtocolVerdict.NOT_KNOWN: Verdict.WARNING,
}


class ProtocolSection(Section):
    """One row a sequence and plane."""

    def setup(self) -> None:
        """Set the table up."""
        fit_columns(self.ui.protocolTable, stretched=2)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the visit's protocol check, while its section is open: it reads every series."""
        if self.ui.scheduleSection.collapsed:
            return
        rows = self._check(self.visit) if self.visit is not None else ()
        fill_table(self.ui.protocolTable, list(map(_cells, rows)))

    def _check(self, visit: VisitNode) -> tuple[ProtocolRow, ...]:
        """What is asked and found; nothing where the schedule has no protocol."""
        try:
            rows: tuple[ProtocolRow, ...] = self.logic.protocolCheck(visit).rows
        except ResponseError as error:
            self.ui.protocolTable.toolTip = str(error)
            return ()
        return rows


def _cells(row: ProtocolRow) -> list[Cell]:
    verdict = VERDICTS.get(row.verdict, Verdict.NONE)
    return [
        Cell(row.kind, row.sentence, verdict),
        Cell(row.plane or "–", row.sentence),
        Cell(row.found or row.verdict, row.sentence),
    ]
