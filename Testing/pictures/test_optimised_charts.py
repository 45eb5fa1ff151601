"""Charts of an optimised plan: convergence, cost by term, robustness, trade-offs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from brachyresponse.dose.intervals import Interval
from brachyresponse.pictures.robustness_charts import robustness_charts
from brachyresponse.pictures.search_charts import convergence_chart, cost_terms_chart
from brachyresponse.pictures.trade_off_charts import trade_off_parallel, trade_off_scatter
from brachyresponse.planning.inverse import PlacementErrors, PlanRobustness, RobustnessRow, TradeOffPlan, TradeOffs
from brachyresponse.planning.inverse.trade_off.figures import PlanFigures
from brachyresponse.planning.inverse.weights import load_weights
from brachyresponse.report.markup import Markup
from brachyresponse.seeds import Seeds
from small_problem import small_problem


def a_plan(number: int, v100: float, v150: float) -> TradeOffPlan:
    figures = PlanFigures(110.0, v100, v150, 15.0, {"Nerve <left> D2cc": 60.0})
    return TradeOffPlan(number, load_weights("coverage_first"), 1.0, figures, (), Seeds.none())


@pytest.fixture(scope="module")
def found() -> TradeOffs:
    header = small_problem().plan_of((), Seeds.none())
    plans = (a_plan(1, 98.0, 40.0), a_plan(2, 97.0, 42.0), a_plan(3, 99.0, 50.0))
    return TradeOffs(header, plans, 3, 0)


def numbers_of(chart: Markup, tag: str, *names: str) -> list[tuple[float, ...]]:
    """Attributes of every element of a kind that has all of them."""
    items = ElementTree.fromstring(chart).iter(f"{{http://www.w3.org/2000/svg}}{tag}")
    return [tuple(float(item.get(name, "nan")) for name in names) for item in items if item.get(names[-1])]


def test_the_lowest_cost_never_rises_and_ends_at_the_end() -> None:
    cost = np.concatenate([np.linspace(500, 40, 60), 40 + 3 * np.sin(np.arange(200)), [37.0]])
    chart = convergence_chart(cost)
    paths = re.findall(r'd="(M[^"]+)"', chart)
    lowest = np.array([[float(n) for n in point.split()] for point in re.split("[ML]", paths[-1])[1:]])
    assert (np.diff(lowest[:, 1]) >= -0.05).all()  # down the picture is less; rounded to a tenth
    assert (np.diff(lowest[:, 0]) > 0).all()
    assert "Cost over the search" in chart


def test_a_search_of_one_step_has_a_chart_too() -> None:
    assert "svg" in convergence_chart([12.0])


def test_the_dearest_term_comes_first_and_the_sum_is_told() -> None:
    chart = cost_terms_chart({"PTV: underdose": 3.0, "needles": 11.25, "Rectum:D2cc<=65%": 0.0})
    assert chart.index("needles") < chart.index("PTV: underdose") < chart.index("Rectum:D2cc&lt;=65%")
    assert "together 14.25" in chart
    dear, cheap, kept = (width for (width,) in numbers_of(chart, "rect", "width") if width < 200)
    assert dear / cheap == pytest.approx(11.25 / 3, rel=0.02)  # rounded to a tenth of a point
    assert kept < 0.1


def test_each_figure_has_a_chart_with_a_bar_for_each_size_of_error() -> None:
    def row(sd_mm: float, low: float) -> RobustnessRow:
        d90, v100 = Interval("D90", "Gy", 170.0, low, low + 5, low + 10), Interval("V100", "%", 99.0, 90.0, 95.0, 98.0)
        return RobustnessRow(sd_mm, 0.9, d90, v100, {"Nerve": Interval("D2cc", "Gy", 80.0, 70.0, 81.0, 90.0)})

    tested = PlanRobustness("PTV", 145.0, (row(2, 150.0), row(5, 130.0)), PlacementErrors(), 100, 0)
    charts = robustness_charts(tested)
    assert [re.search(r"<title>([^<]+)", chart)[1] for chart in charts] == [
        "D90 of PTV (Gy) with misplaced seeds",
        "V100 of PTV (%) with misplaced seeds",
        "D2cc of Nerve (Gy) with misplaced seeds",
    ]
    bars = numbers_of(charts[0], "rect", "x", "width", "y")
    assert len(bars) == 2
    assert bars[1][0] < bars[0][0]  # the larger error lies at less dose
    assert bars[0][1] == pytest.approx(bars[1][1], abs=0.2)  # both are 10 Gy wide
    assert "prescription" in charts[0]
    assert "prescription" not in charts[1]


def test_plans_that_are_beaten_are_hollow_and_this_plan_is_ringed(found: TradeOffs) -> None:
    coverage, heat, *_ = found.criteria
    chart = trade_off_scatter(found, heat, coverage, a_plan(0, 98.5, 44.0))
    hollow = [dot for dot in re.findall(r"<circle.*?</circle>", chart) if 'fill="#ffffff"' in dot]
    assert len(hollow) == 1
    assert "plan 2: V150 42.0 %, V100 97.0 %" in hollow[0]
    assert "this plan" in chart
    places = numbers_of(chart, "circle", "cx", "cy")
    assert len(places) == 5  # three plans, and this one as a dot and a ring


def test_on_every_axis_the_better_end_is_up(found: TradeOffs) -> None:
    chart = trade_off_parallel(found)
    lines = {}
    for words, path in re.findall(r"<path[^>]*d=\"M([^\"]+)\"[^>]*><title>(plan \d)", chart):
        lines[path] = [float(point.split()[1]) for point in words.split("L")]
    assert lines["plan 3"][0] < lines["plan 1"][0] < lines["plan 2"][0]  # most coverage at the top
    assert lines["plan 1"][1] < lines["plan 2"][1] < lines["plan 3"][1]  # least hot volume at the top
    assert "Nerve &lt;left&gt; D2cc" in chart
    assert "this plan" not in chart
    assert "this plan" in trade_off_parallel(found, a_plan(0, 98.5, 44.0))
