"""``respond`` with images: lesions measured on segmentations, placed against the dose, held against the case."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line.inputs import write_labels
from brachyresponse.geometry import Grid, Structure
from brachyresponse.response.study import read_response_record
from command_line_run import run
from invented_case import glioma
from respond_run import refused, written
from solids import ball, grid_round

Capture = pytest.CaptureFixture[str]
BY_BM, BY_2010 = ("--criteria", "RANO-BM"), ("--criteria", "RANO-2010")
BASELINE, SECOND, THIRD = "2026-02-02", "2026-06-01", "2026-08-03"


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Balls of 10 and 8 mm radius, then one of 7 mm alone, then a new one beside both, scans and a dose."""
    folder = tmp_path_factory.mktemp("scans")
    grid = grid_round(32.0)
    for day, radii in ((BASELINE, (10.0, 8.0)), (SECOND, (7.0,))):
        balls = [_ball(f"T{n}", grid, radius, 30.0 * n - 45) for n, radius in enumerate(radii, start=1)]
        write_labels([balls], folder / f"{day}.seg.nrrd")
        shown = sum(lesion.mask.astype(np.int16) for lesion in balls)
        sitk.WriteImage(grid.to_image(100 * shown), str(folder / f"{day}.nrrd"))
    new = [_ball("T1", grid, 10.0, -15), _ball("T2", grid, 8.0, 15), _ball("N1", grid, 6.0, 0, behind_mm=24)]
    write_labels([new], folder / f"{THIRD}.seg.nrrd")
    from_first_mm = np.linalg.norm(grid.points_mm() - (-15, 0, 0), axis=-1)
    sitk.WriteImage(grid.to_image(60 * np.exp(-((from_first_mm / 18) ** 2))), str(folder / "dose.nrrd"))
    return folder


def _ball(name: str, grid: Grid, radius_mm: float, right_mm: float, behind_mm: float = 0.0) -> Structure:
    return replace(ball(grid, radius_mm, centre_mm=(right_mm, -behind_mm, 0), partial=False), name=name)


def of_scans(scans: Path, *days: str) -> list[str]:
    options = [("--visit", f"{day}={scans / day}.nrrd", "--lesions", f"{day}={scans / day}.seg.nrrd") for day in days]
    return [word for option in options for word in option]


def test_lesions_are_measured_on_segmentations_and_shown(scans: Path, tmp_path: Path, capsys: Capture) -> None:
    arguments = (*of_scans(scans, BASELINE, SECOND), "--criteria", "RANO-2010", "--out", tmp_path / "out")
    done = run(capsys, "respond", *arguments)
    assert done.status == 1
    assert f"Lesion 'T2' is no structure of {SECOND}: it is taken as absent there." in done.out
    record = read_response_record(tmp_path / "out")
    assert record.visits[0].sum == pytest.approx(400 + 256, rel=0.1)  # half a pixel at both ends of each diameter
    assert record.visits[1].sum == pytest.approx(196, rel=0.15)
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert report.count("<figcaption>2026-") == 3


def test_a_case_file_tells_what_the_scans_do_not(scans: Path, tmp_path: Path, capsys: Capture) -> None:
    visits = [
        {"date": day, "role": role, "t2_flair": "stable_or_improved", "clinical_status": "stable_or_improved",
         "steroid_dose_mg": 0, "steroid_trend": "stable"}
        for day, role in ((BASELINE, "baseline"), (SECOND, "follow-up"))
    ]  # fmt: skip
    path = written(tmp_path, {"id": "P1", "criteria": "RANO-2010", "visits": visits})
    done = run(capsys, "respond", path, *of_scans(scans, BASELINE, SECOND), "--out", tmp_path / "out")
    assert re.search(rf"{SECOND} .* PR\n", done.out)


def test_the_reader_tells_what_became_of_a_lesion_that_was_not_drawn(
    scans: Path, tmp_path: Path, capsys: Capture
) -> None:
    visits = [{"date": BASELINE}, {"date": SECOND, "lesions": [{"id": "T2", "state": "not_evaluable"}]}]
    path = written(tmp_path, {"id": "P1", "criteria": "RANO-2010", "visits": visits})
    done = run(capsys, "respond", path, *of_scans(scans, BASELINE, SECOND), "--out", tmp_path / "out")
    assert f"{SECOND} is NE" in done.out
    assert "taken as absent" not in done.out


