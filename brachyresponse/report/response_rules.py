"""The rules that a response report refers to by number: what each says, who published it, how it was checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brachyresponse.report.document import section, table
from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.report.response_words import UNVERIFIED

if TYPE_CHECKING:
    from brachyresponse.response.criteria import Reason, ResponseAssessment
    from brachyresponse.response.study import ResponseStudy


def rule_numbers(found: ResponseAssessment) -> dict[str, int]:
    """Return the number of each rule that gave a reason, by its id; those of the last visit first."""
    ids = dict.fromkeys(reason.rule_id for reason in _reasons(found))
    return {rule: number for number, rule in enumerate(ids, start=1)}


def rule_mark(reason: Reason, numbers: dict[str, int]) -> Markup:
    """Return the number of a reason's rule, which leads to the list of rules."""
    number = numbers[reason.rule_id]
    return element("a", f"[{number}]", href=f"#rule-{number}", title=reason.text, class_="quiet")


def rules_section(study: ResponseStudy) -> Markup:
    """Return every rule that gave a reason, in words, with its publication and whether it was verified."""
    found = study.assessment
    numbers = rule_numbers(found)
    rules = {numbers[reason.rule_id]: reason for reason in _reasons(found)}
    rows = [
        [element("span", number, id=f"rule-{number}"), _sentence(rule.text), rule.source, _checked(rule)]
        for number, rule in sorted(rules.items())
    ]
    return section("Rules that were used", table(["", "Rule", "Published in", "Verified in"], rows), class_="cited")


def _reasons(found: ResponseAssessment) -> Iterator[Reason]:
    for visit in reversed(found.visits):
        yield from visit.reasons


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _checked(rule: Reason) -> Markup:
    return joined(rule.checked) if rule.is_verified else joined(UNVERIFIED, " ", rule.checked)
