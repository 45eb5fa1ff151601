"""Evidence on the lesions of a patient, completed by what the patient's case and treatment record know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import CaseLesion, CaseVisit
from brachyresponse.response.evidence import (
    ConditionAnswer,
    EvidenceContext,
    EvidenceRequest,
    weigh_request,
)
from brachyresponse.response.evidence.gathering import (
    VolumeOfDay,
    answers_of_steroid_dose,
    dose_context_of,
    with_size,
    with_treatments,
)
from brachyresponse.response.evidence.gathering.answered import answered
from brachyresponse.response.evidence.gathering.lesion_names import check_measured_as
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.vocabulary import LesionKind, LesionState, SteroidTrend

GONE = (LesionState.ABSENT, LesionState.MERGED)
"""States in which a lesion is none of its own any more."""


def add_evidence(request: ResponseRequest, asked: Sequence[EvidenceRequest]) -> ResponseRequest:
    """Return a request with the evidence on its lesions weighed, each for itself; what was there for one is replaced.

    Raises
    ------
    ResponseError
        A lesion or a visit is not in the case, the evidence is of another patient or there twice for one lesion and
        visit, or it cannot be weighed.
    """
    weighed = tuple(weigh_request(complete_evidence(one, request)) for one in asked)
    new = {(one.visit, one.lesion) for one in weighed}
    kept = tuple(one for one in request.evidence if (one.visit, one.lesion) not in new)
    return replace(request, evidence=(*kept, *weighed))


def complete_evidence(asked: EvidenceRequest, request: ResponseRequest) -> EvidenceRequest:
    """Return what is asked of a lesion with what the case knows: treatments, size, dose, other lesions, a baseline.

    Raises
    ------
    ResponseError
        It was measured on another lesion of the case, or the lesion is gone at that visit.
    """
    _check_is_there(asked, request)
    check_measured_as(asked.lesion, asked.measured_as, _lesions_of(request), asked.where)
    completed = asked if asked.patient_id else replace(asked, patient_id=request.patient_id)
    if request.treatments is not None:
        completed = with_treatments(completed, request.treatments)
    longest_mm, volume_ml = _size(asked, request)
    completed = with_size(completed, longest_mm=longest_mm, volume_ml=volume_ml, source=f"measured on {asked.visit}")
    visits = sorted(request.case.visits, key=lambda visit: visit.date)
    completed = completed.with_answers(_of_visits(asked, visits))
    return replace(completed, context=_context(completed, request))


def _lesions_of(request: ResponseRequest) -> set[str]:
    """Return the names of all lesions of a case, at any visit."""
    known = {lesion.id for visit in request.case.visits for lesion in visit.lesions}
    return known | {lesion.id for visit in request.case.visits for lesion in visit.new_lesions}


def _check_is_there(asked: EvidenceRequest, request: ResponseRequest) -> None:
    """Refuse evidence on what is not there any more, which no marker can speak of."""
    lesion = _lesion(_visit_of(asked, request), asked.lesion)
    if lesion is not None and lesion.state in GONE:
        raise ResponseError(
            f"{asked.where}: the case has the lesion as {lesion.state} there, so that there is nothing to weigh: "
            "correct the lesion or the visit."
        )


def _size(asked: EvidenceRequest, request: ResponseRequest) -> tuple[float | None, float | None]:
    """Return length and volume: as measured, else as the case has them."""
    place = (asked.visit, asked.lesion)
    measured = next((one for one in request.measurements if (one.visit, one.lesion) == place), None)
    lesion = _lesion(_visit_of(asked, request), asked.lesion)
    sized = [each for each in (measured, lesion) if each is not None]
    longest_mm = next((each.longest_mm for each in sized if each.longest_mm is not None), None)
    return longest_mm, next((each.volume_ml for each in sized if each.volume_ml is not None), None)


def _visit_of(asked: EvidenceRequest, request: ResponseRequest) -> CaseVisit | None:
    return next((visit for visit in request.case.visits if visit.date == asked.visit), None)


def _lesion(visit: CaseVisit | None, name: str) -> CaseLesion | None:
    lesions = () if visit is None else visit.lesions
    return next((lesion for lesion in lesions if lesion.id == name), None)


def _of_visits(asked: EvidenceRequest, visits: Sequence[CaseVisit]) -> Iterable[ConditionAnswer]:
    earlier = [visit.date for visit in visits if visit.date < asked.visit]
    if earlier:
        yield answered("baseline_scan", True, f"There are earlier scans in the case, of {earlier[0]} first.")
    for visit in visits:
        if visit.date == asked.visit:
            yield from _of_drugs(visit)
            names = [each.id for each in visit.lesions if each.state not in GONE]
            names += [each.id for each in visit.new_lesions]
            said = f"Lesions of {visit.date} in the case: {', '.join(names)}."
            yield answered("multiple_lesions", len(names) > 1, said)


def _of_drugs(visit: CaseVisit) -> Iterable[ConditionAnswer]:
    """Yield what the case itself says of steroids and anti-angiogenic drugs at a visit."""
    if visit.steroid_dose_mg is not None:
        yield from answers_of_steroid_dose(visit.steroid_dose_mg, f"the case for {visit.date}")
    if visit.steroid_trend is not None:
        said = f"The dose of steroids of {visit.date} is {visit.steroid_trend} against the baseline, says the case."
        yield answered("steroid_change", visit.steroid_trend is not SteroidTrend.STABLE, said)
    if visit.is_antiangiogenic is not None:
        begun = "was begun" if visit.is_antiangiogenic else "was not begun"
        said = f"An anti-angiogenic drug {begun} by {visit.date}, says the case."
        yield answered("antiangiogenic_therapy", visit.is_antiangiogenic, said)


def _volumes(asked: EvidenceRequest, request: ResponseRequest) -> tuple[VolumeOfDay, ...]:
    """Return the volumes of a lesion that enhances, visit by visit, as measured, else as the case has them."""
    found: dict[date, float] = {}
    for visit in request.case.visits:
        lesion = _lesion(visit, asked.lesion)
        if lesion is not None and lesion.volume_ml is not None and lesion.kind is not LesionKind.NODE:
            found[visit.date] = lesion.volume_ml
    for one in request.measurements:
        if one.lesion == asked.lesion and one.volume_ml is not None and one.visit in found:
            found[one.visit] = one.volume_ml
    return tuple(VolumeOfDay(day, volume_ml) for day, volume_ml in sorted(found.items()) if day <= asked.visit)


def _context(asked: EvidenceRequest, request: ResponseRequest) -> EvidenceContext:
    """Return the context with the dose at the lesion and its volumes over time, where the case has them."""
    context = asked.context
    if not context.rim_volumes_ml:
        context = replace(context, rim_volumes_ml=_volumes(asked, request))
    site = next((one for one in request.sites if (one.visit, one.lesion) == (asked.visit, asked.lesion)), None)
    if context.dose is None and site is not None:
        context = replace(context, dose=dose_context_of(site))
    return context
