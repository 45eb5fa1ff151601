"""What speaks for progression, by the time after radiation: every row of every table."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.response import assess_response
from response_cases import absent, case, new_lesion, target, visit

JSON = dict[str, Any]
SAME, GROWN = target(20, 20), target(30, 20)
FALLING = {"steroid_trend": "decreased", "steroid_dose_mg": 2}
FOUND: dict[str, tuple[JSON, JSON]] = {
    "nothing": (SAME, {}),
    "histology": (SAME, {"histology": "tumour"}),
    "growth with histology": (GROWN, {"histology": "tumour"}),
    "new outside": (SAME, {"new_lesions": [new_lesion(field="outside")]}),
    "new inside": (SAME, {"new_lesions": [new_lesion(field="inside")]}),
    "new straddling": (SAME, {"new_lesions": [new_lesion(field="straddles")]}),
    "new not placed": (SAME, {"new_lesions": [new_lesion(field="not_applicable")]}),
    "new not measurable": (SAME, {"new_lesions": [new_lesion(measurable=False)]}),
    "new doubtful": (SAME, {"new_lesions": [new_lesion(certainty="equivocal")]}),
    "growth": (GROWN, {}),
    "growth on falling steroids": (GROWN, FALLING),
    "growth on rising steroids": (GROWN, {"steroid_trend": "increased", "steroid_dose_mg": 8}),
    "non-target": (SAME, {"non_target": "PD"}),
    "non-target not evaluated": (SAME, {"non_target": "NE"}),
    "non-target persists": (SAME, {"non_target": "non-CR/non-PD"}),
    "T2/FLAIR": (SAME, {"t2_flair": "worse"}),
    "T2/FLAIR on falling steroids": (SAME, {"t2_flair": "worse", **FALLING}),
    "clinical": (SAME, {"clinical_status": "worse"}),
    "steroids": (SAME, {"steroid_trend": "increased", "steroid_dose_mg": 8}),
}
RANO_2010 = {
    "nothing": "SD SD",
    "histology": "PD SD",
    "growth with histology": "PD PD",
    "new outside": "PD PD",
    "new inside": "pPD PD",
    "new straddling": "pPD PD",
    "new not placed": "pPD PD",
    "new not measurable": "PD PD",
    "new doubtful": "SD SD",
    "growth": "pPD PD",
    "growth on falling steroids": "NE NE",
    "growth on rising steroids": "pPD PD",
    "non-target": "pPD PD",
    "non-target not evaluated": "NE NE",
    "non-target persists": "SD SD",
    "T2/FLAIR": "pPD PD",
    "T2/FLAIR on falling steroids": "NE NE",
    "clinical": "NE PD",
    "steroids": "NE NE",
}
RANO_2_0 = {
    "nothing": "SD SD SD",
    "histology": "PD SD SD",
    "growth with histology": "PD PD PD",
    "new outside": "pPD PD pPD",
    "new inside": "pPD PD pPD",
    "new straddling": "pPD PD pPD",
    "new not placed": "pPD PD pPD",
    "new not measurable": "SD SD SD",
    "new doubtful": "SD SD SD",
    "growth": "pPD PD pPD",
    "growth on falling steroids": "pPD PD pPD",
    "non-target": "pPD PD pPD",
    "non-target not evaluated": "NE NE NE",
    "non-target persists": "SD SD SD",
    "T2/FLAIR": "pPD PD pPD",
    "T2/FLAIR on falling steroids": "pPD PD pPD",
    "clinical": "NE PD PD",
    "steroids": "NE NE NE",
}
RANO_BM = {
    "nothing": "SD SD",
    "histology": "SD SD",
    "new outside": "PD PD",
    "new inside": "PD PD",
    "new not measurable": "PD PD",
    "new doubtful": "SD SD",
    "growth": "PD PD",
    "growth on falling steroids": "PD PD",
    "non-target": "PD PD",
    "non-target not evaluated": "NE NE",
    "non-target persists": "SD SD",
    "T2/FLAIR": "PD PD",
    "clinical": "PD PD",
    "steroids": "NE NE",
}
GLIASITE = {
    "nothing": "SD SD",
    "histology": "SD SD",
    "new outside": "PD PD",
    "new inside": "PD PD",
    "new doubtful": "SD SD",
    "growth": "pPD PD",
    "growth on falling steroids": "pPD PD",
    "non-target": "SD SD",
    "non-target not evaluated": "SD SD",
    "non-target persists": "SD SD",
    "T2/FLAIR": "pPD PD",
    "clinical": "SD SD",
    "steroids": "SD SD",
}
MATRIX = [
    (criteria, found, words)
    for criteria, table in (
        ("RANO-2010", RANO_2010),
        ("RANO-2.0", RANO_2_0),
        ("RANO-BM", RANO_BM),
        ("RANO-GliaSite", GLIASITE),
    )
    for found, words in table.items()
]


def category(criteria: str, lesion: JSON, words: JSON, day: int, **options: Any) -> str:
    first = visit(0, target(20, 20), steroid_dose_mg=4)
    one = case(criteria, first, visit(day, lesion, **words), radiation_day=-10, **options)
    return str(assess_response(one).visits[-1].category)


@pytest.mark.parametrize(("criteria", "found", "expected"), MATRIX, ids=lambda value: str(value))
def test_a_finding_counts_early_later_and_where_confirmation_is_asked(criteria: str, found: str, expected: str) -> None:
    lesion, words = FOUND[found]
    options = {"antiangiogenic": True} if criteria == "RANO-2.0" else {}
    categories = [category(criteria, lesion, words, day, **options) for day in (30, 100)]
    if criteria == "RANO-2.0":
        categories.append(category(criteria, lesion, words, 100, confirm_progression=True, **options))
    assert categories == expected.split()


@pytest.mark.parametrize(
    ("criteria", "confirm", "expected"),
    [
        ("RANO-2010", False, "pPD PD"),
        ("RANO-2.0", False, "pPD PD"),
        ("RANO-2.0", True, "pPD pPD"),
    ],
)
def test_what_comes_back_counts_as_growth_does_but_on_any_dose(criteria: str, confirm: bool, expected: str) -> None:
    found = []
    for day in (60, 150):
        visits = [visit(0, target(20, 20), steroid_dose_mg=4), visit(20, absent(), steroid_trend="decreased")]
        back = visit(day, target(11, 11), **FALLING)
        one = case(criteria, *visits, back, radiation_day=-10, confirm_progression=confirm)
        found.append(str(assess_response(one).visits[-1].category))
    assert found == expected.split()


@pytest.mark.parametrize("criteria", ["RANO-2010", "RANO-2.0", "RANO-BM", "RANO-GliaSite"])
@pytest.mark.parametrize("status", ["none", "CR", "non-CR/non-PD"])
def test_all_targets_gone_is_complete_when_the_rest_is_gone_too(criteria: str, status: str) -> None:
    found = category(criteria, absent(), {"non_target": status}, 100)
    assert found == ("PR" if status == "non-CR/non-PD" else "CR")
