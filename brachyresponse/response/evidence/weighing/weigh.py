"""From findings and a prior to what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.finding import ConditionAnswer, Finding, OwnCutoff, Prior
from brachyresponse.response.evidence.markers import Marker, marker, population_is_in_brain
from brachyresponse.response.evidence.vocabulary import Quality, Side
from brachyresponse.response.evidence.weighing.combine import Combined, Factor, Interval, combine
from brachyresponse.response.evidence.weighing.evidence import Evidence, LeftOut, UsedMarker
from brachyresponse.response.evidence.weighing.inputs import (
    ASSUMED_REGION,
    REFERENCE_REGION,
    answers_of,
    findings_of,
    own_cutoffs_of,
    prior_of,
)
from brachyresponse.response.evidence.weighing.likelihood import Likelihood, zero_cell_reason
from brachyresponse.response.evidence.weighing.selection import Candidate, candidate_of, choose
from brachyresponse.response.evidence.weighing.settings import WeighingSettings
from brachyresponse.response.evidence.weighing.sides import Placed, place
from brachyresponse.response.evidence.weighing.validity import Circumstances, Validity
from brachyresponse.response.evidence.weighing.verdict import verdict_of
from brachyresponse.response.evidence.weighing.words import used_sentence


@dataclass(frozen=True)
class _Frame:
    """What holds for all findings of one weighing."""

    circumstances: Circumstances
    own_cutoffs: Mapping[str, OwnCutoff]
    population: str
    settings: WeighingSettings


def weigh_evidence(  # noqa: PLR0913 - findings and prior, the rest by keyword and with a default
    findings: Iterable[Finding | Mapping[str, Any]],
    prior: Prior | Sequence[float],
    *,
    circumstances: Iterable[ConditionAnswer] | None = None,
    own_cutoffs: Iterable[OwnCutoff] = (),
    population: str = "",
    settings: WeighingSettings | None = None,
    random_seed: int = 0,
) -> Evidence:
    """Return what findings say of recurrence against necrosis: an interval with its words, never a diagnosis.

    Validity comes first; of each group the best measured marker is taken, not the most extreme; later groups weigh
    less; no likelihood ratio leaves its limits; and what is uncertain is drawn.

    Parameters
    ----------
    findings
        Of one lesion: findings, or mappings such as ``{"id": "fet_tbrmax_romagna", "value": 3.1}`` and
        ``{"id": "rcbv_mets_meta", "positive": True}``. A ratio's unit "1" may be left away here.
    prior
        Of recurrence; three numbers are low, mid and high.
    circumstances
        Answers to the conditions. None: the caller vouches for all of them, and each becomes an assumption. Given, even
        empty: a condition that matters and has no answer leaves its marker out, and is asked.
    own_cutoffs
        The clinic's, used in place of the published ones.
    population
        The patient's tumour, in the words of :func:`~brachyresponse.response.evidence.markers.populations`.
    settings
        Weight, limits and number of draws.
    random_seed
        Of the draws; the same seed gives the same answer.

    Raises
    ------
    ResponseError
        An unknown marker, condition, population or key; two values for one marker; a value without its unit, or in
        another; a PET ratio without its reference region; a prior of 0 or 1, or out of order; a seed below 0.
    """
    if random_seed < 0:
        raise ResponseError(f"The random seed is {random_seed}, expected 0 or above: correct it.")
    settings = settings or WeighingSettings()
    answers = None if circumstances is None else answers_of(circumstances)
    known = Circumstances(answers, settings.weight_without_pre_treatment)
    frame = _Frame(known, own_cutoffs_of(own_cutoffs), population, settings)
    checked = findings_of(findings, is_vouched_for=circumstances is None)
    judged = [_judge(finding, frame) for finding in checked]
    chosen, others = choose(one for one in judged if not one.validity.reasons)
    left_out = [_left_out(one, one.validity.reasons) for one in judged if one.validity.reasons]
    left_out += [_left_out(one, [why]) for one, why in others]
    order = {id(finding): number for number, finding in enumerate(checked)}
    left_out.sort(key=lambda one: order[id(one.finding)])
    return _evidence(prior_of(prior), chosen, tuple(left_out), judged, frame, random_seed)


def _judge(finding: Finding, frame: _Frame) -> Candidate:
    """Return a finding with its side and with every reason that speaks against weighing it."""
    known = marker(finding.id)
    placed = place(known, finding, frame.own_cutoffs.get(known.id), frame.settings.grey_zone)
    reasons = _reasons(known, finding, placed, frame)
    # What cannot be weighed anyway needs no further question.
    validity = Validity(reasons) if reasons else frame.circumstances.judge(known, finding, placed.side)
    if placed.remark:
        validity.remarks.append(placed.remark)
    if finding.details.get(REFERENCE_REGION) == ASSUMED_REGION:
        validity.assumptions.append(f"the reference region of {known.title} is that of the study")
    return candidate_of(finding, known, placed, validity, frame.population)


def _reasons(known: Marker, finding: Finding, placed: Placed, frame: _Frame) -> list[str]:
    """Return what speaks against weighing a finding before any condition is looked at."""
    told = f": {finding.reason.rstrip('.')}" if finding.reason else ""
    by_user = "" if finding.is_included else f"Left out by the user{told}."
    outside = population_is_in_brain(frame.population) is False
    elsewhere = f"All markers were studied in the brain; the patient's tumour is {frame.population}." if outside else ""
    return [one for one in (by_user, _never(known), elsewhere, _unusable(known, finding, placed, told)) if one]


def _never(known: Marker) -> str:
    """Return why a marker may never be weighed; empty where it may."""
    return zero_cell_reason(known) if known.is_weighable else f"{known.why_not[0].upper()}{known.why_not[1:]}."


def _unusable(known: Marker, finding: Finding, placed: Placed, told: str) -> str:
    """Return why what was measured is neither positive nor negative, or not to be relied on; empty where it is."""
    if placed.side not in (Side.POSITIVE, Side.NEGATIVE):
        return placed.reason if known.is_weighable or finding.value is None else ""
    if finding.value is not None and known.why_value_not:
        return f"Its value is shown without weight: {known.why_value_not}."
    return f"It was measured poorly{told}." if finding.quality == Quality.POOR else ""


def _left_out(one: Candidate, reasons: Sequence[str]) -> LeftOut:
    placed = one.placed
    return LeftOut(one.marker, one.finding, tuple(reasons), placed.side, placed.cutoff_words)


def _evidence(
    prior: Prior,
    chosen: Sequence[Candidate],
    left_out: tuple[LeftOut, ...],
    judged: Sequence[Candidate],
    frame: _Frame,
    random_seed: int,
) -> Evidence:
    settings = frame.settings
    factors = [Factor(Likelihood(one.marker, one.side, settings), one.validity.power) for one in chosen]
    combined = combine(prior, factors, settings, random_seed) if factors else Combined(_range_of(prior), ())
    indicated = [one.likelihood.class_indicated for one in factors]
    return Evidence(
        interval=combined.probability,
        verdict=verdict_of(combined.probability, indicated),
        used=_used(chosen, factors, combined, settings),
        left_out=left_out,
        prior=prior,
        population=frame.population,
        assumptions=tuple(dict.fromkeys(text for one in judged for text in one.validity.assumptions)),
        questions=tuple(dict.fromkeys(question for one in judged for question in one.validity.questions)),
        own_cutoffs=frame.own_cutoffs,
        circumstances=frame.circumstances,
        settings=settings,
        random_seed=random_seed,
    )


def _range_of(prior: Prior) -> Interval:
    """Return the prior as it was set, which stands where nothing was weighed."""
    return Interval(prior.low, prior.mid, prior.high)


def _used(
    chosen: Sequence[Candidate], factors: Sequence[Factor], combined: Combined, settings: WeighingSettings
) -> tuple[UsedMarker, ...]:
    used = []
    for number, (one, factor) in enumerate(zip(chosen, factors, strict=True)):
        likelihood, drawn = factor.likelihood, combined.ratios[number]
        plain = UsedMarker(
            marker=one.marker,
            finding=one.finding,
            side=one.side,
            cutoff_words=one.placed.cutoff_words,
            class_indicated=likelihood.class_indicated,
            likelihood_ratio=likelihood.ratio,
            lr_interval=(drawn.low, drawn.high),
            weight=factor.power * (1.0 if number == 0 else settings.weight),
            power=factor.power,
            population_fits=one.fits,
            factor=factor,
            sentence="",
            remarks=tuple(one.validity.remarks),
        )
        used.append(replace(plain, sentence=used_sentence(plain, likelihood.basis)))
    return tuple(used)