def test_a_new_lesion_is_placed_against_the_dose(scans: Path, tmp_path: Path, capsys: Capture) -> None:
    lesions = [f"{day}={scans / day}.seg.nrrd" for day in (BASELINE, THIRD)]
    dose = ("--dose", scans / "dose.nrrd", "--prescription-gy", 50)
    arguments = (*BY_2010, "--lesions", lesions[0], "--lesions", lesions[1], *dose, "--out", tmp_path / "out")
    run(capsys, "respond", *arguments)
    request = read_response_record(tmp_path / "out").request
    (new,) = request.case.visits[1].new_lesions
    assert (new.id, new.field) == ("N1", "outside")
    (site,) = [one for one in request.sites if one.lesion == "N1"]
    assert site.site == "distant"
    assert site.d_max_gy == pytest.approx(60 * np.exp(-((22.3 / 18) ** 2)), rel=0.1)  # 28.3 - 6 mm from the centre


def test_the_field_is_that_of_all_courses_and_grown_lesions_have_a_site(
    scans: Path, tmp_path: Path, capsys: Capture
) -> None:
    lesions = [argument for day in (SECOND, THIRD) for argument in ("--lesions", f"{day}={scans / day}.seg.nrrd")]
    courses = [argument for gy in (50, 1) for argument in ("--dose", scans / "dose.nrrd", "--prescription-gy", gy)]
    run(capsys, "respond", *BY_2010, *lesions, *courses, "--out", tmp_path / "out")
    request = read_response_record(tmp_path / "out").request
    new = {lesion.id: lesion.field for lesion in request.case.visits[1].new_lesions}
    assert new["N1"] == "inside"  # the 80 % isodose of 1 Gy reaches beyond it
    assert "union of the 80 % isodoses" in " ".join(request.notes)
    assert {one.lesion: one.site for one in request.sites}["T1"] == "marginal"  # 66 % inside


def test_a_label_value_may_be_absent_on_some_days_but_not_on_all(tmp_path: Path, capsys: Capture) -> None:
    grid = grid_round(20.0)
    lesion = Structure("label 1", ball(grid, 8.0).occupancy, grid)
    for day, value in ((BASELINE, 1), (SECOND, 2)):
        sitk.WriteImage(grid.to_image(np.uint8(value) * lesion.mask.astype(np.uint8)), str(tmp_path / f"{day}.nrrd"))
    days = [argument for day in (BASELINE, SECOND) for argument in ("--lesions", f"{day}={tmp_path / day}.nrrd")]
    arguments = (*BY_BM, *days, "--label", "1=T1", "--label", "2=N1")
    run(capsys, "respond", *arguments, "--out", tmp_path / "out")
    assert read_response_record(tmp_path / "out").request.case.visits[1].new_lesions[0].id == "N1"
    done = run(capsys, "respond", *arguments, "--label", "3=N2", "--out", tmp_path / "none")
    assert done.status == 2
    assert "--label 'N2' is no structure of any --lesions" in done.err


def test_plane_and_holes_are_chosen_and_the_choice_of_targets_is_told(tmp_path: Path, capsys: Capture) -> None:
    grid = grid_round(16.0, (1.0, 1.0, 6.0))  # thick slices ask for 12 mm
    ring = ball(grid, 12.0, partial=False).mask & ~ball(grid, 5.0, partial=False).mask
    small = ball(grid, 4.0, centre_mm=(14, 14, 0), partial=False).mask
    drawn = [Structure("Ring", ring & ~small, grid), Structure("Small", small, grid)]
    write_labels([drawn], tmp_path / "lesions.seg.nrrd")
    lesions = (*BY_2010, "--lesions", f"{BASELINE}={tmp_path / 'lesions.seg.nrrd'}")
    found = {}
    for holes in ("exclude", "fill"):
        run(capsys, "respond", *lesions, "--plane", "acquired", "--holes", holes, "--out", tmp_path / holes)
        request = read_response_record(tmp_path / holes).request
        found[holes] = next(each for each in request.measurements if each.lesion == "Ring")
    assert (found["fill"].plane, found["fill"].longest_mm) == ("acquired", pytest.approx(24.5, abs=1))
    assert found["exclude"].longest_mm < found["fill"].longest_mm - 2  # a chord beside the hole
    assert any("'Small' is followed but not summed" in note and "12 mm" in note for note in request.notes)


def test_a_scan_of_another_frame_of_reference_is_refused(scans: Path, tmp_path: Path, capsys: Capture) -> None:
    image = sitk.ReadImage(str(scans / f"{BASELINE}.nrrd"))
    image.SetOrigin((500.0, 500.0, 500.0))
    sitk.WriteImage(image, str(tmp_path / "far.nrrd"))
    drawn = ("--lesions", f"{BASELINE}={scans / BASELINE}.seg.nrrd", "--visit", f"{BASELINE}={tmp_path / 'far.nrrd'}")
    done = run(capsys, "respond", *BY_BM, *drawn, "--out", tmp_path / "out")
    assert done.status == 2
    assert f"Lesion 'T1' of {BASELINE} lies outside the scan 'far.nrrd'" in done.err


