"""Limits in a table: what each asks, what was found, where the worst lies, and a cell to type another limit."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.planning import Rule, VerificationLimit, parse_rule_limits
from brachyresponse.planning.balloon import BalloonRule
from brachyresponse.slicer_panel.layout import jump_slices
from brachyresponse.slicer_panel.section import PanelSection
from brachyresponse.slicer_panel.table_rows import place_in, verdict_of
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns, selected_rows

LIMIT = 2
MOST_LETTERS = 12
CHANGE: str = _("Type another limit, for this one alone; an empty cell is the profile's own.")
Limit = Rule | VerificationLimit | BalloonRule


class LimitsSection(PanelSection):
    """The limits of a site, with what the last evaluation found; a typed limit holds for what is shown alone."""

    def setup(self) -> None:
        """Connect the widgets."""
        self.table = self.limits_table()
        fit_columns(self.table, stretched=0)
        self._limits: Sequence[Limit] = ()
        self._findings: dict[str, dict[str, str]] = {}
        self.on(self.table, "cellChanged(int,int)", self._on_cell, _("The limit was not changed."))
        self.on(self.table, "itemSelectionChanged()", self._on_selected, _("Cannot show where the limit is broken."))

    @abstractmethod
    def limits_table(self) -> qt.QTableWidget:
        """Return the table: what is limited, what was found, the limit."""

    @abstractmethod
    def limits(self, node: slicer.vtkMRMLScriptedModuleNode) -> Sequence[Limit]:
        """Return the limits of what is shown."""

    @abstractmethod
    def findings(self, node: slicer.vtkMRMLScriptedModuleNode) -> list[dict[str, str]]:
        """Return the rows of what the last evaluation found; none before one."""

    @abstractmethod
    def change(self, limit_id: str, least: float | None, most: float | None) -> None:
        """Change a limit."""

    @abstractmethod
    def reset(self, limit_id: str) -> None:
        """Go back to the site's own limit."""

    def refresh(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the limits."""
        self._limits = self.limits(node) if node else ()
        self._findings = {row["id"]: row for row in self.findings(node)} if node else {}
        fill_table(self.table, [_cells(limit, self._findings.get(limit.id)) for limit in self._limits])

    def _on_cell(self, row: int, column: int) -> None:
        limit, text = self._limits[row], self.table.item(row, column).text().strip()
        if column != LIMIT or isinstance(limit, BalloonRule):
            return
        if not text:
            self.reset(limit.id)
        elif text != limit.limit:
            self.change(limit.id, *parse_rule_limits(limit, text))

    def _on_selected(self) -> None:
        chosen = selected_rows(self.table)
        if len(chosen) != 1 or chosen[0] >= len(self._limits):
            return
        if place := place_in(self._findings.get(self._limits[chosen[0]].id)):
            jump_slices(slicer.mrmlScene, np.array(place))


def _cells(limit: Limit, finding: dict[str, str] | None) -> list[Cell]:
    """A limit with what was found; no verdict where another limit was judged. Those of balloons stay as they are."""
    editable = not isinstance(limit, BalloonRule)
    found = finding["found"] if finding else _("Not computed yet")
    tool_tip = "\n".join((limit.label, found, limit.source))
    judged = finding is not None and finding["limit"] == limit.limit
    return [
        Cell(limit.label, tool_tip, verdict_of(finding) if judged else Verdict.NONE),
        Cell(_value(finding) if finding else "–", tool_tip),
        Cell(limit.limit, f"{CHANGE}\n{limit.source}" if editable else limit.source, editable=editable),
    ]


def _value(finding: dict[str, str]) -> str:
    """What was found: a number, else words, of which the tool tip has all."""
    if finding["value"]:
        return f"{float(finding['value']):.4g} {finding['unit']}"
    said = finding["found"]
    return said if len(said) <= MOST_LETTERS else said[: MOST_LETTERS - 1] + "…"
