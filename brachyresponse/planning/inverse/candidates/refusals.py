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
    Refusal.OUTSIDE_BODY: "not through skin that is in the image",
    Refusal.CROSSES: "stopped by {structure}",
    Refusal.TOO_SHALLOW: "no place deep enough below the skin",
    Refusal.OVERLAPS_LOCKED: "locked needles or seeds in the way",
    Refusal.NO_PLACE: "no place that keeps all rules",
    Refusal.ENTRY_TAKEN: "an entry that other needles use",
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
        tracks = "track" if self.count == 1 else "tracks"
        return f"{self.count} {tracks}: {self.what} (for example {self.example})"

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
