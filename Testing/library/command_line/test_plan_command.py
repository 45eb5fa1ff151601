from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.command_line import plan_files
from brachyresponse.command_line.inputs import write_labels
from brachyresponse.geometry import Grid
from brachyresponse.report import PlanPictures
from brachyresponse.sources import available_sources
from command_line_run import RESULT_FILES, Results, ball, run, write_small_patient

SEEDS = shlex.split("--source amersham_6711 --air-kerma-strength-u 0.6 --prescription-gy 120 --implant-date 2026-03-06")
ROUGH = shlex.split("--dose-grid-mm 2 --template-pitch-mm 7 --seed-spacing-mm 7")
Patient = tuple[object, ...]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Patient:
    image, structures = write_small_patient(tmp_path_factory.mktemp("patient"))
    return "plan", "--image", image, "--structures", structures


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures have their own tests and take most of the time."""
    monkeypatch.setattr(plan_files, "plan_pictures", lambda *_: PlanPictures(implant_missing="No 3D picture in tests."))


def test_a_plan_is_computed_and_all_files_are_written(patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, *patient, *SEEDS, *ROUGH, "--target", "GTV", "--oar", "Nerve", "--out", tmp_path / "out")
    assert done.status == 0, done.err
    results = Results(tmp_path / "out")
    assert results.names == RESULT_FILES
    assert results.plan["implant_date"] == "2026-03-06"
    assert results.plan["target"] == "GTV"
    assert {seed["air_kerma_strength_u"] for seed in results.plan["seeds"]} == {0.6}
    assert results.metric("GTV", "D90") > 60
    assert "Report: " in done.out
    assert "note: No 3D picture in tests." in done.err
    assert "[100%] Done" in done.err


def test_a_written_plan_evaluates_to_the_same_numbers(patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    run(capsys, *patient, *SEEDS, *ROUGH, "--target", "GTV", "--out", tmp_path / "a")
    again = ("--seeds-json", tmp_path / "a" / "plan.json", "--dose-grid-mm", 2)
    done = run(capsys, *patient, "--target", "GTV", *again, "--out", tmp_path / "b")
    assert done.status == 0, done.err
    assert (tmp_path / "a" / "metrics.csv").read_text() == (tmp_path / "b" / "metrics.csv").read_text()
    assert (tmp_path / "a" / "plan.json").read_text() == (tmp_path / "b" / "plan.json").read_text()


def test_a_plan_that_cannot_be_loaded_is_computed_and_needs_a_person(
    patient: Patient, tmp_path: Path, capsys: Capture
) -> None:
    run(capsys, *patient, *SEEDS, *ROUGH, "--target", "GTV", "--out", tmp_path / "a")
    plan = json.loads((tmp_path / "a" / "plan.json").read_text())
    plan["seeds"].append(plan["seeds"][0])
    (tmp_path / "twice.json").write_text(json.dumps(plan))
    again = ("--target", "GTV", "--seeds-json", tmp_path / "twice.json", "--dose-grid-mm", 2)
    done = run(capsys, *patient, *again, "--out", tmp_path / "b")
    assert done.status == 1
    assert "There is no loading sheet" in done.err
    assert (tmp_path / "b" / "report.html").exists()
    assert not (tmp_path / "b" / "loading_sheet.csv").exists()


@pytest.mark.parametrize(
    ("strength", "expected_u"),
    [
        (["--activity-mbq", "18.5"], 0.635),
        (["--activity-mci", "0.5"], 0.635),
        (["--air-kerma-strength-u", "1", "--reference-date", "2026-01-05"], 0.4966),  # 60 d: exp(-ln2 60/59.4)
    ],
)
def test_strengths_are_converted_and_decayed_to_the_implant_date(
    strength: list[str], expected_u: float, patient: Patient, tmp_path: Path, capsys: Capture
) -> None:
    source = ["--source", "amersham_6711", "--prescription-gy", "120", "--implant-date", "2026-03-06"]
    run(capsys, *patient, *source, *strength, *ROUGH, "--target", "GTV", "--out", tmp_path)
    # 1.27 U a mCi (TG-43U1), printed with three digits
    assert Results(tmp_path).plan["seeds"][0]["air_kerma_strength_u"] == pytest.approx(expected_u, rel=2e-4)


def test_a_margin_makes_a_ptv_that_stops_at_its_barrier(patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    margin = ("--target", "GTV", "--margin-mm", 8)
    done = run(capsys, *patient, *SEEDS, *ROUGH, *margin, "--barrier", "Nerve", "--out", tmp_path / "stopped")
    run(capsys, *patient, *SEEDS, *ROUGH, *margin, "--out", tmp_path / "free")
    stopped, free = Results(tmp_path / "stopped"), Results(tmp_path / "free")
    assert stopped.plan["target"] == "GTV + 8 mm"
    assert stopped.metric("GTV", "Volume") == pytest.approx(4.19, rel=0.05)  # ball of 10 mm in voxels of 2 mm
    assert free.metric("GTV + 8 mm", "Volume") == pytest.approx(24.4, rel=0.05)  # of 18 mm
    assert stopped.metric("GTV + 8 mm", "Volume") < free.metric("GTV + 8 mm", "Volume")
    assert "stopping at Nerve" in done.err


def test_findings_give_status_1_and_are_printed(patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    limit = ("--limit", "Nerve:Dmax<=1Gy", "--profile", "neck_node", "--body", "Body")
    done = run(capsys, *patient, *SEEDS, *ROUGH, "--target", "GTV", *limit, "--out", tmp_path)
    assert done.status == 1
    assert "limit: Nerve:Dmax<=1Gy: found" in done.out
    assert re.search(r'class="fail">\d+ of \d+ rules and limits broken', Results(tmp_path).report)


def test_a_surrogate_is_said_on_screen_in_the_plan_and_in_the_report(
    patient: Patient, tmp_path: Path, capsys: Capture
) -> None:
    surrogate = ("--surrogate-for", "4.5 x 0.8 mm seed <CIAE>")
    done = run(capsys, *patient, *SEEDS, *ROUGH, "--target", "GTV", *surrogate, "--out", tmp_path)
    assert done.status == 1
    assert "warning: The implanted seed is 4.5 x 0.8 mm seed <CIAE>" in done.out
    assert Results(tmp_path).plan["surrogate_for"] == "4.5 x 0.8 mm seed <CIAE>"
    assert "4.5 x 0.8 mm seed &lt;CIAE&gt;" in Results(tmp_path).report
    assert "<CIAE>" not in Results(tmp_path).report


def test_a_report_says_what_is_not_known_and_what_was_assumed(
    patient: Patient, tmp_path: Path, capsys: Capture
) -> None:
    run(capsys, *patient, *SEEDS, *ROUGH, "--target", "GTV", "--out", tmp_path)
    report = Results(tmp_path).report
    assert '<dt>Patient ID</dt><dd><span class="unknown">not known</span></dd>' in report
    for sentence in (
        "No 3D picture in tests.",
        "No rules were checked",
        "was taken as that on the implant date",
        "needles begin 50 mm before the target",
        "without the effect of tissue, bone, air",
    ):
        assert sentence in report
    assert not re.search(r'(href|src)="(?!data:)', report)


def test_a_margin_stops_at_the_skin(patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    tight = ("--target", "GTV", "--margin-mm", 3, "--body", "GTV")  # nothing is left to grow into
    run(capsys, *patient, *SEEDS, *ROUGH, *tight, "--out", tmp_path)
    results = Results(tmp_path)
    assert "by 3 mm, stopping at the skin." in results.report
    assert results.metric("GTV + 3 mm", "Volume") == pytest.approx(results.metric("GTV", "Volume"), rel=0.05)


def test_a_limit_that_cannot_be_judged_needs_a_person(patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    limit = ("--limit", "Nerve:D2cc<=100Gy")  # the nerve has 0.5 cc
    done = run(capsys, *patient, *SEEDS, *ROUGH, "--target", "GTV", *limit, "--out", tmp_path)
    assert done.status == 1
    assert "limit: Nerve:D2cc<=100Gy: D2cc is not defined" in done.out


def test_every_result_says_the_surrogate(patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    seed = "a seed of 4.5 x 0.8 mm"
    run(capsys, *patient, *SEEDS, *ROUGH, "--target", "GTV", "--surrogate-for", seed, "--out", tmp_path)
    silent = [name for name in RESULT_FILES - {"dose.nrrd"} if seed not in (tmp_path / name).read_text("utf-8")]
    assert silent == []
    assert seed in Results(tmp_path).dose.GetMetaData("content")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--target Tumor", "There is no structure 'Tumor': there are GTV, Nerve, Body"),
        ("--target GTW", "There is no structure 'GTW': did you mean 'GTV'"),
        ("--target GTV --oar Rectum", "There is no structure 'Rectum'"),
        ("--target GTV --source amersham_6712", "no source 'amersham_6712', did you mean 'amersham_6711'"),
        ("--target GTV --profile prostrate", "There is no site profile 'prostrate': choose one of"),
        ("--target GTV --limit Nerve=5", "'Nerve=5' is not a dose limit: write it like"),
        ("--target GTV --barrier Nerve", "--barrier is given without --margin-mm"),
        ("--target GTV --margin-mm 2 --ptv GTV", "--ptv and --margin-mm are both given"),
        ("--target GTV --reference-date 2016-03-06", "days before the implant on"),
        ("--target GTV --image-date 2026-03-07", "The implant date 2026-03-06 is before the planning image"),
        ("--target GTV --dose-grid-mm 0.05", r"has 1.\w+ voxels|has .* voxels \(.* GB and more\): give --dose-grid-mm"),
        ("--target GTV --template-pitch-mm 0.01", "holes over the target: give the pitch in mm"),
        ("--target GTV --seed-spacing-mm 1", "overlap"),
        ("--target GTV --without-hole Z9", "There is no needle in hole 'Z9' to leave out"),
        ("--target GTV --label 7=PTV", "no voxel of value 7"),
        ("--target GTV --seeds-json absent.json", "--source cannot be changed with --seeds-json"),
    ],
)
def test_bad_input_is_one_sentence_status_2_and_no_files(
    options: str, message: str, patient: Patient, tmp_path: Path, capsys: Capture
) -> None:
    arguments = [*patient, *SEEDS, *ROUGH, *options.split()]
    done = run(capsys, *arguments, "--out", tmp_path / "out")
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
    assert re.search(message, done.err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--prescription-gy nan", "argument --prescription-gy: 'nan' is not a finite number"),
        ("--prescription-gy 0", "argument --prescription-gy: 0 is not above zero"),
        ("--air-kerma-strength-u 0", "0 is not above zero"),
        ("--activity-mbq -5", "-5 is not above zero"),
        ("--implant-date 6.3.2026", "argument --implant-date: '6.3.2026' is not a date"),
        ("--direction up", "'up' is not a direction"),
        ("--activity-mbq 5 --activity-mci 1", "not allowed with argument"),
        ("--holes odd", "invalid HolePattern value: 'odd'"),
        ("--no-such-option", "unrecognized arguments: --no-such-option"),
    ],
)
def test_a_mistyped_option_is_named_in_one_line(
    options: str, message: str, patient: Patient, tmp_path: Path, capsys: Capture
) -> None:
    done = run(capsys, *patient, "--target", "GTV", "--out", tmp_path / "out", *options.split())
    assert done.status == 2
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.parametrize("missing", ["--source", "--prescription-gy", "--air-kerma-strength-u"])
def test_what_a_template_needs_is_asked_for(missing: str, patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    place = SEEDS.index(missing)
    options = SEEDS[:place] + SEEDS[place + 2 :]
    done = run(capsys, *patient, *options, "--target", "GTV", "--out", tmp_path / "out")
    assert done.status == 2
    assert missing in done.err.strip().splitlines()[-1]


def test_a_plan_of_another_patient_target_or_place_is_refused(
    patient: Patient, tmp_path: Path, capsys: Capture
) -> None:
    identity = ("--patient-id", "A-1", "--frame-of-reference", "1.2.3")
    run(capsys, *patient, *SEEDS, *ROUGH, *identity, "--target", "GTV", "--out", tmp_path / "a")
    file = tmp_path / "a" / "plan.json"
    moved = json.loads(file.read_text())
    moved["seeds"][0]["position_ras_mm"][2] += 500
    (tmp_path / "moved.json").write_text(json.dumps(moved))
    (tmp_path / "broken.json").write_text(file.read_text()[:200])
    for options, message in (
        (("--target", "GTV", "--seeds-json", file, "--patient-id", "B-2"), "belongs to patient 'A-1'"),
        (("--target", "GTV", "--seeds-json", file, "--frame-of-reference", "9.9"), "frame of reference '1.2.3'"),
        (("--target", "Nerve", "--seeds-json", file), "was made for the target 'GTV', not 'Nerve'"),
        (("--target", "GTV", "--seeds-json", tmp_path / "moved.json"), "1 of .* seeds .* lie outside the image"),
        (("--target", "GTV", "--seeds-json", tmp_path / "broken.json"), "broken.json"),
        (("--target", "GTV", "--seeds-json", tmp_path / "absent.json"), "absent.json"),
    ):
        done = run(capsys, *patient, *options, "--out", tmp_path / "out")
        assert done.status == 2
        assert re.search(message, done.err.strip().splitlines()[-1])
        assert not (tmp_path / "out").exists()


def test_labels_of_another_image_are_refused(patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    grid = Grid.covering([300, 0, 0], [360, 60, 60], 2.0)
    write_labels([[ball(grid, "GTV", (330, 30, 30), 10)]], tmp_path / "other.seg.nrrd")
    arguments = [*patient[:-1], tmp_path / "other.seg.nrrd", *SEEDS, "--target", "GTV", "--out", tmp_path / "out"]
    done = run(capsys, *arguments)
    assert done.status == 2
    assert "of the target 'GTV' lies outside the image" in done.err


def test_an_empty_target_is_said_to_be_empty(patient: Patient, tmp_path: Path, capsys: Capture) -> None:
    image = sitk.ReadImage(str(patient[-1]))
    image.SetMetaData("Segment0_LabelValue", "77")
    for key in image.GetMetaDataKeys():
        if not key.startswith("Segment"):
            image.EraseMetaData(key)
    sitk.WriteImage(image, str(tmp_path / "empty.seg.nrrd"))
    arguments = [*patient[:-1], tmp_path / "empty.seg.nrrd", *SEEDS, "--target", "GTV", "--out", tmp_path / "out"]
    done = run(capsys, *arguments)
    assert done.status == 2
    assert "Structure 'GTV' is empty: draw it" in done.err


def test_sources_are_listed_with_name_label_and_citation(capsys: Capture) -> None:
    listed, names = run(capsys, "sources"), run(capsys, "sources", "--names")
    assert names.out.split() == available_sources()
    assert all(name in listed.out for name in available_sources())
    assert "dose rate constant 0.965 cGy/h/U" in listed.out


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"], ["demo", "--help"], ["sources", "--help"]])
def test_help_is_given_for_every_subcommand(arguments: list[str], capsys: Capture) -> None:
    done = run(capsys, *arguments)
    assert done.status == 0
    assert "usage: python -m brachyresponse" in done.out


def test_the_examples_in_the_help_can_be_parsed(capsys: Capture) -> None:
    import argparse

    from brachyresponse.command_line.plan_arguments import EPILOG, add_arguments

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    examples = re.findall(r"python -m brachyresponse plan (.*)", EPILOG.replace("\\\n", " "))
    assert len(examples) == 5
    for example in examples:
        parser.parse_args(shlex.split(example))


def test_no_subcommand_is_wrong_use(capsys: Capture) -> None:
    done = run(capsys)
    assert done.status == 2
    assert "SUBCOMMAND" in done.err


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_any_text_is_a_file_name_that_may_be_wrong_but_never_a_traceback(name: str) -> None:
    from brachyresponse.command_line.inputs import read_volume
    from brachyresponse.errors import InputFileError

    with pytest.raises(InputFileError):
        read_volume(Path(f"/nowhere-at-all-{name}"))
