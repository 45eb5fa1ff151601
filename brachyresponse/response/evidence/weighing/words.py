"""The sentences of the evidence: plain, exact, short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from brachyresponse.response.evidence.finding import Finding
from brachyresponse.response.evidence.markers import Marker
from brachyresponse.response.evidence.markers.data_files import evidence_data
from brachyresponse.response.evidence.vocabulary import LesionClass, MarkerGroup, Side, Verdict
from brachyresponse.response.evidence.weighing.combine import Interval
from brachyresponse.response.evidence.weighing.inputs import QUANTITY, REFERENCE_REGION, quantity_of

if TYPE_CHECKING:
    from brachyresponse.response.evidence.weighing.evidence import Evidence, LeftOut, UsedMarker

PERFUSION_SENTENCES = "perfusion_sentences"
"""Detail of a finding: what the rule on absent hyperperfusion says, one sentence a line."""
SHOWN_APART = (PERFUSION_SENTENCES, "perfusion_weight", "perfusion_verdict", QUANTITY, REFERENCE_REGION)
FITS_WORDS = {
    True: "the patient fits this population",
    False: "the patient does not fit this population",
    None: "whether the patient fits this population is not known",
}


def words(name: str) -> Any:
    """Return a text that has to be said."""
    return evidence_data("words.json")[name]


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
        return "no value" if finding.positive is None else f"judged {'positive' if finding.positive else 'negative'}"
    measured = quantity_of(finding)
    what = measured.title if measured else "value"
    unit = "" if not measured or measured.unit == "1" else f" {measured.unit}"
    told = f"{what} {finding.value:.4g}{unit}"
    if finding.low is not None and finding.high is not None:
        told += f" ({finding.low:.4g} to {finding.high:.4g})"
    return f"{told}, {finding.statistic} of the lesion" if finding.statistic else told


def provenance_words(finding: Finding) -> str:
    """Return where a finding comes from, with its details; empty where nobody told."""
    region = finding.details.get(REFERENCE_REGION, "")
    told = [f"reference region {region}"] if region else []
    told += [f"{name.replace('_', ' ')} {text}" for name, text in finding.details.items() if name not in SHOWN_APART]
    return "; ".join([*told, *filter(None, [finding.source.rstrip(".")])])


def study_words(marker: Marker) -> str:
    """Return the study: citation, population, number, sensitivity and specificity with the class they refer to."""
    figures = "; ".join(_figure(name, getattr(marker, name)) for name in ("sensitivity", "specificity"))
    number = f", {marker.n}" if marker.n else ""
    return f"{marker.citation_words}, {'; '.join(marker.population)}{number}, for {marker.positive_class} {figures}"


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
    lies = f", {one.side}" if one.side is not Side.UNDECIDED else ""
    found = f"{one.marker.title}: {value_words(one.finding)}{lies}"
    return f"{found} ({one.marker.citation_words}). Not weighed: {' '.join(one.reasons)}"


def conflict_sentences(used: Sequence[UsedMarker]) -> tuple[str, ...]:
    """Return which markers of different groups point to different classes, a sentence a class; none where all agree."""
    named: dict[LesionClass, list[str]] = {one: [] for one in LesionClass}
    for one in used:
        named[one.class_indicated].append(f"{one.marker.title} ({one.group}) {one.side}")
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
            f"At the prior's middle, with the first marker alone {percent(evidence.at_weight_zero)}, with the others "
            f"at weight {evidence.settings.weight:g} {percent(evidence.at_weight)}, with all at full weight "
            f"{percent(evidence.at_weight_one)}: the interval covers all of this."
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


def _figure(name: str, accuracy: Any) -> str:
    if accuracy is None:
        return f"{name} not known"
    told = f"{name} {100 * accuracy.value:.3g} %"
    if accuracy.ci95:
        low, high = accuracy.ci95
        return f"{told} ({100 * low:.3g} to {100 * high:.3g})"
    return f"{told} ({accuracy.events} of {accuracy.total}, derived)" if accuracy.counts else told
