"""What would change the target response: how far the sum is from the thresholds, and by how much readers differ."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from brachyresponse.response.criteria.assessment import Change
from brachyresponse.response.criteria.growth import largest_growth
from brachyresponse.response.criteria.sizes import TOLERANCE, VisitSizes
from brachyresponse.response.criteria.tables import facts_of
from brachyresponse.response.criteria.target_response import ONE_LESION, TargetFinding, TargetJudge
from brachyresponse.response.criteria.wording import number, percent, say
from brachyresponse.response.vocabulary import Category

SUM, LESION = "sum", "lesion"
SEEN_AGAIN = "reappear"
"""Rule by which the size does not matter."""


def changes_of(
    judge: TargetJudge, now: VisitSizes, nadir: VisitSizes, target: TargetFinding, *, holds_pr: bool
) -> tuple[Change, ...]:
    """Return what would change the response of the targets; empty where their sum or its references are not known.

    Parameters
    ----------
    judge
        The targets by the case's criteria.
    now, nadir
        Sizes at the visit, and at the earlier one with the smallest sum.
    target
        What the targets do. Those seen again after complete response progress whatever their size.
    holds_pr
        Whether a partial response is kept until progression, so that it ends nowhere else.
    """
    before = judge.reference(nadir)
    if now.total is None or not before.total or not judge.baseline.total or target.response is Category.CR:
        return ()
    if target.reason.rule_id == SEEN_AGAIN:
        return ()
    if target.response is not Category.PD and asks_one_of_many(judge) and judge.lacks_mm(now, before):
        return (_one_lesion(judge, now, before),)
    shrunk = inf if holds_pr else judge.shrunk_to or 0.0
    return tuple(_changes(judge, now.total, (judge.grown_from(before.total), shrunk), target.response))


def asks_one_of_many(judge: TargetJudge) -> bool:
    """Tell whether progression asks for growth of one among several lesions, beside that of the sum."""
    return judge.criteria.absolute_of == ONE_LESION and len(judge.baseline.sizes) > 1


def _one_lesion(judge: TargetJudge, now: VisitSizes, before: VisitSizes) -> Change:
    """What a single lesion still has to grow by, once the sum has grown enough."""
    amount = judge.criteria.absolute_mm - largest_growth(now, before)[1]
    total = now.total or 0.0
    text = say("lesion_to_progression", amount=number(amount))
    return Change(Category.PD, amount, judge.unit, round(100 * amount / total, 2) if total else None, text)


def _changes(
    judge: TargetJudge, total: float, thresholds: tuple[float, float], response: Category | None
) -> Iterator[Change]:
    """Yield the way to progression and to response, or back from where the sum is."""
    grown, shrunk = thresholds
    if response is not Category.PD:
        yield _change(judge, total, grown, Category.PD, "more_to_progression")
    elif total >= grown:
        yield _change(judge, total, grown, _below(judge, grown, shrunk), "less_from_progression")
    if response is Category.SD and total > shrunk:
        yield _change(judge, total, shrunk, Category.PR, "less_to_response")
    elif response is Category.PR and total <= shrunk < grown:
        yield _change(judge, total, shrunk, Category.SD, "more_from_response")


def _below(judge: TargetJudge, grown: float, shrunk: float) -> Category:
    """The response of the targets just below their progression."""
    if grown <= judge.normal_mm:
        return Category.CR  # a single node that is normal again
    return Category.PR if grown <= shrunk else Category.SD


def _change(judge: TargetJudge, total: float, threshold: float, to: Category, sentence: str) -> Change:
    amount = threshold - total
    share = amount / total if total else None
    words = "" if share is None else f" ({percent(share)} %)"
    text = say(
        sentence if abs(amount) > TOLERANCE else f"{sentence}_just_reached",
        amount=number(abs(amount)),
        unit=judge.unit,
        share=words,
        threshold=number(threshold),
        to=to,
    )
    if to is Category.PD and asks_one_of_many(judge):
        text = f"{text} {say('and_one_lesion', least=number(judge.criteria.absolute_mm))}"
    elif sentence == "less_from_progression" and asks_one_of_many(judge):
        text = f"{text} {say('while_one_lesion', least=number(judge.criteria.absolute_mm))}"
    return Change(to, amount, judge.unit, None if share is None else round(100 * share, 2), text)


def reader_variability(changes: tuple[Change, ...], targets: int) -> str:
    """Return by how much readers differ, where a threshold lies within what one reader does; empty where none does.

    Parameters
    ----------
    changes
        What would change the response.
    targets
        How many are summed: readers differ more in a single lesion.

    References
    ----------
    Yoon et al. 2016, Eur J Cancer 53:5-15: 95 % limits of agreement of a diameter and of the sum of diameters.
    """
    measured = SUM if targets > 1 else LESION
    published = facts_of("variability.json")[measured]
    low, high = published["same_observer"]
    near = [one for one in changes if one.percent is not None and low <= one.percent <= high]
    if not near:
        return ""
    between_low, between_high = published["between_observers"]
    closest = min(near, key=lambda one: abs(one.amount))
    return say(
        "near_threshold",
        percent=number(abs(closest.percent or 0.0), 1),
        measured=say(f"readings_of_{measured}"),
        same=f"{low:g} to +{high:g}",
        between=f"{between_low:g} to +{between_high:g}",
        source=published["source"],
    )
