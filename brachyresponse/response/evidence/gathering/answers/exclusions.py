"""What the exclusions of a measurement tell of susceptibility in the region that was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from brachyresponse.response.evidence.finding import ConditionAnswer
from brachyresponse.response.evidence.gathering.answered import answered
from brachyresponse.response.evidence.gathering.data_files import gathering_data, limit

IN_LESION = "susceptibility_in_lesion"
LEFT_OUT = "Left out of the lesion in the"
"""How the sentence of a study begins that tells what it did not measure."""
NOT_LOOKED_FOR = {
    "metal": "Metal was not looked for.",
    "blood": "Blood and calcification were not looked for.",
}
"""What disturbs, by the kinds of the table of limits, and what is said where no exclusion is for it."""


class ExcludedPart(Protocol):
    """What one exclusion takes from a lesion."""

    @property
    def exclusion(self) -> str:
        """Its name."""

    @property
    def share(self) -> float:
        """Of the lesion, 0 to 1, whatever else is left out too."""

    @property
    def share_left(self) -> float:
        """Of the lesion after this exclusion and those above it."""


def answers_of_exclusions(rows: Sequence[ExcludedPart], sequence: str, where: str) -> Iterator[ConditionAnswer]:
    """Yield whether what disturbs was left out, and whether too much had to be.

    The region that was measured is free of it where both metal and blood were looked for; where only one was, it is not
    known.

    Parameters
    ----------
    rows
        Of one lesion.
    sequence
        ``dsc`` or ``adc``, by which the conditions are named.
    where
        Of which scan, for the sentences.
    """
    found = {kind: _named(rows, kind) for kind in NOT_LOOKED_FOR}
    taken = {row.exclusion: row.share for named in found.values() for row in named}
    if not taken:
        return
    words = ", ".join(f"{name} {share:.0%}" for name, share in taken.items())
    said = f"{LEFT_OUT} {where}: {words}."
    is_too_much = _share_together(rows, found) > limit("most_excluded_share")
    yield answered(f"over_quarter_excluded_{sequence}", is_too_much, said)
    missing = [NOT_LOOKED_FOR[kind] for kind, named in found.items() if not named]
    yield answered(f"susceptibility_in_{sequence}", None if missing else False, " ".join((said, *missing)))
    if max(taken.values()) > 0:
        yield answered(IN_LESION, True, said)


def _share_together(rows: Sequence[ExcludedPart], found: Mapping[str, Sequence[ExcludedPart]]) -> float:
    """Return the share that blood, calcification and metal take together, or the largest of them where that is more.

    What each takes beyond those above it adds up; voxels that something else had taken before are not counted there.
    """
    asked = [row for named in found.values() for row in named]
    before = (1.0, *(row.share_left for row in rows[:-1]))
    beyond = sum(above - row.share_left for above, row in zip(before, rows, strict=True) if row in asked)
    return max(round(beyond, 9), *(row.share for row in asked))  # shares of voxels, not the rounding of floats


def left_out_words(told: Iterable[ConditionAnswer], sequence: str) -> str:
    """Return the sentences of studies that tell what they left out of a sequence; empty where none tells it."""
    sources = (each.source for each in told if each.condition == f"susceptibility_in_{sequence}")
    return " ".join(source for source in sources if LEFT_OUT in source)


def _named(rows: Sequence[ExcludedPart], kind: str) -> list[ExcludedPart]:
    words = gathering_data("limits.json")[kind]
    return [row for row in rows if any(word in row.exclusion.lower() for word in words)]
