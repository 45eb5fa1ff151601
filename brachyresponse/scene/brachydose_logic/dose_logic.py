"""Dose and results of a plan, in full and live, and how they are shown."""

from __future__ import annotations

from collections.abc import Sequence

import slicer

from brachyresponse.dose import implant_dose
from brachyresponse.planning import PlanEvaluation
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene.brachydose_logic.editing_logic import EditingLogic
from brachyresponse.scene.brachydose_logic.nodes import PlanNode, SeedsNode, VolumeNode
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.plan_evaluation import DoseExtent, evaluate_plan_node
from brachyresponse.scene.plan_output import (
    change_isodose_levels,
    shown_levels_percent,
    write_evaluation,
)
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part, plan_parts
from brachyresponse.scene.plan_staleness import mark_plan_stale, stale_plan_reason
from brachyresponse.scene.seed_model import show_seeds
from brachyresponse.scene.seed_source import read_source
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.scene.shared_logic import IsodoseLogic
from brachyresponse.scene.volumes import read_grid

FOLLOWED_ROLES = (
    PlanRole.SEEDS, PlanRole.NEEDLE, PlanRole.PLANNING_VOLUME, PlanRole.SEGMENTATION, PlanRole.LIMITS,
    PlanRole.RULE_LIMITS, PlanRole.ENTRIES, PlanRole.BALLOON_CENTRE,
)  # fmt: skip


class DoseLogic(IsodoseLogic, EditingLogic):
    """Dose and results of a plan, in full and live, and how they are shown."""

    def computeDose(
        self, seedsNode: SeedsNode, referenceVolumeNode: VolumeNode, report: Report = ignore_progress
    ) -> VolumeNode:
        """Total dose of a permanent implant, Gy, on the grid of a volume; returns the new dose node."""
        source, seeds = read_source(seedsNode), read_seeds(seedsNode)
        grid = read_grid(referenceVolumeNode, "reference volume")
        dose_gy = implant_dose(source, seeds, grid, report=report)
        return write_dose(dose_gy, grid, seedsNode.GetScene(), f"{seedsNode.GetName()} dose")

    def evaluatePlan(
        self,
        planNode: PlanNode,
        spacingMm: float = 1.0,
        marginMm: float = 30.0,
        *,
        pointSource: bool = False,
        report: Report = ignore_progress,
    ) -> PlanEvaluation:
        """Compute the dose of a plan round target and seeds, and write all that follows: isodoses, DVH, tables.

        Returns the ``PlanEvaluation``; with ``pointSource`` all seeds count as point sources (1D formalism).
        """
        extent = DoseExtent(spacingMm, marginMm)
        evaluation = evaluate_plan_node(planNode, extent, point_sources=pointSource, report=report)
        write_evaluation(evaluation, planNode, shown_levels_percent(planNode))
        return evaluation

    def updateLive(
        self, planNode: PlanNode, spacingMm: float = 2.0, marginMm: float = 30.0, *, pointSource: bool = False
    ) -> PlanEvaluation:
        """As :meth:`evaluatePlan`, quick enough for every move of a seed: on a coarse grid, rules left as they are."""
        extent = DoseExtent(spacingMm, marginMm)
        evaluation = self._live.evaluate(planNode, self._editor.implant(planNode), extent, point_sources=pointSource)
        write_evaluation(evaluation, planNode, shown_levels_percent(planNode))
        return evaluation

    def writeIsodoses(self, planNode: PlanNode, levelsPercent: Sequence[float] = (50, 100, 150, 200)) -> None:
        """Draw isodoses of the plan's dose at levels in percent of the prescription."""
        change_isodose_levels(planNode, levelsPercent)

    def staleReason(self, planNode: PlanNode) -> str:
        """Return why the results of a plan no longer hold; empty while they do, or while there are none."""
        return stale_plan_reason(planNode)

    def markStale(self, planNode: PlanNode, reason: str) -> None:
        """Say why the results of a plan no longer hold, as the end of a sentence."""
        mark_plan_stale(planNode, reason)

    def doseNode(self, planNode: PlanNode) -> VolumeNode | None:
        """Return the dose of a plan, or None while it is not computed."""
        return plan_part(planNode, PlanRole.DOSE)

    def showChart(self, planNode: PlanNode) -> None:
        """Show the dose-volume histograms in a layout with a plot."""
        slicer.modules.plots.logic().ShowChartInLayout(need_plan_part(planNode, PlanRole.DVH_CHART, "DVH chart"))

    def planNodes(self, planNode: PlanNode) -> list[slicer.vtkMRMLNode]:
        """Return the nodes whose changes matter to a plan: seeds, needles, image, structures, limits, entry points."""
        return [node for role in FOLLOWED_ROLES for node in plan_parts(planNode, role)]

    def updateSeedModels(self, planNode: PlanNode) -> None:
        """Draw the seeds of a plan as cylinders, as they lie now."""
        show_seeds(planNode)
