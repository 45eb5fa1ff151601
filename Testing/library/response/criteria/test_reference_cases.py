from __future__ import annotations

import json
from typing import Any

import pytest

from brachyresponse.response import assess_response, judge_measurability
from reference import REFERENCE, needs_reference

JSON = dict[str, Any]
PATH = REFERENCE / "response" / "cases.json"
CASES: JSON = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {"cases": [], "measurability": []}
pytestmark = needs_reference("response", "cases.json")


def ids(items: list[JSON]) -> list[str]:
    return [item["id"] for item in items]


@pytest.mark.parametrize("one", CASES["cases"] or [None], ids=ids(CASES["cases"]) or ["absent"])
def test_a_reference_case_agrees_key_by_key(one: JSON) -> None:
    expected, found = one["expected"], assess_response(one).as_json()
    for key in ("best_overall_response", "progression_date"):
        if key in expected:
            assert found[key] == expected[key], key
    for asked, visit in zip(expected["visits"], found["visits"], strict=True):
        compared = {key: value for key, value in asked.items() if key != "why"}
        assert {key: visit[key] for key in compared} == compared


def test_every_visit_of_the_reference_has_a_reason_with_its_source() -> None:
    for one in CASES["cases"]:
        for visit in assess_response(one).visits:
            assert visit.sentence.endswith(".")
            assert visit.deciding_rule is not None
            assert all(reason.source and reason.checked for reason in visit.reasons)


@pytest.mark.parametrize("item", CASES["measurability"] or [None], ids=ids(CASES["measurability"]) or ["absent"])
def test_a_reference_lesion_is_judged_as_expected(item: JSON) -> None:
    word, sentence = judge_measurability(item)
    assert word == item["expected"]
    assert sentence.endswith(".")
