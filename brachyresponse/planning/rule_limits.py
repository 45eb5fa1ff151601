"""Limits of a rule as a person types them: the words that the rule table shows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from brachyresponse.errors import PlanError
from brachyresponse.planning.rules import Rule
from brachyresponse.planning.verification_limits import VerificationLimit

Limits = tuple[float | None, float | None]
"""At least and at most, in the rule's unit; None for no limit on that side."""

NO_LIMIT = "no limit"
_NUMBER = r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"


Row = TypeVar("Row", Rule, VerificationLimit)


def parse_rule_limits(rule: Rule | VerificationLimit, text: str) -> Limits:
    """Return the limits that a text such as ``at least 100``, ``5 to 10 mm``, ``at most 2`` or ``no limit`` gives.

    A strict rule has ``more than`` and ``less than`` instead; the unit may be left out.

    Raises
    ------
    PlanError
        The text is none of these, or names another unit.
    """
    said = " ".join(text.lower().split())
    if said == NO_LIMIT:
        return None, None
    least, most = ("more than|>", "less than|<") if rule.strict else ("at least|>=|≥", "at most|<=|≤")
    unit = rf"(?: ?{re.escape(rule.unit.lower())})?" if rule.unit else ""
    if match := re.fullmatch(rf"{_NUMBER} to {_NUMBER}{unit}", said):
        return float(match[1]), float(match[2])
    if match := re.fullmatch(rf"exactly {_NUMBER}{unit}", said):
        return float(match[1]), float(match[1])
    if match := re.fullmatch(rf"(?:{least}) ?{_NUMBER}{unit}", said):
        return float(match[1]), None
    if match := re.fullmatch(rf"(?:{most}) ?{_NUMBER}{unit}", said):
        return None, float(match[1])
    raise PlanError(f"Rule {rule.id!r}: {text!r} is no limit of it; write {_examples(rule)}.")


def limited(rule: Row, limits: Limits) -> Row:
    """Return a rule or a limit of verification with limits of the user's own; the same one where nothing changes.

    The source says that they are the clinic's own, and what the profile has.

    Raises
    ------
    PlanError
        A limit is not a finite number, or the two contradict each other.
    """
    if limits == (rule.least, rule.most):
        return rule
    changed = replace(rule, least=limits[0], most=limits[1])
    read = "" if rule.cited == rule.source else ", unverified"
    source = f"clinic's own limit; the profile has: {rule.limit} ({rule.source}{read})"
    if isinstance(changed, Rule):
        return replace(changed, source=source, verified=True)
    return replace(changed, source=source)


def _examples(rule: Rule | VerificationLimit) -> str:
    unit = f" {rule.unit}" if rule.unit else ""
    least, most = ("more than", "less than") if rule.strict else ("at least", "at most")
    return f"'{least} 5{unit}', '{most} 10{unit}', '5 to 10{unit}' or '{NO_LIMIT}'"
