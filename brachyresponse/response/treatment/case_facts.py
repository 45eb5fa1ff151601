"""What a case needs to know of the treatments at each visit; unknown stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from brachyresponse.response.treatment.details import Biopsy, PerformanceStatus, Steroids
from brachyresponse.response.treatment.record import TreatmentRecord
from brachyresponse.response.treatment.reference_dates import RadiationEnd
from brachyresponse.response.treatment.treatment import Treatment
from brachyresponse.response.treatment.vocabulary import BiopsyResult, ReferenceChoice, TreatmentKind
from brachyresponse.response.vocabulary import SteroidTrend


@dataclass(frozen=True)
class VisitFacts:
    """What the record says of the day of one visit.

    Parameters
    ----------
    steroid_dose_mg
        Dexamethasone a day; None where no dose is on record for the day.
    steroid_trend
        Against the baseline visit; None where either dose is unknown.
    is_antiangiogenic, is_immunotherapy
        Whether bevacizumab, or immunotherapy, was begun by the day; None where the record has no such drug at all.
    performance
        The latest performance status by the day; whether the patient is worse from the tumour is the reader's word.
    histology
        What a biopsy showed that belongs to the visit: taken on its day or later, before the next visit.
    sentences
        What was read from the record, and what is for the reader.
    """

    date: date
    steroid_dose_mg: float | None = None
    steroid_trend: SteroidTrend | None = None
    is_antiangiogenic: bool | None = None
    is_immunotherapy: bool | None = None
    performance: PerformanceStatus | None = None
    histology: BiopsyResult | None = None
    sentences: tuple[str, ...] = ()

    @property
    def has_histology_of_tumour(self) -> bool:
        """Whether a biopsy showed tumour and nothing else; a mixed one is for the reader."""
        return self.histology is BiopsyResult.TUMOUR


@dataclass(frozen=True)
class CaseFacts:
    """What the record says of a case.

    Parameters
    ----------
    visits
        In the order of the dates that were asked for.
    is_antiangiogenic, is_immunotherapy
        Whether it was given by any visit; None where the record has no such drug at all.
    radiation_end
        With its sentence; its date is None where it has to be chosen.
    """

    visits: tuple[VisitFacts, ...]
    is_antiangiogenic: bool | None
    is_immunotherapy: bool | None
    radiation_end: RadiationEnd


def facts_for_case(
    record: TreatmentRecord,
    dates: Sequence[date],
    *,
    baseline: date | None = None,
    reference: ReferenceChoice | date | None = None,
) -> CaseFacts:
    """Return what the record says of the visits of a case.

    Parameters
    ----------
    dates
        Of all visits: a biopsy belongs to the last visit on or before its day.
    baseline
        Date of the baseline visit, which steroids are compared with; None leaves the trend unknown.
    reference
        Choice of the end of radiation; see :func:`radiation_end`.

    Raises
    ------
    ResponseError
        The choice of the end of radiation is not offered.
    """
    visits = tuple(_visit_facts(record, day, baseline, _biopsies_of(record, day, dates)) for day in dates)
    return CaseFacts(
        visits=visits,
        is_antiangiogenic=_any_of([visit.is_antiangiogenic for visit in visits]),
        is_immunotherapy=_any_of([visit.is_immunotherapy for visit in visits]),
        radiation_end=record.radiation_end(reference),
    )


def steroid_dose_mg(record: TreatmentRecord, day: date) -> float | None:
    """Return the dose of steroids on a day, mg of dexamethasone; None before the first dose on record.

    A dose holds until the next one starts; after its last day, where one is given, it is 0.
    """
    started = [(treatment, steroids) for treatment, steroids in record.detailed(Steroids) if treatment.start <= day]
    if not started:
        return None
    treatment, steroids = started[-1]
    return steroids.dose_mg if treatment.covers(day) else 0.0


def performance_status(record: TreatmentRecord, day: date) -> PerformanceStatus | None:
    """Return the latest performance status on or before a day; None where none is on record."""
    known = [status for treatment, status in record.detailed(PerformanceStatus) if treatment.start <= day]
    return known[-1] if known else None


def _visit_facts(
    record: TreatmentRecord, day: date, baseline: date | None, biopsies: Sequence[tuple[Treatment, Biopsy]]
) -> VisitFacts:
    dose_mg, performance = steroid_dose_mg(record, day), performance_status(record, day)
    before_mg = None if baseline is None else steroid_dose_mg(record, baseline)
    before = None if baseline is None else performance_status(record, baseline)
    sentences = [f"No dose of steroids is on record for {day}."] if dose_mg is None else []
    sentences += [_performance_sentence(before, performance)] if performance and performance != before else []
    sentences += [_biopsy_sentence(treatment, biopsy) for treatment, biopsy in biopsies]
    return VisitFacts(
        date=day,
        steroid_dose_mg=dose_mg,
        steroid_trend=_trend(before_mg, dose_mg),
        is_antiangiogenic=_was_given(record, TreatmentKind.BEVACIZUMAB, day),
        is_immunotherapy=_was_given(record, TreatmentKind.IMMUNOTHERAPY, day),
        performance=performance,
        histology=_histology([biopsy.result for _, biopsy in biopsies]),
        sentences=tuple(sentences),
    )


def _trend(before_mg: float | None, now_mg: float | None) -> SteroidTrend | None:
    if before_mg is None or now_mg is None:
        return None
    if now_mg == before_mg:
        return SteroidTrend.STABLE
    return SteroidTrend.INCREASED if now_mg > before_mg else SteroidTrend.DECREASED


def _was_given(record: TreatmentRecord, kind: TreatmentKind, day: date) -> bool | None:
    """Whether a drug was started by a day; its effect on the images outlasts it, so an end does not undo that."""
    given = record.of_kind(kind)
    return any(each.start <= day for each in given) if given else None


def _biopsies_of(record: TreatmentRecord, day: date, dates: Sequence[date]) -> list[tuple[Treatment, Biopsy]]:
    later = [other for other in dates if other > day]
    return [
        (treatment, biopsy)
        for treatment, biopsy in record.detailed(Biopsy)
        if day <= treatment.start and all(treatment.start < other for other in later)
    ]


def _histology(results: Sequence[BiopsyResult]) -> BiopsyResult | None:
    """The one result, or mixed where biopsies of one visit disagree."""
    found = set(results)
    return BiopsyResult.MIXED if len(found) > 1 else next(iter(found), None)


def _performance_sentence(before: PerformanceStatus | None, now: PerformanceStatus) -> str:
    at_baseline = f", {before.scale} {before.score} at the baseline" if before else ""
    return f"The performance status is {now.scale} {now.score}{at_baseline}: what it comes from is for the reader."


def _biopsy_sentence(treatment: Treatment, biopsy: Biopsy) -> str:
    of_lesion = f" of {biopsy.lesion}" if biopsy.lesion else ""
    said = f"The biopsy{of_lesion} on {treatment.start} showed {_WORDS[biopsy.result]}"
    return said + ("; whether that counts as tumour is for the reader." if biopsy.result is BiopsyResult.MIXED else ".")


def _any_of(states: Sequence[bool | None]) -> bool | None:
    known = [state for state in states if state is not None]
    return any(known) if known else None


_WORDS = {
    BiopsyResult.TUMOUR: "tumour",
    BiopsyResult.NECROSIS: "necrosis",
    BiopsyResult.MIXED: "tumour and necrosis",
}
