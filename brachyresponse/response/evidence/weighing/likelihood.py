"""Likelihood ratios of a marker: one number, and random draws of what it may be."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.response.evidence.markers import Accuracy, Marker, PrintedRatio
from brachyresponse.response.evidence.vocabulary import LesionClass, Side
from brachyresponse.response.evidence.weighing.settings import WeighingSettings
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from numpy.random import Generator

WIDTH_95 = 2 * 1.959963984540054
"""Width of the 95 % interval of a normal distribution, in standard deviations."""


@dataclass(frozen=True)
class Likelihood:
    """The likelihood ratio of a marker on one side, for recurrence: above 1 it speaks for recurrence.

    Parameters
    ----------
    marker
        Whose.
    side
        Positive or negative.
    settings
        Limits, and what stands in for unknown counts.
    """

    marker: Marker
    side: Side
    settings: WeighingSettings

    @property
    def is_positive(self) -> bool:
        """Whether the marker is positive."""
        return self.side is Side.POSITIVE

    @property
    def class_indicated(self) -> LesionClass:
        """The class that this side of the marker speaks for."""
        if self.is_positive:
            return self.marker.positive_class
        return next(one for one in LesionClass if one is not self.marker.positive_class)

    @property
    def ratio(self) -> float:
        """The likelihood ratio, held to its limits."""
        return float(np.clip(self.uncapped, self.settings.least_ratio, self.settings.greatest_ratio))

    @property
    def uncapped(self) -> float:
        """The likelihood ratio as its study has it, no cell being zero."""
        printed = self._printed
        if printed is not None:
            return self._for_recurrence(printed.value)
        sensitivity, specificity = without_zero_cells(self.marker)
        ratio = sensitivity / (1 - specificity) if self.is_positive else (1 - sensitivity) / specificity
        return self._for_recurrence(ratio)

    @property
    def is_held(self) -> bool:
        """Whether every draw is held to the limits, not only the likelihood ratio.

        Where the study's own ratio lies beyond them, has an empty cell or stands on neither interval nor counts, its
        draws would go to certainty.
        """
        if self.settings.is_cap_in_draws or self.ratio != self.uncapped:
            return True
        return self._printed is None and any(
            not 0 < one.value < 1 or (one.ci95 is None and one.counts is None) for one in self._accuracies
        )

    @property
    def basis(self) -> str:
        """What its uncertainty is drawn from."""
        if self._printed is not None:
            return "the likelihood ratio printed by the study with its 95 % interval"
        first, second = (_basis(one, self.settings) for one in self._accuracies)
        of_first = "" if first == second else f"{first} of sensitivity and "
        return f"{of_first}{second} of {'specificity' if of_first else 'sensitivity and specificity'}"

    def draw_log(self, rng: Generator, count: int) -> FloatArray:
        """Return draws (count,) of the logarithm of the likelihood ratio, centred where its limits put it."""
        drawn = self._draw_log_uncapped(rng, count)
        return drawn + (log(self.ratio) - log(self.uncapped))

    def _draw_log_uncapped(self, rng: Generator, count: int) -> FloatArray:
        printed = self._printed
        if printed is not None:
            low, high = printed.ci95 or (printed.value, printed.value)
            drawn = rng.normal(log(printed.value), (log(high) - log(low)) / WIDTH_95, count)
        else:
            sensitivity, specificity = self._accuracies
            above = _draw_log(sensitivity, rng, count, self.settings, of_rest=not self.is_positive)
            drawn = above - _draw_log(specificity, rng, count, self.settings, of_rest=self.is_positive)
        return drawn if self.marker.positive_class is LesionClass.RECURRENCE else -drawn

    @property
    def _printed(self) -> PrintedRatio | None:
        if not self.marker.uses_printed:
            return None
        return self.marker.printed_positive if self.is_positive else self.marker.printed_negative

    @property
    def _accuracies(self) -> tuple[Accuracy, Accuracy]:
        sensitivity, specificity = self.marker.sensitivity, self.marker.specificity
        if sensitivity is None or specificity is None:
            raise AssertionError(f"{self.marker.id} has no likelihood ratio")
        return sensitivity, specificity

    def _for_recurrence(self, ratio: float) -> float:
        return ratio if self.marker.positive_class is LesionClass.RECURRENCE else 1 / ratio


def without_zero_cells(marker: Marker) -> tuple[float, float]:
    """Return sensitivity and specificity, neither 0 nor 1: 0.5 is added to each cell where one of them is empty.

    Without counts the nearer bound of the 95 % interval stands in.
    """
    sensitivity, specificity = marker.sensitivity, marker.specificity
    if sensitivity is None or specificity is None:
        raise AssertionError(f"{marker.id} has no likelihood ratio")
    pair = (sensitivity, specificity)
    if all(0 < one.value < 1 for one in pair):
        return sensitivity.value, specificity.value
    if all(one.counts for one in pair):
        first, second = (_with_half(one) for one in pair)
    else:
        first, second = (_inner_bound(one) for one in pair)
    return first, second


def zero_cell_reason(marker: Marker) -> str:
    """Return why a marker with a sensitivity or specificity of 0 or 100 % cannot be weighed; empty where it can."""
    pair = [one for one in (marker.sensitivity, marker.specificity) if one is not None]
    empty = [one for one in pair if not 0 < one.value < 1]
    if not empty or all(one.counts for one in pair) or all(one.ci95 for one in empty):
        return ""
    return "A sensitivity or specificity of 0 or 100 % without counts or an interval gives no likelihood ratio."


def _with_half(accuracy: Accuracy) -> float:
    events, total = accuracy.counts or (0, 0)
    return (events + 0.5) / (total + 1)


def _inner_bound(accuracy: Accuracy) -> float:
    if 0 < accuracy.value < 1 or accuracy.ci95 is None:
        return accuracy.value
    return accuracy.ci95[0] if accuracy.value == 1 else accuracy.ci95[1]


def _draw_log(
    accuracy: Accuracy, rng: Generator, count: int, settings: WeighingSettings, *, of_rest: bool
) -> FloatArray:
    """Return draws (count,) of log p of a sensitivity or specificity p, or of the rest, log(1 - p).

    Logit-normal from its 95 % interval, else Jeffreys' beta from its counts, else the same from a few lesions that
    stand in for unknown counts.
    """
    if accuracy.ci95 is not None and 0 < accuracy.value < 1:
        low, high = (_logit(end) for end in accuracy.ci95)
        logit = rng.normal(_logit(accuracy.value), (high - low) / WIDTH_95, count)
        return -np.log1p(np.exp(logit if of_rest else -logit))
    stood_in = settings.lesions_stood_in
    events, total = accuracy.counts or (accuracy.value * stood_in, stood_in)
    first, second = events + 0.5, total - events + 0.5
    share = rng.beta(second, first, count) if of_rest else rng.beta(first, second, count)
    return np.asarray(np.log(np.maximum(share, np.finfo(float).tiny)))


def _basis(accuracy: Accuracy, settings: WeighingSettings) -> str:
    if accuracy.ci95 is not None and 0 < accuracy.value < 1:
        return "the 95 % interval"
    if accuracy.counts:
        return "the counts"
    return f"{settings.lesions_stood_in:g} lesions, for the study gives neither interval nor counts"


def _logit(share: float) -> float:
    return log(share / (1 - share))


def expit(log_odds: float) -> float:
    """Return the probability of log odds."""
    return 1 / (1 + exp(-log_odds))
