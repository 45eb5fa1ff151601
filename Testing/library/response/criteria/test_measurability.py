from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.errors import InputFileError
from brachyresponse.response import Measurability, MeasurabilityItem, judge_measurability
from brachyresponse.response.vocabulary import CriteriaName, LesionKind

JSON = dict[str, Any]


@pytest.mark.parametrize(
    ("item", "word", "reason"),
    [
        ({"criteria": "RANO-2.0", "longest_mm": 10, "perpendicular_mm": 10, "slices": 2}, "target", "Large enough"),
        ({"criteria": "RANO-2010", "longest_mm": 30}, "non-target", "perpendicular diameter is missing"),
        ({"criteria": "RANO-2010", "longest_mm": 30, "perpendicular_mm": 20}, "target", "Large enough"),
        ({"criteria": "RANO-GliaSite", "longest_mm": 9, "perpendicular_mm": 9}, "non-target", "at least 10 mm"),
        (
            {"criteria": "RANO-BM", "longest_mm": 13, "perpendicular_mm": 9, "slice_thickness_mm": 7},
            "non-target",
            "14 mm",
        ),
        ({"criteria": "RECIST-1.1", "longest_mm": 10, "slice_thickness_mm": 5.1}, "non-target", "at least 10.2 mm"),
        ({"criteria": "RECIST-1.1", "longest_mm": 20, "method": "chest x-ray"}, "target", "Large enough"),
        ({"criteria": "RECIST-1.1", "longest_mm": 10, "method": "caliper"}, "target", "Large enough"),
        ({"criteria": "RECIST-1.1", "kind": "node", "longest_mm": 20}, "non-target", "short axis is missing"),
        ({"criteria": "RECIST-1.1", "longest_mm": 30, "treated_area": True}, "non-target", "treated area"),
    ],
)
def test_a_lesion_is_judged_by_what_its_criteria_ask_for(item: JSON, word: str, reason: str) -> None:
    found = judge_measurability(item)
    assert (found.word, reason in found.sentence) == (word, True)


def test_a_lesion_may_be_given_as_an_item() -> None:
    item = MeasurabilityItem(CriteriaName.RECIST_1_1, LesionKind.NODE, short_axis_mm=15.0)
    assert judge_measurability(item).word is Measurability.TARGET


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slice_thicknes": 3}, r"Lesion m: 'slice_thicknes' is not known; did you mean 'slice_thickness_mm'\?"),
        ({"method": "ultrasound"}, "'method' is 'ultrasound', expected one of CT or MRI, caliper, chest x-ray"),
        ({"criteria": "WHO"}, "'criteria' is 'WHO', expected one of"),
    ],
)
def test_a_wrong_key_or_word_is_named(change: JSON, message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        judge_measurability({"id": "m", "criteria": "RANO-2010", "longest_mm": 10, "perpendicular_mm": 10, **change})
