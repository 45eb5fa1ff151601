"""What a plan keeps of its balloon and of its tissues: typed, checked, and the same after it was written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.dose.biology import ParameterRange
from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.balloon_settings import (
    BALLOON,
    ActivityUnit,
    BalloonSettings,
    BalloonShapeKind,
    changed_balloon,
    interruptions_of,
    read_balloon_settings,
    write_balloon_settings,
)
from brachyresponse.scene.biology_settings import range_of, range_text
from brachyresponse.scene.nodes import set_attribute
from brachyresponse.scene.plan_setup import start_plan
from brachyresponse.scene.source_kind import KIND, is_balloon, require_balloon, set_source_kind, source_kind
from brachyresponse.sources import mci_to_mbq

FILLED = datetime(2026, 3, 6, 10)
SETTINGS = BalloonSettings(FILLED, FILLED, datetime(2026, 3, 10, 10))


def test_a_plan_of_an_older_scene_is_of_seeds(scene: Any) -> None:
    plan = start_plan(scene)
    assert source_kind(plan) == "seeds"
    with pytest.raises(BrachyResponseError, match="is of seeds, and this is for plans of a balloon"):
        require_balloon(plan)
    set_source_kind(plan, "balloon")
    assert is_balloon(plan)
    with pytest.raises(BrachyResponseError, match="no kind of source 'wire': choose seeds or balloon"):
        set_source_kind(plan, "wire")
    set_attribute(plan, KIND, "wire")
    with pytest.raises(BrachyResponseError, match="no kind of source 'wire'"):
        source_kind(plan)


def test_settings_are_read_as_they_were_written(scene: Any) -> None:
    plan = start_plan(scene)
    settings = changed_balloon(
        SETTINGS,
        {
            "shape": "segment", "segment": "S1", "balloonModel": "30 mm", "fillVolumeMl": 14.5, "activityMci": 290,
            "removed": "2026-03-11 08:30", "interruptions": "2026-03-08 10:00 to 2026-03-08 14:00", "gaps": ["S2"],
        },
    )  # fmt: skip
    write_balloon_settings(plan, settings)
    assert read_balloon_settings(plan) == settings
    assert settings.shape is BalloonShapeKind.SEGMENT
    assert (settings.unit, settings.removed) == (ActivityUnit.MCI, datetime(2026, 3, 11, 8, 30))
    assert settings.activity_mbq == pytest.approx(mci_to_mbq(290))
    set_attribute(plan, BALLOON, '{"shape": 1')
    with pytest.raises(BrachyResponseError, match="keeps of its balloon is damaged"):
        read_balloon_settings(plan)


def test_an_activity_is_shown_in_the_unit_it_was_given_in() -> None:
    in_mci = changed_balloon(SETTINGS, {"activityMci": 100})
    assert in_mci.unit == "mCi"
    assert changed_balloon(in_mci, {"activityMbq": 3700}).unit == "MBq"
    assert changed_balloon(in_mci, {"depthMm": 5}).unit == "mCi"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"diameterMm": 0}, "diameter_mm is 0: give a positive number"),
        ({"activityMci": -3}, "activity_mci is -3: give a positive number"),
        ({"wallMm": -0.1}, "wall_mm is -0.1: give a number from 0 on"),
        ({"depthMm": "deep"}, "depth_mm is 'deep': give a number"),
        ({"shape": "cube"}, "shape is 'cube': choose one of diameter, volume, segment"),
        ({"filled": "tomorrow"}, "'filled' is 'tomorrow': write it as 2026-03-06 14:05"),
        ({"interruptions": "2026-03-08 10:00"}, "has no end: write it as"),
        ({"balloonModel": "99 mm"}, "no balloon model '99 mm'"),
        ({"liquid": "water"}, "water"),
        ({"gaps": "Air"}, "gaps are 'Air': give a list of segment IDs"),
        ({"gaps": 3}, "gaps are 3: give a list of segment IDs"),
        ({"colour": "red"}, "no setting 'colour' of a balloon"),
    ],
)
def test_what_cannot_be_is_named(values: dict[str, object], message: str) -> None:
    with pytest.raises(BrachyResponseError, match=message):
        changed_balloon(SETTINGS, values)


def test_several_interruptions_are_told_apart_by_semicolons() -> None:
    first, second = interruptions_of("2026-03-07 10:00 to 2026-03-07 12:00; 2026-03-08 09:00 to 2026-03-08 10:30;")
    assert (first.end, second.start) == (datetime(2026, 3, 7, 12), datetime(2026, 3, 8, 9))
    assert interruptions_of("") == ()


@given(st.lists(st.integers(1, 4000), min_size=3, max_size=3).map(sorted))
def test_a_range_is_read_as_it_was_written(hundredths: list[int]) -> None:
    low, mid, high = (value / 100 for value in hundredths)
    assert range_of("alpha_beta_gy", range_text(ParameterRange(low, mid, high))).values == (low, mid, high)


@pytest.mark.parametrize(
    ("text", "message"), [("three", "α/β 'three' is not a value in Gy"), ("3 (4-5)", "not usable")]
)
def test_what_is_no_range_is_refused(text: str, message: str) -> None:
    with pytest.raises(BrachyResponseError, match=message):
        range_of("alpha_beta_gy", text)
