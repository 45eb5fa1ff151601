"""Responses that must last, the best of them, and the date of progression."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.response import ConfirmationStatus, ResponseAssessment, assess_response
from brachyresponse.response.criteria.tables import table_of
from brachyresponse.response.vocabulary import Category
from response_cases import BASELINE, absent, case, new_lesion, target, visit

JSON = dict[str, Any]
SIZES = {
    "CR": absent(kind="soft tissue"),
    "PR": target(27, 10, kind="soft tissue"),
    "half": target(20, 10, kind="soft tissue"),
    "SD": target(30, 10, kind="soft tissue"),
    "PD": target(60, 10, kind="soft tissue"),
    "NE": target(kind="soft tissue", state="not_evaluable"),
}
FIRST = visit(0, target(40, 10, kind="soft tissue"))


def course(criteria: str, *seen: tuple[int, str], **options: Any) -> ResponseAssessment:
    """Visits on these days whose targets give these categories by themselves."""
    is_area = criteria not in ("RANO-BM", "RECIST-1.1")
    sizes = {**SIZES, "PR": SIZES["half"]} if is_area else SIZES
    return assess_response(case(criteria, FIRST, *(visit(day, sizes[word]) for day, word in seen), **options))


@pytest.mark.parametrize(
    ("seen", "best"),
    [
        (((56, "PR"), (84, "PR")), "PR"),
        (((56, "PR"), (83, "PR")), "SD"),
        (((56, "PR"), (70, "NE"), (84, "PR")), "PR"),
        (((56, "PR"), (84, "CR")), "PR"),
        (((56, "PR"), (84, "CR"), (112, "CR")), "CR"),
        (((56, "CR"), (84, "CR")), "CR"),
        (((56, "NE"), (84, "NE")), "NE"),
        (((56, "NE"), (84, "PD")), "PD"),
        (((56, "PD"), (84, "PR"), (112, "PR")), "PD"),
        (((56, "SD"), (84, "PD")), "SD"),
    ],
)
@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0", "RANO-BM", "RECIST-1.1"])
def test_the_best_response_is_the_best_that_was_confirmed(criteria: str, seen: Any, best: str) -> None:
    options = {"confirmation_required": True} if criteria == "RECIST-1.1" else {}
    assert course(criteria, *seen, **options).best_overall_response == best


def test_a_lesser_category_between_two_responses_breaks_them() -> None:
    back = ((56, "PR"), (84, "SD"))
    assessed = course("RECIST-1.1", *back, (112, "PR"), confirmation_required=True)
    assert [one.confirmed for one in assessed.visits[1:]] == [False, None, False]
    assert assessed.best_overall_response == Category.SD


def test_without_confirmation_the_first_response_counts_and_nothing_is_said_of_confirming() -> None:
    assessed = course("RECIST-1.1", (28, "PR"), (84, "SD"), min_sd_weeks=6)
    assert (assessed.best_overall_response, assessed.visits[1].confirmed) == (Category.PR, None)
    assert assessed.visits[1].confirmation.status is ConfirmationStatus.NOT_NEEDED


def test_the_state_of_a_response_is_pending_then_confirmed_or_lost() -> None:
    pending = course("RANO-BM", (56, "PR")).visits[1].confirmation
    assert pending.status is ConfirmationStatus.PENDING
    assert pending.day is not None
    assert (pending.day - BASELINE).days == 84
    confirmed = course("RANO-BM", (56, "PR"), (90, "PR")).visits[1].confirmation
    assert confirmed.status is ConfirmationStatus.CONFIRMED
    lost = course("RANO-BM", (56, "PR"), (90, "SD")).visits[1].confirmation
    assert (lost.status, lost.sentence) == (ConfirmationStatus.NOT_CONFIRMED, "PR was not confirmed: SD on 2024-04-07.")


def test_the_short_rano_asks_for_no_confirmation() -> None:
    assessed = course("RANO-GliaSite", (28, "PR"))
    assert (assessed.best_overall_response, assessed.visits[1].confirmed) == (Category.PR, None)


TABLE_3 = table_of("recist_1_1", "best_with_confirmation.csv")


@pytest.mark.parametrize("row", TABLE_3, ids=lambda row: f"{row['first']}-{row['next']}")
@pytest.mark.parametrize(("first_day", "lasted"), [(56, True), (7, False)])
def test_the_best_response_is_that_of_recists_table_3(row: dict[str, str], first_day: int, lasted: bool) -> None:
    seen = ((first_day, row["first"]), (first_day + 28, row["next"]))
    best = course("RECIST-1.1", *seen, confirmation_required=True, min_sd_weeks=6).best_overall_response
    expected = row["best"]
    if "if its minimum duration is met" in expected:
        expected = "SD" if lasted else expected.rsplit(" ", 1)[-1]
    if expected == "SD" and not lasted:
        expected = "NE"  # the table supposes that it lasted
    assert str(best) in expected


@pytest.mark.parametrize(
    ("seen", "best"),
    [
        (((42, "SD"),), "SD"),
        (((41, "SD"),), "NE"),
        (((41, "SD"), (84, "PD")), "PD"),
        (((28, "PR"), (42, "SD")), "SD"),
        (((28, "CR"), (84, "PD")), "PD"),
    ],
)
def test_stable_disease_needs_its_minimum_time(seen: Any, best: str) -> None:
    assessed = course("RECIST-1.1", *seen, confirmation_required=True, min_sd_weeks=6)
    assert assessed.best_overall_response == best


def test_the_minimum_time_counts_from_the_start_of_treatment() -> None:
    one = case("RECIST-1.1", FIRST, visit(49, SIZES["SD"]), min_sd_weeks=6)
    assert assess_response(one).best_overall_response == Category.SD
    late = assess_response({**one, "treatment_start": "2024-01-16"})
    assert late.best_overall_response == Category.NE


def test_a_minimum_time_that_the_protocol_did_not_set_is_warned_of() -> None:
    assert any("No minimum duration" in warning for warning in course("RECIST-1.1", (42, "SD")).warnings)


def test_a_held_response_ends_with_progression() -> None:
    options = {"confirmation_required": True, "hold_confirmed_pr": True}
    assessed = course("RECIST-1.1", (56, "PR"), (84, "PR"), (112, "PD"), (140, "SD"), **options)
    assert [one.category for one in assessed.visits[1:]] == ["PR", "PR", "PD", "SD"]
    held = course("RECIST-1.1", (56, "PR"), (84, "PR"), (112, "SD"), **options)
    assert [one.category for one in held.visits[1:]] == ["PR", "PR", "PR"]


def test_a_held_response_needs_no_confirmation_where_none_is_required() -> None:
    seen = ((56, "PR"), (84, "SD"))
    held = course("RECIST-1.1", *seen, hold_confirmed_pr=True)
    assert [one.category for one in held.visits[1:]] == ["PR", "PR"]
    assert [one.category for one in course("RECIST-1.1", *seen).visits[1:]] == ["PR", "SD"]


def dated(criteria: str, *certainties: str | None) -> ResponseAssessment:
    """Visits every 8 weeks with a new lesion of this certainty, or none."""
    same = target(40, 10, kind="soft tissue")
    lesions = [[] if word is None else [new_lesion(certainty=word)] for word in certainties]
    visits = [visit(56 * place, same, new_lesions=new) for place, new in enumerate(lesions, start=1)]
    return assess_response(case(criteria, FIRST, *visits))


@pytest.mark.parametrize("criteria", ["RECIST-1.1", "RANO-BM"])
def test_progression_by_a_lesion_that_was_doubtful_is_dated_to_its_first_scan(criteria: str) -> None:
    assessed = dated(criteria, None, "equivocal", "equivocal", "unequivocal")
    assert assessed.progression_date is not None
    assert (assessed.progression_date - BASELINE).days == 112
    assert [one.category for one in assessed.visits[1:]] == ["SD", "SD", "SD", "PD"]
    assert "Best response counts the visits before 2024-08-19" in " ".join(assessed.warnings)


def test_a_doubtful_lesion_that_went_away_in_between_dates_nothing_back() -> None:
    assessed = dated("RECIST-1.1", "equivocal", None, "unequivocal")
    assert assessed.progression_date == assessed.visits[-1].date


@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0"])
def test_sets_that_do_not_say_so_do_not_date_back(criteria: str) -> None:
    assessed = dated(criteria, "equivocal", "unequivocal")
    assert assessed.progression_date == assessed.visits[-1].date
    assert any("does not say whether to date progression back" in warning for warning in assessed.warnings)


def test_another_lesion_does_not_date_back() -> None:
    same = target(40, 10, kind="soft tissue")
    visits = [
        visit(56, same, new_lesions=[new_lesion(id="N2", certainty="equivocal")]),
        visit(112, same, new_lesions=[new_lesion()]),
    ]
    assessed = assess_response(case("RECIST-1.1", FIRST, *visits))
    assert assessed.progression_date == assessed.visits[-1].date
