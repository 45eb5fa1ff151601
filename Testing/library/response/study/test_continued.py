"""A patient assessed again: the reader's words are kept, and what changed since is told."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.study import (
    ResponseRecord,
    continue_record,
    evaluate_response,
    read_response_record,
    request_from_json,
    write_study,
)
from invented_case import glioma


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> ResponseRecord:
    folder = tmp_path_factory.mktemp("earlier")
    write_study(evaluate_response(request_from_json(glioma())), folder)
    return read_response_record(folder)


def case(**changes: Any) -> dict[str, Any]:
    return glioma(**{"measurements": None, "notes": None, "sites": None, **changes})


def test_the_readers_word_is_carried_on_unless_there_is_a_new_one(earlier: ResponseRecord) -> None:
    silent = continue_record(request_from_json(case(adjudications=None, patient_id=None)), earlier)
    assert silent.adjudications == earlier.request.adjudications
    assert silent.patient_id == "PAT-1"
    assert silent.notes == ()
    said = [{"visit": "2026-08-03", "category": "PD", "reason": "The biopsy was read again."}]
    assert continue_record(request_from_json(case(adjudications=said)), earlier).adjudications[0].category == "PD"


def test_other_criteria_than_before_are_asked_about(earlier: ResponseRecord) -> None:
    request = continue_record(request_from_json(case(criteria="RANO-BM")), earlier)
    with pytest.raises(ResponseError, match="assessed by RANO-2010 before and is to be assessed by RANO-BM now"):
        evaluate_response(request)


def test_what_changed_since_is_told(earlier: ResponseRecord) -> None:
    visits = case()["visits"]
    visits[0]["lesions"][0]["longest_mm"] = 31.0
    visits[0]["t2_flair"] = "worse"
    changed = continue_record(request_from_json(case(visits=[visits[0], visits[2]])), earlier)
    assert changed.notes == (
        "The visit of 2026-02-02 was changed since the earlier assessment: lesion 'T1', what else is said of it.",
        "The visit of 2026-06-01 was part of the earlier assessment and is left out of this one.",
    )


def test_the_assessment_of_another_patient_is_refused(earlier: ResponseRecord) -> None:
    with pytest.raises(ResponseError, match="earlier assessment is of patient 'PAT-1', this one of 'PAT-2'"):
        continue_record(request_from_json(case(patient_id="PAT-2")), earlier)
