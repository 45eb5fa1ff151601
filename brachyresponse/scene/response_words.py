"""What people type, as the library's values: words of a vocabulary, days, sizes."""

from __future__ import annotations

import math
from datetime import date
from enum import StrEnum
from typing import TypeVar

from brachyresponse.errors import ResponseError

Word = TypeVar("Word", bound=StrEnum)
YES, NO = "yes", "no"


def word_of(kind: type[Word], value: object, what: str) -> Word:
    """Return a word of a vocabulary.

    Parameters
    ----------
    what
        How the user calls it: ``"role of a visit"``.

    Raises
    ------
    ResponseError
        It is none of them.
    """
    text = str(value).strip()
    if text not in set(kind):
        raise ResponseError(f"{text!r} is no {what}: choose one of {', '.join(kind)}.")
    return kind(text)


def day_of(value: date | str | None, what: str) -> date | None:
    """Return a day, given as a date or as text; empty text is none.

    Raises
    ------
    ResponseError
        The text is no date.
    """
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value.strip()) if value.strip() else None
    except ValueError as error:
        raise ResponseError(f"The date of the {what} {value!r} is not written as 2026-03-06: write it so.") from error


def needed_day(value: date | str | None, what: str) -> date:
    """Return a day that must be given.

    Raises
    ------
    ResponseError
        There is none, or the text is no date.
    """
    day = day_of(value, what)
    if day is None:
        raise ResponseError(f"The {what} has no date: write it as 2026-03-06.")
    return day


def size_of(value: float | str | None, what: str, unit: str) -> float | None:
    """Return a size that was measured; empty text is none.

    Raises
    ------
    ResponseError
        It is no number above 0.
    """
    size = number_of(value, what, unit)
    if size is not None and size <= 0:
        raise ResponseError(
            f"{what}: {size:g} {unit} is no size: give one above 0, or say that the lesion is absent or too small."
        )
    return size


def number_of(value: float | str | None, what: str, unit: str) -> float | None:
    """Return a number that is not negative; empty text is none.

    Raises
    ------
    ResponseError
        It is negative or no number.
    """
    if value is None or str(value).strip() == "":
        return None
    try:
        number = float(str(value).replace(",", "."))
    except ValueError as error:
        raise ResponseError(f"{what}: {value!r} is not a number; give one in {unit}.") from error
    if not math.isfinite(number) or number < 0:
        raise ResponseError(f"{what}: {number:g} {unit} cannot be: give a number that is not negative.")
    return number


def any_number(value: object, what: str) -> float:
    """Return a number of either sign; a decimal comma is one, too.

    Raises
    ------
    ResponseError
        It is no number.
    """
    try:
        return float(str(value).replace(",", "."))
    except ValueError as error:
        raise ResponseError(f"{what} is {value!r}, expected a number: correct it.") from error


def truth_of(value: bool | str, what: str) -> bool:
    """Return yes or no.

    Raises
    ------
    ResponseError
        It is neither.
    """
    text = str(value).strip().lower()
    if text in (YES, "true", "1"):
        return True
    if text in (NO, "false", "0", ""):
        return False
    raise ResponseError(f"{what}: {value!r} is neither yes nor no.")
