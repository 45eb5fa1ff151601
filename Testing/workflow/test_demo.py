"""The demonstration: what it writes, and that its results stand beside the truth."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.command_line import demo as demo_command
from brachyresponse.command_line import verify as verify_command
from brachyresponse.command_line import verify_case
from brachyresponse.command_line.main import main
from brachyresponse.digital_patient import DigitalImplant, implant_patient
from brachyresponse.verification import (
    Registration,
    RegistrationMethod,
    SeedUncertainty,
    VerificationRecord,
    read_detected,
    read_verification,
    robustness_of,
)
from command_line_run import RESULT_FILES, VERIFICATION_FILES, Results, Run, write_small_patient
from parsed_html import text_of
from the_digital_patient import the_patient

MOVES = 200
BIOLOGY_FILES = {"biology.csv", "biology_dvh.csv"}
OPTIMISED_FILES = {"optimisation.json", "problem.json", "structures.npz", "robustness.csv"} | BIOLOGY_FILES
BALLOON_FILES = {
    "report.html", "balloon.json", "dose.nrrd", "dvh.csv", "metrics.csv", "sectors.csv", "depth_dose.csv",
    *BIOLOGY_FILES,
}  # fmt: skip


@dataclass(frozen=True)
class Demo:
    """What a run of the demonstration said and wrote."""

    folder: Path
    said: Run

    @property
    def verification(self) -> VerificationRecord:
        return read_verification(self.folder / "verification")

    @property
    def truth(self) -> dict[str, object]:
        return json.loads((self.folder / "patient" / "truth.json").read_text("utf-8"))


def run_demo(folder: Path, patch: pytest.MonkeyPatch) -> Demo:
    out, err = StringIO(), StringIO()
    patch.setattr("sys.stdout", out)
    patch.setattr("sys.stderr", err)
    patch.setattr(demo_command, "follow_up", lambda *_: False)  # half a minute: run by make validate
    patch.setattr(demo_command, "respond_to_treatment", lambda *_: False)  # as long, in the same way
    status = main(["demo", "--out", str(folder)])
    return Demo(folder, Run(status, out.getvalue(), err.getvalue()))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demonstration with the registration known, a short search, few implants for robustness, no 3D pictures."""
    known: list[Registration] = []

    def implanted(*args: Any, **options: Any) -> DigitalImplant:
        implant = implant_patient(*args, **options)
        known.append(Registration(RegistrationMethod.BONE, implant.truth.matrix, 0.1, "Known beforehand."))
        return implant

    few = partial(robustness_of, uncertainty=SeedUncertainty(samples=20))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_command, "build_patient", lambda **_: the_patient())
        patch.setattr(demo_command, "implant_patient", implanted)
        patch.setattr(verify_case, "register", lambda *_, **__: known[-1])
        patch.setattr(verify_command, "robustness_of", few)
        patch.setattr(demo_command, "PLAN_OPTIONS", f"{demo_command.PLAN_OPTIONS} --moves {MOVES}")
        for pictures in ("plan_pictures", "verification_pictures"):
            drawing = import_module(f"brachyresponse.pictures.{pictures}")
            patch.setattr(drawing, "rendered_implant", lambda *_: (None, "No 3D picture in tests."))
        return run_demo(tmp_path_factory.mktemp("work") / "demo", patch)


