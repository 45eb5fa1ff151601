"""The sentences of the evidence: plain, exact, short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from brachyresponse.response.evidence.finding import Finding
from brachyresponse.response.evidence.markers import Marker, statistic_in_words
from brachyresponse.response.evidence.markers.data_files import evidence_data
from brachyresponse.response.evidence.vocabulary import LesionClass, MarkerGroup, Quality, Side, Verdict
from brachyresponse.response.evidence.weighing.combine import Interval
from brachyresponse.response.evidence.weighing.inputs import QUANTITY, REFERENCE_REGION, quantity_of
from brachyresponse.response.evidence.weighing.validity import (
    ASKED,
    PERFUSION_SENTENCES,
    PERFUSION_VERDICT,
    PERFUSION_WEIGHT,
)

if TYPE_CHECKING:
    from brachyresponse.response.evidence.weighing.evidence import Evidence, LeftOut, UsedMarker

SHOWN_APART = (PERFUSION_SENTENCES, PERFUSION_WEIGHT, PERFUSION_VERDICT, QUANTITY, REFERENCE_REGION)
FITS_WORDS = {
    True: "the patient fits this population",
    False: "the patient does not fit this population",
    None: "whether the patient fits this population is not known",
}


def words(name: str) -> Any:
    """Return a text that has to be said."""
    return evidence_data("words.json")[name]


def group_words(group: MarkerGroup) -> str:
    """Return what markers of a group measure, for people."""
    return str(words("groups")[group])


def side_words(marker: Marker, side: Side) -> str:
    """Return a side with what it means of this marker: "positive (low)" of ADC."""
    if side not in (Side.POSITIVE, Side.NEGATIVE):
        return str(side)
    meaning = marker.direction.partition(" = ")[0]
    if meaning == Side.POSITIVE:
        return str(side)
    return f"{side} ({meaning if side is Side.POSITIVE else f'not {meaning}'})"


def percent(probability: float) -> str:
    """Return a probability in whole percent; never 0 or 100, which nothing here can reach."""
    return f"{min(max(round(100 * probability), 1), 99)} %"


def interval_words(interval: Interval) -> str:
    """Return an interval with its middle."""
    low, mid, high = (percent(value) for value in interval)
    return f"{low.removesuffix(' %')} to {high} (middle {mid})"


def headline(evidence: Evidence) -> str:
    """Return the verdict with its interval, in one sentence."""
    said = words("headlines")[evidence.verdict]
    if evidence.verdict is Verdict.NOT_EVALUABLE:
        return (
            f"{said}: no marker could be weighed; the prior of recurrence stands, {interval_words(evidence.interval)}."
        )
    agree = " and conflicting" if evidence.conflicting and evidence.verdict is Verdict.INCONCLUSIVE else ""
    return f"{said}{agree}: probability of recurrence {interval_words(evidence.interval)}."


def value_words(finding: Finding) -> str:
    """Return what was found: the value with its unit and statistic, or the judgement."""
    if finding.value is None:
        told = "no value" if finding.positive is None else f"judged {'positive' if finding.positive else 'negative'}"
        return f"{told}{_quality_words(finding)}"
    measured = quantity_of(finding)
    what = measured.title if measured else "value"
    told = f"{what} {finding.value:.4g}"
    if finding.low is not None and finding.high is not None:
        told += f" ({finding.low:.4g} to {finding.high:.4g})"
    unit = words("units").get(measured.unit, measured.unit) if measured else ""
    told += f" {unit}" if unit else ""
    told += f", {statistic_in_words(finding.statistic)} of the lesion" if finding.statistic else ""
    return f"{told}{_quality_words(finding)}"


def provenance_words(finding: Finding) -> str:
    """Return where a finding comes from, with its details; empty where nobody told."""
    region = finding.details.get(REFERENCE_REGION, "")
    told = [f"reference region {region}"] if region else []
    told += [f"{name.replace('_', ' ')} {text}" for name, text in finding.details.items() if name not in SHOWN_APART]
    return "; ".join([*told, *filter(None, [finding.source.rstrip(".")])])


def study_words(marker: Marker) -> str:
    """Return the study: citation, population, number, sensitivity and specificity with the class they refer to."""
    figures = ", ".join(_figure(name, getattr(marker, name)) for name in ("sensitivity", "specificity"))
    number = f", {marker.n}" if marker.n else ""
    return f"{marker.citation_words}, {'; '.join(marker.population)}{number}; for {marker.positive_class}: {figures}"


def used_sentence(one: UsedMarker, basis: str) -> str:
    """Return what was found, against what, in which study, and what it is worth."""
    low, high = one.lr_interval
    origin = provenance_words(one.finding)
    return (
        f"{one.marker.title}: {value_words(one.finding)}{f' ({origin})' if origin else ''}; {one.side} "
        f"({one.cutoff_words}), which speaks for {one.class_indicated}. "
        f"Study: {study_words(one.marker)}; {FITS_WORDS[one.population_fits]}. "
        f"Likelihood ratio for recurrence {one.likelihood_ratio:.2f} ({low:.2f} to {high:.2f}, drawn from {basis}), "
        f"weight {one.weight:g}."
    )


def left_out_sentence(one: LeftOut) -> str:
    """Return what was found and why it was not weighed."""
    return left_out_together([one])


def left_out_together(alike: Sequence[LeftOut]) -> str:
    """Return what was found and why it was not weighed, of markers of which both are the same."""
    one = alike[0]
    is_placed = one.finding.value is not None and one.side is not Side.UNDECIDED
    lies = f", {one.side}" if is_placed else ""
    studies = "; ".join(f"{each.marker.title} ({each.marker.short_citation})" for each in alike)
    asked = [reason.removeprefix(ASKED) for reason in one.reasons if reason.startswith(ASKED)]
    reasons = [reason for reason in one.reasons if not reason.startswith(ASKED)]
    why = [f"Not weighed: {' '.join(reasons)}"] if reasons else []
    why += [f"Not weighed before this is answered: {' '.join(asked)}"] if asked else []
    return f"{studies}: {value_words(one.finding)}{lies}. {' '.join(why)}"


def grouped_left_out(left_out: Sequence[LeftOut]) -> tuple[tuple[LeftOut, ...], ...]:
    """Return what was left out, those together of which value, origin, side and reasons are the same."""
    alike: dict[tuple[object, ...], list[LeftOut]] = {}
    for one in left_out:
        found = value_words(one.finding), provenance_words(one.finding)
        alike.setdefault((*found, one.side, one.reasons), []).append(one)
    return tuple(map(tuple, alike.values()))


def conflict_sentences(used: Sequence[UsedMarker]) -> tuple[str, ...]:
    """Return which markers of different groups point to different classes, a sentence a class; none where all agree."""
    named: dict[LesionClass, list[str]] = {one: [] for one in LesionClass}
    for one in used:
        named[one.class_indicated].append(f"{one.marker.title} {side_words(one.marker, one.side)}")
    if not all(named.values()):
        return ()
    return tuple(f"For {indicated}: {', '.join(markers)}." for indicated, markers in named.items())


def sentences_of(evidence: Evidence) -> tuple[str, ...]:
    """Return how the answer came about, and what bears on it; each sentence once."""
    told = [evidence.headline]
    if evidence.conflicting:
        told += ["The markers are conflicting.", *evidence.conflicting]
    if len(evidence.used) > 1:
        told.append(
            f"At the middle of the prior: {percent(evidence.at_weight_zero)} by the first marker alone, "
            f"{percent(evidence.at_weight)} with the others at weight {evidence.settings.weight:g}, "
            f"{percent(evidence.at_weight_one)} with all at full weight; the interval is drawn over all weights."
        )
    told += [remark for one in evidence.used for remark in one.remarks]
    told += perfusion_sentences(evidence)
    return tuple(dict.fromkeys(told))


def perfusion_sentences(evidence: Evidence) -> list[str]:
    """Return what has to be said with a perfusion marker: the rule on absent hyperperfusion and its limits."""
    from brachyresponse.perfusion.interpretation.rules import sentence

    every: list[UsedMarker | LeftOut] = [*evidence.used, *evidence.left_out]
    findings = [one.finding for one in every if one.marker.group is MarkerGroup.PERFUSION]
    told = [line for finding in findings for line in finding.details.get(PERFUSION_SENTENCES, "").splitlines()]
    return [*told, sentence("six_of_fourteen").text] if findings else []


def _quality_words(finding: Finding) -> str:
    return ", of limited quality" if finding.quality == Quality.LIMITED else ""


def _figure(name: str, accuracy: Any) -> str:
    if accuracy is None:
        return f"{name} not known"
    told = f"{name} {100 * accuracy.value:.3g} %"
    if accuracy.ci95:
        low, high = accuracy.ci95
        return f"{told} ({100 * low:.3g} to {100 * high:.3g})"
    return f"{told} ({accuracy.events} of {accuracy.total}, derived)" if accuracy.counts else told
