"""Numbers that are typed into a line."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.errors import ResponseError


def number_in(text: str, what: str) -> float:
    """Return the number that was typed; a decimal comma is one, too.

    Raises
    ------
    ResponseError
        It is not a number.
    """
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise ResponseError(_("{what} is {text!r}: type a number, as 2.1.").format(what=what, text=text)) from None
