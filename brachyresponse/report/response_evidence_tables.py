"""Tables of the evidence on a lesion: the markers that were weighed, those that were not, and what was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, table
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.response_evidence_words import (
    FITS,
    SIDES,
    quiet,
    ratio_words,
    unverified_mark,
)
from brachyresponse.response.evidence.markers import condition
from brachyresponse.response.evidence.vocabulary import Answer
from brachyresponse.response.evidence.weighing.words import (
    group_words,
    grouped_left_out,
    provenance_words,
    side_words,
    study_words,
    value_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brachyresponse.response.evidence import ConditionAnswer, Finding
    from brachyresponse.response.evidence.markers import Marker
    from brachyresponse.response.evidence.vocabulary import MarkerGroup
    from brachyresponse.response.evidence.weighing import LeftOut, UsedMarker

USED = ("Marker", "Value", "Cut-off", "Study", "Patient fits", "Likelihood ratio for recurrence (95 %)", "Weight")
LEFT_OUT = ("Marker and study", "Value", "Why it has no weight")
CHECKED = ("Condition", "Answer", "Known from")
ASKED = "Asked: "
MOST_ASKED = 2
NOBODY_ASKED = "Nobody was asked whether these hold; whoever had the markers weighed vouches for them."
NONE_USED = "No marker could be weighed."
NONE_LEFT_OUT = "Every marker that was given was weighed."


def used_table(used: Sequence[UsedMarker]) -> Markup:
    """Return the markers that were weighed, one a row, the one with its full weight first."""
    if not used:
        return element("p", NONE_USED)
    return element("div", table(USED, [_used(one) for one in used], numbers=(6,)), class_="weighed")


def left_out_table(left_out: Sequence[LeftOut]) -> Markup:
    """Return the markers that were shown and not weighed, those of one value and one reason in a row."""
    if not left_out:
        return element("p", NONE_LEFT_OUT, class_="quiet")
    rows = [_left_out(alike) for alike in grouped_left_out(left_out)]
    return element("div", table(LEFT_OUT, rows), class_="left-out")


def answer_table(answers: Sequence[ConditionAnswer]) -> Markup:
    """Return the conditions that were answered, and how each answer is known; nothing without any."""
    rows = [
        [condition(one.condition).question, str(one.answer), one.words]
        for one in answers
        if one.answer is not Answer.UNKNOWN
    ]
    return element("div", table(CHECKED, rows), class_="checked") if rows else NOTHING


def assumption_list(assumptions: Sequence[str]) -> Markup:
    """Return what the caller vouches for; nothing where everything was asked."""
    return joined(element("p", NOBODY_ASKED, class_="quiet"), bullets(assumptions)) if assumptions else NOTHING


def _used(one: UsedMarker) -> list[object]:
    side = f"{side_words(one.marker, one.side)}: points to {one.class_indicated}"
    return [
        _marker(one.marker, one.group),
        joined(_value(one.finding), element("br"), element("b", side)),
        one.cutoff_words,
        study_words(one.marker),
        FITS[one.population_fits],
        ratio_words(one),
        f"{one.weight:g}",
    ]


def _left_out(alike: Sequence[LeftOut]) -> list[object]:
    """Return a row; value and origin are the same for all, and a judgement says its side itself."""
    one = alike[0]
    is_placed = one.finding.value is not None and one.side in SIDES
    markers = (joined(element("b", each.marker.title), ", ", _study(each.marker)) for each in alike)
    return [
        joined(*markers, quiet(group_words(one.group)), separator=element("br")),
        joined(_value(one.finding), *([element("br"), SIDES[one.side]] if is_placed else [])),
        _reasons(one),
    ]


def _marker(marker: Marker, group: MarkerGroup) -> Markup:
    return joined(element("b", marker.title), element("br"), quiet(group_words(group)))


def _value(finding: Finding) -> Markup:
    origin = provenance_words(finding)
    return joined(value_words(finding), *([element("br"), quiet(origin)] if origin else []))


def _study(marker: Marker) -> Markup:
    return joined(marker.short_citation, unverified_mark(marker))


def _reasons(one: LeftOut) -> Markup:
    """Return the reasons; of many questions how many, for each of them stands in the list of open ones."""
    asked = [reason for reason in one.reasons if reason.startswith(ASKED)]
    reasons = [reason for reason in one.reasons if reason not in asked or len(asked) <= MOST_ASKED]
    if len(asked) > MOST_ASKED:
        reasons.append(f"{len(asked)} conditions were asked and not answered: see the open questions below.")
    return joined(reasons[0]) if len(reasons) == 1 else bullets(reasons)
