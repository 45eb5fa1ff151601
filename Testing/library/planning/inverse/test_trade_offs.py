"""Plans under other weights: the weights, which plans are beaten, files, and the processes that make them."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from brachyresponse.errors import Cancelled, InputFileError, PlanError
from brachyresponse.planning import Needle
from brachyresponse.planning.inverse import (
    Criterion,
    ObjectiveWeights,
    TradeOffPlan,
    TradeOffRun,
    TradeOffs,
    available_presets,
    load_weights,
    read_trade_offs,
    trade_offs,
    weight_variants,
    write_trade_offs,
)
from brachyresponse.planning.inverse.trade_off.figures import FigureReader, PlanFigures
from brachyresponse.planning.inverse.trade_off.file import add_plan, added_plans
from brachyresponse.planning.inverse.trade_off.part import Part, trade_off_plans
from brachyresponse.planning.inverse.trade_off.plans import not_dominated
from brachyresponse.processes import ProcessError
from brachyresponse.seeds import Seeds
from small_problem import LIMIT, small_problem

PROBLEM = small_problem()
MORE, LESS = Criterion("coverage", "%", True, 0.1), Criterion("heat", "%", False, 0.1)
LONGEST_S = 20.0


def a_plan(number: int, v100: float = 98.0, v150: float = 40.0, nerve: float = 60.0) -> TradeOffPlan:
    figures = PlanFigures(110.0, v100, v150, 15.0, {"Nerve D0.1cc": nerve}, (LIMIT,) if nerve > 110 else ())
    needle = Needle(1, np.array([0.0, 0.0, -50.0]), np.array([0.0, 0.0, 5.0]))
    seeds = Seeds(np.array([[0.0, 0.0, number / 3]]), np.array([[0.0, 0.0, 1.0]]), 0.6, needle=1)
    return TradeOffPlan(number, load_weights("coverage_first"), 12.5, figures, (needle,), seeds)


def trade_offs_of(*plans: TradeOffPlan, wanted: int = 0) -> TradeOffs:
    return TradeOffs(PROBLEM.plan_of((), Seeds.none()), plans, wanted or len(plans), 7)


def test_weights_begin_with_the_problems_own_and_the_presets_and_are_the_same_for_the_same_number() -> None:
    own = replace(load_weights("coverage_first"), needle=0.123)
    variants = weight_variants(small_problem(weights=own), 40, random_seed=3)
    assert variants[:4] == (own, *map(load_weights, available_presets()))
    assert len(set(variants)) == 40
    assert variants == weight_variants(small_problem(weights=own), 40, random_seed=3)
    assert variants[4:] != weight_variants(small_problem(weights=own), 40, random_seed=4)[4:]


def test_weights_are_spread_over_what_the_presets_span() -> None:
    variants = np.array([astuple(weights) for weights in weight_variants(PROBLEM, 200)])
    names = list(ObjectiveWeights.__dataclass_fields__)
    for name in ("needle", "underdose", "spill"):
        presets = np.array([getattr(load_weights(preset), name) for preset in available_presets()])
        values = variants[:, names.index(name)]
        assert values.min() >= presets.min() / 2.001
        assert values.max() <= presets.max() * 2.001
        spread = np.log(values[3:] / values.min()) / np.log(values.max() / values.min())
        assert np.histogram(spread, 4, (0, 1))[0].min() > 40  # of 197, evenly 49


@pytest.mark.parametrize("count", [0, 5000])
def test_no_plans_and_far_too_many_are_refused(count: int) -> None:
    with pytest.raises(PlanError, match=f"{count} plans cannot be compared: give 1 to 2000"):
        weight_variants(PROBLEM, count)


def test_a_plan_that_is_nowhere_better_and_somewhere_worse_is_beaten() -> None:
    values = np.array([[98.0, 40.0], [98.0, 45.0], [99.0, 45.0], [98.02, 40.0]])
    assert not_dominated(values, (MORE, LESS)) == (0, 2)  # the last one is as good as the first to 0.1


@settings(max_examples=25)
@given(arrays(float, st.tuples(st.integers(1, 12), st.just(2)), elements=st.integers(0, 5).map(float)))
def test_every_plan_is_on_the_front_or_beaten_by_one_that_is(values: np.ndarray) -> None:
    front = not_dominated(values, (MORE, LESS))
    assert front
    for row in values:
        assert any(values[place, 0] >= row[0] and values[place, 1] <= row[1] for place in front)


def test_trade_offs_compare_coverage_hot_volume_organs_and_needles_and_give_any_plan() -> None:
    found = trade_offs_of(a_plan(1), a_plan(2, v150=50.0), a_plan(5, v100=99.0, nerve=120.0), wanted=4)
    assert [criterion.name for criterion in found.criteria] == ["V100", "V150", "Nerve D0.1cc", "needles"]
    assert found.front == (0, 2)
    assert found.is_cancelled
    assert found.plan(2).name == "Small, trade-off 5"
    assert found.plan(2).seeds == a_plan(5).seeds
    assert [row[:2] for row in found.as_table().rows] == [("1", "yes"), ("2", "no"), ("5", "yes")]
    assert found.as_table().rows[2][-1] == LIMIT
    with pytest.raises(PlanError, match="There is no plan 4: 3 plans were made"):
        found.plan(3)


def test_trade_offs_are_read_as_they_were_written(tmp_path: Path) -> None:
    written = trade_offs_of(a_plan(1), a_plan(4, nerve=111.5), wanted=9)
    write_trade_offs(written, tmp_path / "trade_offs.json")
    found = read_trade_offs(tmp_path)
    assert [found.plan(index) for index in (0, 1)] == [written.plan(index) for index in (0, 1)]
    assert [(plan.number, plan.weights, plan.cost, plan.figures) for plan in found.plans] == [
        (plan.number, plan.weights, plan.cost, plan.figures) for plan in written.plans
    ]
    assert (found.wanted, found.random_seed, found.front) == (9, 7, written.front)


def test_damaged_trade_offs_are_refused(tmp_path: Path) -> None:
    file = write_trade_offs(trade_offs_of(a_plan(1)), tmp_path / "trade_offs.json")
    fields = json.loads(file.read_text(encoding="utf-8"))
    del fields["plans"][0]["figures"]["v150"]
    file.write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(InputFileError, match="plans 1: figures: 'v150' is missing"):
        read_trade_offs(file)


def test_a_line_that_is_still_being_written_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "plans.jsonl"
    assert list(added_plans(file)) == []
    add_plan(a_plan(1), file)
    add_plan(a_plan(2), file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text[:-20], encoding="utf-8")
    assert [plan.number for plan in added_plans(file)] == [1]


def test_one_process_makes_its_part_of_the_plans_and_tells_their_figures() -> None:
    plans = list(trade_off_plans(PROBLEM, Part(count=4, part=2, parts=3, moves=3)))
    assert [plan.number for plan in plans] == [2]
    assert plans[0].weights == weight_variants(PROBLEM, 4)[1]
    assert plans[0].figures == FigureReader(PROBLEM).read(plans[0].seeds)
    assert plans[0].figures.v100 > 80
    assert list(plans[0].figures.organs) == ["Nerve D0.1cc"]


@pytest.fixture
def written_plans(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Processes that write the line of a file into theirs, then wait for ever if there is a file ``wait``."""
    line = tmp_path / "line"
    add_plan(a_plan(1), line)
    code = (
        "import sys, pathlib, time\n"
        "given = dict(zip(sys.argv[1::2], sys.argv[2::2]))\n"
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "line = (here / 'line').read_text().replace('\"number\": 1', '\"number\": ' + given['--part'])\n"
        "pathlib.Path(given['--out']).write_text(line)\n"
        "print('[ 50%] Plan 1 of 2', flush=True)\n"
        "while (here / 'wait').exists(): time.sleep(0.01)\n"
        "sys.exit(2 if (here / 'fail').exists() else 0)\n"
    )
    monkeypatch.setattr(
        trade_off_run_module(), "library_command", lambda name, *words: [sys.executable, "-c", code, *words]
    )
    return tmp_path


