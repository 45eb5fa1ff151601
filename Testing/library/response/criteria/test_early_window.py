"""The weeks after radiation, in which growth may be pseudoprogression."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.response import ConfirmationStatus, VisitAssessment, assess_response
from brachyresponse.response.vocabulary import Category
from response_cases import BASELINE, case, new_lesion, target, visit

JSON = dict[str, Any]
FIRST = visit(0, target(20, 20))
GROWN, SAME, SMALLER = target(26, 20), target(20, 20), target(18, 18)


def at(
    day: int, lesion: JSON, criteria: str = "RANO-2010", radiation_day: int | None = -28, **more: Any
) -> VisitAssessment:
    """The visit so many days after the baseline, which is itself 28 days after radiation."""
    return assess_response(case(criteria, FIRST, visit(day, lesion, **more), radiation_day=radiation_day)).visits[-1]


@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0", "RANO-GliaSite"])
@pytest.mark.parametrize(("day", "category"), [(55, Category.PRELIMINARY_PD), (56, Category.PD)])
def test_growth_counts_from_day_84_after_radiation(criteria: str, day: int, category: Category) -> None:
    assert at(day, GROWN, criteria).category == category


def test_rano_bm_has_no_early_window() -> None:
    assert at(30, target(30, 20), "RANO-BM").category == Category.PD


def test_a_scan_before_the_end_of_radiation_is_not_in_the_window() -> None:
    assert at(30, GROWN, radiation_day=31).category == Category.PD


@pytest.mark.parametrize(
    ("criteria", "field", "category"),
    [
        ("RANO-2010", "outside", Category.PD),
        ("RANO-2010", "inside", Category.PRELIMINARY_PD),
        ("RANO-2010", "straddles", Category.PRELIMINARY_PD),
        ("RANO-2010", "not_applicable", Category.PRELIMINARY_PD),
        ("RANO-2.0", "outside", Category.PRELIMINARY_PD),
        ("RANO-GliaSite", "inside", Category.PD),
        ("RANO-BM", "inside", Category.PD),
    ],
)
def test_a_new_lesion_in_the_window_counts_by_where_it_lies(criteria: str, field: str, category: Category) -> None:
    assert at(30, SAME, criteria, new_lesions=[new_lesion(field=field)]).category == category


def test_a_lesion_that_straddles_the_field_is_put_to_the_reader() -> None:
    found = at(30, SAME, new_lesions=[new_lesion(field="straddles")])
    assert [(one.condition, one.category) for one in found.if_known] == [
        ("If the new lesion lies outside the 80 % isodose, which is for the reader to decide", Category.PD)
    ]


@pytest.mark.parametrize("lesion", [GROWN, SAME])
def test_histology_settles_it_within_the_window(lesion: JSON) -> None:
    found = at(30, lesion, histology="tumour")
    assert found.category == Category.PD
    assert found.deciding_rule is not None
    assert found.deciding_rule.rule_id == "early_window_rule"


def test_histology_alone_changes_nothing_later() -> None:
    assert at(90, SAME, histology="tumour").category == Category.SD


@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0"])
def test_clinical_decline_alone_has_no_category_within_the_window(criteria: str) -> None:
    early, late = at(30, SAME, criteria, clinical_status="worse"), at(90, SAME, criteria, clinical_status="worse")
    assert (early.category, late.category) == (Category.NE, Category.PD)
    assert "no category fits" in early.sentence
    assert "literal reading" in early.conventions[0]


def test_t2_flair_and_non_target_growth_are_preliminary_within_the_window() -> None:
    assert at(30, SAME, t2_flair="worse").category == Category.PRELIMINARY_PD
    assert at(30, SAME, non_target="PD").category == Category.PRELIMINARY_PD


def test_without_the_end_of_radiation_it_says_what_cannot_be_judged() -> None:
    one = case("RANO-2010", FIRST, visit(30, GROWN))
    assessed = assess_response(one)
    found = assessed.visits[-1]
    assert found.category == Category.PD
    assert found.if_known[0].sentence == (
        "If the scan lies within 12 weeks of the end of radiation, which is not known: pPD."
    )
    assert any("cannot be judged" in warning for warning in assessed.warnings)


def test_without_the_end_of_radiation_nothing_is_said_where_it_would_not_matter() -> None:
    assert at(30, SAME, radiation_day=None).if_known == ()


def test_the_end_of_radiation_after_the_last_visit_is_warned_of() -> None:
    assessed = assess_response(case("RANO-2010", FIRST, visit(30, SAME), radiation_day=60))
    assert any("lies after the last visit" in warning for warning in assessed.warnings)


def course(*visits: tuple[int, JSON], **options: Any) -> Any:
    follow_ups = [visit(day, lesion) for day, lesion in visits]
    return assess_response(case("RANO-2.0", FIRST, *follow_ups, radiation_day=-10, **options))


def test_growth_seen_again_after_28_days_is_progression_from_the_first_scan() -> None:
    assessed = course((30, GROWN), (58, target(33, 22)))
    assert [one.category for one in assessed.visits[1:]] == ["pPD", "PD"]
    assert (assessed.progression_date - BASELINE).days == 30
    assert "dated back by the rule" in " ".join(assessed.warnings)
    assert assessed.visits[1].confirmation.status is ConfirmationStatus.CONFIRMED


def test_growth_seen_again_too_early_is_still_preliminary() -> None:
    assessed = course((30, GROWN), (57, target(33, 22)))
    assert [one.category for one in assessed.visits[1:]] == ["pPD", "pPD"]
    assert assessed.progression_date is None
    assert assessed.visits[1].confirmation.status is ConfirmationStatus.PENDING


def test_a_repeat_that_is_only_above_the_nadir_confirms_and_says_that_this_is_open() -> None:
    assessed = course((30, GROWN), (58, GROWN))
    assert assessed.visits[-1].category == Category.PD
    assert "leave open whether that confirms" in " ".join(assessed.visits[-1].conventions)


def test_growth_that_goes_away_was_pseudoprogression_and_a_later_one_starts_anew() -> None:
    assessed = course((30, GROWN), (60, SAME), (120, GROWN))
    assert [one.category for one in assessed.visits[1:]] == ["pPD", "SD", "PD"]
    assert (assessed.progression_date - BASELINE).days == 120
    assert assessed.visits[1].confirmation.status is ConfirmationStatus.NOT_CONFIRMED
    assert assessed.best_overall_response == Category.SD


def test_a_visit_that_cannot_be_judged_does_not_refute_a_preliminary_progression() -> None:
    assessed = course((30, GROWN), (45, target(state="not_evaluable")), (100, GROWN))
    assert (assessed.progression_date - BASELINE).days == 30


def test_the_protocol_may_ask_for_confirmation_later_too() -> None:
    assessed = course((120, GROWN), (140, GROWN), (150, target(34, 22)), confirm_progression=True)
    assert [one.category for one in assessed.visits[1:]] == ["pPD", "pPD", "PD"]
    assert (assessed.progression_date - BASELINE).days == 120


def test_clinical_decline_needs_no_confirmation_scan() -> None:
    visits = [FIRST, visit(120, SAME, clinical_status="worse")]
    found = assess_response(case("RANO-2.0", *visits, radiation_day=-10, confirm_progression=True)).visits[-1]
    assert found.category == Category.PD


def test_rano_2010_does_not_date_progression_back() -> None:
    visits = [FIRST, visit(30, GROWN), visit(100, GROWN)]
    assessed = assess_response(case("RANO-2010", *visits, radiation_day=-10))
    assert assessed.progression_date is not None
    assert (assessed.progression_date - BASELINE).days == 100
    assert any("not dated back" in warning for warning in assessed.warnings)
    went_away = assess_response(case("RANO-2010", *visits[:2], visit(60, SAME), visit(100, GROWN), radiation_day=-10))
    assert went_away.progression_date == assessed.progression_date
    assert not any("not dated back" in warning for warning in went_away.warnings)
    pending = assess_response(case("RANO-2010", *visits[:2], radiation_day=-10)).visits[-1].confirmation
    assert pending.day is not None
    assert (pending.day - BASELINE).days == 74  # 84 days after radiation
