"""What would change the answer: a marker that waits for answers, one that is missing, or another prior."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

from brachyresponse.response.evidence.finding import Finding
from brachyresponse.response.evidence.markers import (
    Marker,
    available_markers,
    marker,
    population_fits,
    population_is_in_brain,
)
from brachyresponse.response.evidence.vocabulary import MarkerGroup, Side, Verdict
from brachyresponse.response.evidence.weighing.combine import Factor, combine
from brachyresponse.response.evidence.weighing.inputs import group_of
from brachyresponse.response.evidence.weighing.likelihood import Likelihood, expit, zero_cell_reason
from brachyresponse.response.evidence.weighing.selection import Rank, rank_of
from brachyresponse.response.evidence.weighing.validity import ASKED
from brachyresponse.response.evidence.weighing.verdict import verdict_of
from brachyresponse.response.evidence.weighing.words import percent, side_words

if TYPE_CHECKING:
    from brachyresponse.response.evidence.weighing.evidence import Evidence, LeftOut

DRAWS = 20_000
"""Enough to tell on which side of 50 % an interval ends; the answer itself has more."""
REACHABLE = (0.01, 0.99)
"""Priors outside are not worth naming."""
SIDES = (Side.POSITIVE, Side.NEGATIVE)


@dataclass(frozen=True)
class Weighable:
    """A marker as it would be weighed: in which group, at which place in the order, with what to the odds."""

    group: MarkerGroup
    rank: Rank
    factor: Factor


def what_would_change(evidence: Evidence) -> str:
    """Return which marker could move the answer, and which prior would, in sentences."""
    told = [*_by_answers(evidence), *_by_markers(evidence), *_by_prior(evidence)]
    return " ".join(told) or "No single missing marker and no other prior would change this."


def missing_markers(evidence: Evidence) -> tuple[Marker, ...]:
    """Return of every group in which nothing that can be weighed was found the best marker for this patient."""
    if population_is_in_brain(evidence.population) is False:
        return ()
    best: dict[MarkerGroup, Marker] = {}
    found = {one.group for one in evidence.used}
    found |= {one.group for one in evidence.left_out if one.marker.is_weighable}
    for one in available_markers():
        if one.group not in found and _may_be_weighed(one, evidence):
            best[one.group] = min(best.get(one.group, one), one, key=lambda each: _preference(each, evidence))
    return tuple(best.values())


def _may_be_weighed(one: Marker, evidence: Evidence) -> bool:
    is_usable = one.is_weighable and not zero_cell_reason(one)
    return is_usable and any(_if_found(evidence, one, side) for side in SIDES)


def _preference(one: Marker, evidence: Evidence) -> tuple[bool, bool, bool]:
    fits = population_fits(evidence.population, one.population)
    return not one.is_meta_analysis, fits is False, not one.tells_uncertainty


def _by_answers(evidence: Evidence) -> Iterator[str]:
    """Yield what each marker would do that only waits for answers, the best of each group."""
    best: dict[MarkerGroup, tuple[LeftOut, Weighable]] = {}
    for one in evidence.left_out:
        waiting = _if_answered(evidence, one) if one.is_open else None
        if waiting and (one.group not in best or waiting.rank < best[one.group][1].rank):
            best[one.group] = (one, waiting)
    moved: dict[Verdict, list[str]] = {}
    for one, waiting in best.values():
        name = f"{one.marker.title} {side_words(one.marker, one.side)}"
        moved.setdefault(_verdict_with(evidence, waiting), []).append(name)
    for verdict, markers in _across_a_line(moved, evidence):
        about = "one of these markers" if len(markers) > 1 else "this marker"
        asked = f"If what is asked about {about} is answered in its favour"
        yield f'{asked}, the answer would be "{_words(verdict)}": {"; ".join(markers)}.'


def _by_markers(evidence: Evidence) -> Iterator[str]:
    """Yield what each missing marker would do, those together that would do the same."""
    moved: dict[Verdict, list[str]] = {}
    for one in missing_markers(evidence):
        sides: dict[Verdict, list[Side]] = {}
        for side in SIDES:
            found = _if_found(evidence, one, side)
            if found:
                sides.setdefault(_verdict_with(evidence, found), []).append(side)
        for verdict, told in sides.items():
            how = side_words(one, told[0]) if len(told) == 1 else "either way"
            moved.setdefault(verdict, []).append(f"{one.title} {how}")
    for verdict, markers in _across_a_line(moved, evidence):
        one_of = "any one of these markers" if len(markers) > 1 else "this marker"
        yield f'With {one_of} the answer would be "{_words(verdict)}": {"; ".join(markers)}.'


def _across_a_line(moved: Mapping[Verdict, list[str]], evidence: Evidence) -> Iterator[tuple[Verdict, list[str]]]:
    """Yield the markers that would move the answer; from not evaluable to inconclusive is no move worth naming."""
    for verdict, markers in moved.items():
        is_weak = evidence.verdict is Verdict.NOT_EVALUABLE and verdict is Verdict.INCONCLUSIVE
        if verdict is not evidence.verdict and not is_weak:
            yield verdict, markers


def _if_answered(evidence: Evidence, one: LeftOut) -> Weighable | None:
    """Return a marker that waits for answers as it would be weighed if all were in its favour; None if never."""
    circumstances = evidence.circumstances.in_favour_of(one.marker)
    power = circumstances.judge(one.marker, one.finding, one.side).power
    return _weighable(evidence, one.finding, one.side, power)


def _if_found(evidence: Evidence, one: Marker, side: Side) -> Weighable | None:
    """Return a marker as it would be weighed if it were well measured; None where what is known forbids it."""
    finding = Finding(one.id, positive=side is Side.POSITIVE)
    validity = evidence.circumstances.judge(one, finding, side)
    if not all(reason.startswith(ASKED) for reason in validity.reasons):
        return None
    return _weighable(evidence, finding, side, validity.power)


def _weighable(evidence: Evidence, finding: Finding, side: Side, power: float) -> Weighable | None:
    known = marker(finding.id)
    rank = rank_of(finding, known, population_fits(evidence.population, known.population))
    factor = Factor(Likelihood(known, side, evidence.settings), power)
    return Weighable(group_of(finding), rank, factor) if power else None


def _verdict_with(evidence: Evidence, more: Weighable) -> Verdict:
    """Return the verdict with one more marker, in its place in the order; of its group the better one is weighed."""
    weighed = [
        Weighable(one.group, rank_of(one.finding, one.marker, one.population_fits), one.factor) for one in evidence.used
    ]
    rivals = [one for one in weighed if one.group is more.group and one.rank <= more.rank]
    if not rivals:
        weighed = sorted([*(one for one in weighed if one.group is not more.group), more], key=lambda one: one.rank)
    factors = [one.factor for one in weighed]
    combined = combine(evidence.prior, factors, replace(evidence.settings, draws=DRAWS), evidence.random_seed)
    return verdict_of(combined.probability, [one.likelihood.class_indicated for one in factors])


def _by_prior(evidence: Evidence) -> Iterator[str]:
    """Yield the prior, its range moved along in log odds, at which an end of the interval reaches 50 %."""
    if not evidence.used:
        return
    low, high = _log_odds(evidence.interval.low), _log_odds(evidence.interval.high)
    if low > 0:
        turns = [(-low, "or less", Verdict.INCONCLUSIVE)]
    elif high < 0:
        turns = [(-high, "or more", Verdict.INCONCLUSIVE)]
    else:
        turns = [(-low, "or more", Verdict.FAVOURS_RECURRENCE), (-high, "or less", Verdict.FAVOURS_NECROSIS)]
    named: dict[Verdict, list[str]] = {}
    for shift, which, verdict in turns:
        prior = expit(_log_odds(evidence.prior.mid) + shift)
        if REACHABLE[0] <= prior <= REACHABLE[1]:
            is_split = bool(evidence.conflicting) and verdict is not Verdict.INCONCLUSIVE
            named.setdefault(Verdict.CONFLICTING if is_split else verdict, []).append(f"{percent(prior)} {which}")
    for verdict, told in named.items():
        yield f'With a prior of about {", or of ".join(told)}, the answer would be "{_words(verdict)}".'


def _words(verdict: Verdict) -> str:
    return str(verdict).replace("_", " ")


def _log_odds(probability: float) -> float:
    return log(probability / (1 - probability))
