"""What an assessment rests on, in sentences: dates, targets, measurements, conventions, rules that were not checked."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.response.criteria import ResponseAssessment
from brachyresponse.response.field import failure_definition
from brachyresponse.response.measurement.vocabulary import Holes, MeasurementOrigin
from brachyresponse.response.study.assumption import Assumption
from brachyresponse.response.study.filled_case import FilledCase
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.vocabulary import Measure

HOLES = {
    Holes.EXCLUDE: "Holes enclosed by a lesion were left out of its diameters and volume.",
    Holes.FILL: "Holes enclosed by a lesion were counted as lesion; that changes a ring of 32 x 32 mm to 40 x 40 mm.",
}


def assumptions_of(
    request: ResponseRequest, filled: FilledCase, assessment: ResponseAssessment
) -> tuple[Assumption, ...]:
    """Return what the result rests on, the weightiest first."""
    rows = [
        *_reference(filled, assessment),
        *_targets(filled),
        *filled.assumptions,
        *_measurements(request),
        *_sites(request),
        *(Assumption("note", note) for note in request.notes),
        *(Assumption("convention", sentence) for sentence in assessment.conventions),
        *_unverified(assessment),
    ]
    if request.today is None:
        day = request.case.visits[-1].date
        rows.append(Assumption("today", f"The day of the assessment was not given: the last visit's, {day}, is used."))
    return tuple(dict.fromkeys(rows))


def _reference(filled: FilledCase, assessment: ResponseAssessment) -> Iterator[Assumption]:
    """Criteria without an early window need no end of radiation."""
    if filled.radiation_end.date or assessment.criteria.early_window:
        yield Assumption("reference date", filled.radiation_end.sentence)


def _sites(request: ResponseRequest) -> Iterator[Assumption]:
    if request.sites:
        definition = failure_definition()
        yield Assumption("site of failure", definition.transfer, is_verified=definition.is_verified)


def _targets(filled: FilledCase) -> Iterator[Assumption]:
    case = filled.case
    targets = [lesion.id for lesion in case.baseline.targets]
    others = [lesion.id for lesion in case.baseline.lesions if not lesion.is_target]
    told = f"Summed: {', '.join(targets) or 'nothing, there is no measurable lesion'}"
    told += f"; followed but not summed: {', '.join(others)}" if others else ""
    yield Assumption("targets", f"{told}.")
    if case.options.has_protocol_targets:
        yield Assumption("targets", "Targets below the criteria's size are summed because the protocol says so.")
    if case.options.measure is Measure.THREE_D:
        yield Assumption("size", "Volumes are summed, not products of diameters.")


def _measurements(request: ResponseRequest) -> Iterator[Assumption]:
    entries = request.measurements
    for choice in dict.fromkeys(entry.holes for entry in entries if entry.holes):
        yield Assumption("holes", HOLES[choice])
    by_hand = [f"{entry.lesion} of {entry.visit}" for entry in entries if entry.origin is MeasurementOrigin.MANUAL]
    if by_hand:
        yield Assumption("measured by hand", f"Measured or moved by a reader: {', '.join(by_hand)}.")
    known = {(entry.visit, entry.lesion) for entry in entries}
    given = [
        f"{lesion.id} of {visit.date}"
        for visit in request.case.visits
        for lesion in visit.lesions
        if lesion.longest_mm is not None and (visit.date, lesion.id) not in known
    ]
    if given:
        what = "All sizes are" if not known else f"The sizes of {', '.join(given)} are"
        yield Assumption("sizes as given", f"{what} taken as given, without an outline to look at.")


def _unverified(assessment: ResponseAssessment) -> Iterator[Assumption]:
    if assessment.criteria.badge:
        badge = f"{assessment.criteria.title}: {assessment.criteria.badge}."
        yield Assumption("criteria", badge, is_verified=bool(assessment.criteria.leaves_out))
    for visit in assessment.visits:
        for reason in visit.reasons:
            if not reason.is_verified:
                sentence = f"Used without a look at the paper, {reason.source}: {reason.text.rstrip('.')}."
                yield Assumption("unverified rule", sentence, is_verified=False)