def test_the_readers_word_on_a_new_lesion_goes_before_its_place(scans: Path, tmp_path: Path, capsys: Capture) -> None:
    new = [{"id": "N1", "field": "inside", "certainty": "equivocal"}, {"id": "N2", "field": "outside"}]
    visits = [{"date": BASELINE, "role": "baseline"}, {"date": THIRD, "role": "follow-up", "new_lesions": new}]
    path = written(tmp_path, {"id": "P1", "criteria": "RANO-2010", "visits": visits})
    lesions = [word for day in (BASELINE, THIRD) for word in ("--lesions", f"{day}={scans / day}.seg.nrrd")]
    run(capsys, "respond", path, *lesions, "--out", tmp_path / "out")
    found = read_response_record(tmp_path / "out").request.case.visits[1].new_lesions
    assert [(lesion.id, lesion.field, lesion.certainty) for lesion in found] == [
        ("N1", "inside", "equivocal"),
        ("N2", "outside", "unequivocal"),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "There is nothing to assess"),
        (("--lesions", f"{BASELINE}=a.nrrd"), "--criteria is missing"),
        (
            ("--criteria", "RANO-BM", "--lesions", f"{BASELINE}=a.nrrd", "--visit", f"{SECOND}=a.nrrd"),
            "has no --lesions",
        ),
        (("--criteria", "RANO-BM", *(["--lesions", f"{BASELINE}=a.nrrd"] * 2)), "given twice"),
        (("--criteria", "RANO-BM", "--lesions", f"{BASELINE}=a.nrrd"), "'a.nrrd' does not exist"),
    ],
)
def test_images_that_do_not_fit_are_refused(
    tmp_path: Path, capsys: Capture, arguments: tuple[str, ...], message: str
) -> None:
    assert message in refused(capsys, *arguments, "--out", tmp_path / "out")


def test_a_case_with_sizes_of_its_own_refuses_scans(scans: Path, tmp_path: Path, capsys: Capture) -> None:
    arguments = (written(tmp_path, glioma()), *of_scans(scans, BASELINE, SECOND), "--out", tmp_path / "out")
    assert "has a size in the case, and --lesions as well" in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("visits", "message"),
    [
        ([{"date": BASELINE}, {"date": THIRD}], f"has a visit of {THIRD}, but no --lesions"),
        ([{"date": BASELINE, "role": "first"}], "'role' is 'first', expected one of"),
        ([{"date": BASELINE}, {"date": BASELINE}], f"has two visits of {BASELINE}"),
        ([{"date": BASELINE, "lesions": [{"id": "T1", "state": "gone"}]}], "'state' is 'gone'"),
        ("none", "expected a list"),
    ],
)
def test_what_a_case_tells_of_scans_has_to_fit_them(
    scans: Path, tmp_path: Path, capsys: Capture, visits: Any, message: str
) -> None:
    path = written(tmp_path, {"id": "P1", "criteria": "RANO-2010", "visits": visits})
    assert message in refused(capsys, path, *of_scans(scans, BASELINE), "--out", tmp_path / "out")


def test_evidence_shows_the_dose_at_its_lesion_whether_it_has_grown_or_not(
    scans: Path, tmp_path: Path, capsys: Capture
) -> None:
    asked = written(tmp_path, {"schema": 1, "lesion": "T1", "visit": SECOND}, "evidence.json")
    dose = ("--dose", scans / "dose.nrrd", "--prescription-gy", 55)
    arguments = (*of_scans(scans, BASELINE, SECOND), *BY_BM, *dose, "--evidence", asked, "--out", tmp_path / "out")
    assert "of it at or above the prescription of 55 Gy" in run(capsys, "respond", *arguments).out
    (kept,) = read_response_record(tmp_path / "out").request.evidence
    in_ball_mm = 7 * np.cbrt(np.linspace(0, 1, 2001)[1:])  # radii of equal volume: the dose falls off from the middle
    gy = 60 * np.exp(-((in_ball_mm / 18) ** 2))
    assert kept.request.context.dose is not None
    assert kept.request.context.dose.d50_gy == pytest.approx(np.median(gy), abs=0.3)  # voxels of 1 mm
    assert kept.request.context.dose.share_above_prescription_percent == pytest.approx(100 * np.mean(gy >= 55), abs=6)


def test_dose_and_prescription_belong_together(scans: Path, tmp_path: Path, capsys: Capture) -> None:
    arguments = (*BY_BM, "--lesions", f"{BASELINE}={scans / BASELINE}.seg.nrrd", "--prescription-gy", 50)
    done = run(capsys, "respond", *arguments, "--out", tmp_path / "out")
    assert done.status == 2
    assert "--dose and --prescription-gy belong together" in done.err
