"""Linear least squares of two bounded amplitudes, for any number of curves and pairs of columns at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import AnyArray, FloatArray

Range = tuple[FloatArray | float, FloatArray | float]


@dataclass(frozen=True)
class PairProducts:
    """Inner products of two columns with each other, and of each with the curves; all broadcast together."""

    with_first: FloatArray
    with_second: FloatArray
    first_first: FloatArray
    first_second: FloatArray
    second_second: FloatArray

    def explained(self, first: AnyArray, second: AnyArray) -> FloatArray:
        """Return how much of the curves' sum of squares the amplitudes take away."""
        share_first = 2 * self.with_first - first * self.first_first - 2 * second * self.first_second
        share_second = 2 * self.with_second - second * self.second_second
        return np.asarray(first * share_first + second * share_second)


def fit_pair(products: PairProducts, first: Range, second: Range) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return both amplitudes within their ranges, and what they explain: the minimum, on an edge where it lies there.

    The sum of squares is convex, so the minimum lies inside, or on one of the four edges.
    """
    p = products
    determinant = np.maximum(p.first_first * p.second_second - p.first_second**2, np.finfo(float).tiny)
    best_first = (p.with_first * p.second_second - p.with_second * p.first_second) / determinant
    best_second = (p.with_second * p.first_first - p.with_first * p.first_second) / determinant
    outside = (best_first < first[0]) | (best_first > first[1]) | (best_second < second[0]) | (best_second > second[1])
    explained = np.where(outside, -np.inf, p.explained(best_first, best_second))
    if not outside.any():
        return best_first, best_second, explained
    for end in first:
        along = np.clip((p.with_second - p.first_second * end) / p.second_second, *second)
        best_first, best_second, explained = _better(p, (end, along), (best_first, best_second, explained))
    for end in second:
        along = np.clip((p.with_first - p.first_second * end) / p.first_first, *first)
        best_first, best_second, explained = _better(p, (along, end), (best_first, best_second, explained))
    return best_first, best_second, explained


def _better(
    products: PairProducts,
    tried: tuple[AnyArray | float, AnyArray | float],
    best: tuple[FloatArray, FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray, FloatArray]:
    explained = products.explained(*(np.asarray(each) for each in tried))
    better = explained > best[2]
    first, second, so_far = (np.where(better, new, old) for new, old in zip((*tried, explained), best, strict=True))
    return first, second, so_far
