"""``respond`` from files to files: results, what is printed, exit status, and input that does not allow it."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line import respond_files
from brachyresponse.command_line.inputs import write_labels
from brachyresponse.command_line.respond_arguments import EPILOG, add_arguments
from brachyresponse.errors import Cancelled
from brachyresponse.geometry import Grid, Structure
from brachyresponse.response.study import read_response_record
from command_line_run import run
from invented_case import glioma
from reference import REFERENCE, needs_reference
from solids import ball, grid_round

Capture = pytest.CaptureFixture[str]
FILES = {"report.html", "response.json", "visits.csv", "measurements.csv", "treatments.csv"}
BY_BM, BY_2010 = ("--criteria", "RANO-BM"), ("--criteria", "RANO-2010")
BASELINE, SECOND, THIRD = "2026-02-02", "2026-06-01", "2026-08-03"


def written(folder: Path, case: Any, name: str = "case.json") -> Path:
    path = folder / name
    path.write_text(case if isinstance(case, str) else json.dumps(case), encoding="utf-8")
    return path


def calm(**changes: Any) -> dict[str, Any]:
    """The invented patient with nothing left to a person."""
    visits = glioma()["visits"][:2]
    visits[1]["lesions"][0] |= {"longest_mm": 29.0, "perpendicular_mm": 20.0}
    visits[1]["lesions"][1] = {"id": "T2", "longest_mm": 15.0, "perpendicular_mm": 12.0}
    without = {"adjudications": None, "measurements": None, "perfusion": None, "sites": None, "schedule": None}
    return glioma(**{"visits": visits, "today": "2026-06-10", **without, **changes})


def refused(capsys: Capture, *arguments: object) -> str:
    """The one sentence on stderr of a run that fails, which leaves nothing behind."""
    out = Path(str(arguments[-1]))
    failed = run(capsys, "respond", *arguments)
    assert failed.status == 2, failed.out
    assert not out.exists()
    assert failed.err.count("\n") == 1
    assert "Traceback" not in failed.err
    return failed.err


def test_a_case_gives_report_record_and_tables_and_a_table_on_stdout(tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, "respond", written(tmp_path, calm()), "--out", tmp_path / "out")
    assert done.status == 0, done.out
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert re.search(rf"{BASELINE} +780 .* baseline\n", done.out)
    assert re.search(rf"{SECOND} +760 +-2.6 % +-2.6 %  SD\n", done.out)
    record = read_response_record(tmp_path / "out")
    assert [visit.category for visit in record.visits] == ["baseline", "SD"]
    assert "SHA-256" in record.request.inputs[-1].what


def test_a_reader_who_says_otherwise_and_an_overdue_scan_need_a_person(tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, "respond", written(tmp_path, glioma()), "--today", "2026-12-20", "--out", tmp_path / "out")
    assert done.status == 1
    assert "PD, reader: SD" in done.out
    assert f"to look at: {THIRD}: computed PD. Adjudicated SD by Board" in done.out
    assert re.search(r"to look at: First year, month \d+ .*overdue", done.out)
    assert "It touches the edge of the image" in done.out


@pytest.mark.parametrize(
    ("visit", "said"),
    [
        ({"clinical_status": "not_assessed"}, "imaging only: clinical status not known"),
        ({"lesions": [{"id": "T1", "state": "not_evaluable"}, {"id": "T2", "state": "absent"}]}, "is NE"),
        ({"new_lesions": [{"id": "N1", "field": "straddles", "measurable": True}]}, "'N1'.* astride the field's edge"),
    ],
)
def test_what_a_last_visit_leaves_open_needs_a_person(
    tmp_path: Path, capsys: Capture, visit: dict[str, Any], said: str
) -> None:
    case = calm()
    case["visits"][1] |= visit
    done = run(capsys, "respond", written(tmp_path, case), "--out", tmp_path / "out")
    assert done.status == 1
    assert re.search(f"to look at: .*{said}", done.out)


def test_an_early_growth_is_possible_pseudoprogression(tmp_path: Path, capsys: Capture) -> None:
    case = calm(treatments=None)
    case["visits"][1]["lesions"][0] |= {"longest_mm": 40.0}
    case["visits"][1]["steroid_trend"] = "stable"
    arguments = (written(tmp_path, case), "--radiation-end", "2026-04-01", "--out", tmp_path / "out")
    done = run(capsys, "respond", *arguments)
    assert done.status == 1
    assert "is pPD, possible pseudoprogression" in done.out


def test_a_permanent_implant_without_a_reference_date_asks_for_it(tmp_path: Path, capsys: Capture) -> None:
    case = calm(treatments=[{"kind": "implant", "start": "2026-01-05", "source": "amersham_6711"}])
    done = run(capsys, "respond", written(tmp_path, case), "--out", tmp_path / "out")
    assert done.status == 1
    assert "choose the reference date" in done.out


def test_an_earlier_assessment_is_carried_on_and_other_criteria_are_refused(tmp_path: Path, capsys: Capture) -> None:
    case = written(tmp_path, glioma())
    run(capsys, "respond", case, "--out", tmp_path / "first")
    silent = written(tmp_path, glioma(adjudications=None), "silent.json")
    again = run(capsys, "respond", silent, "--earlier", tmp_path / "first", "--out", tmp_path / "second")
    assert "PD, reader: SD" in again.out
    other = (silent, "--earlier", tmp_path / "first" / "response.json", *BY_BM)
    assert "was assessed by RANO-2010 before" in refused(capsys, *other, "--out", tmp_path / "third")
    anew = run(capsys, "respond", *other, "--new-criteria", "--out", tmp_path / "third")
    assert "were changed from RANO-2010 to RANO-BM" in anew.err


def test_a_category_that_hangs_on_an_unknown_end_of_radiation_needs_a_person(tmp_path: Path, capsys: Capture) -> None:
    case = calm(treatments=None)
    case["visits"][1]["lesions"][0] |= {"longest_mm": 40.0}
    case["visits"][1]["steroid_trend"] = "stable"
    done = run(capsys, "respond", written(tmp_path, case), "--out", tmp_path / "out")
    assert done.status == 1
    assert re.search(
        r"to look at: .* is PD \(from what is known\)\. If the scan lies within 12 weeks .*: pPD\.", done.out
    )


def test_what_stands_beside_a_category_is_printed_too(tmp_path: Path, capsys: Capture) -> None:
    node = {"id": "N1", "kind": "node", "organ": "lymph node", "longest_mm": 18.0, "short_axis_mm": 12.0}
    visits = [{"date": BASELINE, "role": "baseline", "lesions": [node]}]
    case = calm(criteria="RECIST-1.1", options={"protocol_targets": True}, visits=visits, treatments=None)
    done = run(capsys, "respond", written(tmp_path, case), "--out", tmp_path / "node")
    assert "baseline, deviates from RECIST 1.1" in done.out
    done = run(capsys, "respond", written(tmp_path, glioma()), "--out", tmp_path / "glioma")
    assert f"beside, Simplified RANO of the GliaSite protocol: {BASELINE} baseline" in done.out


def test_options_go_before_the_case_and_are_told(tmp_path: Path, capsys: Capture) -> None:
    arguments = ("--criteria", "RANO-2.0", "--option", "measure=3D", "--patient-id", "P9", "--out", tmp_path / "out")
    case = calm()
    case["visits"][1]["lesions"][1]["volume_ml"] = 1.1
    done = run(capsys, "respond", written(tmp_path, case), *arguments)
    assert "RANO 2.0 (not checked against the paper's full text)" in done.out
    assert "sum (mL)" in done.out
    record = read_response_record(tmp_path / "out")
    assert record.request.patient_id == "P9"
    assert any("criteria RANO-2010; it is RANO-2.0 here" in note for note in record.request.notes)


def test_a_table_of_lesions_is_a_case(tmp_path: Path, capsys: Capture) -> None:
    rows = ("date,lesion,longest_mm,clinical_status,steroid_dose_mg", "2026-01-05,M1,20,stable_or_improved,0")
    path = written(tmp_path, "\n".join([*rows, "2026-03-02,M1,13,stable_or_improved,0"]), "lesions.csv")
    done = run(capsys, "respond", path, "--criteria", "RANO-BM", "--out", tmp_path / "out")
    assert re.search(r"2026-03-02 +13 +-35.0 % +-35.0 %  PR", done.out)


def test_treatments_come_from_a_table_of_their_own(tmp_path: Path, capsys: Capture) -> None:
    table = written(tmp_path, "kind,start,prescription_gy\nsource removal,2026-01-05,60\n", "treatments.csv")
    arguments = ("--treatments", table, "--out", tmp_path / "out")
    run(capsys, "respond", written(tmp_path, calm(treatments=None)), *arguments)
    treatments = read_response_record(tmp_path / "out").request.treatments
    assert treatments is not None
    assert [one.describe() for one in treatments] == ["Source removal of 2026-01-05"]


def test_several_cases_have_a_folder_each_and_a_page(tmp_path: Path, capsys: Capture) -> None:
    cases = written(tmp_path, {"cases": [calm(id="A 1"), glioma(id="B")]})
    done = run(capsys, "respond", cases, "--out", tmp_path / "out")
    assert done.status == 1
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"A_1", "B", "index.html", "cases.csv"}
    assert {path.name for path in (tmp_path / "out" / "A_1").iterdir()} == FILES
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert 'href="A_1/report.html"' in page
    assert re.search(r"^A 1 +RANO-2010 .* best SD", done.out, re.MULTILINE)


@needs_reference("response", "cases.json")
def test_every_worked_case_gives_its_known_answer(tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, "respond", REFERENCE / "response" / "cases.json", "--out", tmp_path / "out")
    assert "RANO-2.0: not checked against the paper's full text" in done.out
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert len(re.findall(r"all \d+ agree", page)) == 66
    assert page.count("RANO 2.0 (not checked against the paper's full text)") == 10
    assert "sizes within" not in page  # every number is right to 0.01


def test_a_wrong_answer_is_told_beside_the_result(tmp_path: Path, capsys: Capture) -> None:
    truth = {"visits": [{"date": SECOND, "category": "PR", "sum": 700}], "progression_date": None}
    path = written(tmp_path, truth, "truth.json")
    done = run(capsys, "respond", written(tmp_path, calm()), "--truth", path, "--out", tmp_path / "out")
    assert done.status == 1
    assert f"to look at: {SECOND}: category is SD, expected PR." in done.out
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Truth beside result" in report
    assert "+8.6 %" in report  # 760 instead of 700 mm2


def test_sizes_that_were_measured_may_differ_and_say_by_how_much(tmp_path: Path, capsys: Capture) -> None:
    lesions = [{"id": "T1", "longest_mm": 30.0, "perpendicular_mm": 20.0}]
    cases = [
        calm(id=name, expected={"visits": [{"date": SECOND, "category": "SD", "lesions": lesions}]}) for name in "AB"
    ]
    done = run(capsys, "respond", written(tmp_path, {"cases": cases}), "--out", tmp_path / "out")
    assert done.status == 0, done.out
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert page.count("all 1 agree, sizes within 3.3 %") == 2  # 29 for 30 mm


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
    (site,) = request.sites
    assert site.site == "distant"
    assert site.d_max_gy == pytest.approx(60 * np.exp(-((22.3 / 18) ** 2)), rel=0.1)  # 28.3 - 6 mm from the centre


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
    ("case", "options", "message"),
    [
        ('{"id": ', (), "case.json is not JSON"),
        ("[]", (), "holds no cases"),
        ({"cases": [calm(), calm()]}, (), "Two cases are called 'glioma'"),
        ({"cases": [calm(), glioma(id="B")]}, ("--patient-id", "P"), "--patient-id belongs to one patient"),
        (calm(criterium="RANO"), (), "'criterium' is not known; did you mean 'criteria'"),
        (calm(), ("--option", "messure=3D"), "'messure' is not known"),
        (calm(), ("--schedule", "gliasit"), "gliasit"),
        (calm(), ("--node", "T1"), "belong to the structures of --lesions"),
        (calm(), ("--truth", "nowhere.json"), "nowhere.json cannot be read as truth"),
        (calm(expected={"visits": [{"date": SECOND, "sum": "large"}]}), (), "'sum' is 'large', expected a number"),
        (calm(expected=[]), (), "expected an object with 'visits'"),
        (calm(), ("--treatments", "nowhere.json"), "nowhere.json cannot be read"),
        (calm(), ("--today", "tomorrow"), "'tomorrow' is not a date"),
        (calm(), ("--criteria", "RANO"), "invalid"),
        (calm(), ("--lesions", "2026-02-02"), "is not DATE=FILE"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_written(
    tmp_path: Path, capsys: Capture, case: Any, options: tuple[str, ...], message: str
) -> None:
    assert message in refused(capsys, written(tmp_path, case), *options, "--out", tmp_path / "out")


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
    arguments = (written(tmp_path, calm()), *of_scans(scans, BASELINE, SECOND), "--out", tmp_path / "out")
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


def test_dose_and_prescription_belong_together(scans: Path, tmp_path: Path, capsys: Capture) -> None:
    arguments = (*BY_BM, "--lesions", f"{BASELINE}={scans / BASELINE}.seg.nrrd", "--prescription-gy", 50)
    done = run(capsys, "respond", *arguments, "--out", tmp_path / "out")
    assert done.status == 2
    assert "--dose and --prescription-gy belong together" in done.err


def test_a_cancelled_run_leaves_nothing(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise Cancelled

    monkeypatch.setattr(respond_files, "write_response_report", stop)
    failed = run(capsys, "respond", written(tmp_path, calm()), "--out", tmp_path / "out")
    assert failed.status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["case.json"]


def test_the_examples_of_the_help_are_commands_that_can_be_parsed() -> None:
    examples = re.findall(r"python -m brachyresponse respond (.*)", EPILOG.replace("\\\n", " "))
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert len(examples) == 3
    for example in examples:
        assert parser.parse_args(shlex.split(example)).out
