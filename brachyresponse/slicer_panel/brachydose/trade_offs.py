"""Trade-offs: many plans over the weights, made in processes of their own, and the best of them to choose from."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.plan_parts import PlanRole
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.brachydose.plan_rows import plan_rows
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, NO_TARGET, Section
from brachyresponse.slicer_panel.chart_clicks import ChartClicks
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.tables import Cell, fill_matrix, limit_column, selected_rows

POLL_MS = 200
RUNNING: str = _("Plans are being made: wait, or press Cancel.")
NOT_RUNNING: str = _("No plans are being made.")
NO_PLANS: str = _("Press Make plans first.")
NUMBER, NOT_BEATEN, BROKEN, YES = "plan", "not beaten", "limits not kept", "yes"
"""Words of the table node, never translated."""
ACROSS, UP = "V150 %", "D90 %"
WIDEST = 120


class TradeOffsSection(Section):
    """Starts the plans, asks for them while they are made, and loads the one that is clicked."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("No trade-offs were made.")
        self._running: list[slicer.vtkMRMLScriptedModuleNode] = []
        self._numbers: list[int] = []
        self._axes = Choice(ui.acrossSelector, {}), Choice(ui.upSelector, {})
        self._clicks = ChartClicks(self._on_point)
        self._timer = qt.QTimer()
        self._timer.setInterval(POLL_MS)
        self._timer.connect("timeout()", self.poll)
        self.on_shown(ui.startTradeOffsButton, "clicked()", self._on_start, failed)
        self.on_shown(ui.cancelTradeOffsButton, "clicked()", self.logic.cancelTradeOffs, failed)
        self.on_shown(ui.tradeOffTable, "itemSelectionChanged()", self._on_chosen, _("The plan was not loaded."))
        failed = _("Cannot show the chart.")
        self.on_shown(ui.scatterButton, "clicked()", self._on_scatter, failed)
        self.on_shown(ui.coordinatesButton, "clicked()", self._on_lines, failed)

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the plans that no other beats."""
        ui, all_rows = self.ui, plan_rows(plan, PlanRole.TRADE_OFFS)
        rows = [row for row in all_rows if row[NOT_BEATEN] == YES]
        self._numbers = [int(row[NUMBER]) for row in rows]
        columns = [name for name in rows[0] if name != NOT_BEATEN] if rows else []
        cells = [[Cell(row[name], f"{name}: {row[name]}", number=name != BROKEN) for name in columns] for row in rows]
        fill_matrix(ui.tradeOffTable, columns, [""] * len(rows), cells)
        for column in range(len(columns)):
            limit_column(ui.tradeOffTable, column, WIDEST)
        figures = {name: name for name in columns if name not in (NUMBER, BROKEN)}
        for axis, usual in zip(self._axes, (ACROSS, UP), strict=True):
            was = axis.value
            axis.fill(figures)
            axis.show(was if was in figures else usual)
        stale = self.logic.tradeOffState(plan) if plan else ""
        say(ui.tradeOffLabel, _("Out of date: {reason}").format(reason=stale) if stale else "")
        self._enable(plan, bool(rows))

    def poll(self) -> None:
        """Ask how far the plans are; what goes wrong is said on the panel."""
        for plan in list(self._running):
            try:
                progress = self.logic.pollTradeOffs(plan)
            except BrachyResponseError as error:
                self._ended(plan)
                self.panel.runner.tell(str(error))
                continue
            if not progress.running:
                self._ended(plan)
            elif plan is self.panel.plan:
                self.ui.tradeOffBar.value = round(100 * progress.fraction)
                self.ui.tradeOffBar.setFormat(progress.message)

    def stop(self) -> None:
        """End what is still being made."""
        self._timer.stop()
        self._running.clear()
        self._clicks.end()
        self.logic.cancelAllTradeOffs()

    def _ended(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        self._running.remove(plan)
        if not self._running:
            self._timer.stop()
        self.panel.show_node()

    def _enable(self, plan: slicer.vtkMRMLScriptedModuleNode | None, has_plans: bool) -> None:
        ui, none = self.ui, (plan is None, NO_PLAN)
        running = plan is not None and self.logic.tradeOffsRunning(plan)
        target = (not self.panel.patient.has_target, NO_TARGET)
        allow(ui.startTradeOffsButton, first_reason(none, target, (running, RUNNING)))
        allow(ui.cancelTradeOffsButton, first_reason(none, (not running, NOT_RUNNING)))
        for widget in (ui.scatterButton, ui.coordinatesButton, ui.acrossSelector, ui.upSelector):
            allow(widget, first_reason(none, (not has_plans, NO_PLANS)))
        ui.tradeOffBar.visible = running

    def _on_start(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        self.ui.tradeOffBar.value = 0
        self.logic.startTradeOffs(plan, self.panel.parameters.tradeOffCount)
        self._running.append(plan)
        self._timer.start()

    def _on_chosen(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        """Load the plan of the chosen row, into the plan that is shown or as one of its own."""
        chosen = selected_rows(self.ui.tradeOffTable)
        if len(chosen) != 1 or chosen[0] >= len(self._numbers):
            return
        self._load(plan, self._numbers[chosen[0]])

    def _on_point(self, series_id: str, row: int) -> None:
        """Load the plan whose point was clicked in one of the charts of the plan that is shown."""
        plan = self.panel.plan
        number = self.logic.tradeOffAtPoint(plan, series_id, row) if plan else None
        if plan is not None and number is not None:
            self.panel.run(lambda: self._load(plan, number), _("The plan was not loaded."))

    def _load(self, plan: slicer.vtkMRMLScriptedModuleNode, number: int) -> None:
        panel = self.panel
        loaded = self.logic.loadTradeOff(plan, number, panel.parameters.asNewPlan, **panel.evaluation_settings())
        panel.parameters.plan = loaded
        panel.follower.know_structures(loaded)
        panel.display.show()

    def _on_scatter(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        across, up = self._axes
        self.logic.showTradeOffs(plan, across=across.value, up=up.value)
        self._clicks.follow()

    def _on_lines(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        self.logic.showTradeOffs(plan, parallel=True)
        self._clicks.follow()
