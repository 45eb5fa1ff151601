"""Options on biological dose: tissues, an earlier beam, the files and the report's section, and what is refused."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line import plan_case, plan_files
from brachyresponse.command_line.biology import read_biology
from brachyresponse.command_line.biology_arguments import add_biology_arguments
from brachyresponse.errors import BrachyResponseError
from brachyresponse.report import PlanPictures
from command_line_run import run, write_small_patient

PLAN = shlex.split(
    "--source amersham_6711 --air-kerma-strength-u 0.6 --prescription-gy 120 --implant-date 2026-03-06 --target GTV "
    "--oar Nerve --dose-grid-mm 2 --template-pitch-mm 7 --seed-spacing-mm 7"
)
DOSES = {"beam": 60.0, "negative": -1.0, "cgy": 6000.0, "gaps": np.nan}
Patient = tuple[object, ...]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Patient:
    image, structures = write_small_patient(tmp_path_factory.mktemp("patient"))
    return "plan", "--image", image, "--structures", structures, *PLAN


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures have their own tests and take most of the time."""
    monkeypatch.setattr(plan_files, "plan_pictures", lambda *_: PlanPictures(implant_missing="No 3D picture in tests."))


def write_beam(patient: Patient, path: Path, dose_gy: float, *, part: bool = False) -> Path:
    """Write a uniform dose on the grid of the patient's image, or on half of it."""
    image = sitk.ReadImage(str(patient[2]))
    dose = sitk.Cast(image, sitk.sitkFloat32) * 0 + dose_gy
    sitk.WriteImage(dose[: dose.GetWidth() // 2, :, :] if part else dose, str(path))
    return path


def test_structures_with_a_tissue_get_ranges_in_the_report_the_table_and_volumes(
    patient: Patient, tmp_path: Path, capsys: Capture
) -> None:
    beam = write_beam(patient, tmp_path / "beam.nrrd", 60.0)
    asked = ("--biology", "GTV=glioma", "Nerve=late_brain", "--biology-volumes", "--out", tmp_path / "out")
    earlier = ("--earlier-beam", beam, "--earlier-fractions", 30, "--earlier-recovered-percent", 25)
    done = run(capsys, *patient, *asked, *earlier)

    assert done.status in (0, 1), done.err
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert {f"{kind}_{name}.nrrd" for kind in ("bed", "eqd2", "eqd2_sum") for name in ("glioma", "late_brain")} <= files
    table = (tmp_path / "out" / "biology.csv").read_text(encoding="utf-8")
    assert "GTV,Glioma (tumour),D90," in table
    dvh = (tmp_path / "out" / "biology_dvh.csv").read_text(encoding="utf-8").splitlines()
    assert dvh[0].split(",")[:4] == ["BED or EQD2 (Gy)", "GTV BED low (%)", "GTV BED likely (%)", "GTV BED high (%)"]
    assert {float(cell) for cell in dvh[1].split(",")[1:]} == {100.0}  # all of each structure has 0 Gy or more
    assert "GTV,Glioma (tumour),equivalent uniform BED," in table
    assert 'Nerve,"Brain, late effects",D0.1cc,' in table
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for words in ("a range, not a verdict", "With the earlier external beam", "BED over time", "unverified", "25 % of"):
        assert words in report
    assert "No radiobiological dose is given" not in report
    bed, eqd2, total = (
        sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "out" / f"{kind}_late_brain.nrrd")))
        for kind in ("bed", "eqd2", "eqd2_sum")
    )
    np.testing.assert_allclose(eqd2, bed / (1 + 2 / 2.5), rtol=1e-5)  # float32
    np.testing.assert_allclose(total - eqd2, 45, rtol=1e-4)  # 60 Gy in 30 fractions, a quarter recovered


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--biology GTV", "--biology 'GTV' is not STRUCTURE=TISSUE"),
        ("--biology GTV=gliom", "There is no tissue 'gliom': did you mean 'glioma'"),
        ("--biology GTV=glioma GTV=prostate", "--biology names two tissues of 'GTV'"),
        ("--biology-volumes", "--biology-volumes is given without --biology"),
        ("--biology-parameter GTV:alpha_beta_gy=3", "the tissue of 'GTV' is not named by --biology"),
        ("--biology GTV=glioma --biology-parameter GTV:tpot=3", "There is no parameter 'tpot' of a tissue"),
        (
            "--biology GTV=glioma --biology-parameter GTV:alpha_beta_gy=1,2",
            "is not STRUCTURE:PARAMETER=LOW,LIKELY,HIGH",
        ),
        ("--biology GTV=glioma --biology-parameter GTV:alpha_beta_gy=8,x,9", "is not STRUCTURE:PARAMETER"),
        ("--biology G=glioma --biology-parameter G:alpha_per_gy=1 G:alpha_per_gy=2", "alpha_per_gy of 'G' twice"),
        ("--earlier-beam {beam} --earlier-fractions 30", "--earlier-beam is given without --biology"),
        ("--biology GTV=glioma --earlier-fractions 30", "--earlier-fractions is given without --earlier-beam"),
        ("--biology GTV=glioma --earlier-days-before 0", "--earlier-days-before is given without --earlier-beam"),
        ("--biology GTV=glioma --earlier-beam {beam}", "--earlier-beam is given without --earlier-fractions"),
        ("--biology GTV=glioma --earlier-beam {negative} --earlier-fractions 3", "holds values from -1 to -1 Gy"),
        ("--biology GTV=glioma --earlier-beam {cgy} --earlier-fractions 3", "goes up to 6000 Gy, more than 300 Gy"),
        ("--biology GTV=glioma --earlier-beam {gaps} --earlier-fractions 3", "holds NaN or infinite values"),
    ],
)
def test_options_that_contradict_one_another_or_the_beam_are_one_sentence(
    tmp_path: Path, options: str, message: str
) -> None:
    parser = argparse.ArgumentParser()
    add_biology_arguments(parser.add_argument_group("biological dose"))
    for name, dose_gy in DOSES.items():
        image = sitk.GetImageFromArray(np.full((3, 3, 3), dose_gy, np.float32))
        sitk.WriteImage(image, str(tmp_path / f"{name}.nrrd"))
    paths = {name: tmp_path / f"{name}.nrrd" for name in DOSES}
    with pytest.raises(BrachyResponseError, match=re.escape(message)):
        read_biology(parser.parse_args(shlex.split(options.format(**paths))))


