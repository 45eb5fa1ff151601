"""Images of an implant that cannot be used, and plans and images in DICOM, through the command."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line import plan_files, verify_files
from brachyresponse.geometry import Grid
from brachyresponse.planning import read_plan
from brachyresponse.report import PlanPictures, VerificationPictures
from brachyresponse.verification import read_verification
from command_line_run import VERIFICATION_FILES, run
from dicom_files import DrawnRoi, Patient, ct_slices, rt_plan, save, save_slices, structure_set
from small_implant import GTV_MM, SmallImplant, write_small_implant

Capture = pytest.CaptureFixture[str]
ROUGH = shlex.split("--target GTV --dose-grid-mm 2 --register contours")
PLANNED, IMPLANTED = Patient("P-1", "1.2.3"), Patient("P-1", "1.2.4")


@pytest.fixture(scope="module")
def implant(tmp_path_factory: pytest.TempPathFactory) -> SmallImplant:
    return write_small_implant(tmp_path_factory.mktemp("implant"))


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = VerificationPictures(implant_missing="No 3D picture in tests.")
    monkeypatch.setattr(verify_files, "verification_pictures", lambda *_: missing)


@dataclass(frozen=True)
class Scan:
    """The implant CT as an array, to be spoilt."""

    values: np.ndarray
    grid: Grid

    @classmethod
    def of(cls, implant: SmallImplant) -> Scan:
        image = sitk.ReadImage(str(implant.folder / "implant.nrrd"))
        return cls(sitk.GetArrayFromImage(image).astype(float), Grid.from_image(image))

    def write(self, path: Path) -> Path:
        sitk.WriteImage(self.grid.to_image(np.rint(self.values).astype(np.int16)), str(path))
        return path


SPOILT = {
    "MR": (lambda hu: 400 + 200 * np.sin(hu / 50), "CT"),
    "stored values without rescale": (lambda hu: hu + 1024, "stored values|1024"),
    "no metal": (lambda hu: np.minimum(hu, 200), "[Mm]etal"),
    "metal everywhere": (lambda hu: np.where(np.arange(hu.size).reshape(hu.shape) % 4 == 0, 3000, hu), "[Mm]etal"),
    "clipped": (lambda hu: np.minimum(hu, 1350), "clip"),
}


@pytest.mark.parametrize("kind", list(SPOILT))
def test_an_image_without_seeds_to_be_found_is_one_sentence_and_no_files(
    kind: str, implant: SmallImplant, tmp_path: Path, capsys: Capture
) -> None:
    spoil, message = SPOILT[kind]
    scan = Scan.of(implant)
    image = Scan(spoil(scan.values), scan.grid).write(tmp_path / "spoilt.nrrd")
    arguments = ("--image", image, "--structures", implant.folder / "implant.seg.nrrd", *ROUGH)
    done = run(capsys, "verify", *implant.planned_side, *arguments, "--out", tmp_path / "out")
    assert done.status == 2, done.out
    (sentence,) = done.err.strip().splitlines()
    assert re.search(message, sentence)
    assert [file.name for file in tmp_path.iterdir()] == ["spoilt.nrrd"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda slices: [*slices[:10], *slices[11:]], r"gap|missing"),
        (lambda slices: [*slices, slices[4]], r"two slices at .* remove the copy"),
    ],
    ids=["a missing slice", "a slice twice"],
)
def test_dicom_slices_that_make_no_volume_are_named(
    spoil: object, message: str, implant: SmallImplant, tmp_path: Path, capsys: Capture
) -> None:
    scan = Scan.of(implant)
    slices = spoil(ct_slices(scan.values, scan.grid, IMPLANTED))
    for number, one in enumerate(slices):
        save(one, tmp_path / "ct" / f"{number}.dcm")
    arguments = ("--image", tmp_path / "ct", "--structures", implant.folder / "implant.seg.nrrd", *ROUGH)
    done = run(capsys, "verify", *implant.planned_side, *arguments, "--out", tmp_path / "out")
    assert done.status == 2
    assert re.search(message, done.err.strip().splitlines()[-1])
    assert not (tmp_path / "out").exists()


def circles(centre_mm: np.ndarray, radius_mm: float) -> list[np.ndarray]:
    """Contours of a ball, 2 mm apart."""
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    heights = np.arange(-radius_mm + 1, radius_mm, 2.0)
    rings = np.stack([np.cos(angle), np.sin(angle), np.zeros(40)], axis=1)
    return [centre_mm + rings * np.sqrt(radius_mm**2 - z**2) + [0, 0, z] for z in heights]


def write_dicom(implant: SmallImplant, folder: Path) -> tuple[Path, Path]:
    """Plan, structures and planning CT in one folder, the implant CT in another."""
    plan = read_plan(implant.plan)
    save(rt_plan(plan), folder / "plan" / "plan.dcm")
    rois = structure_set([DrawnRoi("GTV", circles(GTV_MM, 10))], PLANNED)
    rois.SOPInstanceUID = "1.2.3.6"
    save(rois, folder / "plan" / "structures.dcm")
    planning = sitk.ReadImage(str(implant.folder / "CT.nrrd"))
    save_slices(ct_slices(sitk.GetArrayFromImage(planning), Grid.from_image(planning), PLANNED), folder / "plan" / "ct")
    scan = Scan.of(implant)
    save_slices(ct_slices(scan.values, scan.grid, IMPLANTED), folder / "implant")
    return folder / "plan", folder / "implant"


def test_a_plan_and_both_cts_are_read_from_dicom(implant: SmallImplant, tmp_path: Path, capsys: Capture) -> None:
    plan, image = write_dicom(implant, tmp_path / "dicom")
    structures = ("--structures", implant.folder / "implant.seg.nrrd")
    arguments = ("--plan", plan, "--image", image, *structures, "--seeds", implant.detected, *ROUGH)
    done = run(capsys, "verify", *arguments, "--implant-date", "2026-03-06", "--out", tmp_path / "out")
    assert done.status == 1, done.err
    assert {file.name for file in (tmp_path / "out").iterdir()} == VERIFICATION_FILES
    record = read_verification(tmp_path / "out")
    assert (record.seeds.paired, len(record.seeds.missing)) == (7, 1)  # numbered in the order of the channels
    assert (record.patient_id, record.source, record.prescription_gy) == ("P-1", "amersham_6711", 120)
    assert record.scan_date is not None  # from the slices
    volume = record.metric("GTV", "volume")
    assert volume is not None
    assert volume.plan == pytest.approx(4.19, rel=0.05)  # a ball of 10 mm in contours 2 mm apart


def test_what_an_rt_plan_leaves_open_is_asked_for(implant: SmallImplant, tmp_path: Path, capsys: Capture) -> None:
    plan, image = write_dicom(implant, tmp_path / "dicom")
    structures = ("--structures", implant.folder / "implant.seg.nrrd")
    arguments = ("--plan", plan, "--image", image, *structures, "--seeds", implant.detected, *ROUGH)
    done = run(capsys, "verify", *arguments, "--out", tmp_path / "out")
    assert done.status == 2
    assert "leaves open: implant_date" in done.err
    assert not (tmp_path / "out").exists()


def test_a_dicom_image_of_another_patient_or_day_is_refused(
    implant: SmallImplant, tmp_path: Path, capsys: Capture
) -> None:
    scan = Scan.of(implant)
    save_slices(ct_slices(scan.values, scan.grid, Patient("P-2", "1.2.4")), tmp_path / "ct")
    arguments = ("--image", tmp_path / "ct", "--structures", implant.folder / "implant.seg.nrrd", *ROUGH)
    known = ("verify", *implant.planned_side, *arguments, "--seeds", implant.detected, "--out", tmp_path / "out")
    assert "belongs to patient 'P-1', the images to 'P-2'" in run(capsys, *known).err
    assert "is of patient 'P-2', but 'P-1' was given" in run(capsys, *known, "--patient-id", "P-1").err
    assert not (tmp_path / "out").exists()


def test_an_implant_is_planned_on_a_dicom_ct_and_its_structure_set(
    implant: SmallImplant, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_files, "plan_pictures", lambda *_: PlanPictures(implant_missing="No 3D picture in tests."))
    folder, _ = write_dicom(implant, tmp_path / "dicom")
    image = ("--image", folder / "ct", "--structures", folder / "structures.dcm", "--target", "GTV")
    seeds = shlex.split("--source amersham_6711 --air-kerma-strength-u 0.6 --prescription-gy 120 --dose-grid-mm 2")
    days = ("--implant-date", "2026-03-07", "--plan-date", "2026-03-06")
    done = run(capsys, "plan", *image, *seeds, *days, "--out", tmp_path / "out")
    assert done.status == 0, done.err
    plan = read_plan(tmp_path / "out" / "plan.json")
    assert (plan.patient_id, plan.frame_of_reference_uid) == ("P-1", "1.2.3")
    assert (str(plan.planning_image_date), str(plan.created.date())) == ("2026-03-06", "2026-03-06")
    assert np.linalg.norm(plan.seeds.positions_mm - GTV_MM, axis=1).max() < 10  # inside the ball


def test_a_structure_set_of_another_frame_is_refused(implant: SmallImplant, tmp_path: Path, capsys: Capture) -> None:
    folder, image = write_dicom(implant, tmp_path / "dicom")
    arguments = ("--image", image, "--structures", folder / "structures.dcm", *ROUGH, "--seeds", implant.detected)
    done = run(capsys, "verify", *implant.planned_side, *arguments, "--out", tmp_path / "out")
    assert done.status == 2
    assert "lies in the frame of reference '1.2.3', the image in '1.2.4'" in done.err
