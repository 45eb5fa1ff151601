"""Trade-offs, comparing and robustness on the panel; the plans come at once instead of from processes."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from gui.brachydose_panel import Panel
from small_patient import add_small_patient

ROWS = (("1", "yes", "118.0", "98.1", "45.0", "6", "12", ""), ("2", "no", "101.0", "91.5", "48.0", "7", "13", "Cord"))
COLUMNS = ("plan", "not beaten", "D90 %", "V100 %", "V150 %", "needles", "seeds", "limits not kept")


@pytest.fixture
def panel(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel with the small patient; nothing is planned in earnest."""
    import slicer

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), errors)
    panel.choose_patient()
    return panel


@pytest.fixture
def runs(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the panel asks of the processes; they are done when they are asked a second time."""
    from brachyresponse.planning import Table
    from brachyresponse.scene.plan_parts import PlanRole
    from brachyresponse.scene.results import write_plan_table

    asked: list[str] = []

    def poll(plan: Any) -> Any:
        asked.append("poll")
        running = asked.count("poll") < 2
        if not running:
            write_plan_table(Table("Trade-offs", COLUMNS, ROWS), plan, PlanRole.TRADE_OFFS)
        return SimpleNamespace(running=running, fraction=0.5, message="Making 20 plans")

    logic = panel.logic
    monkeypatch.setattr(logic, "startTradeOffs", lambda plan, count: asked.append(f"start {count}"))
    monkeypatch.setattr(logic, "tradeOffsRunning", lambda plan: "start 20" in asked and asked.count("poll") < 2)
    monkeypatch.setattr(logic, "pollTradeOffs", poll)
    monkeypatch.setattr(logic, "tradeOffState", lambda plan: "")
    return asked


def test_plans_are_made_beside_and_the_best_are_listed_and_loaded(
    panel: Panel, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    section, loaded = panel.widget.panel.trade_offs, []
    monkeypatch.setattr(
        panel.logic, "loadTradeOff", lambda plan, number, new, **how: (loaded.append((number, new)), plan)[1]
    )
    panel.ui.tradeOffCountSpinBox.value = 20
    panel.click("startTradeOffsButton")
    assert not panel.ui.startTradeOffsButton.enabled
    section.poll()
    assert panel.ui.tradeOffBar.value == 50
    section.poll()
    panel.settle()
    assert runs == ["start 20", "poll", "poll"]
    assert panel.column("tradeOffTable", 1) == ["118.0"]  # the plan that another one beats is left out
    assert panel.ui.startTradeOffsButton.enabled
    panel.ui.tradeOffTable.selectRow(0)
    assert loaded == [(1, False)]
    assert panel.errors == []


def test_a_point_that_is_clicked_in_the_chart_is_loaded(
    panel: Panel, runs: list[str], a_layout_manager: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import vtk

    loaded: list[int] = []
    monkeypatch.setattr(panel.logic, "loadTradeOff", lambda plan, number, new, **how: (loaded.append(number), plan)[1])
    monkeypatch.setattr(panel.logic, "showTradeOffs", lambda plan, **figures: None)
    monkeypatch.setattr(
        panel.logic, "tradeOffAtPoint", lambda plan, series, row: row + 10 if series == "series of the plan" else None
    )

    def click(series_id: str, *rows: int) -> None:
        series, chosen, selections = vtk.vtkStringArray(), vtk.vtkIdTypeArray(), vtk.vtkCollection()
        series.InsertNextValue(series_id)
        for row in rows:
            chosen.InsertNextValue(row)
        selections.AddItem(chosen)
        a_layout_manager.plotWidget(0).plotView().dataSelected.emit(series, selections)

    section = panel.widget.panel.trade_offs
    section._on_scatter(panel.plan)
    section._on_lines(panel.plan)
    click("series of the plan", 2)
    assert loaded == [12]  # once, though both charts were shown
    click("series of another chart", 2)
    click("series of the plan", 1, 2)
    assert loaded == [12]
    section.stop()
    click("series of the plan", 3)
    assert loaded == [12]
    assert panel.errors == []


def test_a_failed_run_is_said_on_the_panel(panel: Panel, runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from brachyresponse.errors import PlanError

    def fail(plan: Any) -> Any:
        runs.extend(["poll", "poll"])
        raise PlanError("A process has ended: out of memory.")

    monkeypatch.setattr(panel.logic, "pollTradeOffs", fail)
    panel.ui.tradeOffCountSpinBox.value = 20
    panel.click("startTradeOffsButton")
    panel.widget.panel.trade_offs.poll()
    assert panel.ui.statusLabel.text == "A process has ended: out of memory."
    assert not panel.widget.panel.trade_offs._timer.active
    assert panel.ui.startTradeOffsButton.enabled


@pytest.mark.validation
def test_two_plans_are_compared_side_by_side_and_seeds_misplaced(panel: Panel) -> None:
    first = panel.plan
    panel.plan_by_template()
    panel.ui.doseSpacingSpinBox.value = 4
    panel.click("computeButton")
    assert "another plan" in panel.ui.compareButton.toolTip
    panel.click("copyPlanButton")
    panel.click("computeButton")
    panel.ui.otherPlanSelector.setCurrentNode(first)
    panel.settle()
    panel.click("compareButton")
    assert panel.errors == []
    row = panel.column("comparisonTable", 1).index("D90 Gy")
    assert panel.ui.comparisonTable.item(row, 2).text() == panel.ui.comparisonTable.item(row, 3).text()
    assert panel.ui.comparisonChartButton.enabled
    panel.ui.scenariosSpinBox.value = 20
    panel.click("robustnessButton")
    assert panel.errors == []
    header = panel.ui.robustnessTable.horizontalHeaderItem
    assert [header(column).text() for column in range(5)] == ["Figure", "Planned", "2 mm", "3 mm", "5 mm"]
    assert panel.column("robustnessTable", 0)[0] == "D90 meets the prescription"
