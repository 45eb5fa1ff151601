"""What has to be said on the screen and in the report, whatever the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse import __version__
from brachyresponse.response.evidence.finding import Prior
from brachyresponse.response.evidence.markers.data_files import evidence_data
from brachyresponse.response.evidence.weighing.words import percent, perfusion_sentences, words

if TYPE_CHECKING:
    from brachyresponse.response.evidence.weighing.evidence import Evidence


def statements_of(evidence: Evidence) -> tuple[str, ...]:
    """Return every statement, in its order, each once."""
    said = [words("not_a_diagnosis"), evidence.headline, *_conflict(evidence)]
    priors = evidence_data("priors.json")
    said += [prior_statement(evidence.prior), priors["range_words"], priors["no_time_resolved"]]
    said += [one.sentence for one in evidence.used]
    said += [remark for one in evidence.used for remark in one.remarks]
    said += evidence.left_out_sentences
    said += perfusion_sentences(evidence)
    if evidence.assumptions:
        said.append(f"Taken for granted, because nobody was asked: {'; '.join(evidence.assumptions)}.")
    said += [words("mixed"), words("transfer"), words("optimism"), words("provenance")]
    said.append(words("software").format(version=__version__))
    return tuple(dict.fromkeys(said))


def prior_statement(prior: Prior) -> str:
    """Return the prior with its range, its source and who set it."""
    told = f"Prior probability of recurrence {percent(prior.mid)}, range {percent(prior.low)} to {percent(prior.high)}"
    source = f"source: {prior.source.rstrip('.')}" if prior.source else "no source was given"
    who = f"set by: {prior.set_by.rstrip('.')}" if prior.set_by else "nobody said who set it"
    return f"{told}; {source}; {who}."


def _conflict(evidence: Evidence) -> list[str]:
    return ["The markers are conflicting.", *evidence.conflicting] if evidence.conflicting else []
