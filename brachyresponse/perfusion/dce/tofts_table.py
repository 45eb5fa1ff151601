"""Tofts models by a table: every minimum over kep found at once, with no start value and no iteration of curves.

For a given kep both Tofts models are linear, Ct = Ktrans g + vp Cp with g = Cp convolved with exp(-kep t). The least
sum of squares over Ktrans and vp is that of Cp alone minus the squared inner product of the curve with the unit vector
along g freed of its part along Cp. So the kep of the minimum is where that product is largest: a matrix product of the
curves with a table of unit vectors finds the node next to it, and a polynomial through the products round that node
its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.perfusion.dce.bounded_pair import PairProducts
from brachyresponse.perfusion.dce.models import KEP_RANGE_PER_MIN
from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.types import BoolArray, FloatArray, IntArray

NODES = 128
"""Of the table: a step of 12 % in kep."""
FINE = 4
"""Steps of what depends on kep alone, between two nodes."""
REACH = 5
"""The polynomial goes through the node and this many neighbours on each side: error below 1e-11 of the product."""
AROUND = np.arange(-REACH, REACH + 1)
_TO_POLYNOMIAL = np.linalg.inv(np.vander(AROUND.astype(float), increasing=True))
NEWTON_STEPS = 6
LAST_STEP = 1e-6
"""Of Newton's method, in steps of the table, for its end to count as reached."""
NEGLIGIBLE = 1e-13
"""Directions of the table whose singular value is a smaller share of the largest are left out."""


@dataclass(frozen=True)
class ToftsMinima:
    """Least squares of curves without regard to bounds, each (N,).

    ``spread`` (4, N) are the variances of Ktrans, ve, vp and kep, in that order, of curves whose noise has variance 1;
    ``reached`` tells where there is a minimum within the table.
    """

    ktrans: FloatArray
    kep: FloatArray
    vp: FloatArray
    explained: FloatArray
    spread: FloatArray
    reached: BoolArray

    @property
    def by_name(self) -> dict[str, FloatArray]:
        """Fitted and derived parameters."""
        ve = self.ktrans / self.kep
        return {"ktrans_per_min": self.ktrans, "ve": ve, "vp": self.vp, "kep_per_min": self.kep}


