"""Thyroglobulin is read with its antibodies, and its doubling told only where values can be compared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.response.treatment import (
    MarkerChange,
    TreatmentRecord,
    marker_changes,
    marker_readings,
    marker_sentences,
    new_treatment,
)

DAY = date(2026, 1, 31)
GOOD: dict[str, Any] = {"tsh_mu_per_l": 0.05, "antibodies": "absent", "method": "A"}


def record(*values: dict[str, Any], days: int = 180) -> TreatmentRecord:
    each = [{"value_ug_per_l": 10.0, **GOOD, **value} for value in values]
    return TreatmentRecord(
        tuple(new_treatment("serum marker", DAY + n * timedelta(days), **value) for n, value in enumerate(each))
    )


def change(before: dict[str, Any], after: dict[str, Any], days: int = 180) -> MarkerChange:
    (found,) = marker_changes(record(before, after, days=days))
    return found


def test_a_value_without_antibodies_can_be_read() -> None:
    (reading,) = marker_readings(record({}))
    assert (reading.is_interpretable, reading.sentence) == (True, "")


def test_with_antibodies_thyroglobulin_cannot_be_read() -> None:
    (reading,) = marker_readings(record({"antibodies": "present"}))
    assert reading.is_interpretable is False
    assert "Antibodies against thyroglobulin are present" in reading.sentence
    assert "Spencer" in reading.source


def test_antibodies_that_nobody_measured_leave_it_open() -> None:
    (reading,) = marker_readings(record({"antibodies": "unknown"}))
    assert reading.is_interpretable is None
    assert "is not known" in reading.sentence


def test_the_doubling_time_of_the_neck_node_study_is_a_halving() -> None:
    found = change({"value_ug_per_l": 23.5}, {"value_ug_per_l": 8.9})  # medians of the study, before and at 6 months
    assert found.percent == pytest.approx(-62.13, abs=0.01)  # (8.9 - 23.5) / 23.5
    assert found.doubling_days == pytest.approx(-128.5, abs=0.1)  # 180 d ln 2 / ln(8.9 / 23.5)


@given(st.floats(0.1, 1000), st.floats(10, 1000), st.integers(1, 700))
def test_growth_by_a_doubling_time_is_found_again(value: float, doubling: float, days: int) -> None:
    after = value * 2 ** (days / doubling)
    found = change({"value_ug_per_l": value}, {"value_ug_per_l": after}, days)
    assert found.doubling_days == pytest.approx(doubling, rel=1e-6)  # rounding of the power and its logarithm


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ({"antibodies": "present"}, "cannot be read as a tumour marker"),
        ({"antibodies": "unknown"}, "is not known"),
        ({"method": "B"}, "measured by different methods, A and B"),
        ({"method": ""}, "By which method"),
        ({"tsh_mu_per_l": 40.0}, "TSH was 0.05 mU/L on 2026-01-31 and 40 on 2026-07-30, which is not comparable"),
        ({"tsh_mu_per_l": None}, "TSH of 2026-01-31 or 2026-07-30 is not known"),
    ],
)
def test_values_that_cannot_be_compared_have_no_doubling_time(after: dict[str, Any], message: str) -> None:
    found = change({}, {"value_ug_per_l": 20.0, **after})
    assert (found.percent, found.doubling_days) == (None, None)
    assert any(message in sentence for sentence in found.sentences)


@pytest.mark.parametrize(
    ("first", "second", "is_told"), [(0.01, 0.5, True), (0.4, 0.6, True), (30, 60, True), (30, 61, False)]
)
def test_tsh_is_comparable_when_low_or_within_a_factor_of_two(first: float, second: float, is_told: bool) -> None:
    found = change({"tsh_mu_per_l": first}, {"value_ug_per_l": 20.0, "tsh_mu_per_l": second})
    assert (found.doubling_days is not None) is is_told


@pytest.mark.parametrize(("before", "after", "percent"), [(0.0, 1.0, None), (10.0, 10.0, 0.0), (10.0, 0.0, -100.0)])
def test_what_does_not_double_has_no_doubling_time(before: float, after: float, percent: float | None) -> None:
    found = change({"value_ug_per_l": before}, {"value_ug_per_l": after})
    assert (found.percent, found.doubling_days) == (percent, None)


def test_what_has_to_be_known_is_said_once() -> None:
    falling = record({"value_ug_per_l": 23.5}, {"value_ug_per_l": 8.9}, {"value_ug_per_l": 8.9})
    assert marker_sentences(falling) == (
        "Thyroglobulin changed by -62 % from 2026-01-31 to 2026-07-30: at this rate it halves in 128 days.",
        "Thyroglobulin changed by +0 % from 2026-07-30 to 2027-01-26.",
    )
    with_antibodies = marker_sentences(record({}, {"antibodies": "present"}, {}))
    assert len(with_antibodies) == 1
    assert "lower the value measured" in with_antibodies[0]
    assert marker_sentences(record({"value_ug_per_l": 0.0}, {})) == ()
