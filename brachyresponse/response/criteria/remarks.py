"""What the reader must know beside the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brachyresponse.response.case import ResponseCase
from brachyresponse.response.criteria.assessment import VisitAssessment
from brachyresponse.response.criteria.criteria_set import CriteriaSet


def case_warnings(
    case: ResponseCase, criteria: CriteriaSet, visits: Sequence[VisitAssessment], dated_back_by: str | None
) -> Iterator[str]:
    """Yield the warnings of a case."""
    if criteria.badge:
        yield f"{criteria.title}: {criteria.badge}."
