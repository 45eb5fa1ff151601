"""The report's words on an optimised plan: what was asked for, what came of it, what else could be chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.dose.intervals import Interval
from brachyresponse.planning import Needle
from brachyresponse.planning.inverse import (
    FanTracks,
    Flag,
    FlagKind,
    Loading,
    Locked,
    ParallelTracks,
    PlacementErrors,
    PlanRobustness,
    RobustnessRow,
    SeedPlacement,
    TradeOffPlan,
    TradeOffs,
    load_weights,
)
from brachyresponse.planning.inverse.robustness.margins import MarginRow
from brachyresponse.planning.inverse.trade_off.figures import PlanFigures
from brachyresponse.report.optimised_plan import (
    NOTHING,
    SearchPictures,
    margins_section,
    robustness_section,
    search_section,
    trade_off_section,
)
from brachyresponse.report.problem_words import placement_words, problem_facts
from brachyresponse.seeds import Seeds
from parsed_html import text_of
from small_problem import LIMIT, small_problem


class FoundPlan:
    """A plan as the section reads it."""

    class search:  # noqa: N801 - an attribute
        cancelled, costs, random_seed, cost = True, (3.0, 2.5), 4, 2.5
        tried = (1, 2, 3)

    flags = (Flag(FlagKind.LOCKED_OUTSIDE, "seed 3", "Seed 3 <lies> outside."),)
    limits = ()


@pytest.mark.parametrize(
    ("tracks", "words"),
    [
        (ParallelTracks(np.array([0.0, 0.0, -1.0]), 9.0, 30.0), "parallel, 9 mm apart, direction searched within 30"),
        (FanTracks(np.zeros((4, 3)), 8.0), "fans from 4 entries, 8 mm apart in the target, up to 45 degrees"),
        (small_problem().tracks, "holes of a template, 7 mm apart, direction (0.00, 0.00, 1.00) R, A, S"),
    ],
)
def test_needle_tracks_are_told_in_words(tracks: object, words: str) -> None:
    assert words in dict(problem_facts(small_problem(tracks=tracks)))["Needle tracks"]


def test_what_seeds_and_needles_keep_to_is_told() -> None:
    needle = Needle(1, np.zeros(3), np.array([0.0, 0.0, 9.0]))
    seed = Seeds(np.zeros((1, 3)), np.array([[0.0, 0.0, 1.0]]), 0.6, needle=1)
    placement = SeedPlacement(6.0, Loading.STRANDED, seed_margin_mm=-2.0, most_needles=7, most_seeds=30)
    problem = small_problem(placement=placement, locked=Locked((needle,), seed), target_margin_mm=1.5)
    problem = replace(problem, start=problem.plan_of((needle,), seed))
    facts = dict(problem_facts(problem))
    assert facts["To be covered"] == "GTV, and 1.5 mm round it, 120 Gy"
    assert facts["Along a needle"] == "stranded seeds, 6 mm from centre to centre"
    assert list(placement_words(problem)) == [
        "Seeds lie at least 2 mm inside the target's surface.",
        "At most 7 needles.",
        "At most 30 seeds.",
        "1 needles and 1 seeds were locked and have stayed.",
        "The search began with the 1 seeds of the plan 'Small'.",
    ]


def test_a_stopped_search_flags_and_the_absence_of_limits_are_told() -> None:
    page = search_section(small_problem(), FoundPlan(), "coverage_first", SearchPictures())  # type: ignore[arg-type]
    text = text_of(page)
    assert "The search was stopped: this is the best plan until then." in text
    assert "Seed 3 &lt;lies&gt; outside." in page
    assert "the best of 3 sets of tracks; 2 steps, random seed 4, cost 2.50" in text
    assert "No dose limit was given." in text
    assert "Weights (preset coverage_first)" in text


def test_ranges_of_each_size_of_error_are_told() -> None:
    interval = Interval("D90", "Gy", 170.0, 150.0, 155.5, 160.0)
    row = RobustnessRow(3.0, 0.87, interval, Interval("V100", "%", 99, 90, 95, 98), {"Nerve": interval})
    found = PlanRobustness("GTV", 120.0, (row,), PlacementErrors(), 100, 0)
    text = text_of(robustness_section(found, SearchPictures()))
    assert "87%" in text
    assert "155.5 (150.0 to 160.0) Gy" in text
    assert "100 implants of each size" in text
    assert robustness_section(None, SearchPictures()) == NOTHING


def test_what_a_margin_buys_and_costs_is_told() -> None:
    interval = Interval("D90", "Gy", 170.0, 150.0, 155.5, 160.0)
    tested = PlanRobustness(
        "GTV", 120.0, (RobustnessRow(5.0, 0.57, interval, interval, {}),), PlacementErrors(), 100, 0
    )
    figures = PlanFigures(123.4, 99.3, 40.0, 12.0, {"Nerve D0.1cc": 88.8})
    text = text_of(margins_section([MarginRow(2.5, figures, tested, 26, 81)]))
    assert "D90 met, 5 mm %" in text
    for cell in ("2.5", "123.4", "99.3", "40.0", "88.8", "26", "81", "57"):
        assert cell in text
    assert "--target-margin-mm" in text
    assert margins_section([]) == NOTHING


def test_the_plans_that_are_not_beaten_are_listed_by_coverage_up_to_a_page() -> None:
    def plan(number: int) -> TradeOffPlan:
        figures = PlanFigures(100.0, 60.0 + number, 10.0 + number, 5.0, {}, (LIMIT,) if number == 40 else ())
        return TradeOffPlan(number, load_weights("coverage_first"), 1.0, figures, (), Seeds.none())

    header = small_problem().plan_of((), Seeds.none())
    found = TradeOffs(header, tuple(plan(number) for number in range(1, 41)), 50, 0)
    page = trade_off_section(found, SearchPictures())
    text = text_of(page)
    assert "40 plans with other weights; 50 were asked for; 40 of them are not beaten by another one." in text
    assert "10 more of them are in trade_offs.csv." in text
    assert text.index("100.0") < text.index("99.0")  # V100 of plan 40 before that of plan 39
    assert page.count("<tr>") == 31
    assert "Nerve:D0.1cc&lt;=110%" in page
    beside = text_of(trade_off_section(found, SearchPictures(this=plan(0))))
    assert beside.index("this") < beside.index("100.0")
    assert "10 more of them" in beside
    assert trade_off_section(None, SearchPictures()) == NOTHING
    assert trade_off_section(TradeOffs(header, (), 5, 0), SearchPictures()) == NOTHING
