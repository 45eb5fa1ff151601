"""Fill volume against balloon and model, and the balance of the activity."""

from __future__ import annotations

import pytest

from brachyresponse.errors import PlanError
from brachyresponse.planning.balloon import balloon_model, balloon_models, compare_fill, leakage_balance
from brachyresponse.sources import decay_factor


def test_the_three_balloons_are_known_by_name_diameter_and_catalogue_number() -> None:
    assert [(model.diameter_mm, model.nominal_ml) for model in balloon_models()] == [(20, 5), (30, 15), (40, 35)]
    assert balloon_model("1030") == balloon_model("30") == balloon_model("30 mm")


@pytest.mark.parametrize(
    ("fill_ml", "liquid_ml", "flagged"),
    [(15.0, 14.3, False), (15.7, 15.0, False), (15.8, 15.0, True), (34.1, 35.0, False), (33.9, 35.0, True)],
)
def test_a_fill_volume_is_flagged_beyond_5_percent_or_1_ml(fill_ml: float, liquid_ml: float, flagged: bool) -> None:
    (found,) = compare_fill(fill_ml, liquid_ml, "", drawn=True)
    assert found.is_flagged is flagged
    assert "a proposal of this software" in found.sentence


def test_the_fill_is_held_against_images_and_model() -> None:
    drawn, model = compare_fill(14.14, 14.0, "30 mm", drawn=True)
    assert (drawn.other, model.other) == ("the segmented balloon", "the 30 mm balloon (nominal)")
    assert "has 15 mL: -0.86 mL (-5.7 %)" in model.sentence
    assert compare_fill(None, 14.0, "30 mm", drawn=True) == ()
    assert compare_fill(15.0, 15.0, "", drawn=False)[0].other == "the sphere of the plan"


@pytest.mark.parametrize(("recovered_share", "flagged"), [(1.0, False), (0.985, False), (0.977, True), (1.05, True)])
def test_activity_that_is_missing_is_flagged_beyond_2_percent(recovered_share: float, flagged: bool) -> None:
    expected = 10_000 * decay_factor(59.4, 4.0)
    balance = leakage_balance(10_000, recovered_share * expected, elapsed_days=4.0, half_life_days=59.4)
    assert balance.missing_percent == pytest.approx(100 * (1 - recovered_share), abs=1e-9)
    assert balance.missing_mbq == pytest.approx(expected * (1 - recovered_share), abs=1e-9)
    assert balance.is_flagged is flagged
    assert "a proposal of this software" in balance.sentence


def test_more_out_than_in_asks_for_the_assays() -> None:
    balance = leakage_balance(1000, 1100, elapsed_days=1.0, half_life_days=59.4)
    assert "check both assays" in balance.sentence


@pytest.mark.parametrize(
    ("filled", "recovered", "days", "sentence"),
    [
        (0, 1, 1, "activity filled in is 0 MBq"),
        (1, -1, 1, "recovered activity is -1 MBq"),
        (1, 1, -1, "time from filling to removal is -1 days"),
    ],
)
def test_a_balance_that_cannot_be_is_refused(filled: float, recovered: float, days: float, sentence: str) -> None:
    with pytest.raises(PlanError, match=sentence):
        leakage_balance(filled, recovered, elapsed_days=days, half_life_days=59.4)