class ToftsTable:
    """The input convolved with exponentials of many rates, made ready to be compared with curves."""

    def __init__(self, problem: FitProblem) -> None:
        self._bounds = problem.bounds
        self._plasma = problem.plasma.values if "vp" in problem.bounds else np.zeros_like(problem.plasma.values)
        self._plasma_square = max(float(self._plasma @ self._plasma), np.finfo(float).tiny)
        low, high = np.log(KEP_RANGE_PER_MIN)
        self._low, self._step = low, (high - low) / (NODES - 1)
        self._log_kep = low + self._step / FINE * np.arange((NODES - 1) * FINE + 1)
        columns = problem.plasma.convolved(np.exp(self._log_kep))
        along = self._plasma @ columns / self._plasma_square
        freed = columns - np.outer(self._plasma, along)
        length = np.linalg.norm(freed, axis=0)
        self._directions, self._units = _few_directions((freed / length)[:, ::FINE])
        self._of_kep = np.concatenate([[np.log(length), along], self._log_spreads(columns)])
        self.kep = np.exp(self._log_kep[::FINE])
        self._length, self._along = length[::FINE], along[::FINE]

    def minima(self, curves: FloatArray) -> ToftsMinima:
        """Return the minima of curves (N, T)."""
        products = (curves @ self._directions) @ self._units
        centre = neighbourhood(products.argmax(axis=1))
        powers = polynomials(np.take_along_axis(products, centre[:, None] + AROUND, axis=1))
        place, reached = highest_place(powers)
        product, log_kep = polynomial(powers, place), self._low + self._step * (centre + place)
        log_length, along, *log_spread = self._depending_on(log_kep)
        ktrans, kep = product * np.exp(-log_length), np.exp(log_kep)
        alone = curves @ self._plasma / self._plasma_square
        explained = product**2 + alone**2 * self._plasma_square
        spread = np.exp(log_spread)
        spread[1] /= kep**2
        spread[3] *= (kep / np.where(ktrans > 0, ktrans, np.inf)) ** 2
        return ToftsMinima(ktrans, kep, alone - ktrans * along, explained, spread, reached)

    def _log_spreads(self, columns: FloatArray) -> FloatArray:
        """Return the logarithms of variances at each kep of the fine table: Ktrans, kep ve, vp, Ktrans log kep."""
        changes = np.stack([columns, np.gradient(columns, self._log_kep, axis=1)])
        if self._plasma.any():
            changes = np.concatenate([changes, np.broadcast_to(self._plasma[:, None], (1, *columns.shape))])
        lengths = np.linalg.norm(changes, axis=1).T
        curvature = np.einsum("ptk,qtk->kpq", changes, changes, optimize=True)
        scale = lengths[:, :, None] * lengths[:, None, :]
        variance = np.linalg.pinv(curvature / scale, hermitian=True) / scale
        of_ktrans, of_both, of_log_kep = variance[:, 0, 0], variance[:, 0, 1], variance[:, 1, 1]
        spreads = np.stack([of_ktrans, of_ktrans - 2 * of_both + of_log_kep, variance[:, -1, -1], of_log_kep])
        return np.asarray(np.log(np.maximum(spreads, np.finfo(float).tiny)))

    def products(self, curves: FloatArray) -> PairProducts:
        """Return the inner products of curves (N, T) with g (N, NODES) and with Cp (N, 1), and of these."""
        with_plasma = (curves @ self._plasma)[:, None]
        with_freed = (curves @ self._directions) @ self._units * self._length
        square = self._plasma_square
        return PairProducts(
            with_freed + self._along * with_plasma,
            with_plasma,
            self._length**2 + self._along**2 * square,
            self._along * square,
            np.array([square]),
        )

    def kep_at(self, centre: IntArray, place: FloatArray) -> FloatArray:
        """Return kep between the nodes: ``place`` in steps from the node ``centre``."""
        return np.asarray(np.exp(self._low + self._step * (centre + place)))

    def _depending_on(self, log_kep: FloatArray) -> FloatArray:
        """Return what depends on kep alone, by parabolas through the fine table: error below 1e-6."""
        place = (log_kep - self._low) * (FINE / self._step)
        middle = np.clip(np.rint(place).astype(np.int64), 1, len(self._log_kep) - 2)
        offset = place - middle
        before, at, after = (self._of_kep[:, middle + n] for n in (-1, 0, 1))
        return np.asarray(at + offset / 2 * (after - before + offset * (after - 2 * at + before)))


def _few_directions(units: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Split the table (T, K) into orthonormal directions (T, R) and its coordinates along them (R, K).

    Exponentials of neighbouring rates are so alike that some twenty directions hold all of them to rounding.
    """
    left, singular, right = np.linalg.svd(units, full_matrices=False)
    kept = singular > NEGLIGIBLE * singular[0]
    return left[:, kept], singular[kept, None] * right[kept]


def neighbourhood(node: IntArray) -> IntArray:
    """Return the middle of the nodes through which the polynomial goes: the node itself but at the table's ends."""
    return np.asarray(np.clip(node, REACH, NODES - 1 - REACH))


def polynomials(around: FloatArray) -> FloatArray:
    """Return the coefficients (2 REACH + 1, N), lowest power first, of values (N, 2 REACH + 1) at the nodes AROUND."""
    return np.asarray(_TO_POLYNOMIAL @ around.T)


def polynomial(powers: FloatArray, place: FloatArray) -> FloatArray:
    """Return the value of polynomials at a place, in steps from the middle node."""
    value = np.asarray(powers[-1])
    for power in powers[-2::-1]:
        value = value * place + power
    return value


def highest_place(powers: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return where polynomials are highest within a step of the middle node, by Newton's method, and if they are."""
    slopes = powers[1:] * np.arange(1, len(powers))[:, None]
    bends = slopes[1:] * np.arange(1, len(slopes))[:, None]
    place = np.zeros(powers.shape[1])
    for _ in range(NEWTON_STEPS):
        bend = polynomial(bends, place)
        curved = bend < 0
        step = np.where(curved, -polynomial(slopes, place) / np.where(curved, bend, 1.0), 0.0)
        place = np.clip(place + step, -1.0, 1.0)
    return place, np.asarray(curved & (np.abs(place) < 1) & (np.abs(step) < LAST_STEP))
