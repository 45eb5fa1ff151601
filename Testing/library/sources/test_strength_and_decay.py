"""Strength in U, MBq and mCi, and what decay leaves of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import SourceError
from brachyresponse.sources import (
    StrengthUnit,
    convert_strength,
    decay_factor,
    decayed_strength_u,
    fraction_delivered,
    integrated_hours,
    mbq_to_u,
    mci_to_u,
    u_to_mbq,
    u_to_mci,
)

I125_DAYS = 59.4


def test_one_millicurie_apparent_is_the_strength_of_tg43u1() -> None:
    assert mci_to_u(1.0, "I-125") == pytest.approx(1.270)
    assert mci_to_u(1.0, "Pd-103") == pytest.approx(1.293)
    assert mbq_to_u(37.0, "I-125") == pytest.approx(1.270)


@pytest.mark.parametrize(("mbq", "mci", "u"), [(14.8, 0.4, 0.508), (18.5, 0.5, 0.635), (25.9, 0.7, 0.889)])
def test_seeds_of_the_neck_node_study_have_their_strengths(mbq: float, mci: float, u: float) -> None:
    assert mbq_to_u(mbq, "I-125") == pytest.approx(u)
    assert u_to_mci(u, "I-125") == pytest.approx(mci)
    assert u_to_mbq(u, "I-125") == pytest.approx(mbq)


@given(
    value=st.floats(1e-3, 1e3),
    unit=st.sampled_from(StrengthUnit),
    other=st.sampled_from(StrengthUnit),
    radionuclide=st.sampled_from(["I-125", "Pd-103"]),
)
def test_a_strength_comes_back_from_any_unit(value: float, unit: str, other: str, radionuclide: str) -> None:
    there = convert_strength(value, unit, other, radionuclide)
    assert convert_strength(there, other, unit, radionuclide) == pytest.approx(value, rel=1e-12)


def test_strengths_are_converted_as_arrays_too() -> None:
    np.testing.assert_allclose(mbq_to_u(np.array([0.0, 37.0]), "I-125"), [0.0, 1.27])


def test_what_cannot_be_converted_is_refused() -> None:
    with pytest.raises(SourceError, match=r"'Cs-131' .*give the air-kerma strength in U"):
        mci_to_u(1.0, "Cs-131")
    with pytest.raises(SourceError, match="'Ci' is not known"):
        convert_strength(1.0, "Ci", "U", "I-125")
    with pytest.raises(SourceError, match=r"-1\.0 mCi"):
        mci_to_u(-1.0, "I-125")
    with pytest.raises(SourceError, match="finite"):
        mbq_to_u(float("nan"), "I-125")


def test_a_seed_of_an_unknown_radionuclide_may_still_be_given_in_u() -> None:
    assert convert_strength(0.5, "U", "U", "Cs-131") == 0.5


@pytest.mark.parametrize(
    ("days", "percent"), [(7, 7.84), (14, 15.07), (30, 29.54), (60, 50.35), (90, 65.01), (180, 87.76), (365, 98.59)]
)
def test_the_share_of_the_dose_given_so_far(days: float, percent: float) -> None:
    assert 100 * fraction_delivered(I125_DAYS, 0, days) == pytest.approx(percent, abs=0.005)  # table of two decimals


def test_all_time_is_a_mean_life() -> None:
    assert integrated_hours(I125_DAYS) == pytest.approx(2056.7, abs=0.05)
    assert fraction_delivered(I125_DAYS) == 1.0


@given(first=st.floats(0, 500), second=st.floats(0, 500))
def test_the_dose_of_two_times_in_a_row_adds_up(first: float, second: float) -> None:
    middle, end = sorted((first, second))
    whole = fraction_delivered(I125_DAYS, 0, end)
    assert fraction_delivered(I125_DAYS, 0, middle) + fraction_delivered(I125_DAYS, middle, end) == pytest.approx(whole)


@pytest.mark.parametrize(("start", "end"), [(-1.0, 5.0), (5.0, 1.0), (float("nan"), 1.0), (0.0, -inf)])
def test_times_that_do_not_follow_each_other_are_refused(start: float, end: float) -> None:
    with pytest.raises(SourceError, match="0 <= start <= end"):
        fraction_delivered(I125_DAYS, start, end)


def test_strength_decays_from_the_reference_date_to_the_implant() -> None:
    strength = decayed_strength_u(0.5, I125_DAYS, date(2026, 3, 1), date(2026, 3, 31))
    assert strength == pytest.approx(0.5 * 0.70464, rel=1e-5)
    assert decayed_strength_u(0.5, I125_DAYS, date(2026, 3, 31), date(2026, 3, 1)) == pytest.approx(
        0.5 / 0.70464, rel=1e-5
    )
    half_day = decayed_strength_u(1.0, I125_DAYS, datetime(2026, 3, 1, 12), datetime(2026, 3, 2))
    assert half_day == pytest.approx(decay_factor(I125_DAYS, 0.5))


def test_a_time_zone_on_one_side_only_is_refused() -> None:
    with pytest.raises(SourceError, match="time zone"):
        decayed_strength_u(1.0, I125_DAYS, datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 2))


def test_decay_needs_a_half_life_and_a_time() -> None:
    with pytest.raises(SourceError, match=r"half-life is 0\.0"):
        decay_factor(0.0, 1.0)
    with pytest.raises(SourceError, match="finite"):
        decay_factor(I125_DAYS, inf)
