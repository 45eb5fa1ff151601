"""The sentences of the interpretation: a table of rules, each with its id and its source."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """What is concluded, and the rule that says so.

    Parameters
    ----------
    rule
        Id of the rule that fired.
    text
        For people.
    source
        Where the rule was published, or that it is a convention.
    """

    rule: str
    text: str
    source: str

    def __str__(self) -> str:
        return self.text


def sentence(rule: str, **values: object) -> Sentence:
    """Return the sentence of a rule with its values filled in."""
    text, source = _rules()[rule]
    return Sentence(rule, text.format(**values), source)


def rule_ids() -> tuple[str, ...]:
    """Return the ids of all rules, in the order of the table."""
    return tuple(_rules())


def interpretation_data(name: str) -> Any:
    """Return a data file of this package."""
    text = files("brachyresponse.perfusion.interpretation").joinpath("data", name).read_text(encoding="utf-8")
    return json.loads(text)


@cache
def _rules() -> dict[str, tuple[str, str]]:
    return {row["id"]: (row["text"], row["source"]) for row in interpretation_data("rules.json")["rules"]}
