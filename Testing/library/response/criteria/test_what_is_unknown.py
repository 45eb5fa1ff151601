"""What a category would become is what it becomes: the unknown filled in, and the case assessed anew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from typing import Any

import pytest

from brachyresponse.response import assess_response
from invented_histories import JSON, invented_history

RANO = ["RANO-2010", "RANO-2.0", "RANO-BM"]
STEROIDS: dict[str, JSON] = {
    "none as then": {"steroid_dose_mg": 0, "steroid_trend": "stable"},
    "stopped": {"steroid_dose_mg": 0, "steroid_trend": "decreased"},
    "unchanged": {"steroid_dose_mg": 4, "steroid_trend": "stable"},
    "lower": {"steroid_dose_mg": 1, "steroid_trend": "decreased"},  # than at any visit that has some
    "higher": {"steroid_dose_mg": 8, "steroid_trend": "increased"},
}
WORDS: dict[str, dict[str, JSON]] = {
    "If the steroids": STEROIDS,
    "If the patient is": {
        "stable or better": {"clinical_status": "stable_or_improved"},
        "worse": {"clinical_status": "worse"},
    },
    "If T2/FLAIR": {"stable or less": {"t2_flair": "stable_or_improved"}, "clearly more": {"t2_flair": "worse"}},
    "If the non-target": {
        "is gone": {"non_target": "CR"},
        "persists": {"non_target": "non-CR/non-PD"},
        "has clearly progressed": {"non_target": "PD"},
    },
}


def with_gaps(criteria: str, seed: int) -> JSON:
    """A history of which a third of what is not on the images is unknown."""
    case, chance = invented_history(criteria, seed), random.Random(seed)
    gaps = {
        "clinical_status": "not_assessed",
        "steroid_trend": None,
        "steroid_dose_mg": None,
        "t2_flair": "not_assessed",
    }
    for visit in case["visits"]:
        if visit["role"] == "follow-up":
            visit.update({key: value for key, value in gaps.items() if chance.random() < 0.3})
            for lesion in visit["new_lesions"]:
                lesion["field"] = chance.choice([lesion["field"], "straddles"])
    return case


def filled(case: JSON, place: int, condition: str) -> Iterator[JSON]:
    """The case in which a condition holds at a visit, in every way that it names."""
    case = deepcopy(case)
    visit = case["visits"][place]
    if condition.startswith("If the scan lies within"):
        yield {**case, "radiation_end": visit["date"]}  # its first day, so that no earlier visit is touched
    elif condition.startswith("If the new lesion lies outside"):
        for lesion in visit["new_lesions"]:
            lesion["field"] = "outside" if lesion["field"] == "straddles" else lesion["field"]
        yield case
    elif condition.startswith("If the dose of steroids were"):
        visit.update(STEROIDS["unchanged"])
        yield case
    else:
        table = next(words for start, words in WORDS.items() if condition.startswith(start))
        for known in (known for word, known in table.items() if word in condition):
            visit.update(known)
            yield deepcopy(case)


def check_outcomes(case: JSON) -> int:
    checked = 0
    for place, visit in enumerate(assess_response(case).visits):
        for outcome in visit.if_known:
            for known in filled(case, place, outcome.condition):
                found = assess_response(known).visits[place]
                assert found.category == outcome.category, f"{case['id']}, {visit.date}: {outcome.sentence}"
                checked += 1
    return checked


@pytest.mark.parametrize("criteria", RANO)
def test_the_category_becomes_what_was_told(criteria: str) -> None:
    assert sum(check_outcomes(with_gaps(criteria, seed)) for seed in range(12)) > 20


@pytest.mark.validation
@pytest.mark.parametrize("criteria", RANO)
def test_in_hundreds_of_histories_the_category_becomes_what_was_told(criteria: str) -> None:
    assert sum(check_outcomes(with_gaps(criteria, seed)) for seed in range(12, 200)) > 300


def check_unlabelled(case: JSON) -> int:
    """Fill whatever is unknown at visits that do not say so: the category stays. T2/FLAIR is no row of RANO-BM."""
    checked = 0
    words: list[list[Any]] = [[None, "stable_or_improved", "worse"]] * 2
    for place, visit in enumerate(assess_response(case).visits):
        given = case["visits"][place]
        if visit.unknown or given["role"] != "follow-up" or given["steroid_trend"] is None:
            continue
        for clinical, flair in product(*words):
            known = deepcopy(case)
            if clinical and given["clinical_status"] == "not_assessed":
                known["visits"][place]["clinical_status"] = clinical
            if flair and given["t2_flair"] == "not_assessed" and case["criteria"] != "RANO-BM":
                known["visits"][place]["t2_flair"] = flair
            if known != case:
                assert assess_response(known).visits[place].category == visit.category, f"{case['id']}, {visit.date}"
                checked += 1
    return checked


@pytest.mark.parametrize("criteria", RANO)
def test_what_is_not_told_as_unknown_changes_nothing(criteria: str) -> None:
    assert sum(check_unlabelled(with_gaps(criteria, seed)) for seed in range(100, 115)) > 5


def a_case(**changes: Any) -> JSON:
    """A lesion that grew by 42 % from a nadir without steroids; the T2/FLAIR disease has increased."""
    lesion = {"id": "T1", "longest_mm": 20.0, "perpendicular_mm": 20.0}
    state = {"t2_flair": "stable_or_improved", "clinical_status": "stable_or_improved", "steroid_trend": "stable"}
    smaller, grown = {**lesion, "longest_mm": 14.0, "perpendicular_mm": 14.0}, {**lesion, "perpendicular_mm": 14.0}
    visits = [
        {"date": "2024-01-08", "role": "baseline", "steroid_dose_mg": 4, "lesions": [lesion], **state},
        {"date": "2024-03-08", "role": "follow-up", "steroid_dose_mg": 0, "lesions": [smaller], **state},
        {"date": "2024-05-08", "role": "follow-up", "steroid_dose_mg": None, "lesions": [grown], **state, **changes},
    ]
    return {"id": "a", "criteria": "RANO-2010", "options": {}, "radiation_end": "2023-06-01", "visits": visits}


def test_below_no_steroids_at_all_no_dose_can_have_fallen() -> None:
    found = assess_response(a_case(steroid_trend=None)).visits[-1]
    assert (found.category, found.unknown) == ("PD", ())


def test_a_dose_that_fell_bars_growth_also_where_the_dose_is_not_told() -> None:
    case = a_case(steroid_trend="decreased", t2_flair="worse", clinical_status="not_assessed")
    case["visits"][1]["steroid_dose_mg"] = 4
    found = assess_response(case).visits[-1]
    assert found.category == "NE"  # growth on a falling dose: neither progression nor stable disease
    assert [outcome.sentence for outcome in found.if_known] == [
        "If the patient is clinically stable or better: NE.",
        "If the patient is clinically worse from the tumour: PD.",
        "If the dose of steroids were that of the baseline: PD.",
    ]
