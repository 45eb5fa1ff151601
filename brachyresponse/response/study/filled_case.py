"""A case with what the treatment record knows put where the case is silent; whatever was filled in is told."""

from __future__ import annotations

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
    end = facts.radiation_end
    assumptions: list[Assumption] = []
    visits = []
    for visit, known in zip(case.visits, facts.visits, strict=True):
        filled, told = _visit(visit, known, case.criteria)
        visits.append(filled)
        assumptions += told
    options, told = _options(case, facts)
    filled_case = replace(case, visits=tuple(visits), options=options, radiation_end=end.date)
    return FilledCase(filled_case, end, (*assumptions, *told), _warnings(case, facts))


def _visit(visit: CaseVisit, known: VisitFacts, criteria: CriteriaName) -> tuple[CaseVisit, list[Assumption]]:
    told = []
    if criteria in STEROID_SETS and visit.steroid_dose_mg is None and known.steroid_dose_mg is not None:
        visit = replace(visit, steroid_dose_mg=known.steroid_dose_mg)
        told.append(f"{visit.date}: {known.steroid_dose_mg:g} mg of dexamethasone a day, from the treatment record.")
    is_silent = visit.steroid_trend is None and visit.role is VisitRole.FOLLOW_UP
    if criteria in STEROID_SETS and is_silent and known.steroid_trend is not None:
        visit = replace(visit, steroid_trend=known.steroid_trend)
        told.append(f"{visit.date}: steroids {known.steroid_trend} against the baseline, from the treatment record.")
    if known.has_histology_of_tumour and not visit.has_histology_of_tumour:
        visit = replace(visit, has_histology_of_tumour=True)
        told.append(f"{visit.date}: a biopsy on record showed tumour, which counts for this visit.")
    return visit, [Assumption(FROM_RECORD, sentence) for sentence in told]


def _options(case: ResponseCase, facts: CaseFacts) -> tuple[CaseOptions, list[Assumption]]:
    options, told = case.options, []
    if case.criteria is CriteriaName.RANO_2_0 and facts.is_antiangiogenic and not options.is_antiangiogenic:
        options = replace(options, is_antiangiogenic=True)
        told.append("An antiangiogenic drug is on record by one of the visits, so that T2/FLAIR counts.")
    if case.criteria is CriteriaName.RANO_BM and facts.is_immunotherapy and not options.is_immunotherapy:
        options = replace(options, is_immunotherapy=True)
        told.append("Immunotherapy is on record by one of the visits, so that a new lesion alone is no progression.")
    return options, [Assumption(FROM_RECORD, sentence) for sentence in told]


def _warnings(case: ResponseCase, facts: CaseFacts) -> tuple[str, ...]:
    mixed = [visit for visit in facts.visits if visit.histology is BiopsyResult.MIXED]
    said = [
        f"A biopsy after the visit of {visit.date} showed tumour and necrosis: whether it counts as tumour is for the "
        "reader."
        for visit in mixed
    ]
    if criteria_set(case.criteria).early_window and facts.radiation_end.date is None:
        said.append(facts.radiation_end.sentence)
    return tuple(said)