def test_a_parameter_may_be_given_for_one_structure_and_its_volumes_are_kept_apart(
    patient: Patient, tmp_path: Path, capsys: Capture
) -> None:
    asked = ("--biology", "GTV=glioma", "Nerve=glioma", "--biology-parameter", "GTV:doubling_time_days=4,9,16")
    done = run(capsys, *patient, *asked, "GTV:alpha_beta_gy=8", "--biology-volumes", "--out", tmp_path / "out")
    assert done.status in (0, 1), done.err
    volumes = {path.name for path in (tmp_path / "out").glob("bed_*.nrrd")}
    assert volumes == {"bed_glioma_GTV.nrrd", "bed_glioma_Nerve.nrrd"}
    table = (tmp_path / "out" / "biology.csv").read_text(encoding="utf-8")
    for row in (
        '"Glioma (tumour), changed",doubling time Tp,4,9,16,d,entered',
        '"Glioma (tumour), changed",α/β,8,8,8,Gy,entered',
        "Glioma (tumour),doubling time Tp,5,15,30,d,unverified",
    ):
        assert row in table


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--biology GTv=glioma", "The dose of 'GTv', whose biology is asked for, was not computed: did you mean 'GTV'"),
        ("--biology GTV=glioma --earlier-beam {beam} --earlier-fractions 0", "'0' is not a number of fractions"),
        ("--biology Nerve=late_brain --earlier-beam {beam} --earlier-fractions 3", "covers 0 % of 'Nerve'"),
    ],
)
def test_what_does_not_fit_the_patient_leaves_no_files(
    patient: Patient, tmp_path: Path, capsys: Capture, options: str, message: str
) -> None:
    beam = write_beam(patient, tmp_path / "beam.nrrd", 60.0, part=True)
    done = run(capsys, *patient, *shlex.split(options.format(beam=beam)), "--out", tmp_path / "out")
    assert done.status == 2
    assert message in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "out").exists()


def test_a_slip_is_said_before_a_plan_is_searched_for(
    patient: Patient, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_case, "optimised_case", lambda *_: pytest.fail("a plan was searched for"))
    done = run(
        capsys, *patient[:5], *PLAN[:6], "--target", "GTV", "--optimise", "--biology", "GTV=gliom", "--out", tmp_path
    )
    assert done.status == 2
    assert "There is no tissue 'gliom'" in done.err
