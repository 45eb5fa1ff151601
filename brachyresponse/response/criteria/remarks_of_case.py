"""Doubts about a case itself: nothing that would forbid an assessment, all that its reader should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from brachyresponse.response.case import CaseLesion, CaseVisit, ResponseCase
from brachyresponse.response.case.keys import FLAGS
from brachyresponse.response.criteria.criteria_set import CriteriaSet
from brachyresponse.response.criteria.measurability import Measurability, MeasurabilityItem, judge_measurability
from brachyresponse.response.criteria.row_keys import NON_TARGET
from brachyresponse.response.criteria.wording import number, say
from brachyresponse.response.vocabulary import LesionKind, Measure, NonTargetStatus, SteroidTrend, VisitRole

NODES = "lymph nodes"
MAX_TARGETS = "max_targets"
MAX_PER_ORGAN = "max_per_organ"
DAYS_BEFORE_TREATMENT = 28
SAME_MM = 0.051
"""Diameters of a round lesion differ by rounding; they are written to a tenth of a millimetre in some tables."""


def remarks_of_case(case: ResponseCase, criteria: CriteriaSet) -> Iterator[str]:
    """Yield what is doubtful about a case.

    Parameters
    ----------
    case, criteria
        The case and its criteria.
    """
    yield from _of_options(case, criteria)
    yield from _of_radiation(case, criteria)
    yield from _of_treatment(case, criteria)
    yield from _of_targets(case, criteria)
    for visit in case.visits:
        yield from _of_visit(visit, case)
    yield from _of_non_target(case, criteria)


def _of_options(case: ResponseCase, criteria: CriteriaSet) -> Iterator[str]:
    given = [key for key, name in FLAGS.items() if getattr(case.options, name)]
    given += ["min_sd_weeks"] if case.options.min_sd_weeks else []
    for key in given:
        if key not in criteria.options and key != "protocol_targets":
            yield say("option_not_known", option=key, criteria=criteria.title)


def _of_radiation(case: ResponseCase, criteria: CriteriaSet) -> Iterator[str]:
    """The early window, and the baseline's place against the end of radiation."""
    if not criteria.early_window:
        return
    weeks = int(criteria.number(criteria.early_window)) // 7
    end = case.radiation_end
    if end is None:
        yield say("no_radiation_end", weeks=weeks)
    elif end > case.visits[-1].date:
        yield say("radiation_after_last_visit", end=end)
    elif end > case.baseline.date:
        yield say("radiation_after_baseline", end=end, baseline=case.baseline.date)


def _of_treatment(case: ResponseCase, criteria: CriteriaSet) -> Iterator[str]:
    if "baseline" not in criteria.facts or case.treatment_start is None:
        return
    days = (case.treatment_start - case.baseline.date).days
    if not 0 <= days <= DAYS_BEFORE_TREATMENT and criteria.absolute_fact:
        apart = f"{days} days before" if days > 0 else f"{-days} days after"
        yield say("baseline_far", days=apart, criteria=criteria.title)


def _of_targets(case: ResponseCase, criteria: CriteriaSet) -> Iterator[str]:
    yield from _of_number(case.baseline.targets, criteria)
    if not case.options.has_protocol_targets and case.options.measure is not Measure.THREE_D:
        for lesion in case.baseline.targets:
            yield from _of_measurability(lesion, case)


def _of_number(targets: tuple[CaseLesion, ...], criteria: CriteriaSet) -> Iterator[str]:
    """More targets than the criteria take; a number that was not verified is not enforced."""
    largest = criteria.facts.get(MAX_TARGETS)
    if largest and largest.is_verified and len(targets) > largest.value:
        yield say("many_targets", count=len(targets), most=largest.value, criteria=criteria.title)
    if MAX_PER_ORGAN in criteria.facts:
        most = int(criteria.number(MAX_PER_ORGAN))
        for organ, count in Counter(_organ(lesion) for lesion in targets).items():
            if count > most:
                yield say("many_in_organ", count=count, most=most, organ=organ)


def _organ(lesion: CaseLesion) -> str:
    return NODES if lesion.kind is LesionKind.NODE else lesion.organ


def _of_measurability(lesion: CaseLesion, case: ResponseCase) -> Iterator[str]:
    """A target that the criteria would not take; a diameter that is not given is not missed here."""
    if lesion.longest_mm is None and lesion.short_axis_mm is None:
        return
    item = MeasurabilityItem(
        criteria=case.criteria,
        kind=lesion.kind,
        longest_mm=lesion.longest_mm,
        perpendicular_mm=lesion.perpendicular_mm or lesion.longest_mm,
        short_axis_mm=lesion.short_axis_mm,
    )
    word, sentence = judge_measurability(item)
    if word != Measurability.TARGET:
        yield say("target_not_measurable", lesion=lesion.id, why=sentence)


def _of_visit(visit: CaseVisit, case: ResponseCase) -> Iterator[str]:
    for lesion in visit.lesions:
        longest, across = lesion.longest_mm, lesion.perpendicular_mm
        if longest is not None and across is not None and across > longest + SAME_MM:
            values = {"longest": number(longest), "across": number(across)}
            yield say("perpendicular_longer", day=visit.date, lesion=lesion.id, **values)
    if visit.role is not VisitRole.FOLLOW_UP and visit.new_lesions:
        yield say("new_before_follow_up", day=visit.date, lesion=visit.new_lesions[0].id)
    if visit.role is VisitRole.FOLLOW_UP:
        yield from _of_steroids(visit, case.baseline)
        had_disease = case.baseline.non_target not in (NonTargetStatus.NONE, NonTargetStatus.CR)
        if visit.non_target is NonTargetStatus.NONE and had_disease:
            yield say("non_target_forgotten", day=visit.date)


def _of_non_target(case: ResponseCase, criteria: CriteriaSet) -> Iterator[str]:
    """Growth that the reader sees, in criteria that have no place for it."""
    if criteria.is_recist or any(row.key == NON_TARGET for row in criteria.progression):
        return
    for visit in case.visits:
        if visit.non_target is NonTargetStatus.PD:
            yield say("non_target_not_asked", day=visit.date, criteria=criteria.title)


def _of_steroids(visit: CaseVisit, baseline: CaseVisit) -> Iterator[str]:
    """A trend that contradicts the doses at the baseline and at the visit."""
    before, now = baseline.steroid_dose_mg, visit.steroid_dose_mg
    if before is None or now is None:
        return
    by_dose = SteroidTrend.STABLE
    if now != before:
        by_dose = SteroidTrend.INCREASED if now > before else SteroidTrend.DECREASED
    values = {"day": visit.date, "before": number(before), "now": number(now), "by_dose": by_dose}
    if visit.steroid_trend is None and by_dose is not SteroidTrend.STABLE:
        yield say("steroid_trend_open", **values)
    elif visit.steroid_trend not in (None, by_dose):
        yield say("steroid_trend_differs", trend=visit.steroid_trend, **values)
