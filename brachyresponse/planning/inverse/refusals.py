"""Why tracks that reach the target are not among the candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Refusal(StrEnum):
    """What stops a track."""

    OUTSIDE_BODY = "outside_body"
    """It does not come through skin that is in the image."""
    CROSSES = "crosses"
    """It meets a structure that is to be avoided before it has reached a place for a seed."""
    TOO_SHALLOW = "too_shallow"
    """Every place on it lies too near to the skin."""
    OVERLAPS_LOCKED = "overlaps_locked"
    """Locked seeds or needles are where it would run."""
    NO_PLACE = "no_place"
    """Several rules together leave no place on it."""
    ENTRY_TAKEN = "entry_taken"
    """Its entry holds as many needles as it may, or another entry serves the same part of the target better."""


WORDS = {
    Refusal.OUTSIDE_BODY: "do not come through skin that is in the image",
    Refusal.CROSSES: "are stopped by {structure}",
    Refusal.TOO_SHALLOW: "have no place deep enough below the skin",
    Refusal.OVERLAPS_LOCKED: "run into locked needles or seeds",
    Refusal.NO_PLACE: "have no place that keeps all rules",
    Refusal.ENTRY_TAKEN: "begin at an entry that other needles use",
}


@dataclass(frozen=True)
class Refused:
    """Tracks refused for one reason.

    Parameters
    ----------
    reason, structure
        The reason, with the structure that is met where there is one.
    count
        How many.
    example
        One of them, in words.
    """

    reason: Refusal
    structure: str
    count: int
    example: str

    def __str__(self) -> str:
        return f"{self.count} {self.what} (for example {self.example})"

    @property
    def what(self) -> str:
        """The reason in words."""
        return WORDS[self.reason].format(structure=self.structure)


class Reason(NamedTuple):
    """Why one track is refused, and what the track is called."""

    refusal: Refusal
    structure: str
    track: str


def summed_up(reasons: Sequence[Reason]) -> tuple[Refused, ...]:
    """Return the reasons counted, the commonest first, with the first track of each as the example."""
    example = {(reason.refusal, reason.structure): reason.track for reason in reversed(reasons)}
    counts = Counter((reason.refusal, reason.structure) for reason in reasons)
    return tuple(Refused(*what, count, example[what]) for what, count in counts.most_common())
