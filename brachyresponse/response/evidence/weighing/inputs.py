"""What is handed to the weighing, checked, in the types that it works with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from math import isfinite
from numbers import Real
from typing import Any

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.finding import ConditionAnswer, Finding, OwnCutoff, Prior
from brachyresponse.response.evidence.markers import Quantity, condition, marker, quantity
from brachyresponse.response.evidence.markers.data_files import unknown_name
from brachyresponse.response.evidence.vocabulary import Answer, MarkerGroup, Quality

QUANTITY = "quantity"
"""Detail of a finding: which of the marker's quantities its value is."""
TRACER = "tracer"
"""Detail of a finding: what was injected."""
REFERENCE_REGION = "reference_region"
"""Detail of a finding: what a ratio of PET or SPECT was divided by."""
ASSUMED_REGION = "as in the study (assumed)"


def prior_of(given: Prior | Sequence[float]) -> Prior:
    """Return the prior; three numbers are low, mid and high.

    Raises
    ------
    ResponseError
        Not three numbers, or what :class:`Prior` refuses.
    """
    if isinstance(given, Prior):
        return given
    if isinstance(given, Real):
        raise ResponseError(f"The prior is one number, {given}, expected three: low, mid and high.")
    if len(given) != 3:
        raise ResponseError(f"The prior has {len(given)} numbers, expected three: low, mid and high.")
    low, mid, high = (float(value) for value in given)
    return Prior(low, mid, high)


def findings_of(given: Iterable[Finding | Mapping[str, Any]], *, is_vouched_for: bool) -> tuple[Finding, ...]:
    """Return the findings, checked.

    Parameters
    ----------
    given
        Findings, or mappings with their fields.
    is_vouched_for
        Whether the caller stands in for what was not asked: then a plain mapping without details may leave the
        reference region of a PET ratio away, which becomes an assumption.

    Raises
    ------
    ResponseError
        An unknown marker or key, two findings for one marker, neither or both of value and judgement, a number that is
        not finite, a unit that is missing or wrong, a PET or SPECT ratio without its reference region.
    """
    findings = tuple(_finding(one, is_vouched_for=is_vouched_for) for one in given)
    seen: set[str] = set()
    for finding in findings:
        if finding.id in seen and finding.is_included:
            raise ResponseError(f"There are two values for the marker {finding.id!r}, expected one: keep one of them.")
        if finding.is_included:
            seen.add(finding.id)
        _check(finding)
    return findings


def quantity_of(finding: Finding) -> Quantity | None:
    """Return what a finding's value measures, as told or by its tracer; None for a marker that is read by eye.

    Raises
    ------
    ResponseError
        It names a quantity that its marker has not.
    """
    known = marker(finding.id)
    named = finding.details.get(QUANTITY, "")
    if not named:
        of_tracer = (one for one in map(quantity, known.quantities) if one.is_of(finding.details.get(TRACER, "")))
        return next(of_tracer, known.quantity)
    if named not in known.quantities:
        raise unknown_name(named, known.quantities, f"quantity of the marker {finding.id!r}:")
    return quantity(named)


def group_of(finding: Finding) -> MarkerGroup:
    """Return what a finding measures: FDG held against a pooled study of PET is FDG all the same."""
    measured = quantity_of(finding)
    return MarkerGroup(measured.group) if measured and measured.group else marker(finding.id).group


def answers_of(given: Iterable[ConditionAnswer]) -> dict[str, ConditionAnswer]:
    """Return the answers by condition.

    Raises
    ------
    ResponseError
        A condition is unknown, or answered twice and differently.
    """
    answers: dict[str, ConditionAnswer] = {}
    for one in given:
        condition(one.condition)
        if one.answer not in tuple(Answer):
            raise unknown_name(one.answer, Answer, "answer")
        if one.condition in answers and answers[one.condition].answer != one.answer:
            raise ResponseError(f"The condition {one.condition!r} is answered twice, and differently: keep one answer.")
        answers.setdefault(one.condition, one)
    return answers


