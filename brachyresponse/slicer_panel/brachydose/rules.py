"""Rule table of the results: what each rule of the site asks, limits that can be changed, and where the worst lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import qt
import slicer

from brachyresponse.planning import Rule
from brachyresponse.planning.balloon import BalloonRule, load_balloon_profile
from brachyresponse.scene.plan_parts import PlanRole
from brachyresponse.slicer_panel.brachydose.plan_rows import plan_rows
from brachyresponse.slicer_panel.brachydose.section import BALLOON
from brachyresponse.slicer_panel.limits import LimitsSection

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.brachydose.panel import BrachyDosePanel


class RulesSection(LimitsSection):
    """The rules of the plan's site; a typed limit holds for this plan. A balloon has rules of its own."""

    panel: BrachyDosePanel

    def limits_table(self) -> qt.QTableWidget:
        """Return the table of rules."""
        return self.ui.rulesTable

    def limits(self, node: slicer.vtkMRMLScriptedModuleNode) -> Sequence[Rule | BalloonRule]:
        """Return the rules of the plan: of its site, or of a balloon."""
        rules: Sequence[Rule] = self.logic.rules(node)
        return load_balloon_profile().rules if self.logic.sourceKind(node) == BALLOON else rules

    def findings(self, node: slicer.vtkMRMLScriptedModuleNode) -> list[dict[str, str]]:
        """Return what the last evaluation of the plan found; nothing where it judged other rules."""
        rows, known = plan_rows(node, PlanRole.RULES), {rule.id for rule in self.limits(node)}
        return rows if known.issuperset(row["id"] for row in rows) else []

    def change(self, limit_id: str, least: float | None, most: float | None) -> None:
        """Change the limits of a rule for this plan."""
        self.logic.setRuleLimit(self.panel.plan, limit_id, least, most)

    def reset(self, limit_id: str) -> None:
        """Go back to the profile's limits of a rule."""
        self.logic.resetRuleLimits(self.panel.plan, limit_id)
