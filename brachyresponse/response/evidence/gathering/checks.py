"""What a request must not hold."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.finding import ConditionAnswer, Finding, OwnCutoff, Prior
from brachyresponse.response.evidence.markers import condition, marker
from brachyresponse.response.evidence.vocabulary import MarkerGroup

WITH_REFERENCE = (MarkerGroup.PET, MarkerGroup.PET_FDG, MarkerGroup.SPECT)
"""Groups whose values are ratios to a reference region, which belongs to the value."""
REFERENCE_REGION = "reference_region"


def check_prior(where: str, prior: Prior) -> None:
    """Refuse a prior that leaves nothing to weigh.

    Raises
    ------
    ResponseError
        It holds 0 or 1, or is not in order.
    """
    values = (prior.low, prior.mid, prior.high)
    shown = ", ".join(f"{value:g}" for value in values)
    if not all(0 < value < 1 for value in values):  # NaN too
        raise ResponseError(
            f"{where}: the prior is {shown}, expected probabilities above 0 and below 1: no marker could move it; "
            "give a range such as 0.3, 0.5, 0.7."
        )
    if not prior.low <= prior.mid <= prior.high:
        raise ResponseError(f"{where}: the prior is {shown}, expected low, mid and high in order: correct it.")


def check_findings(where: str, findings: Iterable[Finding]) -> None:
    """Refuse findings that cannot be held against anything.

    Raises
    ------
    ResponseError
        A marker is not known or stands twice, or a finding has no unit, no reference region, no number, or too much.
    """
    seen: set[str] = set()
    for finding in findings:
        if finding.id in seen:
            raise ResponseError(f"{where}: there are two findings of {finding.id!r}: keep one of them.")
        seen.add(finding.id)
        _check_finding(where, finding)


def _check_finding(where: str, finding: Finding) -> None:
    known, value = marker(finding.id), finding.value
    if value is None:
        if finding.positive is None and not finding.reason:
            raise ResponseError(
                f"{where}: {finding.id!r} has neither a value nor positive or negative: give one, or leave it out."
            )
        return
    if finding.positive is not None:
        raise ResponseError(
            f"{where}: {finding.id!r} has the value {value:g} and is called {_side(finding)} too: keep one of them."
        )
    for number in (value, finding.low, finding.high):
        if number is not None and not isfinite(number):
            raise ResponseError(f"{where}: {finding.id!r} is {number:g}, expected a finite number: correct it.")
    if not finding.unit:
        expected = f"expected {known.unit!r}" if known.unit else "expected one"
        raise ResponseError(
            f"{where}: {finding.id!r} is {value:g} without a unit, {expected}: give it ('1' for a ratio)."
        )
    if known.group in WITH_REFERENCE and not finding.details.get(REFERENCE_REGION):
        raise ResponseError(
            f"{where}: {finding.id!r} is {value:g} without its reference region, which a ratio of PET or SPECT hangs "
            "on: give it under 'reference_region'."
        )


def _side(finding: Finding) -> str:
    return "positive" if finding.positive else "negative"


def check_answers(where: str, answers: Iterable[ConditionAnswer]) -> None:
    """Refuse answers to unknown conditions, and two to one.

    Raises
    ------
    ResponseError
        A condition is not known or is answered twice.
    """
    seen: set[str] = set()
    for each in answers:
        condition(each.condition)
        if each.condition in seen:
            raise ResponseError(f"{where}: the condition {each.condition!r} is answered twice: keep one of them.")
        seen.add(each.condition)


def check_cutoffs(where: str, cutoffs: Iterable[OwnCutoff]) -> None:
    """Refuse cut-offs of the clinic that belong to nothing.

    Raises
    ------
    ResponseError
        A marker is not known or has two, or the cut-off is no number or names no statistic.
    """
    seen: set[str] = set()
    for each in cutoffs:
        marker(each.marker)
        if each.marker in seen:
            raise ResponseError(f"{where}: there are two own cut-offs for {each.marker!r}: keep one of them.")
        seen.add(each.marker)
        if not isfinite(each.value):
            raise ResponseError(
                f"{where}: the own cut-off for {each.marker!r} is {each.value:g}, expected a finite number: correct it."
            )
        if not each.statistic:
            raise ResponseError(
                f"{where}: the own cut-off for {each.marker!r} names no statistic of the lesion: say mean, p95 or what "
                "it was found with."
            )
