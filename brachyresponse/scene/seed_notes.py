"""What a seed's control point says of it in its description.

A planned seed says ``needle=3 strength_u=0.500 axis=known origin=manual``, one found on a CT
``strength_u=0.500 axis=known origin=detected confidence=0.982 axis_confidence=0.754``, a candidate that was no seed
``reason=clip confidence=0.310 axis_confidence=0.900``.
"""

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


@dataclass(frozen=True)
class FoundNote:
    """Properties of a seed found on a CT besides its place.

    Parameters
    ----------
    confidence, axis_confidence
        Of the seed and of its axis, 0 to 1.
    strength_u
        Air-kerma strength, U; None while no plan says it.
    axis
        Whether the axis is certain enough to be computed with; for those who read the list as planned seeds.
    """

    confidence: float
    axis_confidence: float
    origin: Origin
    strength_u: float | None = None
    axis: Axis = Axis.KNOWN

    @classmethod
    def parse(cls, text: str) -> FoundNote:
        """Return the note that a description holds; further ``key=value`` pairs are passed over.

        Raises
        ------
        SeedsError
            A confidence is missing, or something in it is not a pair or not a valid value. The message is the end of
            a sentence that begins with the seed.
        """
        values = _pairs(text)
        strength = values.get("strength_u")
        try:
            return cls(
                _confidence(values, "confidence"),
                _confidence(values, "axis_confidence"),
                Origin(values.get("origin", Origin.DETECTED)),
                None if strength is None else float(strength),
                Axis(values.get("axis", Axis.KNOWN)),
            )
        except SeedsError:
            raise
        except ValueError as error:
            raise SeedsError(f"its description {text!r} cannot be read ({error}); find the seeds again") from error

    def __str__(self) -> str:
        strength = "" if self.strength_u is None else f"strength_u={_number(self.strength_u)} "
        confidences = f"confidence={_number(self.confidence)} axis_confidence={_number(self.axis_confidence)}"
        return f"{strength}axis={self.axis} origin={self.origin} {confidences}"


@dataclass(frozen=True)
class RejectedNote:
    """Properties of a candidate that was not taken for a seed, besides its place: the reason, and how sure it is."""

    reason: str
    confidence: float
    axis_confidence: float

    @classmethod
    def parse(cls, text: str) -> RejectedNote:
        """Return the note that a description holds.

        Raises
        ------
        SeedsError
            As :meth:`FoundNote.parse`.
        """
        values = _pairs(text)
        if "reason" not in values:
            raise SeedsError(f"its description {text!r} gives no reason; find the seeds again")
        return cls(values["reason"], _confidence(values, "confidence"), _confidence(values, "axis_confidence"))

    def __str__(self) -> str:
        confidences = f"confidence={_number(self.confidence)} axis_confidence={_number(self.axis_confidence)}"
        return f"reason={self.reason} {confidences}"


_EXPECTED = "write it as 'needle=3 strength_u=0.500 axis=known origin=manual'"


def _pairs(text: str) -> dict[str, str]:
    words = [word.partition("=") for word in text.split()]
    for key, equals, value in words:
        if not (key and equals and value):
            raise SeedsError(f"its description {text!r} is not made of pairs like strength_u=0.500; {_EXPECTED}")
    return {key: value for key, _, value in words}


def _confidence(values: dict[str, str], key: str) -> float:
    if key not in values:
        raise SeedsError(f"its {key.replace('_', ' ')} is not set; find the seeds again")
    confidence = float(values[key])
    if not 0 <= confidence <= 1:
        raise SeedsError(f"its {key.replace('_', ' ')} is {confidence:g}, expected 0 to 1; find the seeds again")
    return confidence


def _number(value: float) -> str:
    """Three decimals for people where they are exact, as many as needed otherwise: strengths must come back equal."""
    short = f"{value:.3f}"
    return short if float(short) == value else repr(float(value))
