"""``perfusion`` from files to files: results, what is printed, exit status, and input that does not allow it."""

from __future__ import annotations

import argparse
import csv
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

import small_study
from brachyresponse.command_line import perfusion_files
from brachyresponse.command_line.demo_perfusion import write_flip_angles, write_series
from brachyresponse.command_line.inputs import write_labels
from brachyresponse.command_line.perfusion_arguments import EPILOG, add_arguments
from brachyresponse.command_line.perfusion_truth import write_perfusion_truth
from brachyresponse.errors import Cancelled
from brachyresponse.geometry import Grid, Structure
from brachyresponse.perfusion import FlipAngleSeries
from brachyresponse.perfusion.signal import steady_state_signal
from brachyresponse.perfusion.study import read_study_record
from brachyresponse.report.perfusion_report import PerfusionPictures
from command_line_run import run

Capture = pytest.CaptureFixture[str]
TABLES = {"ratios.csv", "exclusions.csv", "curves.csv", "used.csv"}
ROUGH = shlex.split("--aif parker --setting fit_delay=no --setting patlak_by_aicc=no --setting bootstrap_samples=50")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small head as files: DCE, DSC, flip angles, structures, anatomical image, truth."""
    folder = tmp_path_factory.mktemp("scan")
    grid = small_study.grid()
    write_series(small_study.dce_series(), folder / "dce.nrrd")
    write_series(small_study.dsc_series(), folder / "dsc.nrrd")
    write_flip_angles(_flip_angles(grid), folder / "vfa.nrrd")
    write_labels([[small_study.lesion(), small_study.white_matter()]], folder / "structures.seg.nrrd")
    artery = Structure("Artery", small_study.ARTERY, grid)
    write_labels([[artery]], folder / "artery.seg.nrrd")
    sitk.WriteImage(small_study.anatomical().grid.to_image(small_study.anatomical().values), str(folder / "t1gd.nrrd"))
    figures = {"vp": 0.06, "ktrans_per_min": 0.1, "cbv_ml_per_100ml": 5.0}
    white = {"vp": 0.02, "ktrans_per_min": 0.001, "cbv_ml_per_100ml": 2.0}
    ratios = {"vp": 3.0, "ktrans_per_min": 100.0, "cbv_ml_per_100ml": 2.5}
    truth = {"ratios": ratios, "tissues": {"lesion": figures, "white matter": white}, "diagnosis": "recurrence"}
    write_perfusion_truth(truth, folder / "truth.json")
    return folder


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures have their own tests."""
    monkeypatch.setattr(perfusion_files, "perfusion_pictures", lambda _: PerfusionPictures(missing="None in tests."))


def of_dce(files: Path) -> tuple[object, ...]:
    drawn = ("--structures", files / "structures.seg.nrrd", "--lesion", "Lesion", "--white-matter", "White matter")
    return "perfusion", "--series", files / "dce.nrrd", "--t1", 1.2, *drawn, *ROUGH, "--patient-id", "P1"


def refused(capsys: Capture, *arguments: object) -> str:
    """The one sentence on stderr of a run that fails, which leaves nothing behind."""
    out = Path(str(arguments[-1]))
    failed = run(capsys, *arguments)
    assert failed.status == 2
    assert not out.exists()
    assert not list(out.parent.glob(f".{out.name}*"))
    assert failed.err.count("\n") == 1
    assert "Traceback" not in failed.err
    return failed.err


def test_maps_ratios_record_and_report_are_written(files: Path, tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, *of_dce(files), "--truth", files / "truth.json", "--out", tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"perfusion.json", "report.html", "vp.nrrd", "ktrans.nrrd", *TABLES} <= names
    assert done.status == 1  # rKtrans is not evaluable
    assert re.search(r"Lesion: rVp [23]\.\d\d \(", done.out)
    assert "Lesion: rKtrans not evaluable" in done.out
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Truth beside result" in report
    record = read_study_record(tmp_path / "out")
    assert record.ratio("Lesion", "vp").value == pytest.approx(3.0, rel=0.05)  # noise, and rounding to whole numbers
    used = {one.name: one.origin for one in record.used}
    assert used["tr_s"] == "BIDS RepetitionTimeExcitation"
    assert used["frame_times"] == "BIDS FrameTimesStart"


