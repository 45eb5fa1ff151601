"""The days of an implant and the share of its dose delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from brachyresponse.errors import VerificationError
from brachyresponse.sources import load_source
from brachyresponse.verification import days_after, share_delivered
from brachyresponse.verification.delivery import check_dates

IMPLANT = date(2026, 3, 6)

# Days after the implant and the fraction of an I-125 implant's dose delivered by then, as printed.
DELIVERED = [(0, 0.0), (7, 0.0784), (14, 0.1507), (30, 0.2954), (60, 0.5035), (90, 0.6501), (180, 0.8776)]


@pytest.mark.parametrize(("days", "share"), DELIVERED)
def test_the_share_delivered_is_that_of_the_decay_table(days: int, share: float) -> None:
    source = load_source("amersham_6711")
    assert share_delivered(source, IMPLANT, IMPLANT + timedelta(days)) == pytest.approx(share, abs=6e-5)  # four digits


def test_a_day_before_the_implant_is_refused() -> None:
    with pytest.raises(VerificationError, match="2026-03-05 is before the implant on 2026-03-06: give a later day"):
        days_after(IMPLANT, date(2026, 3, 5))


def test_an_implant_before_the_planning_images_is_refused(plan_of: Callable) -> None:
    with pytest.raises(VerificationError, match="implant of 2026-02-20 is before the planning images of 2026-03-01"):
        check_dates(plan_of(), date(2026, 2, 20), None)


def test_without_the_date_of_the_images_the_day_of_the_plan_counts(plan_of: Callable) -> None:
    plan = plan_of(planning_image_date=None)
    with pytest.raises(
        VerificationError, match="implant of 2026-02-20 is before plan 'Plan', which was made on 2026-03-01"
    ):
        check_dates(plan, date(2026, 2, 20), None)
    assert check_dates(plan, date(2026, 3, 1), date(2026, 3, 1)) == ()


def test_a_plan_written_after_its_implant_is_said(plan_of: Callable) -> None:
    plan = plan_of(created=datetime(2026, 5, 1))
    assert any("plan made in retrospect" in sentence for sentence in check_dates(plan, IMPLANT, IMPLANT))


def test_a_scan_before_the_implant_is_refused(plan_of: Callable) -> None:
    with pytest.raises(VerificationError, match="images are of 2026-03-05, before the implant on 2026-03-06"):
        check_dates(plan_of(), IMPLANT, date(2026, 3, 5))


def test_a_scan_without_a_date_is_said(plan_of: Callable) -> None:
    assert any("date of the verification images is not known" in said for said in check_dates(plan_of(), IMPLANT, None))
