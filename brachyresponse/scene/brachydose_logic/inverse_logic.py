"""The planner: needles and seeds that meet prescription and limits, what they rest on, and how they survive errors."""

from __future__ import annotations

from collections.abc import Sequence

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning.inverse import (
    ImplantProblem,
    OptimisedPlan,
    ParallelTracks,
    PlacementErrors,
    SearchRecord,
    candidate_needles,
    check_problem,
)
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import inverse_robustness, inverse_search_record, inverse_shells
from brachyresponse.scene.brachydose_logic.nodes import ChartNode, ModelNode, PlanNode, TableNode
from brachyresponse.scene.brachydose_logic.settings_logic import PlannerSettingsLogic
from brachyresponse.scene.inverse_comparison import compare_plans
from brachyresponse.scene.inverse_preview import hide_tracks, show_cone, show_tracks
from brachyresponse.scene.inverse_problem import read_problem
from brachyresponse.scene.inverse_running import RunChoices, run_planner
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part


class InverseLogic(PlannerSettingsLogic):
    """The planner, and what is shown of a plan besides its dose."""

    def problem(self, planNode: PlanNode) -> ImplantProblem:
        """Return what the planner is to solve: structures, limits, settings, and what is locked."""
        return read_problem(planNode)

    def checkProblem(self, planNode: PlanNode) -> tuple[str, ...]:
        """Return what is noteworthy of the problem before it is planned, in sentences."""
        return tuple(str(flag) for flag in check_problem(read_problem(planNode)))

    def explainInfeasible(self, planNode: PlanNode) -> str:
        """Return why no plan is possible, naming the constraint; empty where one is."""
        problem = read_problem(planNode)
        try:
            check_problem(problem)
        except PlanError as error:
            return str(error)
        return ""

    def planImplant(
        self,
        planNode: PlanNode,
        preset: str | None = None,
        report: Report | None = None,
        *,
        doseSpacingMm: float = 1.0,
        doseMarginMm: float = 30.0,
        pointSource: bool = False,
        **settings: object,
    ) -> OptimisedPlan:
        """Find needles and seeds for a plan, evaluate them, and write all of it as one step that can be undone.

        The dose is computed as by :meth:`evaluatePlan`, and is the ``evaluation`` of what is returned. What is locked
        stays. Who cancels through the report keeps the best plan so far (``search.cancelled``).

        Parameters
        ----------
        preset, settings
            Weights, and values of :meth:`setPlacement` and :meth:`setSearch`; the plan keeps them when all went well.
        """
        extent = DoseExtent(doseSpacingMm, doseMarginMm)
        choices = RunChoices(preset, settings, improve=False, extent=extent, point_sources=pointSource)
        return run_planner(planNode, self._editor, choices, report)

    def improvePlan(
        self,
        planNode: PlanNode,
        preset: str | None = None,
        report: Report | None = None,
        *,
        doseSpacingMm: float = 1.0,
        doseMarginMm: float = 30.0,
        pointSource: bool = False,
        **settings: object,
    ) -> OptimisedPlan:
        """As :meth:`planImplant`, beginning with the needles and seeds that are there."""
        extent = DoseExtent(doseSpacingMm, doseMarginMm)
        choices = RunChoices(preset, settings, improve=True, extent=extent, point_sources=pointSource)
        return run_planner(planNode, self._editor, choices, report)

    def plannerNotes(self, planNode: PlanNode) -> tuple[str, ...]:
        """Return what the planner said of the plan, in sentences."""
        return inverse_search_record.planner_notes(planNode)

    def plannerState(self, planNode: PlanNode) -> str:
        """Return why a plan is no longer the one that the planner found; empty while it is."""
        return inverse_search_record.planner_state(planNode)

    def searchRecord(self, planNode: PlanNode) -> SearchRecord | None:
        """Return how the plan was found; None for a plan made by hand."""
        return inverse_search_record.read_search_record(planNode)

    def convergenceChart(self, planNode: PlanNode) -> ChartNode | None:
        """Return the chart of the cost over the steps of the search, or None for a plan made by hand."""
        return plan_part(planNode, PlanRole.CONVERGENCE_CHART)

    def showConvergence(self, planNode: PlanNode) -> None:
        """Show the convergence chart in a layout with a plot."""
        _show_chart(need_plan_part(planNode, PlanRole.CONVERGENCE_CHART, "convergence chart", "plan it first"))

    def previewTracks(self, planNode: PlanNode) -> ModelNode:
        """Show the tracks that needles may run along, and the cone their direction is searched in; return the tracks.

        Of a cone of directions, those of its axis are shown.
        """
        problem = read_problem(planNode)
        needles = candidate_needles(problem).needles
        if isinstance(problem.tracks, ParallelTracks):
            show_cone(planNode, problem.tracks, problem.anatomy.structures[problem.target].centre_mm)
        return show_tracks(planNode, needles)

    def hideTracks(self, planNode: PlanNode) -> None:
        """Take the tracks and the cone away."""
        hide_tracks(planNode)

    def showObstacles(self, planNode: PlanNode, visible: bool = True) -> list[ModelNode]:
        """Show the structures that needles must not cross, each in a shell at the margin; or take them away."""
        if visible:
            return inverse_shells.show_obstacles(planNode)
        inverse_shells.hide_obstacles(planNode)
        return []

    def obstaclesShown(self, planNode: PlanNode) -> bool:
        """Tell whether the structures that needles must not cross are shown."""
        return inverse_shells.obstacles_shown(planNode)

    def testRobustness(
        self,
        planNode: PlanNode,
        scenarios: int = 100,
        randomSeed: int = 0,
        report: Report = ignore_progress,
        *,
        sdMm: Sequence[float] = (2.0, 3.0, 5.0),
        lostSeeds: int = 1,
    ) -> TableNode:
        """Compute how the plan survives misplaced and lost seeds, and return the table."""
        errors = PlacementErrors(sd_mm=tuple(sdMm), lost_seeds=lostSeeds)
        inverse_robustness.compute_robustness(
            planNode, scenarios=scenarios, errors=errors, random_seed=randomSeed, report=report
        )
        return need_plan_part(planNode, PlanRole.ROBUSTNESS, "table of robustness")

    def robustnessTable(self, planNode: PlanNode) -> TableNode | None:
        """Return the table of robustness, or None while it is not computed."""
        return plan_part(planNode, PlanRole.ROBUSTNESS)

    def robustnessState(self, planNode: PlanNode) -> str:
        """Return why the table of robustness no longer holds; empty while it does, or while there is none."""
        return inverse_robustness.robustness_state(planNode)

    def comparePlans(self, planNode: PlanNode, otherNode: PlanNode) -> TableNode:
        """Write what two computed plans come to side by side, and both their histograms; return the table."""
        return compare_plans(planNode, otherNode)

    def comparisonChart(self, planNode: PlanNode) -> ChartNode | None:
        """Return the chart of the last comparison of a plan with another one, or None."""
        return plan_part(planNode, PlanRole.COMPARISON_CHART)

    def showComparison(self, planNode: PlanNode) -> None:
        """Show the histograms of the two plans that were compared last."""
        _show_chart(need_plan_part(planNode, PlanRole.COMPARISON_CHART, "comparison", "compare it first"))


def _show_chart(chart: ChartNode) -> None:
    slicer.modules.plots.logic().ShowChartInLayout(chart)