def test_the_pre_treatment_scan_stands_beside(files: Path, tmp_path: Path, capsys: Capture) -> None:
    day = ("--treatment-date", "2026-03-07")
    run(capsys, *of_dce(files), *day, "--scan-date", "2026-02-20", "--out", tmp_path / "before")
    after = (*of_dce(files), *day, "--scan-date", "2027-02-01", "--setting", "threshold=5")
    done = run(capsys, *after, "--pre-treatment", tmp_path / "before", "--out", tmp_path / "after")
    assert re.search(r"rVp \d\.\d\d \(.*\), before [23]\.\d\d", done.out)
    assert "unreliable here and has no weight" in done.out
    with (tmp_path / "after" / "ratios.csv").open(encoding="utf-8") as file:
        assert float(next(csv.DictReader(file))["before treatment"]) == pytest.approx(3.0, rel=0.05)


def test_t1_of_flip_angles_and_an_artery_in_a_file_of_its_own(files: Path, tmp_path: Path, capsys: Capture) -> None:
    arguments = [part for part in of_dce(files) if part not in ("--t1", 1.2, "--aif", "parker")]
    arguments += ["--vfa", files / "vfa.nrrd", "--aif", "segment", "--artery", files / "artery.seg.nrrd"]
    run(capsys, *arguments, "--out", tmp_path / "out")
    record = read_study_record(tmp_path / "out")
    assert record.aif.method == "segment"
    assert "flip angles 2, 8, 15" in next(one.origin for one in record.used if one.name == "t10")
    assert record.ratio("Lesion", "vp").value == pytest.approx(3.0, rel=0.05)


def test_dsc_is_recognised_by_itself(files: Path, tmp_path: Path, capsys: Capture) -> None:
    drawn = ("--structures", files / "structures.seg.nrrd", "--lesion", "Lesion", "--white-matter", "White matter")
    done = run(
        capsys, "perfusion", "--series", files / "dsc.nrrd", *drawn, "--aif", "segment",
        "--artery", files / "artery.seg.nrrd", "--setting", "bootstrap_samples=50", "--out", tmp_path / "out",
    )  # fmt: skip
    assert done.status == 0, done.out
    record = read_study_record(tmp_path / "out")
    assert record.kind == "dsc"
    assert record.ratio("Lesion", "rcbv").value == pytest.approx(2.5, rel=0.05)
    assert "best protocol" in record.protocol[0]


