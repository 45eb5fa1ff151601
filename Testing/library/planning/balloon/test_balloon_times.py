"""Filling, removal, interruptions; time and activity for a dose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.errors import PlanError
from brachyresponse.planning.balloon import Interruption, activity_for, dwell_for
from brachyresponse.planning.balloon.times import (
    days_between,
    filled_intervals,
    hours_at_first_rate,
    removal_days_for,
)

FILLED = datetime(2026, 3, 2, 10)
HALF_LIFE = 59.4


def after(hours: float) -> datetime:
    return FILLED + timedelta(hours=hours)


def test_60_gy_at_52_3_cgy_per_h_take_118_05_h() -> None:
    hours = dwell_for(60, 52.3, half_life_days=HALF_LIFE)
    assert hours == pytest.approx(118.05, abs=0.005)
    assert pytest.approx(hours * (1 - 0.029), rel=1e-3) == 6000 / 52.3  # without decay 2.9 % less


@settings(max_examples=25)
@given(dose_gy=st.floats(1, 100), rate=st.floats(10, 500), start=st.floats(0, 2), length=st.floats(0.01, 2))
def test_the_time_found_gives_the_dose_around_an_interruption(
    dose_gy: float, rate: float, start: float, length: float
) -> None:
    pause = Interruption(after(24 * start + 1), after(24 * (start + length) + 1))
    days = removal_days_for(dose_gy, rate, filled_intervals(FILLED, None, [pause]), HALF_LIFE)
    pauses = [pause] if days > days_between(FILLED, pause.end) else []
    intervals = filled_intervals(FILLED, FILLED + timedelta(days=days), pauses)
    given_gy = rate * hours_at_first_rate(intervals, HALF_LIFE) / 100
    assert given_gy == pytest.approx(dose_gy, rel=1e-5)  # microseconds of a timedelta


@settings(max_examples=25)
@given(rate=st.floats(0.01, 1), dwell_hours=st.floats(1, 500))
def test_the_activity_found_gives_the_dose_in_the_time(rate: float, dwell_hours: float) -> None:
    activity = activity_for(60, rate, half_life_days=HALF_LIFE, dwell_hours=dwell_hours)
    hours = hours_at_first_rate([(0, dwell_hours / 24)], HALF_LIFE)
    assert activity * rate * hours / 100 == pytest.approx(60, rel=1e-9)


def test_a_dose_that_complete_decay_does_not_give_is_never_reached() -> None:
    with pytest.raises(PlanError, match=r"60 Gy is never reached: at 2 cGy/h the liquid gives 41\.1 Gy by complete"):
        dwell_for(60, 2.0, half_life_days=HALF_LIFE)
    with pytest.raises(PlanError, match="never reached"):
        removal_days_for(60, 2.0, [(0, inf)], HALF_LIFE)


def test_a_dose_or_rate_of_0_is_refused() -> None:
    with pytest.raises(PlanError, match=r"dose rate at the prescription's depth is 0 cGy/h"):
        dwell_for(60, 0, half_life_days=HALF_LIFE)
    with pytest.raises(PlanError, match="dwell time is 0 h: give a positive number"):
        activity_for(60, 1, half_life_days=HALF_LIFE, dwell_hours=0)


def test_interruptions_cut_the_time_into_intervals_in_order() -> None:
    pauses = [Interruption(after(48), after(60)), Interruption(after(12), after(24))]
    assert filled_intervals(FILLED, after(72), pauses) == ((0.0, 0.5), (1.0, 2.0), (2.5, 3.0))


@pytest.mark.parametrize(
    ("removed", "pauses", "sentence"),
    [
        (-1, [], "removed at 2026-03-02 09:00, not after filling at 2026-03-02 10:00"),
        (24, [(20, 30)], "interruption from 2026-03-03 06:00 to 2026-03-03 16:00 is not between filling and removal"),
        (72, [(10, 20), (15, 30)], "Two interruptions overlap: one ends at 2026-03-03 06:00"),
    ],
)
def test_times_that_contradict_each_other_are_refused(
    removed: float, pauses: list[tuple[float, float]], sentence: str
) -> None:
    interruptions = [Interruption(after(start), after(end)) for start, end in pauses]
    with pytest.raises(PlanError, match=sentence):
        filled_intervals(FILLED, after(removed), interruptions)


def test_an_interruption_ends_after_it_begins() -> None:
    with pytest.raises(PlanError, match="not after its start"):
        Interruption(after(2), after(1))


def test_times_with_and_without_a_zone_are_not_mixed() -> None:
    with pytest.raises(PlanError, match="one names a time zone"):
        days_between(FILLED, datetime(2026, 3, 3, tzinfo=UTC))
