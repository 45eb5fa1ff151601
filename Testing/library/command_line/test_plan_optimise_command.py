"""``plan --optimise``: the line of the user guide on a small made case, its files, and what it refuses."""

from __future__ import annotations

import argparse
import json
import shlex
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line import plan_beside, plan_files, plan_optimise
from brachyresponse.command_line.interrupts import cancelled_by_interrupt
from brachyresponse.command_line.plan_seeds import SET_BY_PLAN, loaded_plan
from brachyresponse.errors import Cancelled, PlanError
from brachyresponse.geometry import Grid, resample_structure
from brachyresponse.planning import read_plan, write_plan
from brachyresponse.planning.inverse import (
    ImplantProblem,
    PlacementErrors,
    TradeOffPlan,
    TradeOffs,
    load_weights,
    read_problem,
    read_trade_offs,
)
from brachyresponse.planning.inverse.trade_off.figures import FigureReader
from brachyresponse.report import PlanPictures
from brachyresponse.seeds import Seeds
from command_line_run import RESULT_FILES, Results, Run, ball, run
from prostate_case import needs_prostate_case, read_structure
from small_implant import small_plan

LINE = """plan --optimise --image CT.nrrd --structures labels.nrrd --label 1=PTV --label 2=Rectum --label 3=Bladder
 --target PTV --source amersham_6711 --air-kerma-strength-u 0.5 --prescription-gy 145 --template-pitch-mm 5
 --limit "Rectum:D2cc<=65%" --limit "Bladder:D2cc<=95%" --random-seed 1"""
QUICK = "--moves 2 --dose-grid-mm 2.5 --implant-date 2026-03-06 --plan-date 2026-03-02"
OPTIMISED_FILES = {"optimisation.json", "problem.json", "structures.npz"}
Capture = pytest.CaptureFixture[str]


def write_case(folder: Path, parts: dict[str, tuple[tuple[float, float, float], float]], grid: Grid) -> None:
    """A CT of soft tissue and labels 1, 2, 3 for balls of these centres and radii."""
    labels = np.zeros(grid.shape_kji, np.uint8)
    for value, (name, (centre, radius)) in enumerate(parts.items(), start=1):
        labels[ball(grid, name, centre, radius).mask] = value
    sitk.WriteImage(grid.to_image(np.full(grid.shape_kji, 20, np.int16)), str(folder / "CT.nrrd"))
    sitk.WriteImage(grid.to_image(labels), str(folder / "labels.nrrd"))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A target of 2.1 cc between two organs of 2.1 cc, and nothing else."""
    folder = tmp_path_factory.mktemp("case")
    parts = {"PTV": ((0, 0, 0), 8.0), "Rectum": ((0, -19, 0), 8.0), "Bladder": ((0, 19, 0), 8.0)}
    write_case(folder, parts, Grid.covering(np.full(3, -34.0), np.full(3, 34.0), 2.0))
    return folder


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch, case: Path) -> None:
    """Pictures have their own tests and take most of the time."""
    monkeypatch.setattr(plan_files, "plan_pictures", lambda *_: PlanPictures(implant_missing="No 3D picture in tests."))
    monkeypatch.chdir(case)


def optimise(capsys: Capture, out: object, more: str = "", line: str = LINE) -> Run:
    return run(capsys, *shlex.split(f"{line} {QUICK} {more}"), "--out", out)


def test_the_line_gives_a_plan_with_all_files(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    done = optimise(capsys, tmp_path / "a", "--robustness 20")
    assert done.status == 0, done.err + done.out
    results = Results(tmp_path / "a")
    assert results.names == RESULT_FILES | OPTIMISED_FILES | {"robustness.csv"}
    assert results.plan["source"] == "amersham_6711"
    assert results.plan["notes"] == "Optimised: preset coverage_first, random seed 1, 2 moves."
    assert {seed["air_kerma_strength_u"] for seed in results.plan["seeds"]} == {0.5}
    assert results.metric("PTV", "V100") > 95
    assert "Best so far" not in done.out
    search = json.loads((tmp_path / "a" / "optimisation.json").read_text(encoding="utf-8"))
    assert search["cost"] == pytest.approx(sum(search["terms"].values()), abs=1e-4)
    assert [limit["kept"] for limit in search["limits"]] == [True, True]
    for heading in ("How the plan was found", "Constraints", "Robustness against misplaced and lost seeds"):
        assert heading in results.report
    assert read_problem(tmp_path / "a").strengths_u == (0.5,)
    _improve_and_lock(tmp_path, capsys, monkeypatch)


@pytest.mark.validation
def test_the_same_number_gives_the_same_files(tmp_path: Path, capsys: Capture) -> None:
    for out in ("a", "b"):
        assert optimise(capsys, tmp_path / out).status == 0
    for name in ("plan.json", "optimisation.json", "metrics.csv", "problem.json"):
        assert (tmp_path / "a" / name).read_text() == (tmp_path / "b" / name).read_text()


def _improve_and_lock(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is improved, and needles and seeds of it are locked; beside the plan above, so that it is made once."""
    path = folder / "a" / "plan.json"
    first = read_plan(path)
    kept = f"--improve {path} --seeds-json {path} --lock-needle 1 --lock-seed {first.seeds.count}"
    (problem,) = problems_of(lambda: optimise(capsys, folder / "c", kept), monkeypatch)
    held = int((first.seeds.needle == 1).sum()) + 1
    assert problem.start == first
    assert problem.locked.seeds.count == held
    assert problem.locked.needles[0] == first.needles[0]


