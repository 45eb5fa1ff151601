"""Trade-offs: many plans of one problem under other weights, made beside Slicer, to be compared and loaded."""

from __future__ import annotations

import slicer

from brachyresponse.planning.inverse.trade_off.plans import TradeOffs
from brachyresponse.scene import inverse_trade_offs
from brachyresponse.scene.brachydose_logic.inverse_logic import InverseLogic
from brachyresponse.scene.brachydose_logic.nodes import ChartNode, PlanNode, TableNode
from brachyresponse.scene.inverse_loading import load_plan
from brachyresponse.scene.inverse_trade_off_charts import X_COLUMN, Y_COLUMN, number_of_point, show_figures
from brachyresponse.scene.inverse_trade_off_runs import TradeOffProgress
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part


class TradeOffLogic(InverseLogic):
    """Trade-offs: many plans of one problem under other weights, made beside Slicer, to be compared and loaded."""

    def startTradeOffs(self, planNode: PlanNode, count: int = 100) -> None:
        """Start making plans in processes of their own; see :meth:`pollTradeOffs`."""
        self._runs.start(planNode, count)

    def pollTradeOffs(self, planNode: PlanNode) -> TradeOffProgress:
        """Return how far the plans are; once they are done, they are in the scene. To be called by a timer."""
        return self._runs.poll(planNode)

    def tradeOffsRunning(self, planNode: PlanNode) -> bool:
        """Tell whether plans are being made."""
        return self._runs.running(planNode)

    def cancelTradeOffs(self, planNode: PlanNode) -> bool:
        """Stop making plans, keep those that are made, and tell whether there are any; else what was there stays."""
        return self._runs.cancel(planNode)

    def cancelAllTradeOffs(self) -> None:
        """Stop making plans for any plan: the module or the scene is closed."""
        self._runs.cancel_all()

    def tradeOffs(self, planNode: PlanNode) -> TradeOffs | None:
        """Return the plans that were made last, also in an earlier session; None while there are none."""
        return inverse_trade_offs.kept_trade_offs(planNode)

    def tradeOffState(self, planNode: PlanNode) -> str:
        """Return why the trade-offs no longer hold; empty while they do, or while there are none."""
        return inverse_trade_offs.trade_off_state(planNode)

    def tradeOffTable(self, planNode: PlanNode) -> TableNode | None:
        """Return the table of the plans, a row a plan, those that no other beats first; or None."""
        return plan_part(planNode, PlanRole.TRADE_OFFS)

    def tradeOffChart(self, planNode: PlanNode) -> ChartNode | None:
        """Return the scatter of two figures, a point a plan, or None."""
        return plan_part(planNode, PlanRole.TRADE_OFF_CHART)

    def tradeOffParallelChart(self, planNode: PlanNode) -> ChartNode | None:
        """Return the parallel coordinates, a line a plan over all criteria, or None."""
        return plan_part(planNode, PlanRole.TRADE_OFF_AXES)

    def showTradeOffs(
        self, planNode: PlanNode, parallel: bool = False, across: str = X_COLUMN, up: str = Y_COLUMN
    ) -> None:
        """Show the scatter, of the figures that are chosen, or the parallel coordinates in a layout with a plot."""
        if parallel:
            chart = need_plan_part(planNode, PlanRole.TRADE_OFF_AXES, "chart of trade-offs", "make them first")
        else:
            chart = show_figures(planNode, across, up)
        slicer.modules.plots.logic().ShowChartInLayout(chart)

    def tradeOffAtPoint(self, planNode: PlanNode, seriesID: str, row: int) -> int | None:
        """Return the number of the plan that a point of a chart stands for, None where the chart is another one.

        ``seriesID`` is that of the plot series' node, ``row`` the place of the point in its table.
        """
        return number_of_point(planNode, seriesID, row)

    def loadTradeOff(
        self,
        planNode: PlanNode,
        number: int,
        newPlan: bool = False,
        *,
        doseSpacingMm: float = 1.0,
        doseMarginMm: float = 30.0,
        pointSource: bool = False,
    ) -> PlanNode:
        """Make the trade-off with a number the plan, as a step that can be undone, or a plan of its own; evaluate it.

        Returns the plan's node; ``number`` is the one in the table. It stands out in the charts from then on.
        """
        chosen = inverse_trade_offs.trade_off_plan(planNode, number)
        extent = DoseExtent(doseSpacingMm, doseMarginMm)
        new_name = chosen.name if newPlan else ""
        loaded = load_plan(planNode, self._editor, chosen, extent, point_sources=pointSource, new_name=new_name)
        inverse_trade_offs.show_loaded(planNode, number)
        return loaded
