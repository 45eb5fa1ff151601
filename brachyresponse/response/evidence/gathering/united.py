"""Several answers to one condition as one: by a person, from the treatment record, from the scans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from brachyresponse.response.evidence.finding import ConditionAnswer
from brachyresponse.response.evidence.markers import condition
from brachyresponse.response.evidence.vocabulary import Answer

NOBODY_NAMED = "the user"
"""By whom an answer is where nobody is named."""


def persons_answer(condition: str, answer: Answer, by: str = "") -> ConditionAnswer:
    """Return what a person answered."""
    who = by.strip() or NOBODY_NAMED
    return ConditionAnswer(condition, answer, f"Answered by {who}.", by=who)


def united_answers(answers: Iterable[ConditionAnswer]) -> tuple[ConditionAnswer, ...]:
    """Return one answer a condition, in the order in which the conditions first come.

    A person's word stands, with what the files tell against it beside it. Else what spoils a marker in one scan spoils
    it, and what is known goes before unknown.
    """
    by_condition: dict[str, list[ConditionAnswer]] = {}
    for each in answers:
        by_condition.setdefault(each.condition, []).append(each)
    return tuple(_one(several) for several in by_condition.values())


def _one(answers: Sequence[ConditionAnswer]) -> ConditionAnswer:
    said = [each for each in answers if each.is_by_person and each.answer is not Answer.UNKNOWN]
    known = [each for each in answers if each not in said]
    first = said[-1] if said else _weightiest(known)
    others = [each for each in known if each.answer not in (first.answer, Answer.UNKNOWN)]
    if not said or not others:
        return first
    told = _weightiest(others)
    return replace(first, otherwise=f"Otherwise known ({told.answer}): {told.source}")


def _weightiest(answers: Sequence[ConditionAnswer]) -> ConditionAnswer:
    holds = condition(answers[0].condition).holds_when
    spoils = Answer.NO if holds is Answer.YES else Answer.YES
    order = (spoils, holds, Answer.UNKNOWN)
    return min(answers, key=lambda each: order.index(each.answer))
