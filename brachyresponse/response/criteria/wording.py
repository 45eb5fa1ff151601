"""The sentences of an assessment, and the numbers in them."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.response.criteria.tables import facts_of


def say(sentence: str, /, **values: object) -> str:
    """Return a sentence of the data file with its values filled in; units as people write them."""
    template: str = facts_of("sentences.json")[sentence]
    return template.format(**values).replace("mm2", "mm²")


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def number(value: float, decimals: int = 2) -> str:
    """Return a number without trailing zeros."""
    text = f"{round(value, decimals) + 0.0:.{decimals}f}"  # + 0.0: never a negative zero
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float, limit: float | None = None) -> str:
    """Return a share as per cent, with as many decimals as show on which side of the limit it lies."""
    value, decimals = 100 * abs(share), 1
    while limit is not None and decimals < 9 and _hides_the_side(value, 100 * limit, decimals):
        decimals += 1
    return number(value, decimals)


def _hides_the_side(value: float, limit: float, decimals: int) -> bool:
    """Whether rounding brings a value that is off the limit onto it."""
    return abs(value - limit) > 1e-7 and round(value, decimals) == round(limit, decimals)
