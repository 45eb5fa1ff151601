"""Names of a template's holes: letters across, numbers up, as printed on it."""

from __future__ import annotations

import re

from brachyresponse.errors import PlanError


def hole_label(across: int, up: int) -> str:
    """Return the label of a hole: letters (A to Z, AA, AB, ...) from ``across``, a number from ``up``, both from 0.

    Raises
    ------
    PlanError
        The hole lies left of A or below 1.
    """
    if across < 0 or up < 0:
        raise PlanError(
            f"The target needs a hole {-min(across, 0)} left of A and {-min(up, 0)} below 1 of the template: "
            "move the template, or leave its first hole's label empty."
        )
    letters, rest = "", across + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{up + 1}"


def hole_index(label: str) -> tuple[int, int]:
    """Return (across, up), both from 0, of a hole's label such as ``C4``.

    Raises
    ------
    PlanError
        The label is not letters followed by a number from 1.
    """
    match = re.fullmatch(r"([A-Z]+)([1-9]\d*)", label.strip().upper())
    if not match:
        raise PlanError(f"{label!r} is not a hole of a template: give letters and a number, such as C4.")
    across = 0
    for letter in match[1]:
        across = across * 26 + ord(letter) - ord("A") + 1
    return across - 1, int(match[2]) - 1
