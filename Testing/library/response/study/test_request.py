"""A patient to be assessed, from and to JSON; what contradicts the case is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.errors import InputFileError, ResponseError
from brachyresponse.response.study import (
    Adjudication,
    ResponseRequest,
    read_request,
    read_requests,
    request_as_json,
    request_from_json,
)
from brachyresponse.response.treatment import ReferenceChoice, TreatmentKind
from invented_case import glioma
from reference import REFERENCE, needs_reference


def saved(folder: Path, content: Any, name: str = "case.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_case_with_all_that_belongs_to_it_is_read() -> None:
    request = request_from_json(glioma())
    assert request.patient_id == "PAT-1"
    assert request.treatments is not None
    assert [each.kind for each in request.treatments][1] is TreatmentKind.SOURCE_REMOVAL
    assert request.adjudications == (
        Adjudication(date(2026, 8, 3), "SD", "Biopsy of 2026-08-10 showed necrosis.", "Board", date(2026, 8, 12)),
    )
    assert request.measurements[0].warnings == ("It touches the edge of the image.",)
    assert request.perfusion[1].ratio is None
    assert request.today == date(2026, 8, 20)


def test_what_is_written_is_read_back_the_same() -> None:
    for case in (glioma(), glioma(reference="2026-01-09"), glioma(reference="source removal", treatments=None)):
        request = request_from_json(case)
        assert request_from_json(json.loads(json.dumps(request_as_json(request)))) == request


def test_a_case_needs_nothing_beside_it() -> None:
    request = request_from_json({key: glioma()[key] for key in ("id", "criteria", "visits")})
    assert request == ResponseRequest(request.case)


def test_the_end_of_radiation_is_a_choice_or_a_day() -> None:
    assert request_from_json(glioma(reference="implant day")).reference is ReferenceChoice.IMPLANT_DAY
    assert request_from_json(glioma(reference="2026-02-01")).reference == date(2026, 2, 1)
    with pytest.raises(InputFileError, match=r"'reference' is 'some day', expected a date .* implant day"):
        request_from_json(glioma(reference="some day"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"perfusoin": []}, "Case glioma: 'perfusoin' is not known; did you mean 'perfusion'"),
        ({"criterea": "RANO-2010"}, "'criterea' is not known; did you mean 'criteria'"),
        (
            {"adjudications": [{"visit": "2026-08-03", "categry": "SD", "reason": "x"}]},
            "adjudications 1: 'categry' is not known; did you mean 'category'",
        ),
        (
            {"adjudications": [{"visit": "2026-08-03", "category": "better", "reason": "x"}]},
            "'category' is 'better', expected one of .*PD",
        ),
        ({"measurements": [{"visit": "2026-02-02"}]}, "measurements 1: 'lesion' is missing"),
        (
            {"measurements": [{"visit": "2026-02-02", "lesion": "T1", "origin": "by hand"}]},
            "measurements 1: 'origin' is 'by hand', expected one of automatic, manual",
        ),
        ({"today": "soon"}, "'today' is 'soon', expected a date such as 2026-01-31"),
    ],
)
def test_a_wrong_key_or_word_is_named_with_the_right_one(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        request_from_json(glioma(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"adjudications": [{"visit": "2026-08-04", "category": "SD", "reason": "x"}]},
            r"adjudication of 2026-08-04, which is no follow-up visit \(2026-06-01, 2026-08-03\)",
        ),
        ({"adjudications": [{"visit": "2026-02-02", "category": "SD", "reason": "x"}]}, "no follow-up visit"),
        ({"adjudications": [{"visit": "2026-08-03", "category": "SD", "reason": " "}]}, "has no reason: say why"),
        (
            {"adjudications": [{"visit": "2026-08-03", "category": "SD", "reason": "x"}] * 2},
            "two adjudications of the visit of 2026-08-03",
        ),
        (
            {"adjudications": [{"visit": "2026-08-03", "category": "baseline", "reason": "x"}]},
            "category 'baseline', expected one of CR, PR",
        ),
        (
            {"measurements": [{"visit": "2026-02-03", "lesion": "T1"}]},
            "measurement of 'T1' on 2026-02-03, but no visit",
        ),
        (
            {"sites": [{"visit": "2026-08-03", "lesion": "T3", "site": None, "sentence": "x"}]},
            "lesions are: 'T1', 'T2'",
        ),
        (
            {"measurements": [{"visit": "2026-02-02", "lesion": "T1", "longest_mm": 28.0}]},
            "'T1' of 2026-02-02 is 30 mm long in the case and 28 mm in its measurement",
        ),
    ],
)
def test_what_contradicts_the_case_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        request_from_json(glioma(**changes))


def test_a_file_may_hold_one_case_or_many(tmp_path: Path) -> None:
    one = read_request(saved(tmp_path, glioma()), today=date(2026, 9, 1))
    assert one.today == date(2026, 9, 1)
    assert one.inputs[0].name == "case.json"
    assert one.inputs[0].what.startswith("case file, SHA-256 ")
    many = saved(tmp_path, {"about": "Invented", "cases": [glioma(), glioma(id="other")]}, "many.json")
    assert [request.case.id for request in read_requests(many)] == ["glioma", "other"]
    with pytest.raises(InputFileError, match=r"many\.json holds 2 cases, expected one"):
        read_request(many)


def test_a_file_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"case\.json holds no cases"):
        read_requests(saved(tmp_path, {"cases": []}))
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"broken\.json is not JSON"):
        read_requests(tmp_path / "broken.json")
    with pytest.raises(InputFileError, match=r"absent\.json cannot be read: No such file"):
        read_requests(tmp_path / "absent.json")


@needs_reference("response", "cases.json")
def test_the_worked_cases_are_read_as_a_file_of_cases() -> None:
    requests = read_requests(REFERENCE / "response" / "cases.json")
    assert len(requests) == 66
    assert all(request.treatments is None for request in requests)
