"""What the record says at each visit; what it does not say stays unknown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.response.treatment import (
    BiopsyResult,
    Treatment,
    TreatmentRecord,
    VisitFacts,
    facts_for_case,
    new_treatment,
    steroid_dose_mg,
)

DAY0 = date(2026, 1, 31)
VISITS = [DAY0 + timedelta(days) for days in (-20, 0, 60, 120)]


def steroids(start: int, dose_mg: float, end: int | None = None) -> Treatment:
    last = None if end is None else DAY0 + timedelta(end)
    return new_treatment("steroids", DAY0 + timedelta(start), last, dose_mg=dose_mg)


def facts(*treatments: Treatment) -> tuple[VisitFacts, ...]:
    return facts_for_case(TreatmentRecord(treatments), VISITS, baseline=DAY0).visits


def test_an_empty_record_knows_nothing() -> None:
    case = facts_for_case(TreatmentRecord(), VISITS, baseline=DAY0)
    assert (case.is_antiangiogenic, case.is_immunotherapy, case.radiation_end.date) == (None, None, None)
    for visit in case.visits:
        assert (visit.steroid_dose_mg, visit.steroid_trend, visit.histology, visit.performance) == (None,) * 4
        assert visit.sentences == (f"No dose of steroids is on record for {visit.date}.",)


def test_steroids_are_compared_with_those_at_the_baseline() -> None:
    found = facts(steroids(-5, 4), steroids(30, 8), steroids(100, 2))
    assert [visit.steroid_dose_mg for visit in found] == [None, 4, 8, 2]
    assert [visit.steroid_trend for visit in found] == [None, "stable", "increased", "decreased"]


def test_without_a_baseline_the_trend_is_unknown() -> None:
    record = TreatmentRecord((steroids(-30, 4),))
    assert [visit.steroid_trend for visit in facts_for_case(record, VISITS).visits] == [None] * 4


def test_after_their_last_day_steroids_are_off() -> None:
    found = facts(steroids(-30, 4, 10))
    assert [visit.steroid_dose_mg for visit in found] == [4, 4, 0, 0]
    assert found[3].steroid_trend == "decreased"


@given(st.dictionaries(st.integers(-300, 300), st.integers(0, 40), min_size=1, max_size=6), st.integers(-400, 400))
def test_a_dose_holds_until_the_next_one(doses: dict[int, int], day: int) -> None:
    record = TreatmentRecord(tuple(steroids(start, dose) for start, dose in doses.items()))
    begun = [start for start in doses if start <= day]
    expected = doses[max(begun)] if begun else None
    assert steroid_dose_mg(record, DAY0 + timedelta(day)) == expected


def test_a_drug_counts_from_its_start_on() -> None:
    found = facts(new_treatment("bevacizumab", DAY0 + timedelta(30), DAY0 + timedelta(50)))
    assert [visit.is_antiangiogenic for visit in found] == [False, False, True, True]
    assert [visit.is_immunotherapy for visit in found] == [None] * 4


def test_the_case_counts_as_antiangiogenic_when_any_visit_does() -> None:
    record = TreatmentRecord((new_treatment("bevacizumab", DAY0 + timedelta(30)),))
    assert facts_for_case(record, VISITS).is_antiangiogenic is True
    assert facts_for_case(record, VISITS[:2]).is_antiangiogenic is False


@pytest.mark.parametrize(("day", "visit"), [(-20, 0), (-1, 0), (0, 1), (59, 1), (60, 2), (70, 2), (500, 3)])
def test_a_biopsy_belongs_to_the_last_visit_before_it(day: int, visit: int) -> None:
    found = facts(new_treatment("biopsy", DAY0 + timedelta(day), result="necrosis", lesion="T1"))
    assert [each.histology for each in found] == [BiopsyResult.NECROSIS if n == visit else None for n in range(4)]
    assert f"The biopsy of T1 on {DAY0 + timedelta(day)} showed necrosis." in found[visit].sentences


def test_a_biopsy_before_all_visits_belongs_to_none() -> None:
    assert [each.histology for each in facts(new_treatment("biopsy", DAY0 - timedelta(90), result="tumour"))] == [
        None
    ] * 4


@pytest.mark.parametrize(
    ("results", "histology", "is_tumour"),
    [(["tumour"], "tumour", True), (["mixed"], "mixed", False), (["tumour", "necrosis"], "mixed", False)],
)
def test_mixed_histology_is_for_the_reader(results: list[str], histology: str, is_tumour: bool) -> None:
    found = facts(*(new_treatment("biopsy", DAY0 + timedelta(61 + n), result=each) for n, each in enumerate(results)))[
        2
    ]
    assert (found.histology, found.has_histology_of_tumour) == (histology, is_tumour)
    assert any("for the reader" in sentence for sentence in found.sentences) == (results == ["mixed"])


def test_the_performance_status_is_told_beside_that_of_the_baseline() -> None:
    found = facts(
        new_treatment("performance status", DAY0, score=90),
        new_treatment("performance status", DAY0 + timedelta(100), score=60),
    )
    assert [visit.performance.score if visit.performance else None for visit in found] == [None, 90, 90, 60]
    assert (
        "The performance status is Karnofsky 60, Karnofsky 90 at the baseline: what it comes from is for the reader."
        in (found[3].sentences)
    )


def test_the_end_of_radiation_follows_the_choice() -> None:
    record = TreatmentRecord((new_treatment("implant", DAY0),))
    assert facts_for_case(record, VISITS).radiation_end.date is None
    assert facts_for_case(record, VISITS, reference="implant day").radiation_end.date == DAY0
