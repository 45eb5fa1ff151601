"""Laws that hold for any sizes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brachyresponse.response import VisitAssessment, assess_response
from brachyresponse.response.vocabulary import (
    Category,
    Certainty,
    ClinicalStatus,
    FieldPosition,
    NonTargetStatus,
    SteroidTrend,
    T2Flair,
)
from response_cases import absent, case, new_lesion, node, target, visit

JSON = dict[str, Any]
SETS = ("RANO-2010", "RANO-2.0", "RANO-BM", "RECIST-1.1", "RANO-GliaSite")
BADNESS = {Category.CR: 0, Category.PR: 1, Category.SD: 2, Category.PD: 3}
sizes_mm = st.integers(min_value=100, max_value=800).map(lambda tenths: tenths / 10)
names = st.sampled_from(SETS)


def square(side: float, name: str = "T1") -> JSON:
    return target(side, side, id=name, kind="soft tissue")


def last(criteria: str, *sides: float) -> VisitAssessment:
    visits = [visit(28 * place, square(side)) for place, side in enumerate(sides)]
    return assess_response(case(criteria, *visits)).visits[-1]


@given(criteria=names, baseline=sizes_mm, small=sizes_mm, large=sizes_mm)
def test_a_larger_target_never_has_a_better_response(
    criteria: str, baseline: float, small: float, large: float
) -> None:
    assume(small < large)
    better, worse = last(criteria, baseline, small), last(criteria, baseline, large)
    assert BADNESS[better.category] <= BADNESS[worse.category]


@given(
    criteria=names,
    sides=st.lists(sizes_mm, min_size=3, max_size=3),
    follow_ups=st.lists(sizes_mm, min_size=3, max_size=3),
)
def test_the_order_of_lesions_does_not_matter(criteria: str, sides: list[float], follow_ups: list[float]) -> None:
    def assessed(order: tuple[int, ...]) -> VisitAssessment:
        visits = [
            visit(56 * place, *[square(now[index], f"T{index}") for index in order])
            for place, now in enumerate((sides, follow_ups))
        ]
        return assess_response(case(criteria, *visits)).visits[-1]

    forward, backward = assessed((0, 1, 2)), assessed((2, 1, 0))
    assert (forward.category, forward.sum) == (backward.category, backward.sum)


@given(
    criteria=st.sampled_from(["RANO-2010", "RANO-2.0", "RANO-GliaSite"]),
    sides=st.lists(sizes_mm, min_size=2, max_size=4),
    scale=st.sampled_from([0.5, 2.0, 4.0]),
)
def test_criteria_without_millimetres_do_not_ask_for_the_scale(criteria: str, sides: list[float], scale: float) -> None:
    scaled = [side * scale for side in sides]
    assume(max(scaled) < 400)
    assert last(criteria, *sides).category == last(criteria, *scaled).category


@given(baseline=st.integers(min_value=1, max_value=200), criteria=names)
def test_an_exact_threshold_counts_and_a_thousandth_short_of_it_does_not(baseline: int, criteria: str) -> None:
    share = {"RANO-BM": (0.7, 1.2), "RECIST-1.1": (0.7, 1.2)}.get(criteria, (0.5, 1.25))
    longest = baseline * 1.0
    assume(longest * (share[1] - 1) >= 5)  # the millimetres of RANO-BM and RECIST are reached too
    for factor, category in zip(share, (Category.PR, Category.PD), strict=True):
        exact = assess_response(case(criteria, visit(0, wide(longest)), visit(56, wide(longest * factor)))).visits[-1]
        short = 1 + (1 - factor) / 1000
        near = assess_response(
            case(criteria, visit(0, wide(longest)), visit(56, wide(longest * factor * short)))
        ).visits[-1]
        assert (exact.category, near.category) == (category, Category.SD)


def wide(longest: float) -> JSON:
    return target(longest, 10, kind="soft tissue")


@pytest.mark.parametrize("criteria", SETS)
@given(side=sizes_mm)
def test_what_is_gone_is_a_complete_response(criteria: str, side: float) -> None:
    visits = [visit(0, square(side)), visit(56, absent(kind="soft tissue"))]
    assert assess_response(case(criteria, *visits)).visits[-1].category == Category.CR


@given(axis=st.integers(min_value=150, max_value=400), now=st.integers(min_value=10, max_value=99))
def test_a_node_below_10_mm_is_gone_whatever_its_size(axis: int, now: int) -> None:
    visits = [visit(0, node(axis / 10)), visit(56, node(now / 10))]
    found = assess_response(case("RECIST-1.1", *visits)).visits[-1]
    assert (found.category, found.sum) == (Category.CR, now / 10)


@given(sides=st.lists(sizes_mm, min_size=2, max_size=6), criteria=names)
def test_the_nadir_is_the_smallest_sum_before_the_visit(sides: list[float], criteria: str) -> None:
    visits = [visit(28 * place, square(side)) for place, side in enumerate(sides)]
    found = assess_response(case(criteria, *visits)).visits
    for place in range(1, len(found)):
        assert found[place].nadir == min(one.sum for one in found[:place] if one.sum is not None)


WORDS = st.fixed_dictionaries(
    {
        "non_target": st.sampled_from(list(NonTargetStatus)),
        "t2_flair": st.sampled_from(list(T2Flair)),
        "steroid_trend": st.none() | st.sampled_from(list(SteroidTrend)),
        "steroid_dose_mg": st.none() | st.sampled_from([0, 2, 8]),
        "clinical_status": st.sampled_from(list(ClinicalStatus)),
        "histology": st.sampled_from([None, "tumour"]),
        "new_lesions": st.lists(
            st.builds(
                new_lesion,
                field=st.sampled_from(list(FieldPosition)),
                measurable=st.booleans(),
                certainty=st.sampled_from(list(Certainty)),
            ),
            max_size=1,
        ),
    }
)
LESIONS = st.sampled_from(
    [
        *(square(side) for side in (5, 12, 14, 20, 23, 26)),
        absent(kind="soft tissue"),
        target(kind="soft tissue", state="not_evaluable"),
        target(kind="soft tissue", state="too_small"),
    ]
)


@given(
    criteria=names,
    visits=st.lists(st.tuples(LESIONS, WORDS), min_size=1, max_size=4),
    radiation_day=st.none() | st.sampled_from([-100, -20, 30]),
    confirm=st.booleans(),
)
def test_whatever_is_found_has_a_category_a_reason_and_a_record(
    criteria: str, visits: list[tuple[JSON, JSON]], radiation_day: int | None, confirm: bool
) -> None:
    follow_ups = [visit(28 * place, lesion, **words) for place, (lesion, words) in enumerate(visits, start=1)]
    keys = ("confirm_progression", "confirmation_required", "immunotherapy", "hold_confirmed_pr", "antiangiogenic")
    options = dict.fromkeys(keys, confirm)
    one = case(criteria, visit(0, square(20)), *follow_ups, radiation_day=radiation_day, **options)
    assessed = assess_response(one)
    assert json.loads(json.dumps(assessed.as_json(), allow_nan=False)) == assessed.as_json()
    for found in assessed.visits:
        assert found.category in set(Category)
        assert found.sentence
        assert all(found.category != Category.NE for _ in found.unknown) or found.if_known
    has_progressed = any(found.category == Category.PD for found in assessed.visits)
    assert (assessed.progression_date is not None) == has_progressed
