"""Robustness: what misplaced and lost seeds do to the plan."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.plan_parts import PlanRole
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.brachydose.plan_rows import plan_rows
from brachyresponse.slicer_panel.brachydose.robustness_cells import robustness_cells, robustness_columns
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, Section
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.tables import fill_matrix, limit_column

NO_SEEDS: str = _("There are no seeds yet.")
WHAT_TO_DO: str = _("To trade dose outside for it, raise Reserve under Seeds in 5 Planner and plan again.")

FIGURE, WIDEST = 0, 112
"""The column of the figures' names, and its width in pixels at most: the figures themselves come first."""


class RobustnessSection(Section):
    """The table of the last test of the plan."""

    def setup(self) -> None:
        """Connect the widgets."""
        self.ui.robustnessButton.connect("clicked()", self.test)

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show what was found."""
        rows = plan_rows(plan, PlanRole.ROBUSTNESS)
        cells = robustness_cells(rows)
        fill_matrix(self.ui.robustnessTable, robustness_columns(rows), [""] * len(cells), cells)
        limit_column(self.ui.robustnessTable, FIGURE, WIDEST)
        stale = self.logic.robustnessState(plan) if plan and rows else ""
        say(self.ui.robustnessLabel, _("Out of date: {reason}").format(reason=stale) if stale else WHAT_TO_DO)
        empty = plan is None or self.logic.seeds(plan).count == 0
        allow(self.ui.robustnessButton, first_reason((plan is None, NO_PLAN), (empty, NO_SEEDS)))

    def test(self) -> None:
        """Misplace the seeds at random, with progress."""
        panel = self.panel
        with panel.runner.long_action(_("Testing the plan"), _("The plan was not tested.")) as report:
            self.logic.testRobustness(panel.plan, panel.parameters.scenarios, report=report)
        panel.show_node()
