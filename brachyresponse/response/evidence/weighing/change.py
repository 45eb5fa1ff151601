"""What would change the answer: a marker that is missing, or another prior."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import log
from typing import TYPE_CHECKING

from brachyresponse.response.evidence.markers import Marker, available_markers, population_fits, population_is_in_brain
from brachyresponse.response.evidence.vocabulary import MarkerGroup, Side, Verdict
from brachyresponse.response.evidence.weighing.combine import Factor, combine
from brachyresponse.response.evidence.weighing.likelihood import Likelihood, expit, zero_cell_reason
from brachyresponse.response.evidence.weighing.verdict import verdict_of
from brachyresponse.response.evidence.weighing.words import percent

if TYPE_CHECKING:
    from brachyresponse.response.evidence.weighing.evidence import Evidence

DRAWS = 10_000
"""Enough to tell on which side of 50 % an interval ends; the answer itself has more."""
REACHABLE = (0.01, 0.99)
"""Priors outside are not worth naming."""


def what_would_change(evidence: Evidence) -> str:
    """Return which missing marker could move the answer, and which prior would, in sentences."""
    told = [*_by_answers(evidence), *_by_markers(evidence), *_by_prior(evidence)]
    return " ".join(told) or "No single missing marker and no other prior would change this."


def missing_markers(evidence: Evidence) -> tuple[Marker, ...]:
    """Return of every group in which nothing that can be weighed was found the best marker for this patient."""
    if population_is_in_brain(evidence.population) is False:
        return ()
    best: dict[MarkerGroup, Marker] = {}
    found = {one.marker.group for one in evidence.used}
    found |= {one.marker.group for one in evidence.left_out if one.marker.is_weighable}
    for marker in available_markers():
        if marker.is_weighable and not zero_cell_reason(marker) and marker.group not in found:
            held = best.get(marker.group)
            if held is None or _rank(marker, evidence) < _rank(held, evidence):
                best[marker.group] = marker
    return tuple(best.values())


def _rank(marker: Marker, evidence: Evidence) -> tuple[bool, bool, bool]:
    fits = population_fits(evidence.population, marker.population)
    return not marker.is_meta_analysis, fits is False, not marker.tells_uncertainty


def _by_answers(evidence: Evidence) -> Iterator[str]:
    """Yield what each marker would do that only waits for answers."""
    weighed = {one.group for one in evidence.used}
    for one in evidence.left_out:
        if not one.is_open or one.marker.group in weighed:
            continue
        weighed.add(one.marker.group)
        verdict = _verdict_with(evidence, Factor(Likelihood(one.marker, one.side, evidence.settings), one.power))
        if verdict is not evidence.verdict:
            name = f"{one.marker.title} ({one.marker.group}) {one.side}"
            yield f'If what is asked about {name} is answered in its favour, the answer would be "{_words(verdict)}".'


def _by_markers(evidence: Evidence) -> Iterator[str]:
    """Yield what each missing marker would do, those together that would do the same."""
    moved: dict[Verdict, list[str]] = {}
    for marker in missing_markers(evidence):
        likelihoods = (Likelihood(marker, side, evidence.settings) for side in (Side.POSITIVE, Side.NEGATIVE))
        positive, negative = (_verdict_with(evidence, Factor(one)) for one in likelihoods)
        name = f"{marker.title} ({marker.group})"
        if positive is negative:
            moved.setdefault(positive, []).append(f"{name} either way")
        else:
            moved.setdefault(positive, []).append(f"{name} positive")
            moved.setdefault(negative, []).append(f"{name} negative")
    crosses_no_line = {evidence.verdict}
    if evidence.verdict is Verdict.NOT_EVALUABLE:
        crosses_no_line.add(Verdict.INCONCLUSIVE)
    for verdict, markers in moved.items():
        if verdict not in crosses_no_line:
            yield f'With {" or ".join(markers)} the answer would be "{_words(verdict)}".'


def _verdict_with(evidence: Evidence, more: Factor) -> Verdict:
    """Return the verdict with one more marker, after those that are weighed."""
    factors = [*evidence.factors, more]
    combined = combine(evidence.prior, factors, replace(evidence.settings, draws=DRAWS), evidence.random_seed)
    return verdict_of(combined.probability, [one.likelihood.class_indicated for one in factors])


def _by_prior(evidence: Evidence) -> Iterator[str]:
    """Yield the prior, its range moved along in log odds, at which an end of the interval reaches 50 %."""
    if not evidence.used:
        return
    low, high = _log_odds(evidence.interval.low), _log_odds(evidence.interval.high)
    if low > 0:
        yield from _prior_sentence(evidence, -low, "or less", Verdict.INCONCLUSIVE)
    elif high < 0:
        yield from _prior_sentence(evidence, -high, "or more", Verdict.INCONCLUSIVE)
    else:
        is_split = bool(evidence.conflicting)
        up, down = Verdict.FAVOURS_RECURRENCE, Verdict.FAVOURS_NECROSIS
        yield from _prior_sentence(evidence, -low, "or more", Verdict.CONFLICTING if is_split else up)
        yield from _prior_sentence(evidence, -high, "or less", Verdict.CONFLICTING if is_split else down)


def _prior_sentence(evidence: Evidence, shift: float, which: str, verdict: Verdict) -> Iterator[str]:
    prior = expit(_log_odds(evidence.prior.mid) + shift)
    if REACHABLE[0] <= prior <= REACHABLE[1]:
        yield f'With a prior of about {percent(prior)} {which} the answer would be "{_words(verdict)}".'


def _words(verdict: Verdict) -> str:
    return str(verdict).replace("_", " ")


def _log_odds(probability: float) -> float:
    return log(probability / (1 - probability))
