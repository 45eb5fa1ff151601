"""Best overall response, and the date of progression."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from brachyresponse.response.case import CaseVisit, ResponseCase
from brachyresponse.response.criteria.assessment import VisitAssessment
from brachyresponse.response.criteria.confirmation import (
    SeenVisit,
    confirmed_progression,
    confirms_response,
    must_confirm_response,
    response_days,
)
from brachyresponse.response.criteria.criteria_set import CriteriaSet
from brachyresponse.response.vocabulary import Category, Certainty, VisitRole

MIN_SD_OPTION = "min_sd_weeks"
RESPONSES = (Category.CR, Category.PR)
AT_LEAST_STABLE = (Category.CR, Category.PR, Category.SD)


def best_overall_response(case: ResponseCase, criteria: CriteriaSet, visits: Sequence[SeenVisit]) -> Category:
    """Return the best category up to and including the first progression.

    A response that had to be confirmed and was not counts as stable disease; stable disease must have been seen after
    the protocol's minimum time. Preliminary progression and visits that could not be judged do not count.

    References
    ----------
    Eisenhauer et al. 2009, Eur J Cancer 45:228, table 3.
    """
    until = _until_progression(visits)
    for category in RESPONSES:
        if _is_reached(category, case, criteria, until):
            return category
    found = [visit.category for visit in until]
    if _was_stable(case, criteria, until):
        return Category.SD
    if Category.NON_CR_NON_PD in found or (case.baseline.targets == () and criteria.is_recist and Category.CR in found):
        return Category.NON_CR_NON_PD
    return Category.PD if Category.PD in found else Category.NE


def progression_date(
    case: ResponseCase, criteria: CriteriaSet, visits: Sequence[SeenVisit]
) -> tuple[date | None, str | None]:
    """Return the date of the first progression, and the fact that dates it back; None for either without.

    Parameters
    ----------
    case, criteria
        The case and its criteria.
    visits
        Date and category of the visits after the baseline.
    """
    place = next((place for place, visit in enumerate(visits) if visit.category is Category.PD), None)
    if place is None:
        return None, None
    day, earlier = visits[place].date, visits[:place]
    since = confirmed_progression(day, earlier, criteria)
    if criteria.dates_back_preliminary and since is not None:
        return since, criteria.dates_back_preliminary
    first_seen = first_seen_equivocal(case, day)
    if criteria.dates_back_equivocal and first_seen is not None:
        return first_seen, criteria.dates_back_equivocal
    return day, None


def first_seen_equivocal(case: ResponseCase, day: date) -> date | None:
    """Return when a new lesion that is certain on this day was first seen, still doubtful; None where none was."""
    visits = [visit for visit in case.visits if visit.role is VisitRole.FOLLOW_UP and visit.date <= day]
    certain = {lesion.id for lesion in visits[-1].new_lesions if lesion.certainty is Certainty.UNEQUIVOCAL}
    first = None
    for visit in reversed(visits[:-1]):
        if not certain & _doubtful(visit):
            break
        first = visit.date
    return first


def with_seen(visits: Sequence[VisitAssessment]) -> tuple[SeenVisit, ...]:
    """Return date and category of the visits after the baseline."""
    return tuple(
        SeenVisit(visit.date, visit.category)
        for visit in visits
        if visit.role is VisitRole.FOLLOW_UP and visit.category is not None
    )


def _doubtful(visit: CaseVisit) -> set[str]:
    return {lesion.id for lesion in visit.new_lesions if lesion.certainty is Certainty.EQUIVOCAL}


def _until_progression(visits: Sequence[SeenVisit]) -> list[SeenVisit]:
    end = next((place for place, visit in enumerate(visits) if visit.category is Category.PD), len(visits))
    return list(visits[: end + 1])


def _is_reached(category: Category, case: ResponseCase, criteria: CriteriaSet, visits: list[SeenVisit]) -> bool:
    """Whether a response was reached, and confirmed where that is asked; a better one confirms a lesser."""
    enough = RESPONSES[: RESPONSES.index(category) + 1]
    places = [place for place, visit in enumerate(visits) if visit.category in enough]
    if not must_confirm_response(case, criteria):
        return bool(places)
    days = response_days(criteria)
    return any(confirms_response(SeenVisit(visits[place].date, category), visits[:place], days) for place in places)


def _was_stable(case: ResponseCase, criteria: CriteriaSet, visits: list[SeenVisit]) -> bool:
    weeks = case.options.min_sd_weeks if MIN_SD_OPTION in criteria.options else 0
    if criteria.is_recist and not case.baseline.targets:
        return False
    first_day = case.started + timedelta(weeks=weeks)
    return any(visit.category in AT_LEAST_STABLE and visit.date >= first_day for visit in visits)
