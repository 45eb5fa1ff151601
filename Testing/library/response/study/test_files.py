"""A study in files: what is written holds the result with its reasons, and gives the same request when it is read."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from brachyresponse.errors import InputFileError
from brachyresponse.response.study import (
    ResponseStudy,
    evaluate_response,
    read_requests,
    read_response_record,
    request_from_json,
    write_study,
)
from brachyresponse.response.treatment import read_treatments_csv
from brachyresponse.response.vocabulary import Category, CriteriaName
from invented_case import glioma
from invented_histories import invented_history


@pytest.fixture(scope="module")
def study() -> ResponseStudy:
    return evaluate_response(request_from_json(glioma()))


@pytest.fixture(scope="module")
def folder(study: ResponseStudy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "glioma"
    write_study(study, folder)
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_json_holds_the_result_in_the_words_of_the_worked_cases(folder: Path) -> None:
    written = json.loads((folder / "response.json").read_text(encoding="utf-8"))
    last = written["visits"][-1]
    assert written["schema"] == 1
    assert (last["date"], last["category"], last["sum"], last["percent_from_nadir"]) == ("2026-08-03", "PD", 520, 73.33)
    assert last["reasons"][0]["rule"] == "pd_increase_from_nadir"
    assert (written["best_overall_response"], written["progression_date"]) == ("SD", "2026-08-03")
    assert written["adjudications"][0]["category"] == "SD"
    assert written["schedule_state"]["next_due"] == "2026-09-05"
    assert written["treatments"][1]["kind"] == "source removal"
    assert written["sites"][0]["site"] == "in_field"
    assert {row["about"] for row in written["assumptions"]} >= {"reference date", "targets", "holes"}
    assert written["versions"][0]["name"] == "BrachyResponse"


def test_a_record_gives_the_same_request_again(study: ResponseStudy, folder: Path) -> None:
    record = read_response_record(folder)
    assert record == read_response_record(folder / "response.json")
    assert record.request == study.request
    assert record.criteria is CriteriaName.RANO_2010
    assert record.visits[1].category is Category.PR
    assert record.progression_date == date(2026, 8, 3)
    assert (record.assumptions, record.warnings, record.versions) == (study.assumptions, study.warnings, study.versions)


def test_the_tables_hold_one_row_a_visit_and_one_a_lesion(folder: Path) -> None:
    visits, lesions = rows_of(folder / "visits.csv"), rows_of(folder / "measurements.csv")
    assert [(row["category"], row["adjudicated"]) for row in visits] == [("baseline", ""), ("PR", ""), ("PD", "SD")]
    assert visits[2]["adjudication reason"] == "Biopsy of 2026-08-10 showed necrosis."
    assert [(row["date"], row["lesion"], row["state"]) for row in lesions][3] == ("2026-06-01", "T2", "absent")
    assert (lesions[0]["origin"], lesions[0]["holes"], lesions[0]["slice"]) == ("automatic", "exclude", "17")


def test_the_tables_can_be_read_as_a_case_and_a_treatment_record(study: ResponseStudy, folder: Path) -> None:
    (again,) = read_requests(folder / "measurements.csv")
    assert again.case == study.case
    assert study.treatments is not None
    assert read_treatments_csv(folder / "treatments.csv") == study.treatments.treatments


def test_parts_new_lesions_and_visits_without_lesions_survive_the_table(tmp_path: Path) -> None:
    visits = glioma()["visits"]
    visits[1]["lesions"][0] = {
        "id": "T1",
        "state": "split",
        "parts": [dict.fromkeys(("longest_mm", "perpendicular_mm"), 12.0)] * 2,
    }
    visits[2]["new_lesions"] = [{"id": "N1", "field": "outside", "measurable": True, "certainty": "equivocal"}]
    visits.insert(0, {"date": "2026-01-20", "role": "pre-baseline"})
    study = evaluate_response(request_from_json(glioma(visits=visits, measurements=None)))
    write_study(study, tmp_path)
    assert read_requests(tmp_path / "measurements.csv")[0].case == study.case


def test_a_written_result_is_a_case_again(tmp_path: Path) -> None:
    request = request_from_json(glioma())
    write_study(evaluate_response(request), tmp_path)
    (again,) = read_requests(tmp_path / "response.json")
    assert replace(again, inputs=request.inputs) == request


@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0", "RANO-BM", "RECIST-1.1"])
def test_any_history_gives_the_same_case_again(criteria: str, tmp_path: Path) -> None:
    for seed in range(5):
        study = evaluate_response(request_from_json(invented_history(criteria, seed)))
        write_study(study, tmp_path)
        assert read_response_record(tmp_path).request == study.request
        (again,) = read_requests(tmp_path / "measurements.csv")
        assert again.case == study.case


def test_a_damaged_record_is_named(folder: Path, tmp_path: Path) -> None:
    fields = json.loads((folder / "response.json").read_text(encoding="utf-8"))
    path = tmp_path / "response.json"
    path.write_text(json.dumps(fields | {"schema": 2}), encoding="utf-8")
    with pytest.raises(InputFileError, match=r"response\.json is of schema 2, this version reads schema 1"):
        read_response_record(path)
    path.write_text(json.dumps(fields | {"criteria": "RANO"}), encoding="utf-8")
    with pytest.raises(InputFileError, match="'criteria' is 'RANO', expected one of RANO-2010"):
        read_response_record(path)
    fields["case"]["visits"][0]["role"] = "follow-up"
    path.write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(InputFileError, match="0 baselines"):
        read_response_record(path)


def test_a_folder_that_cannot_be_written_is_an_error(study: ResponseStudy, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"response\.json cannot be written"):
        write_study(study, tmp_path / "file")
