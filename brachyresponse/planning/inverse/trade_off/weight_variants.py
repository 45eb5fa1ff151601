"""Other weights for a problem, spread evenly over what the presets span: the plans to choose among."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.weights import ObjectiveWeights, as_weights, available_presets, load_weights
from brachyresponse.types import FloatArray

MOST_VARIANTS = 2000
BEYOND = 2.0
"""Weights are varied from the smallest of a preset over this to the largest times this."""
LEAST_SHARE = 0.05
"""Of the largest, where a preset's weight is 0."""
BEYOND_PERCENT = 3.0
EVEN_STEPS = {"underdose_percent"}
"""Varied evenly; every other weight by its logarithm."""


def weight_variants(problem: ImplantProblem, count: int, random_seed: int = 0) -> tuple[ObjectiveWeights, ...]:
    """Return ``count`` sets of weights: the problem's own, those of the presets, and others between and beyond them.

    The others follow the additive recurrence of Roberts (2018, "The unreasonable effectiveness of quasirandom
    sequences"), which fills the space of weights evenly however many there are; the random seed says where it starts.

    Raises
    ------
    PlanError
        There are none, or more than 2000.
    """
    check_count(count)
    own = as_weights(problem.weights)
    known = list(dict.fromkeys([own, *map(load_weights, available_presets())]))[:count]
    names, lower, upper = _ranges(known)
    shares = _evenly_spread(count - len(known), len(names), random_seed)
    return (*known, *(_between(own, names, lower, upper, share) for share in shares))


def check_count(count: int) -> None:
    """Refuse a number of plans that cannot be compared.

    Raises
    ------
    PlanError
        There are none, or more than 2000.
    """
    if not 1 <= count <= MOST_VARIANTS:
        raise PlanError(f"{count} plans cannot be compared: give 1 to {MOST_VARIANTS}.")


def _ranges(known: Sequence[ObjectiveWeights]) -> tuple[list[str], FloatArray, FloatArray]:
    """The weights that are varied, and from where to where."""
    names, lower, upper = [], [], []
    for item in fields(ObjectiveWeights):
        values = np.array([getattr(weights, item.name) for weights in known])
        highest = float(values.max())
        if item.name in EVEN_STEPS:
            ends = max(float(values.min()) - BEYOND_PERCENT, 0.0), highest + BEYOND_PERCENT
        else:
            least = float(values.min()) or LEAST_SHARE * highest * BEYOND
            ends = least / BEYOND, highest * BEYOND
        if ends[0] < ends[1]:
            names.append(item.name)
            lower.append(ends[0])
            upper.append(ends[1])
    return names, np.array(lower), np.array(upper)


def _between(
    own: ObjectiveWeights, names: Sequence[str], lower: FloatArray, upper: FloatArray, share: FloatArray
) -> ObjectiveWeights:
    even = lower + share * (upper - lower)
    by_logarithm = np.exp(np.log(np.maximum(lower, 1e-9)) * (1 - share) + np.log(np.maximum(upper, 1e-9)) * share)
    values = np.where([name in EVEN_STEPS for name in names], even, by_logarithm)
    return replace(own, **{name: float(f"{value:.4g}") for name, value in zip(names, values, strict=True)})


def _evenly_spread(count: int, axes: int, random_seed: int) -> FloatArray:
    """Points in the unit cube, (count, axes): multiples of the inverse powers of the generalised golden ratio."""
    ratio = 2.0
    for _ in range(60):  # the root of x^(axes + 1) = x + 1; converges by a factor of 2 and more each time
        ratio = (1 + ratio) ** (1 / (axes + 1))
    steps = ratio ** -np.arange(1.0, axes + 1)
    start = np.random.default_rng(random_seed).random(axes)
    points: FloatArray = (start + np.outer(np.arange(1, max(count, 0) + 1), steps)) % 1.0
    return points
