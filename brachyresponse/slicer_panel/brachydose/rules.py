"""Rule table of the results: what each rule of the site asks, limits that can be changed, and where the worst lies."""

from __future__ import annotations

import numpy as np
import slicer
from slicer.i18n import tr as _

from brachyresponse.planning import Rule, parse_rule_limits
from brachyresponse.scene.plan_parts import PlanRole
from brachyresponse.slicer_panel.brachydose.plan_rows import plan_rows
from brachyresponse.slicer_panel.brachydose.section import Section
from brachyresponse.slicer_panel.layout import jump_slices
from brachyresponse.slicer_panel.table_rows import place_in, verdict_of
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns, selected_rows

LIMIT = 2


class RulesSection(Section):
    """The rules of the plan's site, with what the last evaluation found; a typed limit holds for this plan."""

    def setup(self) -> None:
        """Connect the widgets."""
        table = self.ui.rulesTable
        fit_columns(table, stretched=0)
        self._rules: tuple[Rule, ...] = ()
        self._findings: dict[str, dict[str, str]] = {}
        self.on(table, "cellChanged(int,int)", self._on_cell, _("The limit was not changed."))
        self.on(table, "itemSelectionChanged()", self._on_selected, _("Cannot show where the rule is broken."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the rules of the plan."""
        self._rules = self.logic.rules(plan) if plan else ()
        self._findings = {row["id"]: row for row in plan_rows(plan, PlanRole.RULES)}
        fill_table(self.ui.rulesTable, [_cells(rule, self._findings.get(rule.id)) for rule in self._rules])

    def _on_cell(self, row: int, column: int) -> None:
        if column != LIMIT:
            return
        rule, text = self._rules[row], self.ui.rulesTable.item(row, column).text().strip()
        if not text:
            self.logic.resetRuleLimits(self.panel.plan, rule.id)
        elif text != rule.limit:
            self.logic.setRuleLimit(self.panel.plan, rule.id, *parse_rule_limits(rule, text))

    def _on_selected(self) -> None:
        chosen = selected_rows(self.ui.rulesTable)
        if len(chosen) == 1 and chosen[0] < len(self._rules):
            if place := place_in(self._findings.get(self._rules[chosen[0]].id)):
                jump_slices(slicer.mrmlScene, np.array(place))


def _cells(rule: Rule, finding: dict[str, str] | None) -> list[Cell]:
    """A rule with what was found; no verdict where another limit was judged."""
    found = finding["found"] if finding else _("Not computed yet")
    value = f"{finding['value']} {finding['unit']}" if finding and finding["value"] else found
    tool_tip = "\n".join((rule.label, found, rule.source))
    judged = finding is not None and finding["limit"] == rule.limit
    return [
        Cell(rule.label, tool_tip, verdict_of(finding) if judged else Verdict.NONE),
        Cell(value if finding else "–", tool_tip),
        Cell(
            rule.limit,
            _("Type another limit, for this plan alone; an empty cell is the profile's own.") + "\n" + rule.source,
            editable=True,
        ),
    ]
