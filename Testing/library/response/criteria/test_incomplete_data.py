"""Clinical status, steroids or T2/FLAIR not known: the category of what is known, and what it would become."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.response import ResponseAssessment, VisitAssessment, assess_response
from brachyresponse.response.vocabulary import Category
from response_cases import absent, case, new_lesion, target, visit

JSON = dict[str, Any]
FIRST = visit(0, target(20, 20), steroid_dose_mg=4)
SAME, HALF, GROWN = target(20, 20), target(20, 10), target(25, 20)
NO_STATUS = {"clinical_status": "not_assessed"}
NO_STEROIDS = {"steroid_trend": None, "steroid_dose_mg": None}


def assessed(lesion: JSON, criteria: str = "RANO-2010", **more: Any) -> ResponseAssessment:
    return assess_response(case(criteria, FIRST, visit(56, lesion, **more), radiation_day=-100))


def at(lesion: JSON, criteria: str = "RANO-2010", **more: Any) -> VisitAssessment:
    return assessed(lesion, criteria, **more).visits[-1]


def outcomes(found: VisitAssessment) -> list[tuple[str, str]]:
    return [(one.condition, str(one.category)) for one in found.if_known]


@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0", "RANO-BM"])
@pytest.mark.parametrize(("lesion", "category"), [(SAME, "SD"), (target(14, 10), "PR")])
def test_an_unknown_clinical_status_gives_the_imaging_only_category(criteria: str, lesion: JSON, category: str) -> None:
    found = at(lesion, criteria, **NO_STATUS)
    assert (found.category, found.is_imaging_only) == (category, True)
    assert found.label == "imaging only: clinical status not known"
    assert outcomes(found) == [
        ("If the patient is clinically stable or better", category),
        ("If the patient is clinically worse from the tumour", "PD"),
    ]


def test_unknown_steroids_give_the_imaging_only_category() -> None:
    found = at(HALF, **NO_STEROIDS)
    assert (found.category, found.label) == (Category.PR, "imaging only: steroids not known")
    assert [category for _, category in outcomes(found)] == ["PR", "NE"]
    assert outcomes(found)[1][0] == "If the steroids, against the baseline, are higher"


def test_a_trend_that_is_not_given_is_unknown_even_where_the_dose_is_given() -> None:
    one = assessed(HALF, steroid_trend=None, steroid_dose_mg=2)
    assert one.visits[-1].is_imaging_only
    assert any("by the doses (4 mg at baseline, 2 mg now) it would be decreased" in warning for warning in one.warnings)


def test_growth_with_unknown_steroids_is_progression_unless_they_fell() -> None:
    found = at(GROWN, **NO_STEROIDS)
    assert found.category == Category.PD
    assert {category for _, category in outcomes(found)} == {"PD", "NE"}


def test_what_is_gone_with_unknown_steroids_may_be_complete_partial_or_neither() -> None:
    found = at(absent(), **NO_STEROIDS)
    assert found.category == Category.CR
    assert {category for _, category in outcomes(found)} == {"CR", "PR", "NE"}


def test_both_unknown_are_both_named() -> None:
    found = at(SAME, **NO_STATUS, **NO_STEROIDS)
    assert (found.category, found.label) == (Category.SD, "imaging only: steroids and clinical status not known")
    assert {category for _, category in outcomes(found)} == {"SD", "NE", "PD"}


@pytest.mark.parametrize(
    "more",
    [
        {"new_lesions": [new_lesion()]},
        {"non_target": "PD"},
        {"t2_flair": "worse"},
    ],
)
def test_where_the_unknown_cannot_change_the_answer_nothing_is_said(more: JSON) -> None:
    found = at(SAME, **NO_STATUS, **more)
    assert (found.category, found.is_imaging_only, found.if_known) == (Category.PD, False, ())


def test_an_unknown_dose_does_not_matter_to_stable_disease() -> None:
    found = at(SAME, steroid_dose_mg=None)
    assert (found.category, found.unknown) == (Category.SD, ())


def test_a_known_fall_bars_growth_although_the_dose_is_unknown() -> None:
    found = at(GROWN, steroid_trend="decreased", steroid_dose_mg=None)
    assert (found.category, found.unknown) == (Category.NE, ())


def test_unknown_steroids_and_status_do_not_matter_to_the_short_rano_nor_to_recist() -> None:
    for criteria in ("RANO-GliaSite", "RECIST-1.1"):
        found = at(SAME, criteria, **NO_STATUS, **NO_STEROIDS)
        assert (found.category, found.unknown, found.if_known) == (Category.SD, (), ())


def test_t2_flair_that_was_not_assessed_is_named_but_is_not_called_imaging_only() -> None:
    found = at(SAME, t2_flair="not_assessed")
    assert (found.category, found.is_imaging_only, found.label) == (Category.SD, False, "T2/FLAIR not assessed")
    assert outcomes(found)[1] == ("If T2/FLAIR is clearly more", "PD")


def test_t2_flair_does_not_matter_where_the_criteria_leave_it_out() -> None:
    assert at(SAME, "RANO-2.0", t2_flair="not_assessed").label == ""
    assert at(SAME, "RANO-BM", t2_flair="not_assessed").label == ""


def test_non_target_disease_that_was_not_evaluated_gives_no_category_but_what_it_would_be() -> None:
    found = at(absent(), "RANO-BM", non_target="NE", steroid_trend="decreased")
    assert found.category == Category.NE
    assert [category for _, category in outcomes(found)] == ["CR", "PR", "PD"]


def test_the_best_response_says_that_it_rests_on_what_is_not_known() -> None:
    one = assessed(SAME, **NO_STATUS)
    assert one.best_overall_response == Category.SD
    assert any(warning.startswith("The category of 2024-03-04 is that of what is known") for warning in one.warnings)


def test_growth_on_a_falling_dose_says_what_it_would_be_at_the_same_dose() -> None:
    found = at(GROWN, steroid_trend="decreased", steroid_dose_mg=2)
    assert found.category == Category.NE
    assert outcomes(found) == [("If the dose of steroids were that of the baseline", "PD")]


def test_growth_at_a_low_dose_counts_once_the_nadir_had_it_too() -> None:
    lower = {"steroid_trend": "decreased", "steroid_dose_mg": 2}
    visits = [FIRST, visit(56, HALF, **lower), visit(112, target(25, 10), **lower)]
    assert [one.category for one in assess_response(case("RANO-2010", *visits)).visits[1:]] == ["PR", "PD"]


@pytest.mark.parametrize(("criteria", "category"), [("RANO-2010", "NE"), ("RANO-2.0", "PD"), ("RANO-BM", "PD")])
def test_only_rano_2010_is_known_to_bar_growth_on_a_falling_dose(criteria: str, category: str) -> None:
    found = at(target(26, 20), criteria, steroid_trend="decreased", steroid_dose_mg=2)
    assert found.category == category
    assert found.conventions


def test_what_comes_back_after_complete_response_counts_on_any_dose() -> None:
    off = {"steroid_trend": "decreased", "steroid_dose_mg": 0}
    visits = [FIRST, visit(56, absent(), **off), visit(112, target(11, 10), **off)]
    assert [one.category for one in assess_response(case("RANO-2010", *visits)).visits[1:]] == ["CR", "PD"]