@pytest.fixture(scope="module")
def registered_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demonstration with all that its verification does."""
    with pytest.MonkeyPatch.context() as patch:
        return run_demo(tmp_path_factory.mktemp("whole") / "demo", patch)


def test_the_demo_plans_the_digital_patient_and_says_where_to_look(demo: Demo) -> None:
    assert f"Report: {demo.folder / 'plan' / 'report.html'}" in demo.said.out
    assert "The same again: python -m brachyresponse plan --image" in demo.said.out
    last = demo.said.out.strip().splitlines()[-1]
    assert last.startswith(f"Look first at {demo.folder}/plan/report.html")
    for folder in ("plan", "verification", "gliasite"):
        assert f"{demo.folder}/{folder}/report.html" in last
        assert (demo.folder / folder / "report.html").exists()
    results = Results(demo.folder / "plan")
    assert results.names == RESULT_FILES | OPTIMISED_FILES
    assert results.metric("GTV", "V100") > 99
    assert results.metric("GTV + 2 mm", "V100") > 95
    assert results.metric("Brainstem", "D0.1cc") < 60
    assert len(re.findall(r'<svg[^>]*class="slice"', results.report)) == 3
    assert results.plan["frame_of_reference_uid"].startswith("2.25.")


def test_the_demo_goes_on_to_the_verified_implant_whose_faults_need_a_person(demo: Demo) -> None:
    assert demo.said.status == 1, demo.said.err
    assert f"Report: {demo.folder / 'verification' / 'report.html'}" in demo.said.out
    assert "The same again: python -m brachyresponse verify --plan" in demo.said.out
    patient = {file.name for file in (demo.folder / "patient").iterdir()}
    images = {"CT.nrrd", "MRI.nrrd", "implant_CT.nrrd"}
    assert patient == images | {"structures.seg.nrrd", "implant_structures.seg.nrrd", "truth.json"}
    written = {file.name for file in (demo.folder / "verification").iterdir()}
    assert written == VERIFICATION_FILES | {"robustness.csv"} | BIOLOGY_FILES


def test_every_true_seed_is_found_and_no_other(demo: Demo) -> None:
    true = np.array([seed["position_ras_mm"] for seed in demo.truth["seeds"]])
    found = read_detected(demo.folder / "verification" / "detected.json")
    assert found.count == len(true)
    apart = np.linalg.norm(found.positions_mm[:, None] - true[None], axis=-1)
    assert sorted(apart.argmin(axis=1)) == list(range(len(true)))
    assert apart.min(axis=1).mean() < 0.3  # slices of 1.5 mm


def test_the_seeds_that_are_missing_and_the_one_that_migrated_are_told(demo: Demo) -> None:
    missing = {index + 1 for index in demo.truth["missing_planned_index"]}
    migrated = [seed for seed in demo.truth["seeds"] if seed["migrated"]]
    assert len(missing) == 2
    assert missing <= set(demo.verification.seeds.missing)
    (told,) = demo.verification.migrated
    assert np.linalg.norm(told.position_mm - migrated[0]["position_ras_mm"]) < 1  # found there


@pytest.mark.validation
def test_bone_brings_the_plan_to_the_implant_within_half_a_millimetre(registered_demo: Demo) -> None:
    true = np.reshape(registered_demo.truth["plan_to_implant_ras"], (4, 4))
    found = np.reshape(registered_demo.verification.registration.matrix, (4, 4))
    planned = np.array([seed["position_ras_mm"] for seed in Results(registered_demo.folder / "plan").plan["seeds"]])
    apart = (planned @ true[:3, :3].T + true[:3, 3]) - (planned @ found[:3, :3].T + found[:3, 3])
    assert np.linalg.norm(apart, axis=1).max() < 0.5


def test_the_report_shows_the_truth_beside_the_result(demo: Demo) -> None:
    text = text_of((demo.folder / "verification" / "report.html").read_text("utf-8"))
    truth = text.split("Truth beside result")[1].split("Seeds, one by one")[0]
    count = len(demo.truth["seeds"])
    assert f"{count} {count} found missed: none; false: none" in truth
    assert "Position of a seed" in truth
    assert "Registration on bone" in truth
    assert "How sure D90 and V100 are" in text
    (share,) = re.findall(r"D90 of GTV [\d.]+ Gy [\d.]+ Gy [+-][\d.]+ Gy \(([+-][\d.]+) %\)", truth)
    assert abs(float(share)) < 3  # the dose of seeds a tenth of a millimetre beside the true ones


def test_the_plan_says_how_it_was_found_how_it_bears_errors_and_what_it_is_worth(demo: Demo) -> None:
    text = text_of(Results(demo.folder / "plan").report)
    assert "How the plan was found" in text
    assert "D90 meets the prescription" in text
    biology = text.split("Biological dose: a range, not a verdict")[1]
    assert "Glioma (tumour) D90" in biology
    assert "Brain, late effects D2cc" in biology
    assert "unverified" in biology


def test_the_balloon_of_the_variant_meets_its_truth_and_the_gap_needs_a_person(demo: Demo) -> None:
    assert "Thickest gap between balloon and tissue: found 2.5 mm" in demo.said.out
    assert "The same again: python -m brachyresponse balloon --image" in demo.said.out
    assert {file.name for file in (demo.folder / "gliasite").iterdir()} == BALLOON_FILES
    files = {file.name for file in (demo.folder / "patient_gliasite").iterdir()}
    images = {"MRI.nrrd", "CT.nrrd", "MRI_after_explant.nrrd"}
    assert files == images | {"structures.seg.nrrd", "truth.json"}
    truth = json.loads((demo.folder / "patient_gliasite" / "truth.json").read_text("utf-8"))
    assert truth["filled"] < truth["removed"] < truth["explanted"]
    text = text_of((demo.folder / "gliasite" / "report.html").read_text("utf-8")).split("Truth beside result")[1]
    for quantity, within_percent in (
        ("Liquid in the balloon (mL)", 1.5),  # a mask on voxels of 1.2 mm
        ("Sphericity", 0.5),
        ("Contained activity at filling (MBq)", 0.1),
        ("Dwell time (h)", 0.1),
        ("Dose at 10 mm, of the equal sphere (Gy)", 1.0),  # the balloon is no sphere
        ("Surface dose, of the equal sphere (Gy)", 1.0),
    ):
        (apart,) = re.findall(rf"{re.escape(quantity)} [\d.]+ [\d.]+ ([+-][\d.]+) %", text)
        assert abs(float(apart)) <= within_percent, quantity


def test_slicer_reads_the_segmentation_with_names_values_and_layers(tmp_path: Path) -> None:
    slicer = pytest.importorskip("slicer")
    _, structures = write_small_patient(tmp_path)
    scene = slicer.vtkMRMLScene()
    storage, node = slicer.vtkMRMLSegmentationStorageNode(), slicer.vtkMRMLSegmentationNode()
    scene.AddNode(storage)
    scene.AddNode(node)
    storage.SetFileName(str(structures))
    assert storage.ReadData(node) == 1
    segmentation = node.GetSegmentation()
    ids = [segmentation.GetNthSegmentID(n) for n in range(segmentation.GetNumberOfSegments())]
    assert [segmentation.GetSegment(i).GetName() for i in ids] == ["GTV", "Nerve", "Body"]
    assert [segmentation.GetSegment(i).GetLabelValue() for i in ids] == [1, 2, 1]
    assert [segmentation.GetLayerIndex(i) for i in ids] == [0, 0, 1]
