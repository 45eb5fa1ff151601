"""``diffusion`` from the shell: files in, the record that evidence takes out, and a sentence for what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line.inputs import write_labels
from brachyresponse.diffusion import Restriction, read_diffusion_record
from brachyresponse.response.evidence import read_evidence_request
from command_line_run import Run, run
from diffusion_phantom import CORE, LESION_MM, RIM, WHITE, WHITE_MATTER_MM, adc_values, grid, structure


@dataclass(frozen=True)
class Clinic:
    """The files of a clinic, and the options that name them."""

    folder: Path

    def options(self, out: Path, *others: object) -> list[object]:
        return ["diffusion", "--structures", self.folder / "labels.seg.nrrd", "--lesion", "T1", *others, "--out", out]

    def adc(self, out: Path, *others: object) -> list[object]:
        return self.options(out, "--adc", self.folder / "adc.nii.gz", "--white-matter", "White matter", *others)


def write_image(path: Path, values: np.ndarray) -> None:
    sitk.WriteImage(grid().to_image(values.astype(np.float32)), str(path))


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    folder = tmp_path_factory.mktemp("clinic")
    write_image(folder / "adc.nii.gz", adc_values() / 1e3)
    write_image(folder / "b0.nrrd", np.full(grid().shape_kji, 800.0))
    write_image(folder / "b1000.nrrd", 800 * np.exp(-1e-3 * adc_values()))
    layers = [[structure("T1", LESION_MM, 14), structure("White matter", WHITE_MATTER_MM, 12)]]
    write_labels([*layers, [structure("Dead core", LESION_MM, 8)]], folder / "labels.seg.nrrd")
    return Clinic(folder)


TOLD = ("--registered", "yes", "--undistorted", "yes", "--core", "T1=Dead core")
OF_PATIENT = ("--patient-id", "A1", "--scan-date", "2027-02-01")


def measured(capsys: pytest.CaptureFixture[str], options: list[object]) -> Run:
    said = run(capsys, *options)
    assert said.status == 0, said.err
    return said


def test_a_map_becomes_a_record_that_evidence_takes(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = measured(capsys, clinic.adc(tmp_path / "out", "--unit", "um2/ms", *TOLD, *OF_PATIENT))
    record = read_diffusion_record(tmp_path / "out")
    means = {each.label: each.statistic("mean") for each in record.parts}
    for label, true in (("enhancing part", RIM), ("core", CORE), ("white matter", WHITE)):
        entry = means[label]
        assert entry is not None
        assert entry.value == pytest.approx(true, abs=20)  # noise of 60 over some hundred voxels
        assert f"{label}: ADC {entry.value:.0f}" in said.out
    restriction = record.restriction("T1")
    assert restriction is not None
    assert restriction.state is Restriction.PRESENT
    assert "not scored" in said.out
    asked = {"schema": 1, "lesion": "T1", "visit": "2027-02-01", "diffusion": str(tmp_path / "out")}
    findings = read_evidence_request(asked).findings
    assert {"adc_hgg_vandijken", "adc_glioma_li2016"} <= {one.id for one in findings}


def test_images_at_two_b_values_give_the_same_and_the_map_beside(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = ("--dwi", clinic.folder / "b0.nrrd", clinic.folder / "b1000.nrrd", "--b-values", 0, 1000)
    options = clinic.options(tmp_path / "out", *images, "--white-matter", "White matter", *TOLD)
    measured(capsys, options)
    entry = read_diffusion_record(tmp_path / "out").parts[0].statistic("mean")
    assert entry is not None
    assert entry.value == pytest.approx(RIM, abs=20)
    written = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "out" / "adc.nrrd")))
    np.testing.assert_allclose(written, adc_values(), rtol=1e-4)  # float32


def test_what_nobody_told_needs_a_person(clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, *clinic.adc(tmp_path / "out", "--unit", "um2/ms", "--core", "T1=Dead core"))
    assert said.status == 1
    assert said.out.count("asked: ") == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "has no unit: give it"),
        (("--unit", "1e-6 mm2/s"), "1,000 times too small"),
        (("--unit", "um2/ms", "--core", "T2=Dead core"), "core of lesion 'T2', but no such lesion"),
        (("--unit", "um2/ms", "--leave-out", "hair=T1"), "--leave-out knows no 'hair'"),
        (("--unit", "um2/ms", "--white-matter", "propose"), "give it with --anatomical"),
        (("--unit", "um2/ms", "--lesion", "T9"), "no structure and no file 'T9'"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_written(
    options: tuple[str, ...], message: str, clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, *clinic.adc(tmp_path / "out", *options))
    assert said.status == 2
    assert message in said.err
    assert not (tmp_path / "out").exists()


def test_a_unit_beside_weighted_images_is_refused(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = ("--dwi", clinic.folder / "b0.nrrd", clinic.folder / "b1000.nrrd", "--b-values", 0)
    assert "--unit is that of --adc" in run(capsys, *clinic.options(tmp_path, *images, "--unit", "um2/s")).err
    assert "There are 2 diffusion images, but 1 b values" in run(capsys, *clinic.options(tmp_path, *images)).err
