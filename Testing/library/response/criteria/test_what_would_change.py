from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.response import VisitAssessment, assess_response
from brachyresponse.response.vocabulary import Category
from response_cases import absent, case, target, visit

JSON = dict[str, Any]


def at(criteria: str, *lesions: JSON) -> VisitAssessment:
    """The last of visits every 8 weeks."""
    return assess_response(case(criteria, *(visit(56 * place, one) for place, one in enumerate(lesions)))).visits[-1]


def margins(found: VisitAssessment) -> list[tuple[str, float, float | None]]:
    return [(str(one.to), round(one.amount, 6), one.percent) for one in found.changes]


def test_stable_disease_lies_between_progression_and_response() -> None:
    found = at("RANO-2010", target(20, 20), target(22, 20))
    assert margins(found) == [("PD", 60.0, 13.64), ("PR", -240.0, -54.55)]
    assert (found.progression_threshold, found.response_threshold) == (500, 200)
    assert found.changes[0].sentence == "A rise by 60 mm² (13.6 %), to 500 mm², would be progression of the targets."


def test_what_would_change_a_response_or_a_progression_is_the_way_back() -> None:
    assert margins(at("RANO-2010", target(20, 20), target(15, 10))) == [("PD", 350.0, 233.33), ("SD", 50.0, 33.33)]
    grown = at("RANO-2010", target(20, 20), target(26, 20))
    assert margins(grown) == [("SD", -20.0, -3.85)]
    assert grown.changes[0].sentence.startswith("Progression of the targets begins at 500 mm²")


def test_the_millimetres_of_recist_push_the_threshold_up() -> None:
    found = at("RECIST-1.1", target(20, kind="soft tissue"), target(22, kind="soft tissue"))
    assert found.progression_threshold == 25  # 20 % would be 24 mm
    assert margins(found)[0] == ("PD", 3.0, 13.64)


def test_a_single_lesion_may_be_all_that_lacks() -> None:
    first = [target(20, 10), target(10, 10, id="T2")]
    grown = [target(24.5, 10), target(14.5, 10, id="T2")]
    found = assess_response(case("RANO-BM", visit(0, *first), visit(56, *grown))).visits[-1]
    assert (found.category, margins(found)) == (Category.SD, [("PD", 0.5, 1.28)])
    assert "one lesion growing by 0.5 mm more" in found.changes[0].sentence


def test_the_millimetres_of_one_lesion_are_those_of_the_sum_where_there_is_only_one() -> None:
    found = at("RANO-BM", target(20, 10), target(24.5, 10))
    assert found.progression_threshold == 25
    assert margins(found)[0] == ("PD", 0.5, 2.04)


def test_a_threshold_that_is_just_reached_is_said_so() -> None:
    found = at("RANO-2010", target(20, 20), target(20, 10))
    assert "just reached at 200 mm²: anything more would be SD." in found.changes[1].sentence


def test_complete_response_and_missing_sums_have_no_margin() -> None:
    assert at("RANO-2010", target(20, 20), absent()).changes == ()
    assert at("RANO-2010", target(20, 20), target(state="not_evaluable")).changes == ()


@pytest.mark.parametrize(("longest", "is_near"), [(24.6, True), (21, False), (25.4, True), (31, False)])
def test_readers_differ_by_more_than_a_small_margin(longest: float, is_near: bool) -> None:
    found = at("RANO-2010", target(20, 20), target(longest, 20))
    assert found.is_near_threshold is is_near
    assert ("Yoon 2016" in found.reader_variability) is is_near


def test_readers_differ_less_in_a_sum_than_in_one_lesion() -> None:
    def pair(longest: float) -> list[JSON]:
        return [target(longest, 20), target(longest, 20, id="T2")]

    one = at("RANO-2010", target(20, 20), target(21.8, 20))  # 14.7 % below progression
    visits = [visit(0, *pair(20)), visit(56, *pair(21.8))]
    two = assess_response(case("RANO-2010", *visits)).visits[-1]
    assert (one.is_near_threshold, two.is_near_threshold) == (True, False)
    assert "one lesion's diameter" in one.reader_variability


def test_a_sum_just_short_of_a_threshold_is_not_rounded_onto_it() -> None:
    found = at("RANO-2010", target(20, 20), target(24.999, 20))
    assert found.category == Category.SD
    assert "24.995 % more" in found.sentence


def test_the_rows_walked_say_what_each_leaves_open() -> None:
    found = at("RANO-2010", target(20, 20), target(15, 10))
    by_row = {row.row: (row.found, [str(one) for one in row.allows]) for row in found.rows}
    assert by_row["enhancing (SPD)"] == ("decrease", ["PR"])
    assert by_row["corticosteroids"] == ("none", ["CR", "PR", "SD"])
    assert by_row["clinical status"] == ("stable_or_improved", ["CR", "PR", "SD"])


def test_the_record_of_a_visit_holds_all_of_it() -> None:
    record = at("RANO-2010", target(20, 20), target(26, 20)).as_json()
    assert record["reasons"][0]["rule"] == "pd_increase_from_nadir"
    assert record["reasons"][0]["is_verified"]
    assert record["changes"][0]["to"] == "SD"
    assert record["rows"][0] == {"row": "enhancing (SPD)", "found": "increase", "allows": ["PD"]}


def test_a_lesion_that_is_seen_again_progresses_at_any_size_so_no_margin_is_told() -> None:
    seen_again = at(
        "RECIST-1.1", target(20, kind="soft tissue"), absent(kind="soft tissue"), target(9, kind="soft tissue")
    )
    assert (seen_again.category, seen_again.changes) == (Category.PD, ())
