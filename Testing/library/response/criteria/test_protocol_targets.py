"""A neck node under 15 mm, summed because the protocol says so."""

from __future__ import annotations

from typing import Any

from brachyresponse.response import ResponseAssessment, assess_response
from brachyresponse.response.vocabulary import Category
from response_cases import absent, case, node, visit

JSON = dict[str, Any]


def course(*lesions: JSON, **options: Any) -> ResponseAssessment:
    visits = [visit(56 * place, one) for place, one in enumerate(lesions)]
    return assess_response(case("RECIST-1.1", *visits, **{"protocol_targets": True, **options}))


def test_a_small_node_is_summed_and_every_category_says_so() -> None:
    assessed = course(node(14), node(9.9))
    assert [one.category for one in assessed.visits] == ["baseline", "CR"]
    for one in assessed.visits:
        assert one.deviations[0] == (
            "Deviation from RECIST 1.1: node T1 with a short axis of 14 mm is summed because the protocol says so; "
            "RECIST asks for 15 mm."
        )
        assert "treated area" in one.deviations[-1]


def test_without_the_protocol_a_small_node_is_warned_of() -> None:
    assessed = course(node(14), node(9.9), protocol_targets=False)
    assert assessed.visits[-1].deviations == ()
    assert any(warning.startswith("T1 is summed, but by size it is no target") for warning in assessed.warnings)


def test_the_misquote_of_the_study_is_warned_of_and_not_copied() -> None:
    assessed = course(node(30), node(35.5))  # 5.5 mm, but 18.3 %
    assert assessed.visits[-1].category == Category.SD
    misquote = "calls progression 20 % or 5 mm, where RECIST 1.1 asks for both"
    assert any(misquote in warning for warning in assessed.warnings)
    assert "By the study's wording 2024-03-04 would be progression, by RECIST 1.1 not." in assessed.warnings


def test_where_both_wordings_agree_no_visit_is_named() -> None:
    assessed = course(node(30), node(36))
    assert assessed.visits[-1].category == Category.PD
    assert not any("would be progression, by RECIST" in warning for warning in assessed.warnings)


def test_seeds_that_remain_visible_are_no_disease() -> None:
    assessed = course(node(14), absent(kind="node", organ="neck"))
    assert assessed.visits[-1].category == Category.CR
    assert any("Seeds that remain visible are not disease" in warning for warning in assessed.warnings)


def test_a_node_that_was_normal_at_the_baseline_is_gone_only_when_it_is_not_seen() -> None:
    assessed = course(node(9), node(8), absent(kind="node", organ="neck"))
    assert [one.category for one in assessed.visits[1:]] == ["SD", "CR"]
    assert any("under 10 mm at the baseline already" in one for one in assessed.visits[1].deviations)


def test_other_criteria_say_only_that_the_targets_are_the_protocols() -> None:
    visits = [visit(0, {**node(14), "perpendicular_mm": 14}), visit(56, {**node(14), "perpendicular_mm": 14})]
    found = assess_response(case("RANO-2010", *visits, protocol_targets=True)).visits[-1]
    assert found.deviations == ("Targets are those of the protocol, not those of RANO-2010.",)
