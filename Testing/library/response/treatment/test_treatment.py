"""Treatments are valid once they exist, and say in a sentence why they are not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment import (
    Biopsy,
    BiopsyResult,
    Drug,
    Implant,
    PerformanceScale,
    SourceRemoval,
    Treatment,
    TreatmentKind,
    TreatmentRecord,
    Tumour,
    TumourType,
    new_treatment,
)

DAY, LATER = date(2026, 1, 31), date(2026, 3, 1)


def test_a_treatment_is_made_from_its_kind_and_the_fields_of_its_details() -> None:
    implant = new_treatment("implant", DAY, prescription_gy=120.0, source="amersham_6711", note="left temporal")
    assert implant == Treatment(
        TreatmentKind.IMPLANT, DAY, None, Implant(prescription_gy=120.0, source="amersham_6711"), "left temporal"
    )


def test_words_of_closed_vocabularies_may_be_texts() -> None:
    biopsy = new_treatment("biopsy", DAY, result="necrosis")
    assert biopsy.details == Biopsy(BiopsyResult.NECROSIS)
    assert new_treatment("performance status", DAY, score=1, scale="ECOG").details.scale is PerformanceScale.ECOG


@pytest.mark.parametrize("grade", range(6))
def test_grades_of_toxicity_go_from_0_to_5(grade: int) -> None:
    assert new_treatment("toxicity", DAY, grade=grade).details.grade == grade


@pytest.mark.parametrize("score", [0, 70, 100])
def test_karnofsky_goes_in_steps_of_ten(score: int) -> None:
    assert new_treatment("performance status", DAY, score=score).details.score == score


@pytest.mark.parametrize(
    ("kind", "details", "message"),
    [
        ("toxicity", {"grade": 7}, r"RTOG/EORTC grade is 7, expected 0 \(none\) to 5 \(death\)"),
        ("toxicity", {"grade": -1}, "grade is -1"),
        ("toxicity", {"grad": 2}, "has no 'grad'; did you mean 'grade'"),
        ("toxicity", {}, "'toxicity' needs 'grade'"),
        ("implnt", {}, "no treatment 'implnt'; did you mean 'implant'"),
        ("implant", {"prescription_gy": 0.0}, "prescription is 0 Gy, expected more than 0"),
        ("implant", {"half_life_days": -1.0}, "half-life is -1 days"),
        ("external beam", {"fractions": 0}, "0 fractions: expected 1 or more"),
        ("steroids", {"dose_mg": -4.0}, "steroid dose is -4 mg a day"),
        ("steroids", {"dose_mg": 500.0}, "steroid dose is 500 mg a day, expected 0 to 100 mg of dexamethasone"),
        ("steroids", {"dose_mg": float("nan")}, "steroid dose is nan"),
        ("biopsy", {"result": "necroses"}, "no result 'necroses'; did you mean 'necrosis'"),
        ("performance status", {"score": 75}, "Karnofsky performance status is 75, expected 0 to 100 in steps of 10"),
        ("performance status", {"score": 6, "scale": "ECOG"}, "ECOG performance status is 6, expected 0 to 5"),
        ("serum marker", {"value_ug_per_l": -1.0}, "Thyroglobulin is -1, expected 0 or more"),
        ("serum marker", {"value_ug_per_l": 1.0, "tsh_mu_per_l": float("nan")}, "TSH is nan"),
        ("surgery", {"dose_mg": 4.0}, "'surgery' has no 'dose_mg'; it has dates and a note only"),
    ],
)
def test_wrong_details_are_refused_in_a_sentence(kind: str, details: dict[str, Any], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        new_treatment(kind, DAY, **details)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ResponseError, match="Steroids ends on 2026-01-31, before its start on 2026-03-01"):
        new_treatment("steroids", LATER, DAY, dose_mg=4.0)


def test_what_takes_place_on_one_day_has_no_other_end() -> None:
    assert new_treatment("surgery", DAY, DAY).end == DAY
    with pytest.raises(ResponseError, match="takes place on one day"):
        new_treatment("implant", DAY, LATER)


def test_a_source_is_not_removed_before_it_is_inserted() -> None:
    assert new_treatment("source removal", LATER, inserted_on=DAY).details == SourceRemoval(inserted_on=DAY)
    with pytest.raises(ResponseError, match="inserted on 2026-03-01, after its removal on 2026-01-31"):
        new_treatment("source removal", DAY, inserted_on=LATER)


def test_details_of_another_kind_are_refused() -> None:
    with pytest.raises(ResponseError, match="Implant of 2026-01-31 has the details Drug, expected Implant"):
        Treatment(TreatmentKind.IMPLANT, DAY, details=Drug("temozolomide"))


def test_dates_with_a_time_are_refused() -> None:
    with pytest.raises(ResponseError, match="give dates without times"):
        new_treatment("surgery", datetime(2026, 1, 31, 12, 0))


def test_a_treatment_covers_its_days_and_goes_on_without_an_end() -> None:
    ended = new_treatment("chemotherapy", DAY, LATER, agent="temozolomide")
    assert [ended.covers(day) for day in (date(2026, 1, 30), DAY, LATER, date(2026, 3, 2))] == [
        False,
        True,
        True,
        False,
    ]
    assert new_treatment("bevacizumab", DAY).covers(date(2030, 1, 1))


def test_only_courses_have_a_dose() -> None:
    assert new_treatment("external beam", DAY, prescription_gy=60.0).radiation.prescription_gy == 60.0
    with pytest.raises(ResponseError, match="Surgery of 2026-01-31 gives no dose"):
        _ = new_treatment("surgery", DAY).radiation


def test_a_record_lists_courses_in_order() -> None:
    record = TreatmentRecord(
        (new_treatment("implant", LATER), new_treatment("surgery", DAY), new_treatment("external beam", DAY))
    )
    assert [course.kind for course in record.courses] == [TreatmentKind.EXTERNAL_BEAM, TreatmentKind.IMPLANT]


def test_two_doses_of_steroids_on_one_day_are_refused() -> None:
    with pytest.raises(ResponseError, match="Two doses of steroids start on 2026-01-31, 4 and 8 mg"):
        TreatmentRecord(tuple(new_treatment("steroids", DAY, dose_mg=dose) for dose in (4.0, 8.0)))


def test_the_idh_state_belongs_to_gliomas() -> None:
    assert Tumour(TumourType.NEW_HIGH_GRADE_GLIOMA, "mutant").describe() == (
        "high-grade glioma, newly diagnosed; IDH mutant"
    )
    with pytest.raises(ResponseError, match="IDH state is 'mutant' for a brain metastasis"):
        Tumour(TumourType.BRAIN_METASTASIS, "mutant")


def test_an_unknown_tumour_type_is_told_with_the_nearest() -> None:
    with pytest.raises(ResponseError, match="no tumour type 'brain metastases'; did you mean 'brain metastasis'"):
        Tumour("brain metastases")


@pytest.mark.parametrize(
    ("details", "message"),
    [({"dose_mg": "4"}, "'dose_mg' is '4', expected float"), ({"dose_mg": True}, "'dose_mg' is True, expected float")],
)
def test_a_value_of_another_type_is_named(details: dict[str, Any], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        new_treatment("steroids", date(2026, 1, 5), **details)


def test_a_date_as_text_is_refused() -> None:
    with pytest.raises(ResponseError, match="from 2026-01-05 to None: give dates without times"):
        new_treatment("surgery", "2026-01-05")  # type: ignore[arg-type]
