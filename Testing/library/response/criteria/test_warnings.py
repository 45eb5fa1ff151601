"""What is doubtful about a case without forbidding an assessment."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response import ResponseAssessment, assess_response, read_case
from brachyresponse.response.case import CaseVisit, ResponseCase
from brachyresponse.response.vocabulary import CriteriaName
from response_cases import BASELINE, absent, case, new_lesion, node, target, visit

JSON = dict[str, Any]


def warned(assessed: ResponseAssessment, words: str) -> bool:
    return any(words in warning for warning in assessed.warnings)


def glioma(first: JSON, *more: JSON, criteria: str = "RANO-2010", **options: Any) -> ResponseAssessment:
    return assess_response(case(criteria, first, *more, radiation_day=-100, **options))


FIRST, SECOND = visit(0, target(20, 20)), visit(56, target(20, 20))


def test_a_sound_case_has_no_warning() -> None:
    assert glioma(FIRST, SECOND).warnings == ()


def test_the_badge_and_what_is_left_out_come_first() -> None:
    badge = "RANO 2.0 as a whole was not checked against the paper's full text."
    assert glioma(FIRST, criteria="RANO-2.0").warnings[0] == badge
    assert "leaves out: confirmation, steroids, clinical status" in glioma(FIRST, criteria="RANO-GliaSite").warnings[0]


@pytest.mark.parametrize(
    ("visits", "words"),
    [
        ((visit(0, target(3, 2)), visit(56, target(3, 2))), "T1 is summed, but by size it is no target"),
        ((FIRST, visit(56, target(18, 20))), "perpendicular diameter (20 mm) is above the longest (18 mm)"),
        ((FIRST, visit(56, target(20, 20), steroid_dose_mg=8)), "is given as stable; by the doses (0 mg at baseline"),
        ((visit(0, target(20, 20), non_target="non-CR/non-PD"), SECOND), "CR is the word for gone"),
        ((visit(0, target(20, 20), new_lesions=[new_lesion()]), SECOND), "before any follow-up: it is not counted"),
    ],
)
def test_a_doubtful_visit_is_warned_of(visits: tuple[JSON, JSON], words: str) -> None:
    assert warned(glioma(*visits), words)


def test_too_many_targets_are_warned_of() -> None:
    six = [target(20, 20, id=f"T{index}") for index in range(6)]
    assert warned(glioma(visit(0, *six)), "6 targets are summed; RANO 2010 takes at most 5")
    assert not warned(glioma(visit(0, *six[:5])), "takes at most")


def test_the_unverified_number_of_targets_of_rano_2_0_is_not_enforced() -> None:
    three = [target(20, 20, id=f"T{index}") for index in range(3)]
    assert not warned(glioma(visit(0, *three), criteria="RANO-2.0"), "takes at most")


def test_all_nodes_are_one_organ() -> None:
    three = [{**node(20, f"T{index}"), "organ": organ} for index, organ in enumerate(("neck", "axilla", "groin"))]
    assessed = assess_response(case("RECIST-1.1", visit(0, *three)))
    assert warned(assessed, "3 targets are in one organ (lymph nodes)")


def test_an_option_that_the_criteria_do_not_know_is_named() -> None:
    assert warned(glioma(FIRST, hold_confirmed_pr=True), "The option hold_confirmed_pr has no meaning in RANO 2010")


def test_a_baseline_before_the_end_of_radiation_is_warned_of() -> None:
    assessed = assess_response(case("RANO-2010", FIRST, SECOND, radiation_day=20))
    assert warned(assessed, "lies before the end of radiation")


@pytest.mark.parametrize(("day", "is_warned"), [(28, False), (29, True), (-1, True)])
def test_a_baseline_far_from_the_start_of_treatment_is_warned_of(day: int, is_warned: bool) -> None:
    started = (BASELINE.fromordinal(BASELINE.toordinal() + day)).isoformat()
    one = {**case("RANO-BM", FIRST, SECOND), "treatment_start": started}
    assert warned(assess_response(one), "asks for 0 to 28") is is_warned


def test_a_case_that_was_made_by_hand_is_checked_too() -> None:
    read = read_case(case("RANO-2010", FIRST, SECOND))
    broken = ResponseCase("by hand", CriteriaName.RANO_2010, (CaseVisit(read.visits[1].date, read.visits[1].role),))
    with pytest.raises(ResponseError, match="Case by hand: 0 baselines"):
        assess_response(broken)


def test_the_short_rano_measures_growth_from_the_baseline() -> None:
    visits = [visit(0, target(20, 20)), visit(56, target(15, 10)), visit(112, target(20, 15))]
    short = assess_response(case("RANO-GliaSite", *visits)).visits[-1]
    full = assess_response(case("RANO-2010", *visits)).visits[-1]
    assert (short.category, full.category) == ("SD", "PD")
    assert short.percent_from_nadir == full.percent_from_nadir == 100.0


def test_growth_that_the_short_rano_has_no_place_for_is_said() -> None:
    assessed = assess_response(case("RANO-GliaSite", FIRST, visit(56, target(20, 20), non_target="PD")))
    assert assessed.visits[-1].category == "SD"
    assert warned(assessed, "does not ask for it, so that it changes no category")


def test_the_short_rano_asks_neither_for_steroids_nor_for_the_patient() -> None:
    visits = [FIRST, visit(56, absent(), steroid_dose_mg=8, steroid_trend="increased", clinical_status="worse")]
    assert assess_response(case("RANO-GliaSite", *visits)).visits[-1].category == "CR"


def test_the_diameters_of_a_round_lesion_may_differ_by_rounding() -> None:
    assert not any("exchanged" in warning for warning in glioma(FIRST, visit(56, target(18.0, 18.05))).warnings)
