"""Findings that are not known: the category of what is known, and what it would become."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from brachyresponse.response.case import CaseVisit
from brachyresponse.response.criteria.assessment import Outcome
from brachyresponse.response.criteria.decision import Decision
from brachyresponse.response.criteria.findings import UNKNOWN, Findings, Steroids, steroid_alternatives
from brachyresponse.response.criteria.row_keys import CLINICAL, NON_TARGET, STEROIDS, T2_FLAIR
from brachyresponse.response.criteria.tables import facts_of
from brachyresponse.response.criteria.wording import listed
from brachyresponse.response.vocabulary import Category, ClinicalStatus, NonTargetStatus, T2Flair

Decide = Callable[[Findings], Decision]


@dataclass(frozen=True)
class KnownSoFar:
    """The category of what is known.

    Parameters
    ----------
    decision
        What is known, decided by itself.
    unknown
        Rows that are not known and could change the category.
    if_known
        What the category would become.
    """

    decision: Decision
    unknown: tuple[str, ...] = ()
    if_known: tuple[Outcome, ...] = ()


def decide_known(findings: Findings, visit: CaseVisit, rows: Iterable[str], decide: Decide) -> KnownSoFar:
    """Return the category of what is known; where the unknown cannot change it, nothing is said.

    Parameters
    ----------
    findings
        What the visit shows; ``unknown`` where it was not assessed.
    visit
        The visit.
    rows
        Rows that count.
    decide
        Walks the table.
    """
    alternatives = _alternatives(visit)
    possible = {row: alternatives[row] for row in rows if row in VARIED and findings[row] <= OPEN}
    complete = [decide({**findings, **filled}) for filled in _filled(possible)]
    if _agree(complete):
        return KnownSoFar(complete[0])
    outcomes = {row: _outcomes(row, words, findings, decide) for row, words in possible.items()}
    matter = [row for row, found in outcomes.items() if not _agree(found)] or list(outcomes)
    return KnownSoFar(decide(findings), tuple(matter), tuple(outcome for row in matter for outcome in outcomes[row]))


def _filled(possible: Mapping[str, tuple[frozenset[str], ...]]) -> Iterator[dict[str, frozenset[str]]]:
    """Yield every way in which the unknown may turn out."""
    for words in product(*possible.values()):
        yield dict(zip(possible, words, strict=True))


def _agree(answers: Sequence[Decision] | Sequence[Outcome]) -> bool:
    return len({answer.category for answer in answers}) == 1


def non_target_outcomes(findings: Findings, decide: Decide) -> tuple[Outcome, ...]:
    """Return what the category would become if the non-target disease, which was not evaluated, were known."""
    if findings[NON_TARGET] != {NonTargetStatus.NE}:
        return ()
    statuses = (NonTargetStatus.CR, NonTargetStatus.NON_CR_NON_PD, NonTargetStatus.PD)
    outcomes = _outcomes(NON_TARGET, tuple(frozenset([status]) for status in statuses), findings, decide)
    return () if _agree(outcomes) else outcomes


VARIED = (STEROIDS, CLINICAL, T2_FLAIR)
"""Rows that may be unknown."""
OPEN = frozenset([UNKNOWN, Steroids.FALLEN])
"""Words of what is not known, or not wholly."""


def _alternatives(visit: CaseVisit) -> Mapping[str, tuple[frozenset[str], ...]]:
    words: dict[str, tuple[str, ...]] = {
        STEROIDS: steroid_alternatives(visit),
        CLINICAL: (ClinicalStatus.STABLE_OR_IMPROVED, ClinicalStatus.WORSE),
        T2_FLAIR: (T2Flair.STABLE_OR_IMPROVED, T2Flair.WORSE),
    }
    return {row: tuple(frozenset([word]) for word in each) for row, each in words.items()}


def _outcomes(
    row: str, alternatives: tuple[frozenset[str], ...], findings: Findings, decide: Decide
) -> tuple[Outcome, ...]:
    """What each alternative leads to, those with the same category together."""
    by_category: dict[Category, list[str]] = {}
    for words in alternatives:
        by_category.setdefault(decide({**findings, row: words}).category, []).extend(words)
    return tuple(Outcome(_condition(row, words), category) for category, words in by_category.items())


def _condition(row: str, words: list[str]) -> str:
    names = _names()[row]
    return f"If {names['subject']} {listed([names[word] for word in words], 'or')}"


def _names() -> Mapping[str, Mapping[str, str]]:
    names: Mapping[str, Mapping[str, str]] = facts_of("unknown.json")
    return names
