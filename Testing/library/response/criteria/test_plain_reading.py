"""The engine of tables against a second, plain reading of the rules, on histories that nobody thought of."""

from __future__ import annotations

import json
import re

import pytest

from brachyresponse.response import assess_response
from invented_histories import JSON, invented_history
from plain_reading import progressed_on, read_plainly
from reference import REFERENCE, needs_reference

HISTORIES = 100
SLIP = re.compile(r"unchanged than|(more|less) (from|against)|[ (]-0[ .]|None|nan|  |[{}]")
"""What no sentence says."""


@needs_reference("response", "cases.json")
def test_the_plain_reading_agrees_with_every_case_of_the_reference() -> None:
    for case in json.loads((REFERENCE / "response" / "cases.json").read_text("utf-8"))["cases"]:
        said, best = read_plainly(case)
        assert [each.category for each in said] == [visit["category"] for visit in case["expected"]["visits"]], case[
            "id"
        ]
        assert best == case["expected"]["best_overall_response"], case["id"]
        if "progression_date" in case["expected"]:
            assert progressed_on(case, said) == case["expected"]["progression_date"], case["id"]


@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0", "RANO-BM", "RECIST-1.1"])
def test_invented_histories_are_read_alike(criteria: str) -> None:
    for seed in range(HISTORIES):
        _check_alike(invented_history(criteria, seed))


@pytest.mark.validation
@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0", "RANO-BM", "RECIST-1.1"])
def test_thousands_of_invented_histories_are_read_alike(criteria: str) -> None:
    for seed in range(HISTORIES, 2000):
        _check_alike(invented_history(criteria, seed))


def _check_alike(case: JSON) -> None:
    said, best = read_plainly(case)
    assessment = assess_response(case)
    for plain, visit in zip(said, assessment.visits, strict=True):
        where = f"{case['id']}, {visit.date}: {visit.sentence}"
        assert visit.category == plain.category, where
        assert not SLIP.search(visit.sentence), where
        assert visit.target_response == plain.target, where
        assert visit.sum == (None if plain.sum is None else pytest.approx(plain.sum)), where
        if visit.confirmed is not None:
            assert visit.confirmed == plain.confirmed, where
    assert assessment.best_overall_response == best, case["id"]
    day = assessment.progression_date
    assert (day and day.isoformat()) == progressed_on(case, said), case["id"]
