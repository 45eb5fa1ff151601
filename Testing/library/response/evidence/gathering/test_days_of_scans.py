"""Treatments are held against the day of every scan, and of the visit for what was typed in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.diffusion.record_file import write_diffusion
from brachyresponse.response.evidence import Answer, ConditionAnswer
from brachyresponse.response.evidence.gathering import answers_of_treatments, read_evidence_request
from brachyresponse.response.treatment import record_from_json
from evidence_records import LESION, diffusion
from evidence_records import written_evidence as written

SCAN, VISIT = date(2026, 7, 1), date(2026, 8, 3)
YES = Answer.YES
ANATOMY = {"id": "anatomical_mri_hgg_vandijken", "positive": True}
STEROIDS = {"kind": "steroids", "start": "2026-06-20", "end": "2026-07-02", "dose_mg": 16}


@pytest.mark.parametrize(
    ("visit", "said"),
    [
        ("2026-07-31", ""),
        ("2026-08-03", " It was scanned 33 days before the visit of 2026-08-03."),
        ("2026-05-01", " It was scanned 61 days after the visit of 2026-05-01."),
    ],
)
def test_a_scan_far_from_the_visit_is_told(tmp_path: Path, visit: str, said: str) -> None:
    write_diffusion(diffusion(scan_date=SCAN), tmp_path / "diffusion")
    contents = {"schema": 1, "lesion": LESION, "visit": visit, "diffusion": "diffusion"}
    assert read_evidence_request(written(tmp_path, contents)).inputs == (f"Diffusion of 2026-07-01, map 'ADC'.{said}",)


def asked(folder: Path, treatment: dict[str, Any], **fields: Any) -> dict[str, ConditionAnswer]:
    """Answers where the ADC was measured a month before the visit."""
    write_diffusion(diffusion(scan_date=SCAN), folder / "diffusion")
    contents = {"schema": 1, "lesion": LESION, "visit": f"{VISIT}", "diffusion": "diffusion", "treatments": [treatment]}
    request = read_evidence_request(written(folder, {**contents, **fields}))
    return {one.condition: one for one in request.answers}


@pytest.mark.parametrize(
    ("treatment", "condition", "is_typed_in", "answer"),
    [
        ({"kind": "bevacizumab", "start": "2026-07-15"}, "antiangiogenic_therapy", False, Answer.NO),
        ({"kind": "bevacizumab", "start": "2026-07-15"}, "antiangiogenic_therapy", True, YES),
        ({"kind": "bevacizumab", "start": "2025-01-15", "end": "2025-03-01"}, "antiangiogenic_therapy", True, YES),
        ({"kind": "external beam", "start": "2026-04-02", "end": "2026-04-20"}, "within_12_weeks", True, YES),
        ({"kind": "external beam", "start": "2026-01-02", "end": "2026-02-20"}, "within_12_weeks", True, Answer.NO),
        (STEROIDS, "high_dose_steroid", True, YES),
    ],
)  # fmt: skip
def test_what_spoils_one_of_the_scans_counts(
    tmp_path: Path, treatment: dict[str, Any], condition: str, is_typed_in: bool, answer: Answer
) -> None:
    told = asked(tmp_path, treatment, **({"findings": [ANATOMY]} if is_typed_in else {}))
    assert told[condition].answer is answer


def test_the_days_that_a_file_tells_stand(tmp_path: Path) -> None:
    drug = {"kind": "bevacizumab", "start": "2026-07-15"}
    told = asked(tmp_path, drug, findings=[ANATOMY], scan_dates=[f"{SCAN}"])
    assert told["antiangiogenic_therapy"].answer is Answer.NO


def test_a_drug_of_the_day_of_the_scan_is_asked_about() -> None:
    record = record_from_json({"treatments": [{"kind": "bevacizumab", "start": f"{VISIT}"}]})
    told = next(one for one in answers_of_treatments(record, VISIT) if one.condition == "antiangiogenic_therapy")
    assert told.answer is Answer.UNKNOWN
    assert (
        told.source == "Bevacizumab of 2026-08-03 was begun on the day of the scan: whether before it is not on record."
    )


def test_radiation_that_goes_on_is_called_so() -> None:
    course = {"kind": "external beam", "start": "2026-07-20", "end": "2026-09-01"}
    record = record_from_json({"treatments": [course]})
    told = next(one for one in answers_of_treatments(record, VISIT) if one.condition == "within_12_weeks")
    assert (told.answer, told.source.endswith("was going on at the scan of 2026-08-03.")) == (YES, True)


def test_on_the_first_day_of_the_calendar_there_is_no_day_before() -> None:
    record = record_from_json({"treatments": [{"kind": "steroids", "start": "0001-01-01", "dose_mg": 16}]})
    told = {one.condition: one.answer for one in answers_of_treatments(record, date.min)}
    assert told["high_dose_steroid"] is YES
