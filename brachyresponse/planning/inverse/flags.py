"""What is kept although it breaks a rule, or works although it may disappoint: said, never mended silently."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FlagKind(StrEnum):
    """What is noteworthy of a problem that can be planned."""

    LOCKED_CROSSES = "locked_crosses"
    """A locked needle comes too near to a structure that is to be avoided."""
    LOCKED_SHALLOW = "locked_shallow"
    """A locked seed lies too near to the skin."""
    LOCKED_NEAR = "locked_near"
    """A locked seed lies too near to a structure that is to be avoided."""
    LOCKED_OUTSIDE = "locked_outside"
    """A locked seed lies outside the target and the margin for seeds."""
    LOCKED_OVERLAP = "locked_overlap"
    """Two locked seeds overlap."""
    LOCKED_OVER_LIMIT = "locked_over_limit"
    """The locked seeds alone exceed a limit."""
    COLD_PART = "cold_part"
    """A part of the target gets the prescription from no seeds that may be placed."""
    PRESCRIPTION_MISSED = "prescription_missed"
    """The plan that was found gives a target less than the prescription."""


@dataclass(frozen=True)
class Flag:
    """One noteworthy thing.

    Parameters
    ----------
    what
        Its kind.
    which
        The needle, seed or structure: ``needle 3``, ``seed 12``, ``Rectum:D2cc<=65%``.
    sentence
        For people.
    """

    what: FlagKind
    which: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence
