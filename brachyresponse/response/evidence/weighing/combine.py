"""The odds form: prior odds times likelihood ratios, each to its weight; as one number, and over all uncertainties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np

from brachyresponse.response.evidence.finding import Prior
from brachyresponse.response.evidence.weighing.likelihood import Likelihood, expit
from brachyresponse.response.evidence.weighing.settings import WeighingSettings
from brachyresponse.types import FloatArray

PERCENTILES = (2.5, 50.0, 97.5)


class Interval(NamedTuple):
    """2.5, 50 and 97.5 percentile."""

    low: float
    mid: float
    high: float

    def holds(self, value: float) -> bool:
        """Tell whether a value lies within."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Factor:
    """What one marker does to the odds.

    Parameters
    ----------
    likelihood
        Its likelihood ratio.
    power
        To which that is taken before its weight: below 1 for absent hyperperfusion that is not to be relied on.
    """

    likelihood: Likelihood
    power: float = 1.0


@dataclass(frozen=True)
class Combined:
    """Probability of recurrence, and the likelihood ratio of each factor with its uncertainty."""

    probability: Interval
    ratios: tuple[Interval, ...]


def combine(prior: Prior, factors: Sequence[Factor], settings: WeighingSettings, random_seed: int) -> Combined:
    """Return the interval of the probability of recurrence.

    Drawn are the prior over its range, evenly on either side of its middle; one common weight, 0 to 1, of all markers
    after the first, because what makes them depend on one another (viable tumour, size, mixed lesions) is the same for
    all; and each likelihood ratio.
    """
    rng, count = np.random.default_rng(random_seed), settings.draws
    log_odds = _logit(np.interp(rng.random(count), (0, 0.5, 1), (prior.low, prior.mid, prior.high)))
    weight = rng.random(count)
    ratios = []
    for number, factor in enumerate(factors):
        drawn = factor.likelihood.draw_log(rng, count)
        moved = factor.power * drawn * (1.0 if number == 0 else weight)
        if factor.likelihood.is_held:
            limits = log(settings.least_ratio), log(settings.greatest_ratio)
            moved, drawn = np.clip(moved, *limits), np.clip(drawn, *limits)
        log_odds = log_odds + moved
        ratios.append(Interval(*np.exp(np.percentile(drawn, PERCENTILES)).tolist()))
    low, mid, high = np.percentile(log_odds, PERCENTILES).tolist()
    return Combined(Interval(expit(low), expit(mid), expit(high)), tuple(ratios))


def probability(prior: float, factors: Sequence[Factor], weight: float) -> float:
    """Return the probability of recurrence at one prior and one weight of the markers after the first."""
    log_odds = log(prior / (1 - prior))
    for number, factor in enumerate(factors):
        log_odds += factor.power * (1.0 if number == 0 else weight) * log(factor.likelihood.ratio)
    return expit(log_odds)


def _logit(share: FloatArray) -> FloatArray:
    return np.asarray(np.log(share / (1 - share)))
