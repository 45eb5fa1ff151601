"""The timing of the study behind the limit: a table, and what deviates from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from brachyresponse.perfusion.interpretation import TimingCheck, TimingRow, check_timing

TREATMENT = date(2026, 3, 7)
SURGERY = date(2027, 1, 20)


def check(before_days: int = 10, progression_days: int = 200, repeat_days: int = 20) -> TimingCheck:
    return check_timing(
        pre_treatment_scan=TREATMENT - timedelta(days=before_days),
        treatment=TREATMENT,
        progression=TREATMENT + timedelta(days=progression_days),
        repeat_scan=SURGERY - timedelta(days=repeat_days),
        surgery=SURGERY,
    )


def row(found: TimingCheck, name: str) -> TimingRow:
    return next(one for one in found.rows if one.id == name)


def test_a_course_like_that_of_the_study_has_no_deviation() -> None:
    found = check()
    assert [one.passed for one in found.rows] == [True, True, True]
    assert found.deviations == found.unknown == ()


@pytest.mark.parametrize(("days", "passed"), [(0, True), (30, True), (31, False), (-1, False)])
def test_the_pre_treatment_scan_lies_within_thirty_days_before(days: int, passed: bool) -> None:
    assert row(check(before_days=days), "pre_treatment_scan").passed is passed


@pytest.mark.parametrize(("days", "passed"), [(30, False), (31, True), (900, True)])
def test_progression_is_later_than_thirty_days_after(days: int, passed: bool) -> None:
    assert row(check(progression_days=days), "progression").passed is passed


@pytest.mark.parametrize(("days", "passed"), [(0, True), (30, True), (31, False)])
def test_the_repeat_scan_lies_within_thirty_days_before_surgery(days: int, passed: bool) -> None:
    assert row(check(repeat_days=days), "repeat_scan").passed is passed


def test_a_deviation_is_named_with_its_days() -> None:
    (deviation,) = check(before_days=65).deviations
    assert "65 days, expected 0 to 30 days before the treatment" in deviation


def test_a_scan_after_what_it_should_precede_is_said_to_be_in_the_wrong_order() -> None:
    (deviation,) = check(before_days=-3).deviations
    assert "3 days in the wrong order" in deviation


def test_dates_that_are_not_known_are_not_judged_but_named() -> None:
    found = check_timing(treatment=TREATMENT)
    assert [one.passed for one in found.rows] == [None, None, None]
    assert "the pre-treatment scan is not known" in found.unknown[0]
    assert "the repeat scan and the surgery" in found.unknown[2]


def test_the_table_cites_the_study() -> None:
    assert "abstract 4054" in check().source
