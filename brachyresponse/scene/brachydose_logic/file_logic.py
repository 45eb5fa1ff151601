"""A plan in files."""

from __future__ import annotations

from pathlib import Path

from brachyresponse.scene import balloon_exports, plan_exports, so_far_replanning
from brachyresponse.scene.brachydose_logic.balloon_logic import BalloonLogic
from brachyresponse.scene.brachydose_logic.dose_logic import DoseLogic
from brachyresponse.scene.brachydose_logic.nodes import PlanNode
from brachyresponse.scene.source_kind import is_balloon


class FileLogic(DoseLogic, BalloonLogic):
    """A plan in files."""

    def exportPlan(self, planNode: PlanNode, folder: str | Path) -> Path:
        """Write plan.json, or balloon.json of a balloon plan, into a folder and return the file."""
        if is_balloon(planNode):
            return balloon_exports.write_balloon_file(planNode, folder)
        return plan_exports.write_plan_file(planNode, folder)

    def importPlan(self, path: str | Path, planNode: PlanNode) -> PlanNode:
        """Read a plan.json of the patient of a plan as a plan of its own, and return its node."""
        return plan_exports.read_plan_file(path, planNode)

    def exportTables(
        self,
        planNode: PlanNode,
        folder: str | Path,
        spacingMm: float = 1.0,
        marginMm: float = 30.0,
        *,
        pointSource: bool = False,
    ) -> list[Path]:
        """Evaluate the plan, write seeds, metrics, rules and DVH as CSV into a folder, and return the files.

        Of a balloon plan sectors and dose against depth instead of seeds.
        """
        if is_balloon(planNode):
            found = self.evaluateBalloon(planNode, spacingMm, marginMm)
            return balloon_exports.write_balloon_tables(planNode, found, folder)
        evaluation = self.evaluatePlan(planNode, spacingMm, marginMm, pointSource=pointSource)
        return plan_exports.write_tables(planNode, evaluation, folder)

    def exportReport(
        self,
        planNode: PlanNode,
        folder: str | Path,
        spacingMm: float = 1.0,
        marginMm: float = 30.0,
        *,
        pointSource: bool = False,
    ) -> Path:
        """Evaluate the plan, write the report, one HTML file with pictures, into a folder, and return the file."""
        if is_balloon(planNode):
            found = self.evaluateBalloon(planNode, spacingMm, marginMm)
            return balloon_exports.write_balloon_report(planNode, found, folder)
        evaluation = self.evaluatePlan(planNode, spacingMm, marginMm, pointSource=pointSource)
        return plan_exports.write_report(planNode, evaluation, folder)

    def exportRemainingSheet(self, planNode: PlanNode, folder: str | Path) -> list[Path]:
        """Write the loading sheet of what is not locked, so of what remains to be implanted, and return the files."""
        return so_far_replanning.write_remaining_sheet(planNode, folder)

    def exportLoadingSheet(self, planNode: PlanNode, folder: str | Path) -> list[Path]:
        """Write the needle and loading sheet, HTML and CSV, into a folder and return the files."""
        return plan_exports.write_loading_sheet(planNode, folder)
