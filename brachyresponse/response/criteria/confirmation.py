"""Responses that have to last, and preliminary progression that has to be seen again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from brachyresponse.response.case import ResponseCase
from brachyresponse.response.criteria.assessment import ConfirmationState, ConfirmationStatus, VisitAssessment
from brachyresponse.response.criteria.circumstance import timing_of, window_end
from brachyresponse.response.criteria.criteria_set import CriteriaSet
from brachyresponse.response.criteria.wording import say
from brachyresponse.response.vocabulary import Category, VisitRole

RANK = {Category.CR: 2, Category.PR: 1}
UNDECIDED = (Category.NE, Category.PRELIMINARY_PD)
"""Visits that neither confirm nor break a response."""
RESPONSE_DAYS, PROGRESSION_DAYS = "confirm_response_days", "confirm_progression_days"
ALWAYS, OPTION = "always", "option"


@dataclass(frozen=True)
class SeenVisit:
    """Date and category of a visit after the baseline."""

    date: date
    category: Category


def must_confirm_response(case: ResponseCase, criteria: CriteriaSet) -> bool:
    """Tell whether a response counts only when it was seen again."""
    asks = criteria.confirms_response
    return asks == ALWAYS or (asks == OPTION and case.options.must_confirm_response)


def response_days(criteria: CriteriaSet) -> int:
    """Return the days after which a response that is seen again counts as confirmed."""
    facts = (RESPONSE_DAYS, "confirm_days")
    return next((int(criteria.number(fact)) for fact in facts if fact in criteria.facts), 0)


def confirms_response(visit: SeenVisit, earlier: Sequence[SeenVisit], days: int) -> bool:
    """Tell whether a response of the same or better rank was seen at least so many days before, and lasted.

    A visit that could not be judged breaks nothing; any lesser category does.
    """
    since = visit.date
    for before in reversed(earlier):
        if before.category in UNDECIDED:
            continue
        if RANK.get(before.category, 0) < RANK[visit.category]:
            break
        since = before.date
    return (visit.date - since).days >= days


def preliminary_since(earlier: Sequence[SeenVisit]) -> date | None:
    """Return the first of the preliminary progressions that are not refuted yet; None without."""
    since = None
    for before in reversed(earlier):
        if before.category is Category.PRELIMINARY_PD:
            since = before.date
        elif before.category is not Category.NE:
            break
    return since


def confirmed_progression(day: date, earlier: Sequence[SeenVisit], criteria: CriteriaSet) -> date | None:
    """Return the day of the preliminary progression that growth at a visit confirms; None where none is old enough."""
    since = preliminary_since(earlier)
    if since is None or PROGRESSION_DAYS not in criteria.facts:
        return None
    return since if (day - since).days >= criteria.number(PROGRESSION_DAYS) else None


def with_confirmation(
    visits: Sequence[VisitAssessment], case: ResponseCase, criteria: CriteriaSet
) -> Iterator[VisitAssessment]:
    """Yield the visits with what became, or has to become, of their response or preliminary progression."""
    for place, visit in enumerate(visits):
        later = visits[place + 1 :]
        if visit.role is not VisitRole.FOLLOW_UP:
            yield visit
        elif visit.category is Category.PRELIMINARY_PD:
            yield replace(visit, confirmation=_of_progression(visit, later, case, criteria))
        elif visit.category in RANK and must_confirm_response(case, criteria):
            yield replace(visit, confirmation=_of_response(visit, later, response_days(criteria)))
        else:
            yield visit


def _of_response(visit: VisitAssessment, later: Sequence[VisitAssessment], days: int) -> ConfirmationState:
    if visit.confirmed:
        sentence = say("confirmation_given", category=visit.category, days=days)
        return ConfirmationState(ConfirmationStatus.CONFIRMED, visit.date, sentence)
    rank = RANK[visit.category or Category.PR]
    first_day = visit.date + timedelta(days=days)
    for after in later:
        if after.category in UNDECIDED or after.category is None:
            continue
        if RANK.get(after.category, 0) < rank:
            sentence = say("confirmation_lost", category=visit.category, day=after.date, found=after.category)
            return ConfirmationState(ConfirmationStatus.NOT_CONFIRMED, after.date, sentence)
        if after.date >= first_day:
            sentence = say("confirmation_later", category=visit.category, day=after.date)
            return ConfirmationState(ConfirmationStatus.CONFIRMED, after.date, sentence)
    sentence = say("confirmation_pending", category=visit.category, day=first_day, days=days)
    return ConfirmationState(ConfirmationStatus.PENDING, first_day, sentence)


def _of_progression(
    visit: VisitAssessment, later: Sequence[VisitAssessment], case: ResponseCase, criteria: CriteriaSet
) -> ConfirmationState:
    for after in later:
        if after.category is Category.PD:
            sentence = say("progression_later", day=after.date)
            return ConfirmationState(ConfirmationStatus.CONFIRMED, after.date, sentence)
        if after.category not in (*UNDECIDED, None):
            sentence = say("progression_not_confirmed", day=after.date, found=after.category)
            return ConfirmationState(ConfirmationStatus.NOT_CONFIRMED, after.date, sentence)
    day = _first_day(visit.date, case, criteria)
    sentence = say("progression_pending_from", day=day) if day else say("progression_pending")
    return ConfirmationState(ConfirmationStatus.PENDING, day, sentence)


def _first_day(day: date, case: ResponseCase, criteria: CriteriaSet) -> date | None:
    """From when on growth counts: seen again after so many days, or once the early window is over."""
    if PROGRESSION_DAYS in criteria.facts:
        return day + timedelta(days=criteria.number(PROGRESSION_DAYS))
    return window_end(case, criteria) if timing_of(day, case, criteria).is_early else None
