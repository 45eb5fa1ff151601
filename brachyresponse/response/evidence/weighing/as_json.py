"""The evidence in plain values, for a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from brachyresponse.response.evidence.finding import Finding

if TYPE_CHECKING:
    from brachyresponse.response.evidence.weighing.evidence import Evidence, LeftOut, UsedMarker


def evidence_as_json(evidence: Evidence) -> dict[str, Any]:
    """Return the verdict with its interval, what was used and left out and why, and everything that has to be said."""
    low, mid, high = evidence.interval
    return {
        "verdict": str(evidence.verdict),
        "headline": evidence.headline,
        "probability_of_recurrence": {"low": low, "mid": mid, "high": high},
        "prior": asdict(evidence.prior),
        "population": evidence.population,
        "at_weight_zero": evidence.at_weight_zero,
        "at_weight": evidence.at_weight,
        "at_weight_one": evidence.at_weight_one,
        "used": [_used(one) for one in evidence.used],
        "left_out": [_left_out(one) for one in evidence.left_out],
        "conflicting": list(evidence.conflicting),
        "assumptions": list(evidence.assumptions),
        "questions": [{"condition": one.id, "question": one.question} for one in evidence.questions],
        "what_would_change": evidence.what_would_change,
        "sentences": list(evidence.sentences),
        "statements": list(evidence.statements),
        "settings": asdict(evidence.settings),
        "random_seed": evidence.random_seed,
    }


def _used(one: UsedMarker) -> dict[str, Any]:
    low, high = one.lr_interval
    return {
        **_found(one.finding),
        "title": one.marker.title,
        "group": str(one.group),
        "side": str(one.side),
        "class_indicated": str(one.class_indicated),
        "cutoff": one.cutoff_words,
        "likelihood_ratio": {"value": one.likelihood_ratio, "low": low, "high": high},
        "weight": one.weight,
        "power": one.power,
        "citation": one.marker.citation_words,
        "population_fits": one.population_fits,
        "sentence": one.sentence,
        "remarks": list(one.remarks),
    }


def _left_out(one: LeftOut) -> dict[str, Any]:
    return {
        **_found(one.finding),
        "title": one.marker.title,
        "group": str(one.group),
        "side": str(one.side),
        "cutoff": one.cutoff_words,
        "citation": one.marker.citation_words,
        "reasons": list(one.reasons),
    }


def _found(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "value": finding.value,
        "positive": finding.positive,
        "unit": finding.unit,
        "statistic": finding.statistic,
        "quality": str(finding.quality),
        "source": finding.source,
    }
