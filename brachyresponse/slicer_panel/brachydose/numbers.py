"""Numbers that a user types into a line."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.errors import PlanError


def numbers_in(text: str, what: str) -> tuple[float, ...]:
    """Return the numbers of a line such as ``0.5; 0.6``.

    Raises
    ------
    PlanError
        Something in it is not a number.
    """
    return tuple(number_in(part, what) for part in text.split(";") if part.strip())


def number_in(text: str, what: str) -> float:
    """Return the number that was typed.

    Raises
    ------
    PlanError
        It is not a number.
    """
    try:
        return float(text.strip().replace(",", "."))
    except ValueError as error:
        sentence = _("{what}: {text!r} is not a number, type one such as 0.5.").format(what=what, text=text.strip())
        raise PlanError(sentence) from error