def problems_of(run_commands: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[ImplantProblem]:
    """The problems that commands would solve."""
    problems: list[ImplantProblem] = []

    def stop(problem: ImplantProblem, **_: object) -> object:
        problems.append(problem)
        raise Cancelled

    monkeypatch.setattr(plan_optimise, "plan_implant", stop)
    run_commands()
    return problems


def test_trade_offs_are_written_and_shown_and_strands_share_the_error_of_their_needle(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[PlacementErrors] = []

    def stop(*_: object, errors: PlacementErrors, **__: object) -> object:
        used.append(errors)
        raise PlanError("It cannot be told.")

    def one(problem: ImplantProblem, *, count: int, **_: object) -> TradeOffs:
        seeds = Seeds(np.zeros((1, 3)), np.array([[0.0, 0.0, 1.0]]), 9.0)
        plan = TradeOffPlan(1, load_weights("fewest_needles"), 1.0, FigureReader(problem).read(seeds), (), seeds)
        return TradeOffs(problem.plan_of((), Seeds.none()), (plan,), count, 1)

    monkeypatch.setattr(plan_beside, "assess_robustness", stop)
    monkeypatch.setattr(plan_beside, "trade_offs", one)
    done = optimise(capsys, tmp_path / "out", "--trade-offs 3 --robustness --stranded")
    assert done.status == 1, done.err + done.out
    assert "1 of 3 plans with other weights were made." in done.err
    assert len(read_trade_offs(tmp_path / "out").plans) == 1
    assert (tmp_path / "out" / "trade_offs.csv").exists()
    report = Results(tmp_path / "out").report
    assert "1 plans with other weights; 3 were asked for" in report
    assert "All criteria of 1 plans" in report
    assert used[0].shared_by_needle == 1.0
    chosen = {"seeds_json": tmp_path / "out" / "trade_offs.json", "plan_number": 1}
    options = argparse.Namespace(**dict.fromkeys(SET_BY_PLAN), patient_id="", frame_of_reference="", **chosen)
    assert loaded_plan(options, read_problem(tmp_path / "out").anatomy, "PTV")[0].seeds.count == 1
    options.plan_number = 2
    with pytest.raises(PlanError, match="has no plan 2: trade_offs"):
        loaded_plan(options, read_problem(tmp_path / "out").anatomy, "PTV")
    assert "Robustness was not computed: It cannot be told." in done.err


def test_a_stopped_search_keeps_the_best_and_needs_a_person(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = plan_optimise.plan_implant

    def stopped(problem: object, *, report: object, on_best: object) -> object:
        def stop(fraction: float, message: str) -> None:
            if message.startswith("Move"):
                raise Cancelled
            report(fraction, message)

        return plain(problem, report=stop, on_best=on_best)

    monkeypatch.setattr(plan_optimise, "plan_implant", stopped)
    done = optimise(capsys, tmp_path / "out", "--robustness")
    assert done.status == 1
    assert "The search was stopped: this is the best plan until then." in done.err
    assert "The search was stopped" in Results(tmp_path / "out").plan["notes"]
    assert not (tmp_path / "out" / "robustness.csv").exists()


def test_an_interrupt_cancels_once_at_the_next_report() -> None:
    heard: list[str] = []
    with cancelled_by_interrupt(lambda fraction, message: heard.append(message)) as report:
        report(0.1, "one")
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(Cancelled):
            report(0.2, "two")
        report(0.3, "three")
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert heard == ["one", "three"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_outside_the_main_thread_the_report_is_left_alone() -> None:
    given: list[object] = []

    def work() -> None:
        with cancelled_by_interrupt(given.append) as report:  # type: ignore[arg-type]
            given.append(report)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert given == [given.append]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("--prescription-gy 0", "argument --prescription-gy: 0 is not above zero: give a positive number"),
        ("--prescription-gy 10000", "The prescription is 10000 Gy, expected 1 to 1000 Gy: is it in Gy?"),
        ("--air-kerma-strength-u", "argument --air-kerma-strength-u: expected at least one argument"),
        ('--limit "Rectim:D2cc<=65%"', "There is no structure 'Rectim': did you mean 'Rectum'?"),
        ("--avoid Vein", "There is no structure 'Vein'"),
        ("--preset best", "There is no preset 'best' of the objective: choose one of coverage_first"),
        ("--weight needel=1", "--weight needel=1: there is no weight 'needel'; did you mean 'needle'?"),
        ("--weight needle=-1", "argument --weight: -1 is negative"),
        ("--weight needle", "argument --weight: 'needle' is not NAME=VALUE"),
        ('--limit-weight "Rectum:D2cc<=6%=2"', "A weight is given for the limit 'Rectum:D2cc<=6%', which there is not"),
        ("--cone-deg 100", "The cone of needle directions is 100 degrees: give 0 to 90"),
        ("--directions 3", "--directions is for parallel tracks whose direction is searched: give --cone-deg too"),
        ("--opening-mm 3", "--opening-mm is for tracks from entries: give --entry too"),
        ("--entry 0,0,50 --entry-structure PTV", "--entry and --entry-structure are both given"),
        (
            "--entry-structure Hole",
            "There is no structure 'Hole' for --entry-structure: there are PTV",
        ),
        ("--entry 0,0,50 --entry-patch-mm 9", "--entry-patch-mm needs one --entry, its middle, and the skin"),
        ("--entry north", "argument --entry: 'north' is not a point"),
        ("--seed-spacing-mm 12", "The seed spacing is 12 mm, expected 5 to 10 mm"),
        (
            "--avoid Rectum --avoid-margin-mm 60",
            "The margin round structures to be avoided is 60 mm, expected 0 to 50 mm",
        ),
        ("--lock-seed 1", "--lock-seed needs the plan that it speaks of: give --seeds-json"),
        ("--processes 2", "--processes is for trade-offs: give --trade-offs too"),
        ("--holes second", "--holes is for plans by template"),
        ("--edge-mm 2", "--edge-mm is for plans by template: leave it out"),
        ("--most-needles 0", "argument --most-needles: '0' is below 1"),
        ("--moves -5", "argument --moves"),
        ("--plan-number 2", "--plan-number chooses among trade-offs: give trade_offs.json with --seeds-json alone"),
        ("--skin-depth-mm 5", "--skin-depth-mm has no effect without --body"),
        ("--avoid-margin-mm 3", "--avoid-margin-mm has no effect without --avoid"),
        ("--cone-deg 9 --directions 999", "999 directions of needles are too many to be tried"),
        ("--entry 0,0,50 --directions 3", "--directions is for parallel tracks: with --entry"),
        ("--air-kerma-strength-u 1e9", "A seed on hand has 1e+09 U, expected above 0 to 100 U"),
        ("--margins 60", "The margin round the target is 60 mm, expected 0 to 50 mm"),
        ("--trade-offs 5000", "5000 plans cannot be compared: give 1 to 2000"),
        ("--trade-offs 4 --processes 1000", "Trade-offs cannot be computed by 1000 processes: give 1 to 64"),
        ("--robustness 3", "Robustness over 3 implants is not computed: give 20"),
    ],
)
def test_what_cannot_be_planned_is_told_in_one_sentence(
    tmp_path: Path, capsys: Capture, more: str, message: str
) -> None:
    done = optimise(capsys, tmp_path / "out", more)
    assert done.status == 2
    assert message in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "out").exists()


def test_what_is_locked_must_be_in_the_plan_and_be_named(tmp_path: Path, capsys: Capture, case: Path) -> None:
    path = write_plan(
        replace(small_plan(), target="PTV", patient_id="", frame_of_reference_uid=""), tmp_path / "p.json"
    )
    for more, message in (
        ("", "holds what stays: say which with --lock-needle or --lock-seed, or give the plan with --improve"),
        ("--lock-needle 9", "The plan of --seeds-json has no needle 9: it has needles 1 to 4"),
        ("--lock-seed 9", "The plan of --seeds-json has no seed 9: it has seeds 1 to 8"),
    ):
        done = optimise(capsys, tmp_path / "out", f"--seeds-json {path} {more}")
        assert done.status == 2
        assert message in done.err
    write_plan(replace(small_plan(), patient_id=""), tmp_path / "p.json")
    done = optimise(capsys, tmp_path / "out", f"--improve {path} --frame-of-reference 1.2.3")
    assert "was made for the target 'GTV', not 'PTV'" in done.err


def test_options_of_optimised_plans_need_the_switch(tmp_path: Path, capsys: Capture) -> None:
    done = optimise(capsys, tmp_path / "out", line=LINE.replace("--optimise", "").replace("--random-seed 1", ""))
    assert done.status == 2
    assert "--moves is for optimised plans: give --optimise too." in done.err
    line = LINE.replace("--optimise", "").replace("--random-seed 1", "").replace("0.5", "0.5 0.6")
    done = run(capsys, *shlex.split(line), "--out", tmp_path / "out")
    assert done.status == 2
    assert "Several strengths are given, but a plan by template has seeds of one" in done.err


def test_options_become_the_problem(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    options = (
        '--preset spare_organs --weight needle=0.7 --limit-weight "Rectum:D2cc<=65%=3" --target-margin-mm 1 '
        "--air-kerma-strength-u 0.4 0.6 --stranded --most-needles 9 --most-seeds 40 --seed-margin-mm -1 "
        "--body Bladder --skin-depth-mm 8 --avoid Rectum --avoid-margin-mm 2 --moves 77 --seed-levels planes"
    )
    tracks = (
        "--cone-deg 20 --directions 4 --direction A",
        "--entry 0,0,60 --entry 5,0,60 --needles-per-entry 2 --opening-mm 4",
        "--entry-structure Bladder",
    )
    parallel, fan, hole = problems_of(
        lambda: [optimise(capsys, tmp_path / "out", f"{options} {some}") for some in tracks], monkeypatch
    )
    assert parallel.strengths_u == (0.4, 0.6)
    assert (parallel.weights.needle, parallel.weight_of(parallel.limits[0]), parallel.moves) == (0.7, 3.0, 77)
    placement = parallel.placement
    assert (placement.loading, placement.levels, placement.spacing_mm) == ("stranded", "planes", 5.0)
    assert (placement.most_needles, placement.most_seeds, placement.skin_depth_mm) == (9, 40, 8.0)
    assert (placement.seed_margin_mm, placement.avoid_margin_mm, parallel.target_margin_mm) == (-1.0, 2.0, 1.0)
    assert (parallel.tracks.cone_deg, parallel.tracks.directions, parallel.tracks.pitch_mm) == (20.0, 4, 5.0)
    assert parallel.tracks.direction.tolist() == [0.0, 1.0, 0.0]
    assert fan.tracks.entries_mm.tolist() == [[0.0, 0.0, 60.0], [5.0, 0.0, 60.0]]
    assert (fan.tracks.needles_per_entry, fan.tracks.opening_mm, fan.tracks.cone_deg) == (2, 4.0, 45.0)
    assert len(hole.tracks.entries_mm) > 4
    assert parallel.details.created.isoformat() == "2026-03-02T00:00:00"


@pytest.mark.validation
@needs_prostate_case
def test_the_line_plans_the_real_prostate(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    structures = [read_structure(name) for name in ("PTV", "Rectum", "Bladder")]
    bounds = np.array([one.bounds_mm() for one in structures])
    grid = Grid.covering(bounds[:, 0].min(axis=0) - 30, bounds[:, 1].max(axis=0) + 30, 1.0)
    labels = np.zeros(grid.shape_kji, np.uint8)
    for value, structure in reversed(list(enumerate(structures, start=1))):
        labels[resample_structure(structure, grid).mask] = value
    sitk.WriteImage(grid.to_image(np.full(grid.shape_kji, 20, np.int16)), str(tmp_path / "CT.nrrd"))
    sitk.WriteImage(grid.to_image(labels), str(tmp_path / "labels.nrrd"))
    monkeypatch.chdir(tmp_path)
    done = run(capsys, *shlex.split(LINE), "--out", tmp_path / "out")
    assert done.status == 0, done.err + done.out
    results = Results(tmp_path / "out")
    assert results.metric("PTV", "D90") >= 1.15 * 145
    assert results.metric("PTV", "V100") >= 99
    assert results.metric("PTV", "V150") <= 45
    assert results.metric("PTV", "V200") <= 17
    assert len(results.plan["needles"]) <= 32
