"""The delay of the Tofts models: a table for each delay of a row of them, and the best delay as a start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.perfusion.dce.bounded_pair import PairProducts, fit_pair
from brachyresponse.perfusion.dce.models import DELAY, KEP_RANGE_PER_MIN
from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.types import FloatArray, IntArray

DELAY_STEP_S = 0.5
"""Of the row of delays: a bolus is several seconds wide, so that the best one leads to the minimum."""
RATES = 32
SLOW_PER_MIN = 0.02
"""A slow washout, as in white matter."""


def delays_of(problem: FitProblem) -> FloatArray:
    """Return the delays to be looked at, both bounds among them."""
    low, high = problem.bounds[DELAY]
    return np.linspace(low, high, max(3, round((high - low) / DELAY_STEP_S) + 1))


class DelayScan:
    """Unit vectors along the delayed input convolved with exponentials, for every delay."""

    def __init__(self, problem: FitProblem) -> None:
        self._problem = problem
        self._delays_s = delays_of(problem)
        rates = np.geomspace(*KEP_RANGE_PER_MIN, RATES)
        self._tables = [_DelayedTable.of(problem, delay_s, rates) for delay_s in self._delays_s]

    def starts(self, curves: FloatArray) -> list[FloatArray]:
        """Return the best parameters (P, N), the delay last, of curves (N, T), and the same with a slow washout.

        Fast washout and plasma look alike, so that there may be a minimum of either kind.
        """
        explained, places = self._explained(curves)
        best = explained.argmax(axis=0)
        log_low, log_high = np.log(KEP_RANGE_PER_MIN)
        kep = np.exp(log_low + (log_high - log_low) / (RATES - 1) * places[best, np.arange(len(curves))])
        delay_s = self._delays_s[best] + self._vertex(explained, best)
        return [self._parameters(curves, rate, delay_s) for rate in (kep, np.full_like(kep, SLOW_PER_MIN))]

    def least_squares(self, curves: FloatArray) -> FloatArray:
        """Return the least sums of squares (N,) of curves (N, T) in the tables, whatever ve they ask for.

        No fit within the bounds is better, but for what lies between the delays and rates of the tables.
        """
        total = np.einsum("nt,nt->n", curves, curves)
        return np.asarray(np.maximum(total - self._explained(curves)[0].max(axis=0), 0.0))

    def _explained(self, curves: FloatArray) -> FloatArray:
        """Return what each delay explains of curves (N, T), and the place of its best rate, (2, D, N)."""
        found = np.empty((2, len(self._delays_s), len(curves)))
        for n, table in enumerate(self._tables):
            found[:, n] = table.explained(curves)
        return found

    def _vertex(self, explained: FloatArray, best: IntArray) -> FloatArray:
        """How far from the best delay the parabola through it and its neighbours is highest, s."""
        middle, voxels = np.clip(best, 1, len(self._delays_s) - 2), np.arange(len(best))
        before, at, after = (explained[middle + n, voxels] for n in (-1, 0, 1))
        known = (middle == best) & np.isfinite(before) & np.isfinite(after)
        before, after = np.where(known, before, at), np.where(known, after, at)
        bend = np.minimum(before - 2 * at + after, -np.finfo(float).tiny)
        offset = np.clip((before - after) / (2 * bend), -0.5, 0.5)
        return np.asarray(offset * (self._delays_s[1] - self._delays_s[0]))

    def _parameters(self, curves: FloatArray, kep: FloatArray, delay_s: FloatArray) -> FloatArray:
        """The amplitudes that belong to a kep and a delay of each curve."""
        bounds, plasma = self._problem.bounds, self._problem.plasma
        places = plasma.places(delay_s)
        convolved = plasma.convolved(kep, places)
        other = plasma.plasma(places) if "vp" in bounds else np.zeros_like(convolved)
        products = PairProducts(
            np.einsum("nt,tn->n", curves, convolved),
            np.einsum("nt,tn->n", curves, other),
            np.einsum("tn,tn->n", convolved, convolved),
            np.einsum("tn,tn->n", convolved, other),
            np.maximum(np.einsum("tn,tn->n", other, other), np.finfo(float).tiny),
        )
        (low, high), (ve_low, ve_high) = bounds["ktrans_per_min"], bounds["ve"]
        ktrans_range = np.maximum(low, ve_low * kep), np.minimum(high, ve_high * kep)
        ktrans, vp, _ = fit_pair(products, ktrans_range, bounds.get("vp", (0.0, 0.0)))
        found = {"ktrans_per_min": ktrans, "ve": ktrans / kep, "vp": vp, DELAY: delay_s}
        return np.stack([found[name] for name in self._problem.names])


@dataclass(frozen=True)
class _DelayedTable:
    """One delay: unit vectors (T, K) along the convolved input, the same freed of the plasma curve, and that curve."""

    units: FloatArray
    freed: FloatArray
    plasma: FloatArray
    share: FloatArray
    """(K,) how much of the plasma curve a unit of ``freed`` costs."""

    @classmethod
    def of(cls, problem: FitProblem, delay_s: float, rates: FloatArray) -> _DelayedTable:
        places = problem.plasma.places(np.full(len(rates), delay_s))
        columns = problem.plasma.convolved(rates, places)
        units = columns / np.maximum(np.linalg.norm(columns, axis=0), np.finfo(float).tiny)  # none of a later input
        if "vp" not in problem.bounds:
            return cls(units, units, np.zeros(len(units)), np.zeros(len(rates)))
        plasma = problem.plasma.plasma(places)[:, 0]
        plasma = plasma / max(float(np.linalg.norm(plasma)), np.finfo(float).tiny)
        along = plasma @ units
        freed = units - np.outer(plasma, along)
        length = np.maximum(np.linalg.norm(freed, axis=0), np.finfo(float).eps)
        return cls(units, freed / length, plasma, along / length)

    def explained(self, curves: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what the best amplitudes, not negative, explain of curves (N, T), and where in the row of rates."""
        product, place = _highest(curves @ self.freed)
        product, alone = np.maximum(product, 0), curves @ self.plasma
        both = product**2 + alone**2
        negative = alone < product * np.interp(place, np.arange(len(self.share)), self.share)  # no plasma, then
        if negative.any():
            without, place[negative] = _highest(curves[negative] @ self.units)
            both[negative] = np.maximum(without, 0) ** 2
        return both, place


def _highest(products: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the largest value of each row and its place, by a parabola through its neighbours."""
    rows, node = np.arange(len(products)), np.clip(products.argmax(axis=1), 1, products.shape[1] - 2)
    before, at, after = (products[rows, node + n] for n in (-1, 0, 1))
    bend, slope = before - 2 * at + after, (after - before) / 2
    offset = np.clip(np.where(bend < 0, -slope / np.where(bend < 0, bend, 1.0), np.sign(slope)), -1.0, 1.0)
    return at + offset * (slope + offset * bend / 2), node + offset
