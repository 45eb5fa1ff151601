"""What a request must not hold, each error with the lesion that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.finding import ConditionAnswer, Finding, OwnCutoff
from brachyresponse.response.evidence.markers import condition, marker, population_is_in_brain
from brachyresponse.response.evidence.weighing.inputs import findings_of, own_cutoffs_of


def check_findings(where: str, findings: Iterable[Finding]) -> None:
    """Refuse findings that cannot be held against anything.

    Raises
    ------
    ResponseError
        A marker is not known or has two values, or a finding has no unit (a ratio has "1"), no reference region, no
        number, a value and a judgement, or an interval whose ends are in the wrong order.
    """
    findings = tuple(findings)
    with _about(where):
        findings_of(findings, is_vouched_for=False)
        for finding in findings:
            if finding.value is not None and not finding.unit:
                raise ResponseError(
                    f"The marker {finding.id!r} is {finding.value:g} without a unit, expected "
                    f"{marker(finding.id).unit!r} ('1' is a ratio): give it."
                )
            if finding.low is not None and finding.high is not None and finding.low > finding.high:
                raise ResponseError(
                    f"The interval of the marker {finding.id!r} is {finding.low:g} to {finding.high:g}, expected the "
                    "lower end first: correct it."
                )


def check_population(where: str, population: str) -> None:
    """Refuse a population that no study could be held against.

    Raises
    ------
    ResponseError
        The word is not known; the nearest is told.
    """
    with _about(where):
        population_is_in_brain(population)


def check_answers(where: str, answers: Iterable[ConditionAnswer]) -> None:
    """Refuse answers to unknown conditions, and two to one.

    Raises
    ------
    ResponseError
        A condition is not known or is answered twice.
    """
    seen: set[str] = set()
    with _about(where):
        for each in answers:
            condition(each.condition)
            if each.condition in seen:
                raise ResponseError(f"The condition {each.condition!r} is answered twice: keep one of the answers.")
            seen.add(each.condition)


def check_cutoffs(where: str, cutoffs: Iterable[OwnCutoff]) -> None:
    """Refuse cut-offs of the clinic that belong to nothing.

    Raises
    ------
    ResponseError
        A marker is not known or has two, or the cut-off is no number or names no statistic.
    """
    with _about(where):
        own_cutoffs_of(cutoffs)


@contextmanager
def _about(where: str) -> Iterator[None]:
    try:
        yield
    except ResponseError as error:
        raise ResponseError(f"{where}: {error}") from error
