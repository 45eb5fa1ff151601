"""A case by its criteria, visit by visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brachyresponse.response.case import ResponseCase, check_case, read_case
from brachyresponse.response.criteria.assessment import ResponseAssessment
from brachyresponse.response.criteria.best_response import best_overall_response, progression_date, with_seen
from brachyresponse.response.criteria.confirmation import with_confirmation
from brachyresponse.response.criteria.course import VisitCourse
from brachyresponse.response.criteria.loading import criteria_set
from brachyresponse.response.criteria.remarks import case_warnings
from brachyresponse.response.criteria.sizes import size_rules, sizes_at
from brachyresponse.response.criteria.target_response import TargetJudge


def assess_response(case: ResponseCase | Mapping[str, Any]) -> ResponseAssessment:
    """Return the category of every visit with the rule that decided it, the best response and date of progression.

    Parameters
    ----------
    case
        A case, or the JSON object of one.

    Raises
    ------
    ResponseError
        The case contradicts itself.
    InputFileError
        The JSON object has a key or a word that is not known.

    References
    ----------
    Wen et al. 2010, J Clin Oncol 28:1963; Wen et al. 2023, J Clin Oncol 41:5187; Lin et al. 2015, Lancet Oncol 16:e270;
    Eisenhauer et al. 2009, Eur J Cancer 45:228.
    """
    case = _checked(case)
    criteria = criteria_set(case.criteria)
    rules = size_rules(case, criteria)
    judge = TargetJudge(case, criteria, rules, sizes_at(case.baseline, rules))
    course = VisitCourse(judge)
    visits = [course.assess(visit) for visit in case.visits]
    visits = list(with_confirmation(visits, case, criteria))
    seen = with_seen(visits)
    progressed, dated_back_by = progression_date(case, criteria, seen)
    return ResponseAssessment(
        case=case,
        criteria=criteria,
        visits=tuple(visits),
        best_overall_response=best_overall_response(case, criteria, seen),
        progression_date=progressed,
        warnings=tuple(case_warnings(case, criteria, visits, dated_back_by)),
        conventions=tuple(dict.fromkeys(convention for visit in visits for convention in visit.conventions)),
    )


def _checked(case: ResponseCase | Mapping[str, Any]) -> ResponseCase:
    if isinstance(case, ResponseCase):
        check_case(case)
        return case
    return read_case(case)
