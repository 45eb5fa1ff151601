"""Evidence on the lesions of a case: completed by what the case knows, kept in the study, written and read back."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.errors import InputFileError, ResponseError
from brachyresponse.response import (
    Answer,
    EvidenceRequest,
    Finding,
    ResponseRequest,
    SiteEntry,
    add_evidence,
    complete_evidence,
    continue_record,
    default_prior,
    evaluate_response,
    read_request,
    read_response_record,
    write_study,
)
from brachyresponse.response.study import request_as_json, request_from_json
from invented_case import glioma

VISIT = date(2026, 8, 3)
VISUAL = Finding("rcbv_visual_mets_hoefnagels", positive=True)


def case(**changes: Any) -> ResponseRequest:
    return read_request(glioma(**changes))


def asked(lesion: str = "T1", visit: date = VISIT, **changes: Any) -> EvidenceRequest:
    return EvidenceRequest(lesion, visit, default_prior(), (VISUAL,), **changes)


def answers(request: EvidenceRequest) -> dict[str, Answer]:
    return {one.condition: one.answer for one in request.answers}


def test_the_case_tells_treatments_size_baseline_other_lesions_and_patient() -> None:
    completed = complete_evidence(asked(), case())
    told = answers(completed)
    assert told["high_dose_steroid"] is Answer.NO  # 4 mg since January
    assert told["within_12_weeks"] is Answer.NO
    assert told["lesion_at_least_1_6_cm"] is Answer.YES  # 26 mm long
    assert told["lesion_at_least_1_5_cc"] is Answer.YES  # 4.5 mL
    assert told["baseline_scan"] is Answer.YES
    assert told["multiple_lesions"] is Answer.NO  # the other one is gone
    assert completed.patient_id == "PAT-1"
    assert completed.population == "high-grade glioma, recurrent"
    assert completed.context.is_after_balloon  # a source was taken out


def test_at_the_first_visit_nobody_knows_of_a_baseline() -> None:
    told = answers(complete_evidence(asked(visit=date(2026, 2, 2)), case()))
    assert "baseline_scan" not in told
    assert told["multiple_lesions"] is Answer.YES


def test_the_dose_at_the_lesion_comes_from_its_site() -> None:
    site = SiteEntry(VISIT, "T1", None, "It lies in the field.", d50_gy=88.0, v100_percent=71.0)
    completed = complete_evidence(asked(), replace(case(), sites=(site,)))
    assert completed.context.dose is not None
    assert completed.context.dose.d50_gy == 88.0


def test_what_the_case_says_of_drugs_answers_what_no_treatment_record_does() -> None:
    visits = glioma()["visits"]
    visits[-1] |= {"steroid_dose_mg": 12.0, "antiangiogenic": True}
    told = answers(complete_evidence(asked(), case(visits=visits, treatments=None)))
    assert told["high_dose_steroid"] is Answer.YES
    assert told["antiangiogenic_therapy"] is Answer.YES


@pytest.mark.parametrize(("trend", "answer"), [("stable", "no"), ("decreased", "yes"), ("increased", "yes")])
def test_the_trend_of_steroids_tells_whether_their_dose_changed(trend: str, answer: str) -> None:
    visits = glioma()["visits"]
    visits[-1]["steroid_trend"] = trend
    assert answers(complete_evidence(asked(), case(visits=visits, treatments=None)))["steroid_change"] == answer


def test_the_volumes_of_the_lesion_over_time_come_from_the_case() -> None:
    context = complete_evidence(asked(), case()).context
    assert [each.volume_ml for each in context.rim_volumes_ml] == [6.0, 2.5, 4.5]
    early = complete_evidence(asked(visit=date(2026, 6, 1)), case()).context
    assert [each.volume_ml for each in early.rim_volumes_ml] == [6.0, 2.5]


def test_a_study_holds_its_evidence_in_order_of_the_visits() -> None:
    request = add_evidence(case(), [asked(), asked(visit=date(2026, 2, 2)), asked("T2", date(2026, 2, 2))])
    study = evaluate_response(request)
    assert [(one.visit.month, one.lesion) for one in study.evidence] == [(2, "T1"), (2, "T2"), (8, "T1")]
    assert study.evidence_of(VISIT, "T1") is study.evidence[-1]
    assert study.evidence_of(VISIT, "T9") is None


def test_evidence_changes_no_category() -> None:
    bare, told = evaluate_response(case()), evaluate_response(add_evidence(case(), [asked()]))
    assert [visit.category for visit in told.assessment.visits] == [visit.category for visit in bare.assessment.visits]


def test_new_evidence_on_a_lesion_takes_the_place_of_the_old() -> None:
    first = add_evidence(case(), [asked(random_seed=1)])
    second = add_evidence(first, [asked(random_seed=2)])
    assert [one.request.random_seed for one in second.evidence] == [2]


def test_evidence_is_written_and_read_back(tmp_path: Path) -> None:
    study = evaluate_response(add_evidence(case(), [asked()]))
    paths = write_study(study, tmp_path)
    assert paths[-1].name == "evidence.csv"
    with paths[-1].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 2
    again = read_response_record(tmp_path).request.evidence
    assert [one.as_json() for one in again] == [one.as_json() for one in study.evidence]
    written = json.loads((tmp_path / "response.json").read_text(encoding="utf-8"))
    assert written["evidence"][0]["result"]["verdict"] == study.evidence[0].verdict


def test_a_study_without_evidence_writes_no_table_of_it(tmp_path: Path) -> None:
    assert "evidence.csv" not in [path.name for path in write_study(evaluate_response(case()), tmp_path)]


def test_a_request_with_evidence_is_json_and_back() -> None:
    request = add_evidence(case(), [asked()])
    again = request_from_json(json.loads(json.dumps(request_as_json(request))))
    assert [one.request for one in again.evidence] == [one.request for one in request.evidence]


def test_a_next_assessment_keeps_the_evidence_of_lesions_it_still_has(tmp_path: Path) -> None:
    write_study(evaluate_response(add_evidence(case(), [asked(), asked(visit=date(2026, 2, 2))])), tmp_path)
    fewer = case(visits=glioma()["visits"][:2], adjudications=None, measurements=None, perfusion=None, sites=None)
    continued = continue_record(fewer, read_response_record(tmp_path))
    assert [one.visit for one in continued.evidence] == [date(2026, 2, 2)]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (asked("T9"), r"evidence of 'T9' on 2026-08-03, but the visit's lesions are: 'T1', 'T2'; correct the name"),
        (asked(visit=date(2026, 9, 9)), r"evidence of 'T1' on 2026-09-09, but no visit that day: correct the date"),
        (asked(measured_as=("T2",)), r"a study has the lesion 'T2' only, which is another lesion of the patient"),
        (asked("T2"), r"'T2' on 2026-08-03: the case has the lesion as absent there, so that there is nothing to"),
        (asked(patient_id="PAT-9"), r"case 'glioma' is of patient 'PAT-1', the evidence of 'PAT-9'"),
    ],
)
def test_evidence_that_is_not_of_this_case_is_refused(request_: EvidenceRequest, said: str) -> None:
    with pytest.raises(ResponseError, match=said):
        add_evidence(case(), [request_])


def test_evidence_twice_for_one_lesion_is_refused() -> None:
    with pytest.raises(ResponseError, match="has evidence of 'T1' on 2026-08-03 twice: keep one"):
        add_evidence(case(), [asked(), asked()])


def test_damaged_evidence_in_a_case_is_named_by_its_place() -> None:
    with pytest.raises(InputFileError, match=r"Case glioma: evidence 1: 'visti' is not known; did you mean 'visit'"):
        case(evidence=[{"lesion": "T1", "visti": "2026-08-03"}])
