"""``python -m brachyresponse balloon``: both ways, its files, and input that is wrong."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line import balloon_files
from brachyresponse.command_line.main import main
from brachyresponse.report.balloon_report import BalloonPictures
from command_line_run import Results, run, write_small_patient
from dicom_files import DrawnRoi, Patient, save, structure_set

FILES = {"balloon.json", "dose.nrrd", "dvh.csv", "metrics.csv", "sectors.csv", "depth_dose.csv", "report.html"}
SPHERE = shlex.split("balloon --diameter-mm 20 --filled 2026-03-02T10:00 --prescription-gy 60 --depth-mm 10")
ROUGH = ("--dose-grid-mm", "2")  # a coarse grid warns: status 1
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures have their own tests."""
    monkeypatch.setattr(balloon_files, "balloon_pictures", lambda *_: BalloonPictures(slices_missing="No slices here."))


def plan_in(folder: Path) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((folder / "balloon.json").read_text(encoding="utf-8"))
    return plan


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results for an activity, with the time found."""
    folder = tmp_path_factory.mktemp("timed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(balloon_files, "balloon_pictures", lambda *_: BalloonPictures())
        assert main([*SPHERE, *ROUGH, "--activity-mci", "167", "--out", str(folder)]) == 1
    return folder


def test_the_time_is_found_for_an_activity_and_all_files_are_written(timed: Path) -> None:
    assert plan_in(timed)["removed"].startswith("2026-03-07T07:5")  # after 117.96 h: 167 mCi give 52.34 cGy/h
    assert {file.name for file in timed.iterdir()} == FILES


def test_the_activity_is_found_for_a_time(tmp_path: Path, capsys: Capture) -> None:
    found = run(capsys, *SPHERE, *ROUGH, "--dwell-hours", "117.95", "--out", tmp_path)
    assert "activity was computed for 60 Gy at 10 mm in the dwell time given" in found.err
    assert "dwell time 118.0 h" in found.out
    assert plan_in(tmp_path)["activity_mbq_contained"] == pytest.approx(167 * 37, rel=1e-3)


def test_a_written_plan_evaluates_to_the_same_numbers(timed: Path, tmp_path: Path, capsys: Capture) -> None:
    again = run(capsys, "balloon", "--balloon-json", timed / "balloon.json", *ROUGH, "--out", tmp_path)
    assert again.status == 1, again.err
    for name in ("balloon.json", "metrics.csv", "dvh.csv"):
        assert (timed / name).read_text() == (tmp_path / name).read_text()


def test_a_drawn_balloon_is_computed_in_the_image(tmp_path: Path, capsys: Capture) -> None:
    image, structures = write_small_patient(tmp_path)
    done = run(
        capsys, "balloon", "--image", image, "--structures", structures, "--balloon", "Nerve", "--gap", "GTV",
        "--body", "Body", *SPHERE[3:], "--activity-mci", "40", "--dwell-hours", "100", "--assayed", "2026-03-01T10:00",
        *ROUGH, "--limit", "GTV:Dmax<=5Gy", "--out", tmp_path / "out",
    )  # fmt: skip
    assert done.status == 1, done.err
    assert "limit: GTV:Dmax<=5Gy: found" in done.out
    dose = sitk.ReadImage(str(tmp_path / "out" / "dose.nrrd"))
    assert "100.0 h with decay" in dose.GetMetaData("content")
    assert Results(tmp_path / "out").metric("Nerve", "Surface dose") > 150
    assert "No slices here." in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_balloon_of_a_structure_set_needs_no_image(tmp_path: Path, capsys: Capture) -> None:
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    heights_mm = np.arange(-9.0, 10.0, 2.0)
    circles = [
        np.stack([np.cos(turn) * r, np.sin(turn) * r, np.full(40, z)], axis=-1)
        for z, r in zip(heights_mm, np.sqrt(100 - heights_mm**2), strict=True)
    ]
    rois = save(structure_set([DrawnRoi("Balloon", circles)], Patient("P-1", "1.2.3")), tmp_path / "rois.dcm")
    done = run(
        capsys, "balloon", "--structures", rois, "--balloon", "Balloon", *SPHERE[3:-1], "5", "--activity-mci", "100",
        "--dwell-hours", "96", "--dose-grid-mm", "4", "--out", tmp_path / "out",
    )  # fmt: skip
    assert done.status == 1, done.err
    # a sphere of 2 cm has 0.6373 cGy/h per mCi at 5 mm; 96 h with decay are 93.8 h of it; drawn on slices of 2 mm
    assert Results(tmp_path / "out").metric("Balloon", "Dose at 5 mm") == pytest.approx(0.6373 * 93.8, rel=0.02)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("", "Neither activity nor time is given: give --activity-mci"),
        ("--activity-mci 0 --dwell-hours 10", "contained activity is 0 MBq; give a positive number"),
        ("--activity-mci 5 --dwell-hours -10", "--dwell-hours is -10: give a positive number of hours"),
        ("--activity-mci 1", "60 Gy is never reached: at 0.313 cGy/h the liquid gives 6.4 Gy by complete decay"),
        ("--activity-mci 9 --assayed 2026-03-03T10:00", "filled at 2026-03-02 10:00, before the assay"),
        ("--activity-mci 9 --removed 2026-03-01T10:00", "removed at 2026-03-01 10:00, not after filling"),
        ("--activity-mci 9 --wall-mm=-1", "the wall is -1 mm; give 0 or more"),
        ("--activity-mci 9 --liquid 6711", "no liquid source '6711': choose one of iotrex, iotrex_6702_fallback"),
        ("--activity-mci 9 --profile brain", "no balloon profile 'brain'"),
        ("--activity-mci 90 --barrier Skull", "no structure 'Skull'"),
        ("--activity-mci 9 --interruption 2026-03-03", "is not START/END"),
        ("--activity-mci 9 --balloon Cavity", "leave out --diameter-mm and --centre"),
        ("--activity-mci 9 --dwell-hours nan", "nan h after 2026-03-02 10:00: give at most 36525 days"),
        ("--activity-mci 1e9 --dwell-hours 9", "contained activity is 3.7e+10 MBq; give at most 1e+06 MBq"),
        ("--activity-mci 9 --removed 2026-03-05", "'2026-03-05' has no time of day: write it like 2026-01-31T14:05"),
        (
            "--activity-mci 9 --dwell-hours 2 --interruption 2026-03-02T10:00/2026-03-02T12:00",
            "interruptions take all the time from filling to removal",
        ),
        ("--activity-mci 9 --recovered-mci -1 --dwell-hours 9", "recovered activity is -37 MBq; give 0 or more"),
    ],
)
def test_wrong_input_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, capsys: Capture, options: str, sentence: str
) -> None:
    done = run(capsys, *SPHERE, *ROUGH, *shlex.split(options), "--out", tmp_path / "out")
    assert done.status == 2
    assert sentence in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_what_the_plan_holds_cannot_be_changed_beside_it(tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, *SPHERE, "--balloon-json", tmp_path / "balloon.json", "--out", tmp_path / "out")
    assert done.status == 2
    assert "--diameter-mm cannot be changed with --balloon-json" in done.err


def test_a_sphere_must_lie_in_the_image(tmp_path: Path, capsys: Capture) -> None:
    image, _ = write_small_patient(tmp_path)
    done = run(
        capsys, *SPHERE, "--image", image, "--centre=200,0,0", "--activity-mci", "9", "--dwell-hours", "9",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert done.status == 2
    assert "balloon of 20 mm is not all in the image" in done.err
    assert not (tmp_path / "out").exists()


def test_a_balloon_or_a_volume_is_needed(tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, "balloon", *SPHERE[3:], "--activity-mci", "9", "--out", tmp_path / "out")
    assert done.status == 2
    assert "There is no balloon: give --balloon, --diameter-mm or --fill-volume-ml." in done.err