def trade_off_run_module() -> object:
    return sys.modules["brachyresponse.planning.inverse.trade_off.run"]


def test_the_plans_of_all_processes_come_together(written_plans: Path) -> None:
    heard: list[float] = []
    found = trade_offs(PROBLEM, count=4, processes=2, report=lambda share, text: heard.append(share))
    assert [plan.number for plan in found.plans] == [1, 2]
    assert found.wanted == 4
    assert found.header.created == PROBLEM.details.created


def test_a_cancelled_run_keeps_the_plans_until_then(written_plans: Path) -> None:
    (written_plans / "wait").touch()

    def cancel_when_half_done(share: float, text: str) -> None:
        if share == 0.5:
            raise Cancelled

    found = trade_offs(PROBLEM, count=4, processes=2, report=cancel_when_half_done)
    assert [plan.number for plan in found.plans] == [1, 2]
    assert found.is_cancelled


def test_a_run_can_be_polled_looked_at_and_closed(written_plans: Path) -> None:
    (written_plans / "wait").touch()
    run = TradeOffRun(PROBLEM, 4, processes=1)
    end = time.monotonic() + LONGEST_S
    while run.share_done < 0.5:
        assert not run.poll()
        assert time.monotonic() < end, "the process said nothing"
        time.sleep(0.01)
    assert [plan.number for plan in run.found().plans] == [1]
    run.close()
    assert run.found().plans == ()


def test_a_process_that_fails_is_told(written_plans: Path) -> None:
    (written_plans / "fail").touch()
    with pytest.raises(ProcessError, match="ended with an error"):
        trade_offs(PROBLEM, count=4, processes=1)


def test_a_number_of_processes_that_cannot_be_is_refused() -> None:
    with pytest.raises(PlanError, match="by 0 processes: give 1 to 64"):
        TradeOffRun(PROBLEM, 4, processes=0)


@pytest.mark.validation
def test_real_processes_make_the_same_plans_as_one() -> None:
    found = trade_offs(PROBLEM, count=4, processes=2, moves=3)
    alone = list(trade_off_plans(PROBLEM, Part(count=4, moves=3)))
    assert [plan.seeds for plan in found.plans] == [plan.seeds for plan in alone]
    assert [plan.figures for plan in found.plans] == [plan.figures for plan in alone]
