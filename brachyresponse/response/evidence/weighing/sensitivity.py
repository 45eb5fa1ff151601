"""How far the answer depends on the prior and on the weight of the later markers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.weighing.combine import probability
from brachyresponse.response.evidence.weighing.evidence import Evidence
from brachyresponse.types import FloatArray

PRIORS = tuple(number / 100 for number in range(5, 100, 5))
WEIGHTS = tuple(number / 10 for number in range(11))


@dataclass(frozen=True, eq=False)
class SensitivityGrid:
    """Probability of recurrence for many priors and weights.

    Parameters
    ----------
    priors
        (P,), 0 to 1.
    weights
        (W,), 0 to 1, of the markers after the first.
    probability
        (P, W), each likelihood ratio at its one number.
    """

    priors: FloatArray
    weights: FloatArray
    probability: FloatArray


def sensitivity(
    evidence: Evidence, *, priors: Sequence[float] = PRIORS, weights: Sequence[float] = WEIGHTS
) -> SensitivityGrid:
    """Return the probability of recurrence over priors and weights, for a chart.

    Raises
    ------
    ResponseError
        A prior of 0 or 1, or a weight outside 0 to 1.
    """
    if not all(0 < prior < 1 for prior in priors) or not all(0 <= weight <= 1 for weight in weights):
        raise ResponseError("Priors have to lie above 0 and below 1 and weights from 0 to 1: correct them.")
    table = [[probability(prior, evidence.factors, weight) for weight in weights] for prior in priors]
    return SensitivityGrid(np.array(priors), np.array(weights), np.array(table))
