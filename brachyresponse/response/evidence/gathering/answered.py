"""Answers to conditions from what is known, each with the sentence that says how."""

from __future__ import annotations

from brachyresponse.response.evidence.finding import ConditionAnswer
from brachyresponse.response.evidence.vocabulary import Answer


def answered(condition: str, holds: bool | None, source: str) -> ConditionAnswer:
    """Return the answer to a condition's question; None for what is not known."""
    answer = Answer.UNKNOWN if holds is None else Answer.YES if holds else Answer.NO
    return ConditionAnswer(condition, answer, source)
