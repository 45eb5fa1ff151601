"""A patient assessed again: what was said before is kept, and what changed since is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import CaseVisit
from brachyresponse.response.evidence import LesionEvidence
from brachyresponse.response.study.record_file import ResponseRecord
from brachyresponse.response.study.request import ResponseRequest


def continue_record(request: ResponseRequest, earlier: ResponseRecord) -> ResponseRequest:
    """Return a request that follows on from an earlier assessment of the patient.

    The earlier criteria are remembered, so that others are asked about; adjudications and evidence are carried on where
    the request has none for the visit, or the lesion; a visit that was changed or left out since is told in the notes.

    Raises
    ------
    ResponseError
        The earlier assessment is of another patient.
    """
    before = earlier.request
    if request.patient_id and before.patient_id and request.patient_id != before.patient_id:
        raise ResponseError(
            f"The earlier assessment is of patient {before.patient_id!r}, this one of {request.patient_id!r}: give the "
            "same patient's."
        )
    days = {visit.date for visit in request.case.visits}
    said = {each.visit: each for each in before.adjudications if each.visit in days}
    said |= {each.visit: each for each in request.adjudications}
    return replace(
        request,
        patient_id=request.patient_id or before.patient_id,
        adjudications=tuple(said[day] for day in sorted(said)),
        evidence=_evidence(before, request),
        earlier_criteria=earlier.criteria,
        notes=(*request.notes, *_changes(before.case.visits, request.case.visits)),
    )


def _evidence(before: ResponseRequest, now: ResponseRequest) -> tuple[LesionEvidence, ...]:
    """The evidence of both; where the visit or the lesion is no longer in the case there is nothing it could be of."""
    visits = now.case.visits
    known = {(visit.date, lesion.id) for visit in visits for lesion in visit.lesions}
    known |= {(visit.date, lesion.id) for visit in visits for lesion in visit.new_lesions}
    weighed = {(one.visit, one.lesion): one for one in (*before.evidence, *now.evidence)}
    return tuple(weighed[place] for place in sorted(weighed) if place in known)


def _changes(before: tuple[CaseVisit, ...], now: tuple[CaseVisit, ...]) -> Iterator[str]:
    known = {visit.date: visit for visit in now}
    for visit in before:
        if visit.date not in known:
            yield f"The visit of {visit.date} was part of the earlier assessment and is left out of this one."
        elif visit != known[visit.date]:
            what = ", ".join(_differences(visit, known[visit.date]))
            yield f"The visit of {visit.date} was changed since the earlier assessment: {what}."


def _differences(before: CaseVisit, now: CaseVisit) -> Iterator[str]:
    was, is_now = ({lesion.id: lesion for lesion in visit.lesions} for visit in (before, now))
    yield from (f"lesion {name!r}" for name in sorted(was.keys() | is_now.keys()) if was.get(name) != is_now.get(name))
    if replace(before, lesions=()) != replace(now, lesions=()):
        yield "what else is said of it"
