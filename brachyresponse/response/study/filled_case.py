"""A case with what the treatment record knows put where the case is silent; whatever was filled in is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from brachyresponse.response.case import CaseOptions, CaseVisit, ResponseCase
from brachyresponse.response.criteria import criteria_set
from brachyresponse.response.study.assumption import Assumption
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.treatment import (
    BiopsyResult,
    CaseFacts,
    RadiationEnd,
    TreatmentRecord,
    VisitFacts,
    facts_for_case,
)
from brachyresponse.response.vocabulary import CriteriaName, VisitRole

FROM_RECORD = "treatment record"
STEROID_SETS = (CriteriaName.RANO_2010, CriteriaName.RANO_2_0, CriteriaName.RANO_BM)


@dataclass(frozen=True)
class FilledCase:
    """The case as it is assessed.

    Parameters
    ----------
    radiation_end
        Which day is used and why; without a date where it has to be chosen.
    assumptions
        What was filled in.
    warnings
        What the record says and a reader has to weigh.
    """

    case: ResponseCase
    radiation_end: RadiationEnd
    assumptions: tuple[Assumption, ...]
    warnings: tuple[str, ...]


def fill_case(request: ResponseRequest) -> FilledCase:
    """Return the case of a request, with the end of radiation, steroids, drugs and histology from the record.

    What the case says itself is never changed.

    Raises
    ------
    ResponseError
        The choice of the end of radiation is not offered by the record.
    """
    case, record = request.case, request.treatments or TreatmentRecord()
    days = [visit.date for visit in case.visits]
    facts = facts_for_case(record, days, baseline=case.baseline.date, reference=case.radiation_end or request.reference)
    visits = tuple(_visit(*pair, case) for pair in zip(case.visits, facts.visits, strict=True))
    options, told = _options(case, facts)
    filled = replace(case, visits=visits, options=options, radiation_end=facts.radiation_end.date)
    told = [*_steroids_told(case, filled), *_histology_told(case, filled), *told]
    assumptions = tuple(Assumption(FROM_RECORD, sentence) for sentence in told)
    warnings = _warnings(case, facts, is_irradiated=any(each.is_radiation for each in record))
    return FilledCase(filled, facts.radiation_end, assumptions, warnings)


def _visit(visit: CaseVisit, known: VisitFacts, case: ResponseCase) -> CaseVisit:
    is_tumour = visit.has_histology_of_tumour or known.has_histology_of_tumour
    return replace(_with_drugs(_with_steroids(visit, known, case), known, case), has_histology_of_tumour=is_tumour)


def _with_steroids(visit: CaseVisit, known: VisitFacts, case: ResponseCase) -> CaseVisit:
    if case.criteria not in STEROID_SETS:
        return visit
    dose_mg = known.steroid_dose_mg if visit.steroid_dose_mg is None else visit.steroid_dose_mg
    is_open = visit.steroid_trend is None and visit.role is VisitRole.FOLLOW_UP
    trend = known.steroid_trend if is_open else visit.steroid_trend
    return replace(visit, steroid_dose_mg=dose_mg, steroid_trend=trend)


def _with_drugs(visit: CaseVisit, known: VisitFacts, case: ResponseCase) -> CaseVisit:
    options = case.options
    if case.criteria is CriteriaName.RANO_2_0 and visit.is_antiangiogenic is None and not options.is_antiangiogenic:
        return replace(visit, is_antiangiogenic=known.is_antiangiogenic)
    if case.criteria is CriteriaName.RANO_BM and visit.is_immunotherapy is None and not options.is_immunotherapy:
        return replace(visit, is_immunotherapy=known.is_immunotherapy)
    return visit


def _steroids_told(before: ResponseCase, after: ResponseCase) -> Iterator[str]:
    filled = []
    for was, now in zip(before.visits, after.visits, strict=True):
        dose = f"{now.steroid_dose_mg:g} mg" if was.steroid_dose_mg != now.steroid_dose_mg else ""
        trend = str(now.steroid_trend) if was.steroid_trend != now.steroid_trend else ""
        if dose or trend:
            filled.append(f"{now.date} {', '.join(word for word in (dose, trend) if word)}")
    if filled:
        yield f"Steroids (dexamethasone a day, against the baseline) from the treatment record: {'; '.join(filled)}."


def _histology_told(before: ResponseCase, after: ResponseCase) -> Iterator[str]:
    for was, now in zip(before.visits, after.visits, strict=True):
        if now.has_histology_of_tumour and not was.has_histology_of_tumour:
            yield f"A biopsy on record showed tumour, which counts for the visit of {now.date}."


def _options(case: ResponseCase, facts: CaseFacts) -> tuple[CaseOptions, list[str]]:
    options, told = case.options, []
    if case.criteria is CriteriaName.RANO_2_0 and facts.is_antiangiogenic and not options.is_antiangiogenic:
        options = replace(options, is_antiangiogenic=True)
        first = next(visit.date for visit in facts.visits if visit.is_antiangiogenic)
        told.append(f"An antiangiogenic drug is on record, so that T2/FLAIR counts from the visit of {first} on.")
    if case.criteria is CriteriaName.RANO_BM and facts.is_immunotherapy and not options.is_immunotherapy:
        options = replace(options, is_immunotherapy=True)
        first = next(visit.date for visit in facts.visits if visit.is_immunotherapy)
        told.append(
            f"Immunotherapy is on record, so that from the visit of {first} on a new lesion alone is no progression."
        )
    return options, told


def _warnings(case: ResponseCase, facts: CaseFacts, *, is_irradiated: bool) -> tuple[str, ...]:
    """A reference date that is missing for want of any radiation on record is told by the criteria."""
    mixed = [visit for visit in facts.visits if visit.histology is BiopsyResult.MIXED]
    said = [
        f"A biopsy after the visit of {visit.date} showed tumour and necrosis: whether it counts as tumour is for the "
        "reader."
        for visit in mixed
    ]
    if criteria_set(case.criteria).early_window and is_irradiated and facts.radiation_end.date is None:
        said.append(facts.radiation_end.sentence)
    return tuple(said)
