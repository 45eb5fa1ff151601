"""``respond --evidence``: beside a case and alone, what is printed and written, exit status, wrong input."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.diffusion.record_file import write_diffusion
from brachyresponse.response.evidence import conditions
from brachyresponse.response.evidence.gathering import read_evidence_file
from brachyresponse.response.study import read_response_record
from command_line_run import run
from evidence_records import diffusion
from invented_case import glioma
from respond_run import refused, written

Capture = pytest.CaptureFixture[str]
ALL_MET = {one.id: str(one.holds_when) for one in conditions()}
VISUAL = {"id": "rcbv_visual_mets_hoefnagels", "positive": True}
LESION = {"lesion": "T1", "visit": "2026-06-01", "prior": "resected_growing"}


def calm() -> dict[str, Any]:
    """The invented patient with nothing else left to a person."""
    visits = glioma()["visits"][:2]
    visits[1]["lesions"][0] |= {"longest_mm": 29.0, "perpendicular_mm": 20.0}
    visits[1]["lesions"][1] = {"id": "T2", "longest_mm": 15.0, "perpendicular_mm": 12.0}
    without = {"adjudications": None, "measurements": None, "perfusion": None, "sites": None, "schedule": None}
    return glioma(visits=visits, today="2026-06-10", **without)


def evidence(folder: Path, name: str = "evidence.json", **fields: Any) -> Path:
    contents = {"schema": 1, **LESION, "findings": [VISUAL], "answers": ALL_MET, **fields}
    return written(folder, {key: value for key, value in contents.items() if value is not None}, name)


def test_a_case_with_evidence_prints_it_and_keeps_it(tmp_path: Path, capsys: Capture) -> None:
    case, out = written(tmp_path, calm()), tmp_path / "out"
    done = run(capsys, "respond", case, "--evidence", evidence(tmp_path), "--out", out)
    assert done.status == 0, done.out
    assert "T1, 2026-06-01: The evidence favours recurrence: probability of recurrence" in done.out
    assert "used: rCBV map, visual" in done.out
    assert "Not a diagnosis" in done.out
    assert "evidence.csv" in {path.name for path in out.iterdir()}
    (kept,) = read_response_record(out).request.evidence
    assert kept.verdict == "favours_recurrence"
    assert "Recurrence or necrosis, T1" in (out / "report.html").read_text(encoding="utf-8")


def test_everything_is_said_once(tmp_path: Path, capsys: Capture) -> None:
    shown = [
        {"id": name, "value": 1.1, "unit": "1", "statistic": "voxel"}
        for name in ("cho_naa_glioma_zhang", "cho_naa_li2016")
    ]
    lines = run(capsys, "respond", "--evidence", evidence(tmp_path, findings=[VISUAL, *shown])).out.splitlines()
    said = [line.removeprefix("left out: ").split(": ", 1)[-1].strip() for line in map(str.strip, lines)]
    assert len(said) == len(set(said))
    assert sum("No cut-off for Cho/NAA" in line for line in lines) == 1
    assert lines[1].strip().startswith("Evidence summary for the treating physicians. Not a diagnosis.")


def test_evidence_alone_is_weighed_printed_and_written(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    done = run(capsys, "respond", "--evidence", evidence(tmp_path), "--out", out)
    assert done.status == 0, done.out
    assert {path.name for path in out.iterdir()} == {"report.html", "evidence.json", "evidence.csv"}
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Not a diagnosis" in page
    assert "Recurrence or radiation necrosis: evidence, T1, 2026-06-01" in page
    (again,) = read_evidence_file(out / "evidence.json").requests
    (first,) = read_evidence_file(tmp_path / "evidence.json").requests
    assert again == first
    with (out / "evidence.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 2
    result = json.loads((out / "evidence.json").read_text(encoding="utf-8"))["lesions"][0]["result"]
    assert result["verdict"] == "favours_recurrence"


def test_without_a_folder_nothing_is_written(tmp_path: Path, capsys: Capture) -> None:
    path = evidence(tmp_path)
    assert run(capsys, "respond", "--evidence", path).status == 0
    assert [each.name for each in tmp_path.iterdir()] == ["evidence.json"]


def test_the_case_may_be_named_in_the_evidence(tmp_path: Path, capsys: Capture) -> None:
    written(tmp_path, calm())
    done = run(capsys, "respond", "--evidence", evidence(tmp_path, case="case.json"))
    assert done.status == 0, done.out
    assert done.out.startswith("glioma: RANO 2010")
    assert "T1, 2026-06-01: The evidence favours recurrence" in done.out


def test_evidence_that_stands_in_the_case_is_completed_by_it(tmp_path: Path, capsys: Capture) -> None:
    told = {name: answer for name, answer in ALL_MET.items() if name not in ("high_dose_steroid", "multiple_lesions")}
    inside = {**LESION, "findings": [VISUAL], "answers": told}
    done = run(capsys, "respond", written(tmp_path, calm() | {"evidence": [inside]}))
    assert done.status == 0, done.out  # 4 mg of dexamethasone are on record
    assert "T1, 2026-06-01: The evidence favours recurrence" in done.out
    assert "asked" not in done.out


def test_a_response_gives_the_same_evidence_again(tmp_path: Path, capsys: Capture) -> None:
    case, out = written(tmp_path, calm()), tmp_path / "out"
    run(capsys, "respond", case, "--evidence", evidence(tmp_path), "--out", out)
    again = tmp_path / "again"
    done = run(capsys, "respond", out / "response.json", "--out", again)
    assert done.status == 0, done.out
    (first,), (second,) = (read_response_record(folder).request.evidence for folder in (out, again))
    assert second.as_json() == first.as_json()


def test_open_questions_need_a_person_and_are_named(tmp_path: Path, capsys: Capture) -> None:
    done = run(capsys, "respond", "--evidence", evidence(tmp_path, answers={"leakage_corrected": "yes"}))
    assert done.status == 1
    assert (
        ": Was bevacizumab or another anti-angiogenic drug given before this scan? (antiangiogenic_therapy)" in done.out
    )
    assert "to look at: 2026-06-01, T1: no marker could be weighed." in done.out
    assert "conditions are not answered: " in done.out


def test_questions_stand_once_and_markers_name_their_numbers(tmp_path: Path, capsys: Capture) -> None:
    told = {name: answer for name, answer in ALL_MET.items() if name not in ("near_cortex", "high_native_blood_volume")}
    fdg = {"id": "fdg_kahn", "positive": True}
    done = run(capsys, "respond", "--evidence", evidence(tmp_path, findings=[VISUAL, fdg], answers=told))
    assert done.out.count("Is the tumour low-grade") == done.out.count("Does the lesion lie next to cortex?") == 1
    assert "  asked, 2: Does the lesion lie next to cortex? (near_cortex)" in done.out.splitlines()
    assert [line[-15:] for line in done.out.splitlines() if "left out: " in line] == [
        "Asked below: 1.",
        "Asked below: 2.",
    ]
    one = run(capsys, "respond", "--evidence", evidence(tmp_path, answers={**told, "near_cortex": "no"}))
    assert "T1: 1 condition is not answered: high_native_blood_volume." in one.out


def test_the_prior_stands_below_the_answer(tmp_path: Path, capsys: Capture) -> None:
    lines = run(capsys, "respond", "--evidence", evidence(tmp_path)).out.splitlines()
    assert lines[2].startswith("  Prior probability of recurrence 64 %, range 41 % to 83 %; source: resected growing")


def test_a_persons_word_against_the_record_is_printed(tmp_path: Path, capsys: Capture) -> None:
    drug = [{"kind": "bevacizumab", "start": "2026-05-01"}]
    done = run(capsys, "respond", "--evidence", evidence(tmp_path, treatments=drug))
    said = (
        "drug given before this scan? Answered by the user: no. Otherwise known (yes): Bevacizumab of 2026-05-01 is on"
    )
    (line,) = [line for line in done.out.splitlines() if "against the record" in line]
    assert said in line


def test_what_the_findings_were_taken_from_is_printed(tmp_path: Path, capsys: Capture) -> None:
    write_diffusion(diffusion(), tmp_path / "diffusion")
    asked = evidence(tmp_path, lesion="Node", visit="2026-08-03", diffusion="diffusion", findings=None)
    lines = [line.strip() for line in run(capsys, "respond", "--evidence", asked).out.splitlines()]
    assert "taken from: Diffusion of 2026-08-01, map 'ADC'." in lines
    assert "taken from: Diffusion: its only lesion, 'T1', is taken for 'Node'." in lines


@pytest.mark.parametrize("option", [("--criteria", "RANO-2.0"), ("--treatments", "t.csv"), ("--patient-id", "PAT-9")])
def test_options_that_would_do_nothing_without_a_case_are_refused(
    tmp_path: Path, capsys: Capture, option: tuple[str, str]
) -> None:
    said = refused(capsys, "--evidence", evidence(tmp_path), *option, "--out", tmp_path / "out")
    assert f"Without a case only the evidence is weighed, and {option[0]} would do nothing" in said


def test_conflicting_markers_need_a_person(tmp_path: Path, capsys: Capture) -> None:
    negative = {"id": "adc_hgg_vandijken", "positive": False}
    done = run(capsys, "respond", "--evidence", evidence(tmp_path, findings=[VISUAL, negative]))
    assert done.status == 1
    assert "to look at: 2026-06-01, T1: markers conflict." in done.out


def test_in_a_case_what_needs_a_person_stands_among_its_findings(tmp_path: Path, capsys: Capture) -> None:
    case = written(tmp_path, calm())
    done = run(capsys, "respond", case, "--evidence", evidence(tmp_path, answers={}))
    assert done.status == 1
    assert "  to look at: 2026-06-01, T1: no marker could be weighed." in done.out


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lesion": "T9"}, "evidence.json: Case 'glioma' has evidence of 'T9' on 2026-06-01, but the visit's lesions"),
        ({"visit": "2026-06-02"}, "evidence.json: Case 'glioma' has evidence of 'T1' on 2026-06-02, but no visit"),
        ({"patient_id": "PAT-9"}, "case 'glioma' is of patient 'PAT-1', the evidence of 'PAT-9'"),
        ({"findigs": []}, "evidence.json: 'findigs' is not known; did you mean 'findings'?"),
        ({"case": "nowhere.json", "lesion": "T1"}, ""),
    ],
)
def test_evidence_that_does_not_belong_is_refused(
    tmp_path: Path, capsys: Capture, fields: dict[str, Any], said: str
) -> None:
    path = evidence(tmp_path, **fields)
    if "case" in fields:
        assert "nowhere.json cannot be read" in refused(capsys, "--evidence", path, "--out", tmp_path / "out")
    else:
        case = written(tmp_path, calm())
        assert said in refused(capsys, case, "--evidence", path, "--out", tmp_path / "out")


def test_evidence_belongs_to_one_case(tmp_path: Path, capsys: Capture) -> None:
    cases = written(tmp_path, {"cases": [calm(), {**calm(), "id": "other"}]})
    said = refused(capsys, cases, "--evidence", evidence(tmp_path), "--out", tmp_path / "out")
    assert "--evidence belongs to one patient, but case.json holds 2 cases." in said
