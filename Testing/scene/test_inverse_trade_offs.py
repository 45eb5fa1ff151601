"""Trade-offs in the scene: made beside Slicer, shown as table and charts, loaded, saved and known to be out of date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("slicer_core", reason="needs the slicer-core wheel")

from brachyresponse.errors import BrachyResponseError, PlanError
from brachyresponse.planning import Needle
from brachyresponse.planning.inverse import TradeOffPlan, TradeOffs, load_weights
from brachyresponse.planning.inverse.trade_off.figures import PlanFigures
from brachyresponse.scene.inverse_staleness import problem_signature
from brachyresponse.scene.inverse_trade_off_lines import AXIS, lines_of
from brachyresponse.scene.inverse_trade_offs import keep_trade_offs
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plans_in
from brachyresponse.scene.plans import read_plan_node
from brachyresponse.seeds import Seeds
from scene.planner_case import COARSE, PlannerCase, add_planner_case
from slicer_standin.charts import chart_of

FIGURES = ((101.0, 96.0, 40.0), (100.0, 95.0, 45.0), (108.0, 99.0, 60.0))
"""D90, V100 and V150 of three plans: the second is beaten by the first."""


def some_trade_offs(case: PlannerCase, wanted: int = 3) -> TradeOffs:
    """Three plans of one needle with one, two and three seeds."""
    needle = Needle(1, np.array([0, 0, 50.0]), np.array([0, 0, -8.0]))
    plans = tuple(
        TradeOffPlan(
            number=number,
            weights=load_weights("coverage_first"),
            cost=10.0 * number,
            figures=PlanFigures(*figures, 20.0, {"Cord D0.1cc": 30.0 + number}, ()),
            needles=(needle,),
            seeds=Seeds([[0, 0, 5.0 * n] for n in range(number)], [[0, 0, -1.0]] * number, 0.6, needle=1),
        )
        for number, figures in enumerate(FIGURES, start=1)
    )
    return TradeOffs(case.logic.problem(case.plan).plan_of((), Seeds.none()), plans, wanted, 0)


class FakeRun:
    """What stands in for the child processes: finishes at the second poll, unless it is told to fail."""

    fails = ""

    def __init__(self, found: TradeOffs) -> None:
        self.share_done, self.polls, self.closed, self._found = 0.0, 0, False, found

    def poll(self) -> bool:
        self.polls, self.share_done = self.polls + 1, 0.5
        if self.fails:
            raise PlanError(self.fails)
        return self.polls > 1

    def found(self) -> TradeOffs:
        return self._found

    def cancel(self) -> None:
        self.share_done = 0.0

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def case(scene: Any) -> PlannerCase:
    return add_planner_case(scene)


@pytest.fixture
def run(case: PlannerCase, monkeypatch: pytest.MonkeyPatch) -> FakeRun:
    """The run that the Logic starts."""
    made = FakeRun(some_trade_offs(case))
    monkeypatch.setattr("brachyresponse.scene.inverse_trade_off_runs.TradeOffRun", lambda *_, **__: made)
    return made


@pytest.fixture
def made(case: PlannerCase) -> PlannerCase:
    """The case with its trade-offs."""
    keep_trade_offs(case.plan, some_trade_offs(case), problem_signature(case.plan))
    return case


class TestMaking:
    def test_plans_come_into_the_scene_when_all_are_made(self, case: PlannerCase, run: FakeRun) -> None:
        logic, plan = case.logic, case.plan
        logic.startTradeOffs(plan, 3)
        with pytest.raises(PlanError, match="are being made: wait for them, or cancel"):
            logic.startTradeOffs(plan, 3)
        progress = logic.pollTradeOffs(plan)
        assert (progress.running, progress.fraction, logic.tradeOffTable(plan)) == (True, 0.5, None)
        assert logic.pollTradeOffs(plan).done
        assert (logic.tradeOffsRunning(plan), run.closed) == (False, True)
        assert len(logic.tradeOffs(plan).plans) == 3
        assert not logic.pollTradeOffs(plan).running  # a timer that asks once more disturbs nobody

    def test_a_problem_changed_meanwhile_makes_them_out_of_date(self, case: PlannerCase, run: FakeRun) -> None:
        case.logic.startTradeOffs(case.plan, 3)
        case.logic.setPrescription(case.plan, 110)
        case.logic.pollTradeOffs(case.plan)
        case.logic.pollTradeOffs(case.plan)
        assert case.logic.tradeOffState(case.plan) == "the problem was changed"

    def test_who_cancels_keeps_the_plans_that_are_made(self, case: PlannerCase, run: FakeRun) -> None:
        case.logic.startTradeOffs(case.plan, 5)
        assert case.logic.cancelTradeOffs(case.plan)
        assert run.closed
        assert case.logic.tradeOffTable(case.plan).GetNumberOfRows() == 3
        assert not case.logic.cancelTradeOffs(case.plan)

    def test_an_error_of_a_process_is_told_once_and_leaves_what_was_there(
        self, made: PlannerCase, run: FakeRun
    ) -> None:
        before = made.logic.tradeOffs(made.plan)
        run.fails = "The computation ended with an error."
        made.logic.startTradeOffs(made.plan, 3)
        with pytest.raises(PlanError, match="ended with an error"):
            made.logic.pollTradeOffs(made.plan)
        assert (made.logic.tradeOffsRunning(made.plan), run.closed) == (False, True)
        assert made.logic.tradeOffs(made.plan) is before

    def test_a_plan_deleted_meanwhile_gets_nothing(self, case: PlannerCase, run: FakeRun, scene: Any) -> None:
        case.logic.startTradeOffs(case.plan, 3)
        case.logic.deletePlan(case.plan)
        assert run.closed
        assert not plans_in(scene)

    def test_a_plan_removed_from_the_scene_ends_its_run(self, case: PlannerCase, run: FakeRun, scene: Any) -> None:
        case.logic.startTradeOffs(case.plan, 3)
        scene.RemoveNode(case.plan)  # in the Data module: nobody asks us
        assert not case.logic.pollTradeOffs(case.plan).running
        assert run.closed

    def test_half_a_plan_is_not_made(self, case: PlannerCase) -> None:
        with pytest.raises(PlanError, match=r"2\.5 plans cannot be made: give a whole number"):
            case.logic.startTradeOffs(case.plan, 2.5)


def groups_in(chart: Any) -> list[Any]:
    return [chart.GetNthPlotSeriesNode(place) for place in range(chart.GetNumberOfPlotSeriesNodes())]


def names_of(chart: Any) -> list[str]:
    return [series.GetName() for series in groups_in(chart)]


class TestShowing:
    def test_the_table_begins_with_the_plans_that_no_other_beats(self, made: PlannerCase) -> None:
        table = made.logic.tradeOffTable(made.plan)
        rows = [(int(table.GetCellText(row, 0)), table.GetCellText(row, 1)) for row in range(3)]
        assert rows == [(1, "yes"), (3, "yes"), (2, "no")]

    def test_the_charts_have_beaten_plans_in_grey_and_the_front_in_bands_of_coverage(self, made: PlannerCase) -> None:
        for chart in (made.logic.tradeOffChart(made.plan), made.logic.tradeOffParallelChart(made.plan)):
            assert names_of(chart) == ["beaten by another plan", "V100 96.0 %", "V100 99.0 %"]
            colours = {series.GetColor() for series in groups_in(chart)}
            assert len(colours) == 3
            assert chart_of(chart).GetNumberOfPlots() == 3

    def test_a_point_is_labelled_with_its_plan(self, made: PlannerCase) -> None:
        points = groups_in(made.logic.tradeOffChart(made.plan))
        assert [series.GetTableNode().GetCellText(0, 0) for series in points] == ["plan 2", "plan 1", "plan 3"]
        assert {series.GetLabelColumnName() for series in points} == {"plan"}

    def test_a_point_of_either_chart_leads_to_its_plan(self, made: PlannerCase) -> None:
        from brachyresponse.scene.plan_parts import PlanRole, plan_parts

        known = {plan.number for plan in made.logic.tradeOffs(made.plan).plans}
        found = set()
        for series in plan_parts(made.plan, PlanRole.TRADE_OFF_SERIES):
            table = series.GetTableNode().GetTable()
            numbers = {
                made.logic.tradeOffAtPoint(made.plan, series.GetID(), row) for row in range(table.GetNumberOfRows())
            }
            assert numbers <= known
            found |= numbers
        assert found == known
        assert made.logic.tradeOffAtPoint(made.plan, "vtkMRMLPlotSeriesNodeOther", 0) is None

    def test_any_two_figures_can_be_shown(self, made: PlannerCase, a_layout_manager: Any) -> None:
        made.logic.showTradeOffs(made.plan, across="needles", up="Cord D0.1cc %")
        assert made.logic.tradeOffChart(made.plan).GetXAxisTitle() == "needles"
        with pytest.raises(PlanError, match="no figure 'D95 %': choose from D90 %, V100 %"):
            made.logic.showTradeOffs(made.plan, up="D95 %")

    def test_on_parallel_coordinates_the_better_end_is_up(self, made: PlannerCase) -> None:
        chart = made.logic.tradeOffParallelChart(made.plan)
        table = groups_in(chart)[2].GetTableNode()
        rows = [[table.GetCellText(row, column) for column in range(3)] for row in range(table.GetNumberOfRows())]
        assert [float(height) for _, _, height in rows] == [1, 0, 0, 1]  # V100, V150, cord dose, needles as all
        assert [float(place) for _, place, _ in rows] == [1, 2, 3, 4]
        assert rows[1][0] == "plan 3, V150 60 %"
        assert "1 V100: 95.0 to 99.0 %   2 V150: 60 to 40 %" in chart.GetXAxisTitle()
        assert all(len(line) < 80 for line in chart.GetXAxisTitle().splitlines())

    def test_the_lines_of_a_group_run_to_and_fro(self, case: PlannerCase) -> None:
        columns, labels = lines_of(some_trade_offs(case), np.array([0, 2]))
        assert columns[AXIS].tolist() == [1, 2, 3, 4, 4, 3, 2, 1]
        assert labels[3:5] == ["plan 1, needles 1", "plan 3, needles 1"]

    def test_making_them_again_replaces_nodes(self, made: PlannerCase, scene: Any) -> None:
        count = scene.GetNumberOfNodes()
        keep_trade_offs(made.plan, some_trade_offs(made), problem_signature(made.plan))
        assert scene.GetNumberOfNodes() == count
        made.logic.deletePlan(made.plan)
        assert not scene.GetNumberOfNodesByClass("vtkMRMLPlotSeriesNode")


class TestLoading:
    def test_one_becomes_the_plan_by_its_number_and_can_be_taken_back(self, made: PlannerCase) -> None:
        logic, plan = made.logic, made.plan
        logic.loadTradeOff(plan, 3, **COARSE)
        assert logic.seeds(plan).count == 3
        assert logic.staleReason(plan) == logic.tradeOffState(plan) == ""
        logic.undo(plan)
        assert logic.seeds(plan).count == 0

    def test_the_one_that_was_loaded_stands_out_in_both_charts(self, made: PlannerCase, a_layout_manager: Any) -> None:
        made.logic.showTradeOffs(made.plan, across="needles", up="seeds")
        for number in (3, 1):
            made.logic.loadTradeOff(made.plan, number, **COARSE)
        for chart in (made.logic.tradeOffChart(made.plan), made.logic.tradeOffParallelChart(made.plan)):
            assert names_of(chart)[3:] == ["plan 1, loaded"]
        assert made.logic.tradeOffChart(made.plan).GetXAxisTitle() == "needles"  # as the user has chosen

    def test_one_becomes_a_plan_of_its_own_to_be_compared(self, made: PlannerCase) -> None:
        logic = made.logic
        logic.loadTradeOff(made.plan, 3, **COARSE)
        other = logic.loadTradeOff(made.plan, 2, newPlan=True, **COARSE)
        assert (other.GetName(), logic.seeds(other).count, logic.seeds(made.plan).count) == ("Plan, trade-off 2", 2, 3)
        table = logic.comparePlans(made.plan, other)
        rows = [[table.GetCellText(row, column) for column in range(1, 6)] for row in range(4)]
        assert rows[0] == ["target", "", "GTV", "GTV", ""]
        assert rows[1] == ["prescription", "Gy", "120", "120", "+0"]
        assert rows[3] == ["seeds", "", "3", "2", "-1"]
        curves = chart_of(logic.comparisonChart(made.plan)).GetNumberOfPlots()
        assert curves == 4  # target and cord of both

    def test_locked_seeds_are_not_taken_away_by_it(self, made: PlannerCase) -> None:
        made.by_hand()
        made.logic.lockNeedle(made.plan, 1)
        with pytest.raises(PlanError, match=r"Needle 1 .* is locked"):
            made.logic.loadTradeOff(made.plan, 2, **COARSE)

    def test_a_number_that_is_not_there_is_said(self, case: PlannerCase, made: PlannerCase) -> None:
        with pytest.raises(PlanError, match="no trade-off 9: choose one of 1, 2, 3"):
            made.logic.loadTradeOff(made.plan, 9)


class TestComparing:
    def test_a_plan_without_results_or_with_old_ones_is_not_compared(self, made: PlannerCase) -> None:
        logic = made.logic
        other = logic.duplicatePlan(made.plan, "Other")
        logic.loadTradeOff(made.plan, 3, **COARSE)
        with pytest.raises(PlanError, match="'Other' cannot be compared: it has no results"):
            logic.comparePlans(made.plan, other)
        with pytest.raises(PlanError, match="compared with itself"):
            logic.comparePlans(made.plan, made.plan)
        logic.deleteSeed(made.plan, 0)
        with pytest.raises(BrachyResponseError, match="the plan was changed; compute its dose first"):
            logic.comparePlans(made.plan, other)


def test_a_saved_scene_brings_back_what_the_planner_was_told_and_found(
    made: PlannerCase, scene: Any, tmp_path: Path
) -> None:
    logic, plan = made.logic, made.plan
    logic.addLimit(plan, "Cord:D0.1cc<=60Gy", weight=2.5)
    logic.setTracks(plan, "fan", coneDeg=33)
    logic.startEntries(plan).AddControlPointWorld(1.0, 2.0, 60.0)
    logic.setWeights(plan, needle=0.7)
    logic.setActivitiesOnHand(plan, strengthsU=[0.5, 0.6])
    logic.loadTradeOff(plan, 3, **COARSE)
    logic.testRobustness(plan, scenarios=20)
    logic.lockSeed(plan, 1)
    keep_trade_offs(plan, some_trade_offs(made), problem_signature(plan))
    told = lambda node: (  # noqa: E731  # said twice, of the plan before and after
        logic.tracks(node), logic.weights(node), logic.strengthsOnHand(node), logic.limitWeights(node),
        logic.lockedNeedles(node), logic.lockedSeeds(node), logic.placement(node), logic.search(node),
    )  # fmt: skip
    before, needles = told(plan), read_plan_node(plan).needles
    assert scene.WriteToMRB(str(tmp_path / "plan.mrb"))
    scene.Clear(0)
    scene.ReadFromMRB(str(tmp_path / "plan.mrb"))
    again = plans_in(scene)[0]
    assert told(again) == before
    assert logic.problem(again).tracks.entries_mm.tolist() == [[1.0, 2.0, 60.0]]
    assert [needle.number for needle in logic.locked(again).needles] == [needle.number for needle in needles]
    assert logic.tradeOffs(again).front == (0, 2)
    assert logic.tradeOffState(again) == logic.robustnessState(again) == ""
    assert plan_part(again, PlanRole.TRADE_OFF_CHART).GetNumberOfPlotSeriesNodes() == 3
