from __future__ import annotations

import argparse
import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line import verify_files
from brachyresponse.command_line.verify_arguments import EPILOG, add_arguments
from brachyresponse.errors import Cancelled
from brachyresponse.geometry import Grid
from brachyresponse.report import VerificationPictures
from brachyresponse.verification import read_verification
from command_line_run import VERIFICATION_FILES, run
from small_implant import FAR, MISSING, SHIFT_MM, SmallImplant, write_small_implant

Capture = pytest.CaptureFixture[str]
ROUGH = shlex.split("--target GTV --dose-grid-mm 2 --image-date 2026-03-07")
BY_CONTOURS = ("--register", "contours")


@pytest.fixture(scope="module")
def implant(tmp_path_factory: pytest.TempPathFactory) -> SmallImplant:
    return write_small_implant(tmp_path_factory.mktemp("implant"))


@pytest.fixture(scope="module")
def known(implant: SmallImplant) -> tuple[object, ...]:
    """The command with seeds that are known already: finding them has a test of its own and takes most of the time."""
    return "verify", *implant.planned_side, *implant.implant_side, "--seeds", implant.detected, *ROUGH


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures have their own tests and take most of the rest."""
    missing = VerificationPictures(implant_missing="No 3D picture in tests.")
    monkeypatch.setattr(verify_files, "verification_pictures", lambda *_: missing)


def test_seeds_are_found_paired_and_written(implant: SmallImplant, tmp_path: Path, capsys: Capture) -> None:
    arguments = ("verify", *implant.planned_side, *implant.implant_side, *ROUGH, *BY_CONTOURS)
    done = run(capsys, *arguments, "--oar", "Nerve", "--profile", "brain", "--expected", 7, "--out", tmp_path / "out")
    assert done.status == 1, done.err
    assert {file.name for file in (tmp_path / "out").iterdir()} == VERIFICATION_FILES
    assert "Seeds: 8 planned, 7 found, 7 paired, 1 missing, 0 extra" in done.out
    assert f"Planned seeds without a partner: found 1 seeds: planned {MISSING + 1}" in done.out
    assert "7 found of 7 implanted" in (tmp_path / "out" / "report.html").read_text("utf-8")
    seeds = json.loads((tmp_path / "out" / "detected.json").read_text("utf-8"))["seeds"]
    found = np.array([seed["position_ras_mm"] for seed in seeds])
    apart = np.linalg.norm(found[:, None] - implant.true_mm[None], axis=-1).min(axis=1)
    assert apart.max() < 0.5  # slices of 1.25 mm
    record = read_verification(tmp_path / "out")
    assert record.seeds.missing == (MISSING + 1,)
    assert record.registration.method == "contours"
    # moved 5 mm along its needle, and by noise of 0.5 mm along each axis
    assert record.displacement["total"].largest_mm == pytest.approx(5, abs=1.5)
    assert "note: No 3D picture in tests." in done.err


def test_dose_and_difference_lie_on_the_implant_ct(known: tuple[object, ...], tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, *known, *BY_CONTOURS, "--out", tmp_path)
    assert done.status == 1, done.err
    dose, difference = (sitk.ReadImage(str(tmp_path / name)) for name in ("dose.nrrd", "difference.nrrd"))
    assert Grid.from_image(dose) == Grid.from_image(difference)
    assert "permanent" in dose.GetMetaData("content") or "Gy" in dose.GetMetaData("content")
    values = sitk.GetArrayFromImage(difference)
    coldest = Grid.from_image(difference).to_ras(np.argwhere(values == values.min())[0][::-1])
    plan = json.loads(Path(str(known[2])).read_text("utf-8"))
    left = [np.array(plan["seeds"][index]["position_ras_mm"]) + SHIFT_MM for index in (MISSING, FAR)]
    assert min(np.linalg.norm(coldest - place) for place in left) < 3  # where a seed is missing


def test_the_transform_file_moves_the_plan_to_the_implant_in_slicer(
    known: tuple[object, ...], tmp_path: Path, capsys: Capture
) -> None:
    slicer = pytest.importorskip("slicer")
    run(capsys, *known, *BY_CONTOURS, "--out", tmp_path)
    scene, storage = slicer.vtkMRMLScene(), slicer.vtkMRMLTransformStorageNode()
    node = slicer.vtkMRMLLinearTransformNode()
    scene.AddNode(storage)
    scene.AddNode(node)
    storage.SetFileName(str(tmp_path / "transform.tfm"))
    assert storage.ReadData(node) == 1
    to_parent = slicer.util.arrayFromTransformMatrix(node)
    expected = np.reshape(read_verification(tmp_path).registration.matrix, (4, 4))
    np.testing.assert_allclose(to_parent, expected, atol=1e-6)
    np.testing.assert_allclose(expected[:3, 3], SHIFT_MM, atol=1.0)  # balls drawn on voxels of 2 mm


def test_carried_structures_are_stamped_on_screen_and_in_every_table(
    implant: SmallImplant, tmp_path: Path, capsys: Capture
) -> None:
    arguments = ("verify", *implant.planned_side, "--image", implant.folder / "implant.nrrd", "--carry", *ROUGH)
    plan = json.loads(implant.plan.read_text("utf-8")) | {"frame_of_reference_uid": ""}
    for seed in plan["seeds"]:
        seed["position_ras_mm"] = (np.array(seed["position_ras_mm"]) + SHIFT_MM).tolist()
    for needle in plan["needles"]:
        needle |= {key: (np.array(needle[key]) + SHIFT_MM).tolist() for key in ("entry_ras_mm", "tip_ras_mm")}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    moved = ("--plan", tmp_path / "plan.json", "--plan-image", implant.folder / "implant.nrrd")
    moved += ("--plan-structures", implant.folder / "implant.seg.nrrd", "--register", "none")
    done = run(capsys, *arguments, *moved, "--seeds", implant.detected, "--out", tmp_path / "out")
    assert done.status == 1, done.err
    assert "GTV (carried, not verified): D90" in done.out
    assert "carried, not verified" in (tmp_path / "out" / "metrics.csv").read_text("utf-8")
    assert "Target carried, not verified." in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_robustness_oedema_biology_and_another_ct_are_added_to_the_report(
    known: tuple[object, ...], tmp_path: Path, capsys: Capture
) -> None:
    run(capsys, *known, *BY_CONTOURS, "--out", tmp_path / "day1")
    later = ("--image-date", "2026-04-05", "--compare", tmp_path / "day1" / "verification.json")
    asked = ("--robustness", "--oedema", "0.5,10", "--biology", "GTV=differentiated_thyroid")
    done = run(capsys, *known, *BY_CONTOURS, *later, *asked, "--out", tmp_path / "day30")
    assert done.status == 1, done.err
    page = (tmp_path / "day30" / "report.html").read_text("utf-8")
    assert "CT of 2026-03-07 (day 1) and of 2026-04-05 (day 30)" in page
    assert "How sure D90 and V100 are" in page
    assert "implants with seeds moved by" in (tmp_path / "day30" / "robustness.csv").read_text("utf-8")
    assert "day 1,day 30" in (tmp_path / "day30" / "scans.csv").read_text("utf-8")
    assert "the dose is computed at points of the target by the formulas" in page
    assert "Oedema model (an assumption" in page
    assert "a range, not a verdict" in page
    assert "GTV,Differentiated thyroid" in (tmp_path / "day30" / "biology.csv").read_text("utf-8")


def test_the_same_seeds_give_the_same_figures_again(known: tuple[object, ...], tmp_path: Path, capsys: Capture) -> None:
    run(capsys, *known, *BY_CONTOURS, "--out", tmp_path / "a")
    again = ("--seeds", tmp_path / "a" / "detected.json", "--out", tmp_path / "b")
    run(capsys, *known, *BY_CONTOURS, *again)
    assert (tmp_path / "a" / "metrics.csv").read_text("utf-8") == (tmp_path / "b" / "metrics.csv").read_text("utf-8")


def test_by_needle_and_aligned_pairing_are_said(known: tuple[object, ...], tmp_path: Path, capsys: Capture) -> None:
    options = ("--by-needle", "--align", "--match-limit-mm", 12)
    run(capsys, *known, *BY_CONTOURS, *options, "--out", tmp_path)
    (pairs,) = (said for said in read_verification(tmp_path).methods if said.startswith("Pairs:"))
    assert "at most 12 mm apart, needles heeded after laying the seeds on one another" in pairs


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--target Tumor", "There is no structure 'Tumor': there are GTV, Nerve, Body"),
        ("--oar Rectum", "There is no structure 'Rectum'"),
        ("--profile prostrate", "There is no site profile 'prostrate'"),
        ("--plan absent.json", "absent.json cannot be read"),
        ("--plan-image absent.nrrd", "The image 'absent.nrrd' does not exist"),
        ("--image absent.nrrd", "The image 'absent.nrrd' does not exist"),
        ("--structures absent.nrrd", "The label image 'absent.nrrd' does not exist"),
        ("--seeds absent.json", "absent.json cannot be read"),
        ("--compare absent.json", "absent.json cannot be read"),
        ("--image-date 2026-03-05", "2026-03-05, before the implant on 2026-03-06"),
        ("--implant-date 2026-02-27", "The implant of 2026-02-27 is before the planning images of 2026-03-02"),
        ("--patient-id P-2", "belongs to patient 'P-1', the images to 'P-2'"),
        ("--register none --frame-of-reference 9.9", "is of|frame of reference '1.2.4'|different frames of reference"),
        ("--source amersham_6711", "--source cannot be changed with a plan.json"),
        ("--oedema 9,10", "The oedema's swelling is 9"),
        ("--region Chest", "There is no structure 'Chest' to look for seeds in"),
        ("--truth absent.json", "absent.json cannot be read"),
    ],
)
def test_bad_input_is_one_sentence_status_2_and_no_files(
    options: str, message: str, known: tuple[object, ...], tmp_path: Path, capsys: Capture
) -> None:
    chosen = [*known, *BY_CONTOURS, *options.split()]
    if "--region" in options:  # is only asked for when seeds are looked for
        chosen = [part for part in chosen if part not in ("--seeds", known[known.index("--seeds") + 1])]
    done = run(capsys, *chosen, "--out", tmp_path / "out")
    assert done.status == 2, done.out
    (sentence,) = done.err.strip().splitlines()
    assert re.search(message, sentence)
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--expected 0", "argument --expected: '0' is not a number of seeds"),
        ("--expected many", "'many' is not a number of seeds"),
        ("--oedema 0.5", "'0.5' is not an oedema: write the volume gained"),
        ("--register seeds", "argument --register: invalid RegistrationMethod value: 'seeds'"),
        ("--carry", "not allowed with argument --structures"),
        ("--match-limit-mm 0", "0 is not above zero"),
    ],
)
def test_a_mistyped_option_is_named_in_one_line(
    options: str, message: str, known: tuple[object, ...], tmp_path: Path, capsys: Capture
) -> None:
    done = run(capsys, *known, "--out", tmp_path / "out", *options.split())
    assert done.status == 2
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_seeds_of_another_image_are_refused(known: tuple[object, ...], tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, *known, *BY_CONTOURS, "--frame-of-reference", "9.9", "--out", tmp_path / "out")
    assert done.status == 2
    assert "holds seeds of frame of reference '1.2.4', the implant CT is of '9.9'" in done.err


def test_a_cancelled_run_leaves_nothing(
    known: tuple[object, ...], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancel(*_: object, **__: object) -> None:
        raise Cancelled

    monkeypatch.setattr(verify_files, "write_verification", cancel)
    done = run(capsys, *known, *BY_CONTOURS, "--out", tmp_path / "out")
    assert done.status == 2
    assert "Cancelled; nothing was written." in done.err
    assert list(tmp_path.iterdir()) == []


def test_structures_are_drawn_on_the_implant_or_carried_and_one_must_be_said(
    implant: SmallImplant, tmp_path: Path, capsys: Capture
) -> None:
    image = ("--image", implant.folder / "implant.nrrd")
    done = run(capsys, "verify", *implant.planned_side, *image, *ROUGH, "--out", tmp_path / "out")
    assert done.status == 2
    assert "one of the arguments --structures --carry is required" in done.err


def test_the_examples_in_the_help_can_be_parsed() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    examples = re.findall(r"python -m brachyresponse verify (.*)", EPILOG.replace("\\\n", " "))
    assert len(examples) == 3
    for example in examples:
        parser.parse_args(shlex.split(example))
