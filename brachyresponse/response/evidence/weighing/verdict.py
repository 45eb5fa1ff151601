"""From the interval and the classes that the markers indicate to the verdict."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.response.evidence.vocabulary import LesionClass, Verdict
from brachyresponse.response.evidence.weighing.combine import Interval

EVEN = 0.5


def verdict_of(interval: Interval, indicated: Sequence[LesionClass]) -> Verdict:
    """Return what an interval amounts to, given the classes that the markers weighed point to, one a group.

    An interval that holds 50 % is inconclusive; one that does not, but comes from markers of different groups that
    point to different classes, is conflicting.
    """
    if not indicated:
        return Verdict.NOT_EVALUABLE
    if interval.holds(EVEN):
        return Verdict.INCONCLUSIVE
    if len(set(indicated)) > 1:
        return Verdict.CONFLICTING
    return Verdict.FAVOURS_RECURRENCE if interval.low > EVEN else Verdict.FAVOURS_NECROSIS