def test_maps_alone_need_no_lesion(files: Path, tmp_path: Path, capsys: Capture) -> None:
    arguments = ("perfusion", "--series", files / "dce.nrrd", "--t1", 1.2, *ROUGH, "--out", tmp_path / "out")
    assert run(capsys, *arguments).status == 0
    assert (tmp_path / "out" / "vp.nrrd").is_file()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--t1", "fast"), "--t1 is 'fast', expected a number"),
        (("--lesion", "Tumour"), "no structure and no file 'Tumour'; structures: Lesion, White matter"),
        (("--setting", "colour=red"), "There is no setting 'colour'"),
        (("--setting", "fit_delay=maybe"), "expected yes or no"),
        (("--set", "tr_s=5"), "repetition time"),
        (("--set", "speed=5"), "There is no acquisition parameter 'speed'"),
        (("--leave-out", "hair=Lesion"), "--leave-out knows no 'hair'"),
        (("--white-matter", "propose"), "needs the post-contrast image"),
        (("--lesion-at", "1,2,3"), "give it with --anatomical"),
        (("--pre-treatment", "nowhere.json"), "nowhere.json cannot be read"),
        (("--aif", "segment"), "choose the segment"),
        (("--artery", "Lesion"), "--artery is the segment of --aif segment"),
        (("--b1", "b1.nrrd"), "belong to the flip angles of --vfa"),
        (("--setting", "statistic=max"), "there is no 'max'; choose one of mean, median, p95, hot_spot"),
        (("--setting", "parameter=k2"), "there is no 'k2'; choose one of ktrans, vp, fp"),
        (("--setting", "least_voxels=2.5"), "least_voxels is '2.5', expected a whole number"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_written(
    files: Path, tmp_path: Path, capsys: Capture, more: tuple[str, ...], message: str
) -> None:
    assert message in refused(capsys, *of_dce(files), *more, "--out", tmp_path / "out")


def test_a_lesion_outside_the_field_of_view_is_refused(files: Path, tmp_path: Path, capsys: Capture) -> None:
    away = Grid(small_study.SHAPE_KJI, np.array([[2, 0, 0, 500], [0, 2, 0, 0], [0, 0, 3, 0], [0, 0, 0, 1.0]]))
    write_labels([[replace(small_study.lesion(), name="Far lesion", grid=away)]], tmp_path / "away.seg.nrrd")
    said = refused(capsys, *of_dce(files), "--lesion", tmp_path / "away.seg.nrrd", "--out", tmp_path / "out")
    assert "outside the field of view" in said


def test_two_lesions_of_one_name_are_refused(files: Path, tmp_path: Path, capsys: Capture) -> None:
    write_labels([[small_study.lesion()]], tmp_path / "again.seg.nrrd")
    said = refused(capsys, *of_dce(files), "--lesion", tmp_path / "again.seg.nrrd", "--out", tmp_path / "out")
    assert "Two lesions have the name 'Lesion'" in said


@pytest.mark.parametrize(
    ("option", "said"),
    [("--series", "complex numbers"), ("--anatomical", "complex numbers"), ("--t2star", "complex numbers")],
)
def test_complex_images_are_refused(files: Path, tmp_path: Path, capsys: Capture, option: str, said: str) -> None:
    values = small_study.anatomical().values.astype(np.complex64)
    sitk.WriteImage(small_study.grid().to_image(values), str(tmp_path / "complex.nrrd"))
    assert said in refused(capsys, *of_dce(files), option, tmp_path / "complex.nrrd", "--out", tmp_path / "out")


def test_an_empty_lesion_is_refused(files: Path, tmp_path: Path, capsys: Capture) -> None:
    empty = sitk.GetImageFromArray(np.zeros(small_study.SHAPE_KJI, np.uint8))
    empty.CopyInformation(small_study.grid().to_image(np.zeros(small_study.SHAPE_KJI, np.uint8)))
    sitk.WriteImage(empty, str(tmp_path / "empty.nrrd"))
    said = refused(capsys, *of_dce(files), "--lesion", tmp_path / "empty.nrrd", "--out", tmp_path / "out")
    assert "empty.nrrd' holds 0 structures, expected 1" in said


def test_times_that_are_missing_are_asked_for(files: Path, tmp_path: Path, capsys: Capture) -> None:
    side_car = json.loads((files / "dce.json").read_text(encoding="utf-8"))
    del side_car["FrameTimesStart"]
    (tmp_path / "without.json").write_text(json.dumps(side_car), encoding="utf-8")
    arguments = (*of_dce(files), "--side-car", tmp_path / "without.json")
    assert "time" in refused(capsys, *arguments, "--out", tmp_path / "out")
    done = run(capsys, *arguments, "--frame-interval-s", 4, "--out", tmp_path / "out")
    assert done.status == 1, done.err


def test_a_cancelled_run_leaves_nothing(
    files: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise Cancelled

    monkeypatch.setattr(perfusion_files, "perfusion_report_html", stop)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("kept", encoding="utf-8")
    failed = run(capsys, *of_dce(files), "--out", tmp_path / "out")
    assert failed.status == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
    assert not list(tmp_path.glob(".out*"))


def test_the_examples_of_the_help_are_commands_that_can_be_parsed() -> None:
    text = EPILOG.replace("\\\n", " ")
    examples = re.findall(r"python -m brachyresponse perfusion (.*)", text)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert len(examples) == 2
    for example in examples:
        assert parser.parse_args(shlex.split(example)).out


def _flip_angles(grid: Grid) -> FlipAngleSeries:
    angles = (2.0, 8.0, 15.0)
    signal = [float(steady_state_signal(30000.0, 1.2, tr_s=0.005, flip_angle_deg=angle)) for angle in angles]
    return FlipAngleSeries(
        "Flip angles", [np.full(grid.shape_kji, one, np.float32) for one in signal], grid, angles, 0.005
    )
