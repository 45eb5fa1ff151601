"""What would change the response of the targets does: past the margin it is another one, and just before it is not."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest

from brachyresponse.response import assess_response
from brachyresponse.response.criteria import Change
from brachyresponse.response.vocabulary import Category
from invented_histories import JSON, invented_history

CRITERIA = ["RANO-2010", "RANO-2.0", "RANO-BM", "RECIST-1.1"]
STEP = 1e-6
"""Past the margin, as a share of it."""


def summed_key(case: JSON, lesion: JSON) -> str:
    if case["options"].get("measure") == "3D":
        return "volume_ml"
    return "short_axis_mm" if lesion["kind"] == "node" else "longest_mm"


def with_more(case: JSON, place: int, amount: float) -> Iterator[JSON]:
    """The case with so much more in one lesion of a visit, for every lesion that can take it."""
    for number, lesion in enumerate(case["visits"][place]["lesions"]):
        key = summed_key(case, lesion)
        is_area = case["criteria"].startswith("RANO-2") and key == "longest_mm"
        size = lesion.get(key, 0.0) + amount / (lesion.get("perpendicular_mm", 1.0) if is_area else 1.0)
        if (
            key in lesion
            and lesion[key] / 5 < size < 5 * lesion[key]  # or it is refused as a mix of units
            and size >= (lesion.get("perpendicular_mm", 0.0) if key == "longest_mm" else 0.0)
        ):
            changed = deepcopy(case)
            changed["visits"][place]["lesions"][number][key] = size
            if lesion["kind"] == "node":
                changed["visits"][place]["lesions"][number]["longest_mm"] = max(lesion["longest_mm"], size)
            yield changed


def check_change(case: JSON, place: int, was: Category | None, change: Change) -> int:
    """How often a margin could be tried."""
    is_rise = change.amount > 0 or change.to is Category.PD or (was, change.to) == (Category.PR, Category.SD)
    step = STEP * max(abs(change.amount), 1.0) * (1 if is_rise else -1)
    asks_one_lesion = case["criteria"] == "RANO-BM" and Category.PD in (was, change.to)
    checked = 0
    for changed in with_more(case, place, change.amount + step):
        found = assess_response(changed).visits[place].target_response
        assert found == change.to or (asks_one_lesion and change.to is Category.PD), f"{case['id']}: {change.sentence}"
        checked += 1
    is_next = {was, change.to} != {Category.PR, Category.PD}  # stable disease lies between those
    for changed in with_more(case, place, change.amount - step) if is_next and not asks_one_lesion else ():
        assert assess_response(changed).visits[place].target_response == was, f"{case['id']}: {change.sentence}"
    return checked


def check_history(case: JSON) -> int:
    visits = assess_response(case).visits
    return sum(
        check_change(case, place, visit.target_response, change)
        for place, visit in enumerate(visits)
        for change in visit.changes
    )


@pytest.mark.parametrize("criteria", CRITERIA)
def test_a_margin_is_where_the_response_changes(criteria: str) -> None:
    assert sum(check_history(invented_history(criteria, seed)) for seed in range(12)) > 20


@pytest.mark.validation
@pytest.mark.parametrize("criteria", CRITERIA)
def test_margins_hold_in_hundreds_of_histories(criteria: str) -> None:
    assert sum(check_history(invented_history(criteria, seed)) for seed in range(12, 160)) > 400


def nodes(*short_axes: float) -> JSON:
    """A single node by RECIST 1.1."""
    visits = [
        {
            "date": f"2024-0{place}-08",
            "role": "baseline" if place == 1 else "follow-up",
            "lesions": [{"id": "N1", "kind": "node", "organ": "neck", "short_axis_mm": axis}],
        }
        for place, axis in enumerate(short_axes, start=1)
    ]
    return {"id": "node", "criteria": "RECIST-1.1", "options": {"hold_confirmed_pr": True}, "visits": visits}


def test_below_the_progression_of_a_node_that_was_small_it_is_normal_again() -> None:
    case = nodes(20, 5, 12)
    for visit in case["visits"]:
        visit["non_target"] = "non-CR/non-PD"  # so that it was no complete response
    (change,) = assess_response(case).visits[-1].changes
    assert (change.to, change.amount) == (Category.CR, pytest.approx(-2.0))


def test_with_several_lesions_the_margin_says_that_one_of_them_decides() -> None:
    sizes = ((20.0, 20.0), (20.0, 29.0))
    state = {"t2_flair": "stable_or_improved", "clinical_status": "stable_or_improved", "steroid_dose_mg": 0}
    visits = [
        {
            "date": f"2024-0{place}-08",
            "role": "baseline" if place == 1 else "follow-up",
            "steroid_trend": "stable",
            "lesions": [{"id": f"T{n}", "longest_mm": size} for n, size in enumerate(row)],
            **state,
        }
        for place, row in enumerate(sizes, start=1)
    ]
    case = {"id": "two", "criteria": "RANO-BM", "options": {}, "visits": visits}
    (change,) = assess_response(case).visits[-1].changes
    assert change.sentence.endswith("It ends sooner where no lesion is 5 mm above the reference any more.")


def test_a_partial_response_after_progression_is_kept_until_the_next_one() -> None:
    found = assess_response(nodes(20, 27, 13, 16, 20)).visits
    assert [visit.category for visit in found] == ["baseline", "PD", "PR", "PR", "PD"]
    assert "a partial response that was reached is kept until progression" in found[3].sentence
    assert [change.to for change in found[3].changes] == [Category.PD]  # a fall or a rise changes nothing else
