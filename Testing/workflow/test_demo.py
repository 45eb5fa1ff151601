from __future__ import annotations

import json
import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.command_line import demo as demo_command
from brachyresponse.command_line.main import main
from brachyresponse.verification import VerificationRecord, read_detected, read_verification
from command_line_run import RESULT_FILES, VERIFICATION_FILES, Results, Run, write_small_patient
from parsed_html import text_of


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


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("work") / "demo"
    with pytest.MonkeyPatch.context() as patch:
        out, err = StringIO(), StringIO()
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", err)
        patch.setattr(demo_command, "follow_up", lambda *_: False)  # half a minute: run by make validate
        patch.setattr(demo_command, "respond_to_treatment", lambda *_: False)  # as long, in the same way
        status = main(["demo", "--out", str(folder)])
    return Demo(folder, Run(status, out.getvalue(), err.getvalue()))


def test_the_demo_plans_the_digital_patient_and_says_where_to_look(demo: Demo) -> None:
    assert f"Report: {demo.folder / 'plan' / 'report.html'}" in demo.said.out
    assert "The same again: python -m brachyresponse plan --image" in demo.said.out
    last = demo.said.out.strip().splitlines()[-1]
    assert last.startswith(f"Look first at {demo.folder}/verification/report.html")
    results = Results(demo.folder / "plan")
    assert results.names == RESULT_FILES
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
    assert {file.name for file in (demo.folder / "verification").iterdir()} == VERIFICATION_FILES | {"robustness.csv"}


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


def test_bone_brings_the_plan_to_the_implant_within_half_a_millimetre(demo: Demo) -> None:
    true = np.reshape(demo.truth["plan_to_implant_ras"], (4, 4))
    found = np.reshape(demo.verification.registration.matrix, (4, 4))
    planned = np.array([seed["position_ras_mm"] for seed in Results(demo.folder / "plan").plan["seeds"]])
    apart = (planned @ true[:3, :3].T + true[:3, 3]) - (planned @ found[:3, :3].T + found[:3, 3])
    assert np.linalg.norm(apart, axis=1).max() < 0.5


def test_the_report_shows_the_truth_beside_the_result(demo: Demo) -> None:
    text = text_of((demo.folder / "verification" / "report.html").read_text("utf-8"))
    truth = text.split("Truth beside result")[1].split("Seeds, one by one")[0]
    assert "18 18 found missed: none; false: none" in truth
    assert "Position of a seed" in truth
    assert "Registration on bone" in truth
    assert "How sure D90 and V100 are" in text
    (share,) = re.findall(r"D90 of GTV [\d.]+ Gy [\d.]+ Gy [+-][\d.]+ Gy \(([+-][\d.]+) %\)", truth)
    assert abs(float(share)) < 3  # the dose of seeds a tenth of a millimetre beside the true ones


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
