"""Sentences with the rule that stands behind them."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.response.criteria.criteria_set import CriteriaSet
from brachyresponse.response.criteria.wording import say

TABLE = "table"
"""Rule id of the summary table itself."""


@dataclass(frozen=True)
class Reason:
    """A sentence, and the rule that stands behind it.

    Parameters
    ----------
    rule_id
        Name of the fact in the set of criteria.
    sentence
        What it means at this visit, with the numbers.
    source
        The publication.
    is_verified
        False where the rule was not checked against a publication.
    checked
        In which reprint or table it was verified, in words.
    text
        The rule in general.
    """

    rule_id: str
    sentence: str
    source: str
    is_verified: bool
    checked: str = ""
    text: str = ""

    def __str__(self) -> str:
        """The sentence, marked where its rule was not verified; a whole table has a badge instead."""
        is_marked = not self.is_verified and self.rule_id != TABLE
        return say("unverified_rule", sentence=self.sentence.rstrip(".")) if is_marked else self.sentence


def reason(criteria: CriteriaSet, rule: str, sentence: str, **values: object) -> Reason:
    """Return a sentence with the rule that stands behind it; ``rule`` is a fact of the set, or its table."""
    fact = criteria.table_fact if rule == TABLE else criteria.facts[rule]
    text = say(sentence, **values)
    return Reason(rule, text, fact.source, fact.is_verified, checked=fact.checked_in, text=fact.text)
