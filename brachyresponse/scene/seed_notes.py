"""What a seed's control point says of it in its description: ``needle=3 strength_u=0.500 axis=known origin=manual``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from brachyresponse.errors import SeedsError
from brachyresponse.seeds.origin import Origin
from brachyresponse.seeds.seeds import FREE


class Axis(StrEnum):
    """Whether a control point's orientation is the seed's axis, or only what the view happened to give it."""

    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SeedNote:
    """A seed's properties besides its place.

    Parameters
    ----------
    needle
        Number of its needle, 0 for a free seed.
    strength_u
        Air-kerma strength, U.
    """

    needle: int
    strength_u: float
    axis: Axis
    origin: Origin

    def __post_init__(self) -> None:
        if self.needle < 0:
            raise SeedsError(f"its needle number is {self.needle}; needles are numbered from 1, and 0 is a free seed")
        if not (np.isfinite(self.strength_u) and self.strength_u > 0):
            raise SeedsError(f"its air-kerma strength is {self.strength_u:g} U; give a positive number")

    @classmethod
    def parse(cls, text: str) -> SeedNote:
        """Return the note that a description holds; further ``key=value`` pairs are passed over.

        Raises
        ------
        SeedsError
            It has no strength, or something in it is not a pair or not a valid value. The message is the end of
            a sentence that begins with the seed.
        """
        values = _pairs(text)
        if not values.get("strength_u"):
            raise SeedsError("its air-kerma strength is not set; set it in the seed list")
        try:
            return cls(
                int(values.get("needle", FREE)),
                float(values["strength_u"]),
                Axis(values.get("axis", Axis.UNKNOWN)),
                Origin(values.get("origin", Origin.MANUAL)),
            )
        except SeedsError:
            raise
        except ValueError as error:
            raise SeedsError(f"its description {text!r} cannot be read ({error}); {_EXPECTED}") from error

    def __str__(self) -> str:
        return f"needle={self.needle} strength_u={_number(self.strength_u)} axis={self.axis} origin={self.origin}"


_EXPECTED = "write it as 'needle=3 strength_u=0.500 axis=known origin=manual'"


def _pairs(text: str) -> dict[str, str]:
    words = [word.partition("=") for word in text.split()]
    for key, equals, value in words:
        if not (key and equals and value):
            raise SeedsError(f"its description {text!r} is not made of pairs like strength_u=0.500; {_EXPECTED}")
    return {key: value for key, _, value in words}


def _number(value: float) -> str:
    """Three decimals for people where they are exact, as many as needed otherwise: strengths must come back equal."""
    short = f"{value:.3f}"
    return short if float(short) == value else repr(float(value))
