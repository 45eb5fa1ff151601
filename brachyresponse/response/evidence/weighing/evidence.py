"""What the evidence says of one lesion: an interval with its words, and how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from brachyresponse.response.evidence.finding import Finding, OwnCutoff, Prior
from brachyresponse.response.evidence.markers import Condition, Marker
from brachyresponse.response.evidence.vocabulary import LesionClass, MarkerGroup, Side, Verdict
from brachyresponse.response.evidence.weighing.combine import Factor, Interval, probability
from brachyresponse.response.evidence.weighing.inputs import group_of
from brachyresponse.response.evidence.weighing.settings import WeighingSettings
from brachyresponse.response.evidence.weighing.validity import ASKED, Circumstances


@dataclass(frozen=True)
class UsedMarker:
    """A marker that was weighed.

    Parameters
    ----------
    marker, finding
        Which, and what was found.
    side, cutoff_words
        Positive or negative, and against which cut-offs.
    class_indicated
        What it speaks for.
    likelihood_ratio
        For recurrence, held to its limits: above 1 it speaks for recurrence.
    lr_interval
        Its 2.5 to 97.5 percentile.
    weight
        Power it is taken to where one number is shown: 1 for the first, the setting for later ones, times ``power``.
    power
        1, or less for absent hyperperfusion that is not to be relied on.
    population_fits
        Whether the patient belongs to the study's population; None where not known.
    factor
        What it does to the odds.
    sentence
        All of this for people.
    remarks
        What has to be known beside it, sentences.
    """

    marker: Marker
    finding: Finding
    side: Side
    cutoff_words: str
    class_indicated: LesionClass
    likelihood_ratio: float
    lr_interval: tuple[float, float]
    weight: float
    power: float
    population_fits: bool | None
    factor: Factor
    sentence: str
    remarks: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Of the marker."""
        return self.marker.id

    @property
    def group(self) -> MarkerGroup:
        """What it measures."""
        return group_of(self.finding)


@dataclass(frozen=True)
class LeftOut:
    """A marker that was not weighed.

    Parameters
    ----------
    marker, finding
        Which, and what was found.
    reasons
        Why, sentences.
    side, cutoff_words
        Where its value lies all the same.
    """

    marker: Marker
    finding: Finding
    reasons: tuple[str, ...]
    side: Side
    cutoff_words: str

    @property
    def id(self) -> str:
        """Of the marker."""
        return self.marker.id

    @property
    def group(self) -> MarkerGroup:
        """What it measures."""
        return group_of(self.finding)

    @property
    def is_open(self) -> bool:
        """Whether nothing but unanswered questions keeps it from being weighed."""
        return all(reason.startswith(ASKED) for reason in self.reasons)

    @property
    def reason(self) -> str:
        """All reasons in a row."""
        return " ".join(self.reasons)

    @property
    def sentence(self) -> str:
        """Marker, value and reasons."""
        from brachyresponse.response.evidence.weighing.words import left_out_sentence

        return left_out_sentence(self)


@dataclass(frozen=True)
class Evidence:
    """What markers and prior together say of recurrence; never a diagnosis.

    Parameters
    ----------
    interval
        2.5, 50 and 97.5 percentile of the probability of recurrence; the prior's own range where nothing was weighed.
    verdict
        What that amounts to.
    used, left_out
        Every finding is in one of them; the first used has its full weight.
    prior
        With its source.
    population
        The patient's, empty where not told.
    assumptions
        What the caller vouches for, sentences.
    questions
        Conditions that nobody answered; all but the flags among them keep a marker from its weight.
    own_cutoffs
        The clinic's.
    circumstances
        What is known of the patient and the scans.
    settings, random_seed
        Of the combination.
    """

    interval: Interval
    verdict: Verdict
    used: tuple[UsedMarker, ...]
    left_out: tuple[LeftOut, ...]
    prior: Prior
    population: str
    assumptions: tuple[str, ...]
    questions: tuple[Condition, ...]
    own_cutoffs: Mapping[str, OwnCutoff]
    circumstances: Circumstances
    settings: WeighingSettings
    random_seed: int

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What the used markers do to the odds, in their order."""
        return tuple(one.factor for one in self.used)

    @property
    def at_weight_zero(self) -> float:
        """Probability of recurrence at the prior's middle with the first marker alone."""
        return probability(self.prior.mid, self.factors, 0.0)

    @property
    def at_weight(self) -> float:
        """The same with the later markers at the weight of the settings."""
        return probability(self.prior.mid, self.factors, self.settings.weight)

    @property
    def at_weight_one(self) -> float:
        """The same with all markers at full weight, as if they did not depend on one another."""
        return probability(self.prior.mid, self.factors, 1.0)

    @property
    def conflicting(self) -> tuple[str, ...]:
        """Which markers of different groups point to different classes, sentences; empty where none do."""
        from brachyresponse.response.evidence.weighing.words import conflict_sentences

        return conflict_sentences(self.used)

    @property
    def headline(self) -> str:
        """The verdict with its interval, in one sentence."""
        from brachyresponse.response.evidence.weighing.words import headline

        return headline(self)

    @property
    def sentences(self) -> tuple[str, ...]:
        """How the answer came about, and what bears on it."""
        from brachyresponse.response.evidence.weighing.words import sentences_of

        return sentences_of(self)

    @property
    def left_out_sentences(self) -> tuple[str, ...]:
        """What was left out and why, a sentence for all markers of which value and reasons are the same."""
        from brachyresponse.response.evidence.weighing.words import grouped_left_out, left_out_together

        return tuple(map(left_out_together, grouped_left_out(self.left_out)))

    @property
    def statements(self) -> tuple[str, ...]:
        """Everything that has to be said on the screen and in the report, in its order."""
        from brachyresponse.response.evidence.weighing.statements import statements_of

        return statements_of(self)

    @cached_property
    def what_would_change(self) -> str:
        """Which missing marker, and which prior, would move the answer."""
        from brachyresponse.response.evidence.weighing.change import what_would_change

        return what_would_change(self)

    def as_json(self) -> dict[str, Any]:
        """Return all of it in plain values, for a file."""
        from brachyresponse.response.evidence.weighing.as_json import evidence_as_json

        return evidence_as_json(self)
