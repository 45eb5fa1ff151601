"""``plan --optimise --so-far``: the rest of an implant planned anew, and what is refused."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line import plan_files, plan_so_far
from brachyresponse.geometry import Grid
from brachyresponse.planning import ImplantPlan, Needle, read_plan, seeds_at, write_plan
from brachyresponse.planning.inverse import ImplantedSoFar
from brachyresponse.report import PlanPictures
from brachyresponse.seeds import Seeds
from command_line_run import Results, Run, ball, run

LINE = (
    "plan --optimise --image CT.nrrd --structures labels.nrrd --label 1=PTV --target PTV --source amersham_6711 "
    "--air-kerma-strength-u 0.5 --prescription-gy 100 --template-pitch-mm 5 --moves 5 --dose-grid-mm 2.5 "
    "--implant-date 2026-03-06 --plan-date 2026-03-02"
)
Capture = pytest.CaptureFixture[str]


def a_needle(number: int, x_mm: float) -> Needle:
    return Needle(number, np.array([x_mm, 0, -50.0]), np.array([x_mm, 0, 8.0]))


NEEDLES = (a_needle(1, -5.0), a_needle(2, 0.0), a_needle(3, 5.0))
DEPTHS_MM = (45.0, 50.0, 55.0)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A target of 2.1 cc with a plan of three needles."""
    folder = tmp_path_factory.mktemp("case")
    grid = Grid.covering(np.full(3, -30.0), np.full(3, 30.0), 2.0)
    labels = ball(grid, "PTV", (0, 0, 0), 8.0).mask.astype(np.uint8)
    image = grid.to_image(np.full(grid.shape_kji, 20, np.int16))
    sitk.WriteImage(image, str(folder / "CT.nrrd"))
    sitk.WriteImage(image, str(folder / "so_far.nrrd"))
    sitk.WriteImage(grid.to_image(labels), str(folder / "labels.nrrd"))
    seeds = Seeds.none()
    for needle in NEEDLES:
        seeds = seeds.joined(seeds_at(needle, DEPTHS_MM, 0.5))
    days = datetime(2026, 3, 2), date(2026, 3, 6)
    write_plan(ImplantPlan("", "", *days, "PTV", "amersham_6711", 100.0, NEEDLES, seeds), folder / "plan.json")
    return folder


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, case: Path) -> None:
    """Pictures and the detection have tests of their own: the first needle is out, the second in place."""
    dropped = seeds_at(NEEDLES[0], np.array(DEPTHS_MM) + 2.0, 0.5)
    found = ImplantedSoFar(NEEDLES[1::-1], dropped, frozenset({2}), (3,), ("Look at seed 1.",))
    monkeypatch.setattr(plan_files, "plan_pictures", lambda *_: PlanPictures(implant_missing="No picture in tests."))
    monkeypatch.setattr(plan_so_far, "found_so_far", lambda *_, **__: found)
    monkeypatch.chdir(case)


def replan(capsys: Capture, out: Path, more: str) -> Run:
    return run(capsys, *LINE.split(), *more.split(), "--out", out)


@pytest.mark.validation  # a whole run of the command
def test_the_whole_is_written_and_the_sheet_holds_what_remains(tmp_path: Path, capsys: Capture) -> None:
    done = replan(capsys, tmp_path / "out", "--so-far so_far.nrrd --so-far-plan plan.json")
    assert done.status == 1, done.err  # a person has to look at a CT of the procedure
    results, whole = Results(tmp_path / "out"), read_plan(tmp_path / "out" / "plan.json")
    np.testing.assert_allclose(whole.seeds.positions_mm[:3, 2], [-3.0, 2.0, 7.0])
    assert [needle.number for needle in whole.needles[:2]] == [2, 1]
    record = json.loads((tmp_path / "out" / "so_far.json").read_text(encoding="utf-8"))
    assert [needle["in_place"] for needle in record["needles"]] == [True, False]
    assert len(record["seeds"]) == 3
    assert record["v100_percent"] < results.metric("PTV", "V100")
    sheet = (tmp_path / "out" / "loading_sheet.html").read_text(encoding="utf-8")
    assert "what remains" in sheet
    assert f"{whole.seeds.count - 3} seeds" in sheet
    assert "Implanted so far" in results.report
    assert "Cold regions so far" in results.report
    assert "Look at seed 1." in done.err
    assert "taken to lie on the CT of the procedure as on the planning image" in done.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("--so-far so_far.nrrd", "--so-far needs the plan that is being implanted: give --so-far-plan"),
        ("--so-far-plan plan.json", "--so-far-plan is for replanning: give --so-far too"),
        ("--so-far so_far.nrrd --so-far-plan plan.json --improve plan.json", "--improve cannot be given with --so-far"),
        ("--so-far so_far.nrrd --so-far-plan absent.json", "absent.json"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, capsys: Capture, more: str, says: str) -> None:
    done = replan(capsys, tmp_path / "out", more)
    assert done.status == 2
    assert says in done.err
