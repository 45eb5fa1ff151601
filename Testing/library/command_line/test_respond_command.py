"""``respond`` from files to files: results, what is printed, exit status, and input that does not allow it."""

from __future__ import annotations

import argparse
import re
import shlex
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from brachyresponse.command_line import respond_case, respond_files
from brachyresponse.command_line.respond_arguments import EPILOG, add_arguments
from brachyresponse.errors import Cancelled
from brachyresponse.response.study import read_response_record
from command_line_run import run
from invented_case import glioma
from reference import REFERENCE, needs_reference
from respond_run import refused, written

Capture = pytest.CaptureFixture[str]
FILES = {"report.html", "response.json", "visits.csv", "measurements.csv", "treatments.csv"}
BY_BM, BY_2010 = ("--criteria", "RANO-BM"), ("--criteria", "RANO-2010")
BASELINE, SECOND, THIRD = "2026-02-02", "2026-06-01", "2026-08-03"


def calm(**changes: Any) -> dict[str, Any]:
    """The invented patient with nothing left to a person."""
    visits = glioma()["visits"][:2]
    visits[1]["lesions"][0] |= {"longest_mm": 29.0, "perpendicular_mm": 20.0}
    visits[1]["lesions"][1] = {"id": "T2", "longest_mm": 15.0, "perpendicular_mm": 12.0}
    without = {"adjudications": None, "measurements": None, "perfusion": None, "sites": None, "schedule": None}
    return glioma(**{"visits": visits, "today": "2026-06-10", **without, **changes})


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
    assert "Deviation from RECIST 1.1: node N1" in (tmp_path / "node" / "visits.csv").read_text("utf-8")
    both = written(tmp_path, {"cases": [case, {**case, "id": "P2"}]}, "both.json")
    assert "deviates from RECIST 1.1" in run(capsys, "respond", both, "--out", tmp_path / "both").out
    assert "deviates from RECIST 1.1" in (tmp_path / "both" / "index.html").read_text("utf-8")
    assert "deviates from RECIST 1.1" in (tmp_path / "both" / "cases.csv").read_text("utf-8")
    done = run(capsys, "respond", written(tmp_path, glioma()), "--out", tmp_path / "glioma")
    assert f"beside, Simplified RANO of the GliaSite protocol: {BASELINE} baseline" in done.out


def test_ratios_of_a_perfusion_study_stand_on_the_time_line(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ratios = [
        SimpleNamespace(lesion="T1", map=name, statistic="mean", value=1.2, low=1.0, high=1.4)
        for name in ("vp", "vp_error")
    ]
    record = SimpleNamespace(patient_id="P1", scan_date=date(2026, 5, 30), ratios=ratios)
    monkeypatch.setattr(respond_case, "read_study_record", lambda path: record)
    case = (written(tmp_path, calm(patient_id="P1")), "--perfusion", "perfusion.json")
    run(capsys, "respond", *case, "--out", tmp_path / "out")
    (entry,) = read_response_record(tmp_path / "out").request.perfusion
    assert (entry.map, entry.ratio, entry.date.isoformat()) == ("vp", 1.2, "2026-05-30")
    said = refused(capsys, written(tmp_path, calm(patient_id="P2")), *case[1:], "--out", tmp_path / "none")
    assert "perfusion.json is of patient 'P1', the case of 'P2'" in said


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


def test_a_file_without_an_answer_is_no_truth(tmp_path: Path, capsys: Capture) -> None:
    case = written(tmp_path, calm())
    assert "holds no known answer" in refused(capsys, case, "--truth", case, "--out", tmp_path / "out")


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


def test_unknown_criteria_are_refused_with_those_that_there_are(tmp_path: Path, capsys: Capture) -> None:
    said = refused(capsys, written(tmp_path, calm()), "--criteria", "RANO", "--out", tmp_path / "out")
    assert re.search("'RANO' .choose from .*RANO-2010.*RECIST-1.1", said)


def test_without_a_folder_the_result_is_printed_and_nothing_is_written(tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, "respond", written(tmp_path, calm()))
    assert done.status == 0, done.err
    assert re.search(rf"{SECOND} +760 +-2.6 % +-2.6 %  SD\n", done.out)
    assert "Report" not in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["case.json"]


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
    assert len(examples) == 4
    for example in examples:
        assert parser.parse_args(shlex.split(example)).out
