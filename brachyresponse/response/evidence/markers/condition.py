"""Conditions under which a marker may be weighed, each a question that a person can answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from brachyresponse.response.evidence.markers.data_files import evidence_data, unknown_name
from brachyresponse.response.evidence.vocabulary import Answer


class ConditionAction(StrEnum):
    """What follows where a condition is not met."""

    NO_WEIGHT = "no weight"
    NOT_EVALUABLE = "not evaluable"
    HALF_POWER = "half power"
    """The likelihood ratio is taken to a power below 1, a setting."""
    FLAG = "flag"
    """It is said, and the marker is weighed all the same."""


@dataclass(frozen=True)
class Condition:
    """One condition.

    Parameters
    ----------
    id
        For programs.
    holds_when
        The answer to its question with which the marker may be weighed.
    action
        What follows otherwise.
    side
        "negative" where only a negative marker depends on it; empty for both.
    needs
        Id of the condition that has to be answered by yes before this one is asked; empty for none.
    quantity
        Id of the only quantity that it concerns; empty where it concerns all. The tracer of a finding tells.
    question
        To a person, answered by yes, no or unknown.
    met, failed
        What is said where it is met, and where it is not, half a sentence each.
    texts
        The words of the records that it stands for.
    source
        Where the condition comes from.
    """

    id: str
    holds_when: Answer
    action: ConditionAction
    side: str
    needs: str
    quantity: str
    question: str
    met: str
    failed: str
    texts: tuple[str, ...]
    source: str


@cache
def conditions() -> tuple[Condition, ...]:
    """Return all conditions, in the order in which they are asked."""
    rows = evidence_data("conditions.json")["conditions"]
    return tuple(
        Condition(
            id=row["id"],
            holds_when=Answer(row["holds_when"]),
            action=ConditionAction(row["action"]),
            side=row["side"],
            needs=row["needs"],
            quantity=row.get("quantity", ""),
            question=row["question"],
            met=row["met"],
            failed=row["failed"],
            texts=tuple(row["texts"]),
            source=row["source"],
        )
        for row in rows
    )


def condition(name: str) -> Condition:
    """Return a condition by its id.

    Raises
    ------
    ResponseError
        There is none of this id; the nearest is told.
    """
    known = _by_id()
    if name not in known:
        raise unknown_name(name, known, "condition")
    return known[name]


@cache
def _by_id() -> dict[str, Condition]:
    return {one.id: one for one in conditions()}
