"""A second, plain reading of how evidence is combined, written apart from the library and from its tables.

It reads the published figures from the reference's own file, knows markers that were judged positive or negative and
have a published interval, and draws one number after the other with Python's own generator.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from reference import REFERENCE

NORMAL_95 = 1.959964
LOWEST, HIGHEST = 0.1, 10.0


@cache
def published() -> dict[str, dict[str, Any]]:
    """Return the records of the reference by id."""
    text = (REFERENCE / "recurrence_vs_necrosis_markers.json").read_text(encoding="utf-8")
    return {record["id"]: record for record in json.loads(text)["markers"]}


def with_intervals() -> list[str]:
    """Return the ids of markers whose sensitivity and specificity have a published interval."""
    return [name for name, record in published().items() if record["sens_ci95"] and record["spec_ci95"]]


def likelihood_ratio(record: Mapping[str, Any], is_positive: bool, sensitivity: float, specificity: float) -> float:
    """Return that of recurrence, capped."""
    ratio = sensitivity / (1 - specificity) if is_positive else (1 - sensitivity) / specificity
    ratio = min(HIGHEST, max(LOWEST, ratio))
    return ratio if record["positive_class"] == "recurrence" else 1 / ratio


def probability(findings: Sequence[tuple[str, bool]], prior: float, weight: float) -> float:
    """Return that of recurrence from the published figures; the first marker counts in full."""
    odds = prior / (1 - prior)
    for number, (name, is_positive) in enumerate(findings):
        record = published()[name]
        ratio = likelihood_ratio(record, is_positive, record["sens"], record["spec"])
        odds *= ratio ** (1.0 if number == 0 else weight)
    return odds / (1 + odds)


def drawn_interval(
    findings: Sequence[tuple[str, bool]], prior_range: tuple[float, float], draws: int, seed: int
) -> tuple[float, float, float]:
    """Return the 2.5, 50 and 97.5 percentiles of the probability of recurrence."""
    source = random.Random(seed)
    drawn = sorted(_one(findings, prior_range, source) for _ in range(draws))
    low, middle, high = (drawn[round(share * (draws - 1))] for share in (0.025, 0.5, 0.975))
    return low, middle, high


def _one(findings: Sequence[tuple[str, bool]], prior_range: tuple[float, float], source: random.Random) -> float:
    prior, weight = source.uniform(*prior_range), source.random()
    odds = prior / (1 - prior)
    for number, (name, is_positive) in enumerate(findings):
        record = published()[name]
        sensitivity = _around(record["sens"], record["sens_ci95"], source)
        specificity = _around(record["spec"], record["spec_ci95"], source)
        ratio = likelihood_ratio(record, is_positive, sensitivity, specificity)
        odds *= ratio ** (1.0 if number == 0 else weight)
    return odds / (1 + odds)


def _around(share: float, interval: Sequence[float], source: random.Random) -> float:
    low, high = (math.log(end / (1 - end)) for end in interval)
    drawn = source.gauss(math.log(share / (1 - share)), (high - low) / (2 * NORMAL_95))
    return 1 / (1 + math.exp(-drawn))
