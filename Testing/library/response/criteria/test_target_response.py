"""What the targets do: gone, back, merged, fallen apart, too small, not measured."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.response import VisitAssessment, assess_response
from brachyresponse.response.vocabulary import Category
from response_cases import absent, case, new_lesion, node, target, visit

JSON = dict[str, Any]


def soft(longest: float, name: str = "T1") -> JSON:
    return target(longest, id=name, kind="soft tissue", organ="lung")


def gone(name: str = "T1") -> JSON:
    return absent(name, kind="soft tissue", organ="lung")


def missing(name: str = "T1", **more: Any) -> JSON:
    return target(id=name, state="not_evaluable", **more)


def course(criteria: str, *visits: list[JSON], **options: Any) -> tuple[VisitAssessment, ...]:
    """Visits every 8 weeks."""
    made = [visit(56 * place, *lesions) for place, lesions in enumerate(visits)]
    return assess_response(case(criteria, *made, **options)).visits


def categories(found: tuple[VisitAssessment, ...]) -> list[str]:
    return [str(one.category) for one in found[1:]]


def test_any_disease_after_complete_response_is_progression_by_recist() -> None:
    found = course("RECIST-1.1", [soft(40)], [gone()], [soft(2)])
    assert categories(found) == ["CR", "PD"]
    assert found[-1].deciding_rule is not None
    assert found[-1].deciding_rule.rule_id == "reappear"


@pytest.mark.parametrize(("axis", "category"), [(9.9, "CR"), (10.0, "PD")])
def test_a_node_is_back_at_10_mm(axis: float, category: str) -> None:
    assert categories(course("RECIST-1.1", [node(20)], [node(8)], [node(axis)])) == ["CR", category]


def test_non_target_disease_that_is_back_after_complete_response_is_progression() -> None:
    visits = [
        visit(0, soft(40), non_target="non-CR/non-PD"),
        visit(56, gone(), non_target="CR"),
        visit(112, gone(), non_target="non-CR/non-PD"),
    ]
    found = assess_response(case("RECIST-1.1", *visits)).visits
    assert categories(found) == ["CR", "PD"]
    assert "may instead revise" in found[-1].sentence


def test_a_trace_is_no_progression_where_the_response_was_only_partial() -> None:
    visits = [
        visit(0, soft(40), non_target="non-CR/non-PD"),
        visit(56, gone(), non_target="non-CR/non-PD"),
        visit(112, soft(4), non_target="non-CR/non-PD"),
    ]
    assert categories(assess_response(case("RECIST-1.1", *visits)).visits) == ["PR", "PR"]


@pytest.mark.parametrize(("size", "category"), [(4.9, "PR"), (5.0, "PD")])
def test_rano_bm_asks_for_5_mm_even_where_the_nadir_was_nothing(size: float, category: str) -> None:
    assert categories(course("RANO-BM", [target(30, 20)], [absent()], [target(size, 4)])) == ["CR", category]


@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0"])
def test_any_enhancement_is_progression_where_the_nadir_was_nothing(criteria: str) -> None:
    assert categories(course(criteria, [target(30, 20)], [absent()], [target(5, 5)])) == ["CR", "PD"]


def test_normal_nodes_are_complete_response_even_where_their_sum_rises() -> None:
    def nodes(axis: float) -> list[JSON]:
        return [node(axis, "T1"), node(axis, "T2")]

    found = course("RECIST-1.1", nodes(20), nodes(6), nodes(9.9))
    assert categories(found) == ["CR", "CR"]
    assert found[-1].percent_from_nadir == 65.0
    assert "do not settle" in found[-1].conventions[0]


def test_a_lesion_that_swallowed_another_has_not_grown_by_it() -> None:
    two = [target(20, 10), target(15, 10, id="T2")]
    merged = [target(42, 20), target(id="T2", state="merged", merged_into="T1")]
    found = course("RANO-BM", two, merged)
    assert (found[-1].sum, found[-1].category) == (42, Category.PD)
    assert "T1 and T2 alone grew by 7 mm" in found[-1].sentence
    less = [target(39, 20), target(id="T2", state="merged", merged_into="T1")]
    assert course("RANO-BM", two, less)[-1].category == Category.SD


def test_the_parts_of_a_lesion_are_added() -> None:
    parts = [{"longest_mm": 15, "perpendicular_mm": 10}, {"longest_mm": 10, "perpendicular_mm": 5}]
    found = course("RANO-2010", [target(20, 20)], [target(state="split", parts=parts)])
    assert (found[-1].sum, found[-1].category) == (200, Category.PR)


def test_the_parts_of_a_node_are_normal_when_each_is() -> None:
    parts = [{"short_axis_mm": 9}, {"short_axis_mm": 8}]
    split = {**node(9), "state": "split", "parts": parts}
    whole = {key: value for key, value in split.items() if key not in ("short_axis_mm", "longest_mm")}
    assert course("RECIST-1.1", [node(20)], [whole])[-1].category == Category.CR


@pytest.mark.parametrize("criteria", ["RECIST-1.1", "RANO-BM"])
def test_too_small_to_measure_is_5_mm_unless_it_was_measured(criteria: str) -> None:
    assert course(criteria, [target(30, 20)], [target(state="too_small")])[-1].sum == 5
    assert course(criteria, [target(30, 20)], [target(3, 3, state="too_small")])[-1].sum == 3


def test_the_size_that_rano_bm_takes_over_is_marked_as_unverified() -> None:
    found = course("RANO-BM", [target(30, 20)], [target(state="too_small")])[-1]
    assert "taken over from RECIST 1.1 (unverified rule)" in found.conventions[0]
    assert course("RECIST-1.1", [target(30, 20)], [target(state="too_small")])[-1].conventions == ()


def test_a_rule_that_was_not_verified_is_marked_in_the_sentence() -> None:
    visits = [visit(0, target(20, 20)), visit(30, target(26, 20))]
    found = assess_response(case("RANO-2.0", *visits, radiation_day=-10)).visits[-1]
    assert "to be scanned again (unverified rule)." in found.sentence
    assert found.deciding_rule is not None
    assert not found.deciding_rule.is_verified


def test_rano_gives_no_size_for_too_small_and_says_so() -> None:
    found = course("RANO-2010", [target(30, 20)], [target(state="too_small")])[-1]
    assert (found.category, found.sum) == (Category.NE, None)
    assert "measure it if you can" in found.conventions[0]


@pytest.mark.parametrize(
    ("criteria", "size", "category"),
    [
        ("RANO-2010", 50, "PD"),
        ("RANO-2010", 40, "NE"),
        ("RANO-BM", 60, "PD"),
        ("RECIST-1.1", 60, "PD"),
        ("RECIST-1.1", 59, "NE"),
    ],
)
def test_progression_may_be_proven_although_a_target_is_missing(criteria: str, size: float, category: str) -> None:
    found = course(criteria, [target(30, 20), target(20, 10, id="T2")], [target(size, 20), missing("T2")])[-1]
    assert (found.category, found.target_response, found.sum) == (category, category, None)


def test_a_visit_that_could_not_be_measured_is_no_nadir() -> None:
    two = [target(20, 20), target(10, 10, id="T2")]
    found = course("RANO-2010", two, [target(5, 5), missing("T2")], two)
    assert (found[-1].nadir, found[-1].percent_from_nadir) == (500, 0.0)


def test_the_nadir_goes_on_after_progression_and_before_radiation_is_none() -> None:
    before = visit(-30, target(5, 5))
    visits = [
        before,
        visit(0, target(20, 20)),
        visit(56, target(26, 20)),
        visit(112, target(20, 10)),
        visit(168, target(25, 10)),
    ]
    found = assess_response(case("RANO-2010", *visits)).visits
    assert [one.category for one in found] == [None, "baseline", "PD", "PR", "PD"]
    assert [one.nadir for one in found[2:]] == [400, 400, 200]


def test_volumes_have_thresholds_of_their_own() -> None:
    def ball(volume_ml: float) -> list[JSON]:
        return [target(volume_ml=volume_ml)]

    found = course("RANO-2.0", ball(10), ball(3.5), ball(4.9), measure="3D")
    assert (found[1].unit, categories(found)) == ("mL", ["PR", "PD"])


def test_volume_change_stands_beside_the_diameters() -> None:
    found = course("RECIST-1.1", [node(20, volume_ml=4)], [node(16, volume_ml=2)], [node(16, volume_ml=2.5)])
    assert [one.volume_percent_from_baseline for one in found[1:]] == [-50.0, -37.5]
    assert found[-1].volume_percent_from_nadir == 25.0
    assert course("RECIST-1.1", [node(20)], [node(16, volume_ml=2)])[-1].volume_percent_from_baseline is None


@pytest.mark.parametrize(("lesion", "category"), [(target(12, 10), "PD"), (target(9, 9), "SD"), (absent(), "SD")])
def test_after_an_empty_baseline_progression_is_measurable_disease(lesion: JSON, category: str) -> None:
    found = course("RANO-2010", [absent()], [lesion])[-1]
    assert found.category == category
    assert found.percent_from_baseline is None


@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0", "RANO-BM"])
def test_without_measurable_disease_stable_is_the_best(criteria: str) -> None:
    visits = [visit(0, non_target="non-CR/non-PD"), visit(56, non_target="CR")]
    found = assess_response(case(criteria, *visits)).visits[-1]
    assert (found.category, found.target_response, found.sum) == (Category.SD, None, None)


def test_recist_has_a_word_of_its_own_without_targets() -> None:
    visits = [visit(0, non_target="non-CR/non-PD"), visit(56, non_target="CR"), visit(70, non_target="non-CR/non-PD")]
    assessed = assess_response(case("RECIST-1.1", *visits, confirmation_required=True))
    assert categories(assessed.visits) == ["CR", "PD"]
    assert assessed.best_overall_response == Category.NON_CR_NON_PD


def test_no_disease_at_all_gives_no_category() -> None:
    found = assess_response(case("RECIST-1.1", visit(0), visit(56))).visits[-1]
    assert (found.category, found.sentence) == (Category.NE, "There is neither target nor non-target disease to judge.")


def test_the_5_mm_count_from_the_nadir_scan_and_the_other_reading_is_named() -> None:
    visits = [
        [target(40, 10), target(10, 10, id="T2")],
        [target(12, 10), target(10, 10, id="T2")],
        [target(16, 10), target(4, 4, id="T2")],
        [target(16.5, 10), target(9.5, 9, id="T2")],
    ]
    found = course("RANO-BM", *visits)
    assert found[-1].category == Category.PD  # 26 of 20 mm, T2 grew by 5.5 mm from the nadir scan
    other = course(
        "RANO-BM",
        [target(50, 10), target(9, 9, id="T2")],
        [target(20, 10), target(4, 4, id="T2")],
        [target(14, 10), target(8, 8, id="T2")],
        [target(17.5, 10), target(9.5, 9, id="T2")],
    )
    assert other[-1].category == Category.PR
    assert "T2 grew by 5.5 mm from its own smallest size" in other[-1].conventions[0]


@pytest.mark.parametrize(
    ("measurable", "certainty", "category"),
    [(True, "unequivocal", "PD"), (False, "unequivocal", "SD"), (True, "equivocal", "SD")],
)
def test_a_new_lesion_counts_by_rano_2_0_when_it_is_certain_and_measurable(
    measurable: bool, certainty: str, category: str
) -> None:
    same = target(20, 20)
    new = new_lesion(measurable=measurable, certainty=certainty)
    visits = [visit(0, same), visit(56, same, new_lesions=[new])]
    assert assess_response(case("RANO-2.0", *visits)).visits[-1].category == category


def test_a_certain_new_lesion_that_is_not_measurable_forbids_complete_response() -> None:
    visits = [visit(0, target(20, 20)), visit(56, absent(), new_lesions=[new_lesion(measurable=False)])]
    assert assess_response(case("RANO-2.0", *visits)).visits[-1].category == Category.PR


def test_under_immunotherapy_new_metastases_alone_are_preliminary() -> None:
    visits = [visit(0, target(20, 20)), visit(56, target(20, 20), new_lesions=[new_lesion()])]
    found = assess_response(case("RANO-BM", *visits, immunotherapy=True)).visits[-1]
    assert found.category == Category.PRELIMINARY_PD
    assert "RANO-BM does not say" in found.conventions[0]
    grown = [visits[0], visit(56, target(30, 20), new_lesions=[new_lesion()])]
    assert assess_response(case("RANO-BM", *grown, immunotherapy=True)).visits[-1].category == Category.PD


def test_worse_t2_flair_is_non_target_progression_of_metastases() -> None:
    found = assess_response(
        case("RANO-BM", visit(0, target(20, 20)), visit(56, target(20, 20), t2_flair="worse"))
    ).visits[-1]
    assert found.category == Category.PD
    assert "part of the non-target disease" in found.sentence
