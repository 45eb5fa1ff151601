"""The plan command on a real brain tumour: post-contrast MRI and the enhancing tumour as a label image."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.geometry import Grid, sample
from command_line_run import RESULT_FILES, Results, run
from reference import REFERENCE, needs_reference

pytestmark = needs_reference("mri", "brain1_image.nrrd")

FILES = (
    *("--image", REFERENCE / "mri" / "brain1_image.nrrd"),
    *("--structures", REFERENCE / "mri" / "brain1_label.nrrd", "--label", "1=Tumour", "--target", "Tumour"),
)
OPTIONS = shlex.split(
    "--profile brain --source amersham_6711 --activity-mbq 22 --prescription-gy 120 --direction R "
    "--template-pitch-mm 7 --seed-spacing-mm 10 --implant-date 2026-03-06 --dose-grid-mm 1.5"
)


def test_a_template_from_the_side_for_120_gy_covers_the_tumour(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(capsys, "plan", *FILES, *OPTIONS, "--out", tmp_path)
    assert done.status == 1, done.err  # V200 above the published median is a finding
    assert "info: V200" in done.out
    results = Results(tmp_path)
    assert results.names == RESULT_FILES
    assert results.metric("Tumour", "Volume") == pytest.approx(16.41, rel=0.01)  # voxels of the label, counted
    # Published for recurrent glioma by template, after the implant: D90 152 Gy, V100 96.8 %, V200 49 % (PMC6701383).
    assert 120 < results.metric("Tumour", "D90") < 160
    assert 95 < results.metric("Tumour", "V100") < 99
    assert results.metric("Tumour", "V200") < 60
    assert results.metric("Tumour", "CI (RTOG)") < 2.2
    assert 25 < len(results.plan["seeds"]) < 45


def test_every_seed_lies_in_the_tumour_and_the_dose_is_highest_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "plan", *FILES, *OPTIONS, "--out", tmp_path)
    results = Results(tmp_path)
    seeds = np.array([seed["position_ras_mm"] for seed in results.plan["seeds"]])
    label = sitk.ReadImage(str(REFERENCE / "mri" / "brain1_label.nrrd"))
    inside = sample(sitk.GetArrayFromImage(label), Grid.from_image(label), seeds)
    assert inside.min() > 0.49  # the surface runs where half a voxel belongs to the tumour
    dose = sitk.GetArrayFromImage(results.dose)
    hottest = Grid.from_image(results.dose).to_ras(np.argwhere(dose == dose.max())[0][::-1])
    assert np.linalg.norm(seeds - hottest, axis=1).min() < 1.5  # a voxel from a seed