def own_cutoffs_of(given: Iterable[OwnCutoff]) -> dict[str, OwnCutoff]:
    """Return the clinic's own cut-offs by marker.

    Raises
    ------
    ResponseError
        An unknown marker, one that has no value or not this quantity, two cut-offs for one, no finite number, or no
        statistic.
    """
    own: dict[str, OwnCutoff] = {}
    for one in given:
        _check_quantity(one)
        if one.marker in own:
            raise ResponseError(f"There are two own cut-offs for the marker {one.marker!r}, expected one: keep one.")
        if not isfinite(one.value) or one.value <= 0:
            raise ResponseError(f"The own cut-off for {one.marker!r} is {one.value:g}, expected above 0: correct it.")
        if not one.statistic:
            raise ResponseError(
                f"The own cut-off for {one.marker!r} names no statistic of the lesion: say mean, maximum or other."
            )
        own[one.marker] = one
    return own


def _check_quantity(own: OwnCutoff) -> None:
    known = marker(own.marker)
    if not known.quantities:
        raise ResponseError(
            f"The own cut-off for {own.marker!r} has nothing to be held against, for this marker is read by eye: "
            "leave it out."
        )
    if own.quantity and own.quantity not in known.quantities:
        raise unknown_name(own.quantity, known.quantities, f"quantity of the marker {own.marker!r}:")


def _finding(given: Finding | Mapping[str, Any], *, is_vouched_for: bool) -> Finding:
    if isinstance(given, Finding):
        _check_words(given)
        return given
    known = [field.name for field in fields(Finding)]
    for key in given:
        if key not in known:
            raise unknown_name(key, known, "field of a finding")
    if "id" not in given:
        raise ResponseError("A finding has no 'id', expected that of a marker: give it.")
    finding = Finding(**given)
    _check_words(finding)
    if is_vouched_for and finding.value is not None and not finding.details and _needs_region(finding):
        return replace(finding, details={REFERENCE_REGION: ASSUMED_REGION})
    return finding


def _needs_region(finding: Finding) -> bool:
    measured = quantity_of(finding)
    return measured is not None and measured.needs_reference_region


def _check_words(finding: Finding) -> None:
    """Refuse an unknown marker or quality, and a judgement that is neither true nor false."""
    marker(finding.id)
    if finding.quality not in tuple(Quality):
        raise unknown_name(finding.quality, Quality, "quality")
    if finding.positive not in (None, True, False):
        raise ResponseError(
            f"The marker {finding.id!r} is judged {finding.positive!r}, expected true or false: correct it."
        )


def _check(finding: Finding) -> None:
    _check_numbers(finding.id, (finding.value, finding.low, finding.high))
    measured = quantity_of(finding)
    if finding.value is not None and finding.positive is not None:
        raise ResponseError(
            f"The marker {finding.id!r} has the value {finding.value:g} and a judgement as well: keep one of them."
        )
    if finding.value is not None and measured is not None:
        _check_unit(finding, measured)
    is_explained = finding.reason or finding.quality == Quality.POOR
    if finding.value is None and finding.positive is None and not is_explained:
        raise ResponseError(f"The marker {finding.id!r} has neither value nor judgement: give 'value' or 'positive'.")


def _check_numbers(name: str, numbers: Iterable[Any]) -> None:
    for number in numbers:
        if number is not None and not (isinstance(number, Real) and isfinite(number)):
            raise ResponseError(f"The marker {name!r} has the value {number}, expected a finite number: correct it.")


def _check_unit(finding: Finding, measured: Quantity) -> None:
    """Refuse a value that nobody can place; a ratio has no unit that could be mistaken, so its "1" may be left away."""
    if finding.unit != measured.unit and (finding.unit or measured.unit != "1"):
        found = f"has the unit {finding.unit!r}" if finding.unit else "has no unit"
        raise ResponseError(
            f"The value of the marker {finding.id!r} {found}, expected {measured.unit!r} for {measured.title}: give it."
        )
    if measured.needs_reference_region and not finding.details.get(REFERENCE_REGION):
        raise ResponseError(
            f"The value of the marker {finding.id!r} ({measured.title}) has no reference region, expected the one "
            f"that it is a ratio to: give it as the detail {REFERENCE_REGION!r}."
        )
