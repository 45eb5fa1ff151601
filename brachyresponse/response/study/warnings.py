"""What a person has to look at beside the result, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from brachyresponse.response.criteria import ResponseAssessment
from brachyresponse.response.criteria.remarks import standing
from brachyresponse.response.study.entries import MeasurementEntry, SiteEntry
from brachyresponse.response.study.filled_case import FilledCase
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.treatment import TreatmentRecord, criteria_warnings, marker_sentences


def study_warnings(
    request: ResponseRequest,
    filled: FilledCase,
    assessment: ResponseAssessment,
    beside: Iterable[ResponseAssessment] = (),
) -> Iterator[str]:
    """Yield what a person has to look at, the weightiest first.

    Parameters
    ----------
    request, filled
        What was asked, and the case as it was assessed.
    assessment
        By the chosen criteria.
    beside
        By the criteria that are shown beside them.
    """
    record = request.treatments or TreatmentRecord()
    yield from _of_reader(request, assessment)
    yield from _of_today(request)
    yield from filled.warnings
    for other in beside:
        yield from _of_other_criteria(assessment, other)
    yield from criteria_warnings(request.case.criteria, record.tumour, record, earlier=request.earlier_criteria)
    told = tuple(standing(assessment.criteria))  # what was said when the criteria were chosen, in other words
    yield from (warning for warning in assessment.warnings if warning not in told)
    yield from marker_sentences(record)
    entries: list[MeasurementEntry | SiteEntry] = [*request.measurements, *request.sites]
    for entry in entries:
        yield from (f"{entry.visit}, {entry.lesion}: {warning}" for warning in entry.warnings)


def _of_reader(request: ResponseRequest, assessment: ResponseAssessment) -> Iterator[str]:
    computed = {visit.date: visit.category for visit in assessment.visits}
    for said in request.adjudications:
        if computed[said.visit] != said.category:
            yield f"{said.visit}: computed {computed[said.visit]}. {said.describe()}"


def _of_today(request: ResponseRequest) -> Iterator[str]:
    last = request.case.visits[-1].date
    if request.today is not None and request.today < last:
        yield f"The day of the assessment, {request.today}, lies before the visit of {last}: correct one of them."


def _of_other_criteria(chosen: ResponseAssessment, other: ResponseAssessment) -> Iterator[str]:
    """Where criteria shown beside the chosen ones say otherwise."""
    apart = [
        f"{one.date} {two.category} instead of {one.category}"
        for one, two in zip(chosen.visits, other.visits, strict=True)
        if one.category != two.category
    ]
    if apart:
        yield f"{other.criteria.title}, shown beside, says otherwise: {', '.join(apart)}."
