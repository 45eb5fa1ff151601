"""The end of radiation is asked for a permanent implant, and follows from the record otherwise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment import (
    ReferenceChoice,
    TreatmentRecord,
    delivered_share,
    new_treatment,
    radiation_end,
    reference_dates,
)

I125_DAYS = 59.4
IMPLANTED = date(2026, 1, 31)
IMPLANT = new_treatment("implant", IMPLANTED, prescription_gy=120.0, source="amersham_6711")
BEAM = new_treatment("external beam", date(2024, 1, 8), date(2024, 2, 16), prescription_gy=60.0)
REMOVAL = new_treatment("source removal", date(2026, 3, 5), prescription_gy=60.0)


@pytest.mark.parametrize(
    ("days", "percent"),
    [
        (7, 7.84),
        (14, 15.07),
        (30, 29.54),
        (60, 50.35),
        (84, 62.48),
        (90, 65.01),
        (180, 87.76),
        (197, 89.96),
        (365, 98.59),
    ],
)
def test_the_share_delivered_agrees_with_the_published_half_life(days: int, percent: float) -> None:
    share = delivered_share(I125_DAYS, IMPLANTED, IMPLANTED + timedelta(days))
    assert 100 * share == pytest.approx(percent, abs=0.005)  # printed to two digits


def test_a_day_before_the_implant_has_no_share() -> None:
    with pytest.raises(ResponseError, match="2026-01-30 is before the implant on 2026-01-31"):
        delivered_share(I125_DAYS, IMPLANTED, date(2026, 1, 30))


def test_an_implant_offers_its_day_and_the_days_of_four_shares() -> None:
    offered = reference_dates([IMPLANT])
    assert [(each.date - IMPLANTED).days for each in offered] == [0, 59, 197, 257, 395]
    # A whole day is at most half a day from the share: 0.3 % at half of the dose, less later.
    assert [each.delivered_share for each in offered] == pytest.approx([0, 0.5, 0.9, 0.95, 0.99], abs=0.003)
    assert (
        offered[2].sentence
        == "2026-08-16, day 197 after the implant: 90.0 % of its dose is delivered (59.4 d half-life)."
    )


def test_the_end_of_radiation_of_an_implant_is_asked_for_never_assumed() -> None:
    end = radiation_end([BEAM, IMPLANT])
    assert end.date is None
    assert end.sentence == (
        "The implant of 2026-01-31 is permanent, and no criteria say when its radiation ends (by 12 weeks 62 % of its "
        "dose is delivered): choose the reference date."
    )


def test_a_choice_gives_the_date_with_the_share_delivered() -> None:
    end = radiation_end([IMPLANT], "90 % of the dose delivered")
    assert (end.date, end.choice) == (date(2026, 8, 16), ReferenceChoice.SHARE_90)
    assert end.delivered_share == pytest.approx(0.8996, abs=1e-4)  # a whole day short of 90 %
    assert radiation_end([IMPLANT], ReferenceChoice.IMPLANT_DAY).date == IMPLANTED


def test_a_date_of_the_users_own_shows_the_share() -> None:
    end = radiation_end([IMPLANT], date(2026, 4, 25))
    assert end.date == date(2026, 4, 25)
    assert "a date of the user's own: 62.5 % of the dose of the implant of 2026-01-31 is delivered" in end.sentence
    assert radiation_end([BEAM], date(2026, 4, 25)).delivered_share is None


def test_a_date_of_the_users_own_may_be_that_of_an_earlier_course() -> None:
    end = radiation_end([BEAM, IMPLANT], date(2024, 2, 16))
    assert (end.date, end.delivered_share) == (date(2024, 2, 16), None)
    assert end.sentence.endswith("not counted, for it came later: Implant of 2026-01-31.")


def test_a_date_before_all_radiation_is_refused() -> None:
    with pytest.raises(ResponseError, match=r"2025-04-25, before all radiation on record \(Implant of 2026-01-31\)"):
        radiation_end([IMPLANT], date(2025, 4, 25))


def test_a_removed_source_and_a_finished_beam_need_no_choice() -> None:
    assert radiation_end([BEAM, REMOVAL]).date == date(2026, 3, 5)
    assert radiation_end([BEAM]).date == date(2024, 2, 16)
    assert "the day on which the source was removed" in radiation_end([REMOVAL]).sentence


def test_a_beam_without_an_end_gives_no_date() -> None:
    end = radiation_end([new_treatment("external beam", date(2026, 1, 8))])
    assert end.date is None
    assert "External beam of 2026-01-08 has no end" in end.sentence


def test_no_radiation_is_said() -> None:
    end = TreatmentRecord((new_treatment("surgery", IMPLANTED),)).radiation_end()
    assert end.date is None
    assert "No radiation is on record" in end.sentence


@pytest.mark.parametrize(("days", "is_asked"), [(30, True), (390, True), (400, False)])
def test_a_beam_after_an_implant_decides_only_when_the_implant_has_given_its_dose(days: int, is_asked: bool) -> None:
    later = IMPLANTED + timedelta(days)
    end = radiation_end([IMPLANT, new_treatment("external beam", later - timedelta(10), later)])
    assert (end.date is None) is is_asked


def test_the_latest_course_is_offered_first() -> None:
    assert [each.course.kind for each in reference_dates([IMPLANT, BEAM])] == ["implant"] * 5 + ["external beam"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("source removal", "cannot be 'source removal', for the record has no such course; choose one of: implant day"),
        ("90 % of dose", "no choice of the end of radiation '90 % of dose'; did you mean"),
        ("own date", "is a date of your own: give that date"),
    ],
)
def test_a_choice_that_is_not_offered_is_refused(choice: str, message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        radiation_end([IMPLANT], choice)


def test_a_source_of_another_half_life_counts_with_its_own() -> None:
    palladium = new_treatment("implant", IMPLANTED, source="theragenics_200")
    own = new_treatment("implant", IMPLANTED, half_life_days=9.7)
    assert (reference_dates([palladium])[1].date - IMPLANTED).days == 17  # half of 16.991 d
    assert (reference_dates([own])[1].date - IMPLANTED).days == 10


@given(st.floats(1, 200), st.integers(0, 2000), st.integers(0, 2000))
def test_the_share_grows_with_time_and_halves_what_is_left(half_life: float, days: int, more: int) -> None:
    share = delivered_share(half_life, IMPLANTED, IMPLANTED + timedelta(days))
    later = delivered_share(half_life, IMPLANTED, IMPLANTED + timedelta(days + more))
    assert 0 <= share <= later <= 1
    assert 1 - later == pytest.approx((1 - share) * 0.5 ** (more / half_life), abs=1e-12)


def test_a_removal_after_an_implant_may_be_of_its_source() -> None:
    assert "If it is the source that was removed on 2026-03-05, leave" in radiation_end([IMPLANT, REMOVAL]).sentence
    earlier = new_treatment("source removal", date(2025, 3, 5))
    assert "removed" not in radiation_end([earlier, IMPLANT]).sentence
