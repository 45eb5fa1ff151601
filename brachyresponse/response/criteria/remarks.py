"""What the reader must know beside the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from brachyresponse.response.case import ResponseCase
from brachyresponse.response.criteria.assessment import VisitAssessment
from brachyresponse.response.criteria.best_response import MIN_SD_OPTION, first_seen_equivocal
from brachyresponse.response.criteria.criteria_set import CriteriaSet
from brachyresponse.response.criteria.remarks_of_case import remarks_of_case
from brachyresponse.response.criteria.wording import say
from brachyresponse.response.vocabulary import Category, VisitRole


def case_warnings(
    case: ResponseCase, criteria: CriteriaSet, visits: Sequence[VisitAssessment], dated_back_by: str | None
) -> Iterator[str]:
    """Yield the warnings of a case, those of the set of criteria first.

    Parameters
    ----------
    case, criteria
        The case and its criteria.
    visits
        As assessed.
    dated_back_by
        Fact by which progression was dated back; None where it was not.
    """
    yield from standing(criteria)
    yield from remarks_of_case(case, criteria)
    yield from _of_unknown(visits)
    yield from _of_progression(case, criteria, visits, dated_back_by)
    yield from _of_misquote(case, criteria, visits)
    has_sd = any(visit.category is Category.SD for visit in visits)
    if has_sd and MIN_SD_OPTION in criteria.options and not case.options.min_sd_weeks:
        yield say("no_min_sd")


def standing(criteria: CriteriaSet) -> Iterator[str]:
    """Yield what is to be known of a set of criteria itself, in every case that is assessed by it."""
    if criteria.leaves_out:
        yield say("leaves_out", criteria=criteria.title, left=", ".join(criteria.leaves_out))
    elif criteria.badge:
        yield say("badge", criteria=criteria.title, badge=criteria.badge)


def _of_unknown(visits: Sequence[VisitAssessment]) -> Iterator[str]:
    days = [visit.date for visit in visits if visit.unknown]
    if days:
        yield say("imaging_only_visits", days=_listed(days))


def _of_progression(
    case: ResponseCase, criteria: CriteriaSet, visits: Sequence[VisitAssessment], dated_back_by: str | None
) -> Iterator[str]:
    """How the date of progression was found, and where the criteria leave it open."""
    first = next((visit for visit in visits if visit.category is Category.PD), None)
    if first is None:
        return
    if dated_back_by is not None:
        checked = "" if criteria.facts[dated_back_by].is_verified else " (unverified)"
        yield say("dated_back", day=first.date, rule=criteria.facts[dated_back_by].text, checked=checked)
        return
    seen = first_seen_equivocal(case, first.date)
    if seen is not None:
        yield say("equivocal_not_dated_back", criteria=criteria.title, day=seen)
    before = [visit for visit in visits if visit.date < first.date and visit.category is not Category.NE]
    if before and before[-1].category is Category.PRELIMINARY_PD:  # otherwise something else was seen in between
        yield say("preliminary_not_dated_back", criteria=criteria.title)


def _of_misquote(case: ResponseCase, criteria: CriteriaSet, visits: Sequence[VisitAssessment]) -> Iterator[str]:
    """The study that defines such targets calls progression 20 % or 5 mm; RECIST says and."""
    if not (case.options.has_protocol_targets and criteria.is_recist):
        return
    share, least_mm = 100 * criteria.number("pd_increase_from_nadir"), criteria.absolute_mm
    yield say("misquote", share=f"{share:g}", least=f"{least_mm:g}")
    days = [visit.date for visit in visits if _is_misquoted(visit, share, least_mm)]
    if days:
        yield say("misquote_matters", days=_listed(days))
    yield say("seeds_are_no_disease")


def _is_misquoted(visit: VisitAssessment, share: float, least_mm: float) -> bool:
    """Whether the study's wording would call a visit progression, and RECIST does not."""
    if visit.role is not VisitRole.FOLLOW_UP or visit.category is Category.PD:
        return False
    if visit.sum is None or visit.nadir is None:
        return False
    grown_mm = visit.sum - visit.nadir
    return grown_mm >= least_mm - 1e-9 or (visit.percent_from_nadir or 0.0) >= share


def _listed(days: Sequence[date]) -> str:
    return ", ".join(day.isoformat() for day in days)
