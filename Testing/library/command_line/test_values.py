from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

import pytest

from brachyresponse.command_line import values


@pytest.mark.parametrize(("letter", "expected"), [("S", (0, 0, 1)), ("r", (1, 0, 0)), ("P", (0, -1, 0))])
def test_a_letter_is_a_direction_of_the_patient(letter: str, expected: tuple[float, ...]) -> None:
    assert values.direction(letter) == expected


@pytest.mark.parametrize("text", ["-0.7,0,-0.7", "-0.7 0 -0.7", " -0.7, 0, -0.7"])
def test_three_numbers_are_a_direction(text: str) -> None:
    assert values.direction(text) == (-0.7, 0.0, -0.7)


def test_a_label_is_a_value_and_a_name() -> None:
    assert values.label(" 2 = Left optic nerve ") == (2, "Left optic nerve")


def test_a_day_is_written_year_first() -> None:
    assert values.day("2026-01-31") == date(2026, 1, 31)


def test_zero_is_allowed_for_a_margin_but_not_for_a_strength() -> None:
    assert values.number_not_negative("0") == 0
    with pytest.raises(argparse.ArgumentTypeError, match="0 is not above zero"):
        values.positive_number("0")


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (values.positive_number, "nan", "'nan' is not a finite number"),
        (values.positive_number, "inf", "'inf' is not a finite number"),
        (values.positive_number, "-3", "-3 is not above zero"),
        (values.positive_number, "1,5", "'1,5' is not a finite number"),
        (values.number_not_negative, "-0.1", "-0.1 is negative"),
        (values.day, "31.01.2026", "'31.01.2026' is not a date: write it like 2026-01-31"),
        (values.day, "2026-02-30", "is not a date"),
        (values.label, "PTV=2", "'PTV=2' is not a label: write its value and name like 2=PTV"),
        (values.label, "0=air", "is not a label"),
        (values.label, "3=", "is not a label"),
        (values.direction, "X", "'X' is not a direction: give R, L, A, P, S, I or three numbers"),
        (values.direction, "0,0,0", "is not a direction"),
        (values.direction, "1,nan,0", "is not a direction"),
        (values.direction, "nan,1,0", "is not a direction"),
        (values.direction, "1,2", "is not a direction"),
    ],
)
def test_what_is_mistyped_is_said_with_how_to_write_it(read: Callable[[str], object], text: str, message: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=message):
        read(text)
