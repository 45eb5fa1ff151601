"""Curves as one exponential response and some fixed columns: the best rate found at once, with no start value.

For a given rate such a model is linear, C = a g + the columns, with g the input convolved with exp(-rate t). The least
sum of squares is that of the columns alone minus the squared inner product of the curve with the unit vector along g
freed of its part along the columns. So the rate of the minimum is where that product is largest: a matrix product of
the curves with a table of unit vectors finds the node next to it, and a polynomial through the products round that node
its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.perfusion.dce.models import KEP_RANGE_PER_MIN
from brachyresponse.types import BoolArray, FloatArray, IntArray

NODES = 128
"""Of the table: a step of 12 % in the rate."""
FINE = 4
"""Steps of what depends on the rate alone, between two nodes."""
REACH = 5
"""The polynomial goes through the node and this many neighbours on each side: error below 1e-11 of the product."""
AROUND = np.arange(-REACH, REACH + 1)
NEWTON_STEPS = 6
LAST_STEP = 1e-6
"""Of Newton's method, in steps of the table, for its end to count as reached."""
NEGLIGIBLE = 1e-13
"""Directions whose singular value is a smaller share of the largest are left out."""

_LOG_LOW, _LOG_HIGH = np.log(KEP_RANGE_PER_MIN)
_STEP = (_LOG_HIGH - _LOG_LOW) / (NODES - 1)
LOG_RATES = _LOG_LOW + _STEP / FINE * np.arange((NODES - 1) * FINE + 1)
"""Logarithms of the rates (1/min) of the fine table."""
_TO_POLYNOMIAL = np.linalg.inv(np.vander(AROUND.astype(float), increasing=True))


@dataclass(frozen=True)
class Peaks:
    """The least squares of N curves without regard to bounds.

    Parameters
    ----------
    amplitude, rate_per_min
        (N,) of the exponential.
    others
        (Q, N) amplitudes of the columns.
    explained
        (N,) how much of the sum of squares all of it takes away.
    reached
        (N,) where there is a minimum within the table.
    of_rate
        (R, N) what else was tabulated by the rate.
    """

    amplitude: FloatArray
    rate_per_min: FloatArray
    others: FloatArray
    explained: FloatArray
    reached: BoolArray
    of_rate: FloatArray


class RateTable:
    """The input convolved with exponentials of many rates, made ready to be compared with curves.

    Parameters
    ----------
    convolved
        (T, K) for the K rates of ``LOG_RATES``.
    columns
        (T, Q) what else the curves are made of.
    of_rate
        (R, K) what is wanted at the rate of each minimum.
    """

    def __init__(self, convolved: FloatArray, columns: FloatArray, of_rate: FloatArray) -> None:
        left, singular, _ = np.linalg.svd(columns, full_matrices=False)
        self._columns = left[:, singular > NEGLIGIBLE * singular.max(initial=np.finfo(float).tiny)]
        self._to_others = np.linalg.pinv(columns)
        along = self._to_others @ convolved
        freed = convolved - columns @ along
        length = np.linalg.norm(freed, axis=0)
        self._directions, self._units = _few_directions((freed / length)[:, ::FINE])
        self._of_rate = np.concatenate([[np.log(length)], along, of_rate])
        self._count = columns.shape[1]
        self.length, self.along = length[::FINE], along[:, ::FINE]

    def products(self, curves: FloatArray) -> FloatArray:
        """Return the inner products (N, NODES) of curves (N, T) with the unit vectors of the nodes."""
        return (curves @ self._directions) @ self._units

    def peaks(self, curves: FloatArray) -> Peaks:
        """Return the minima of curves (N, T)."""
        products = self.products(curves)
        centre = neighbourhood(products.argmax(axis=1))
        powers = polynomials(np.take_along_axis(products, centre[:, None] + AROUND, axis=1))
        place, reached = highest_place(powers)
        product = polynomial(powers, place)
        log_length, *of_rate = self._at_rate(centre + place)
        amplitude, alone = product * np.exp(-log_length), self._to_others @ curves.T
        explained = product**2 + ((curves @ self._columns) ** 2).sum(axis=1)
        others = alone - amplitude * np.array(of_rate[: self._count]).reshape(alone.shape)
        extra = np.array(of_rate[self._count :])
        return Peaks(amplitude, rate_at(centre, place), others, explained, reached, extra)

    def _at_rate(self, place: FloatArray) -> FloatArray:
        """Return what depends on the rate alone, by parabolas through the fine table: error below 1e-6."""
        fine = place * FINE
        middle = np.clip(np.rint(fine).astype(np.int64), 1, len(LOG_RATES) - 2)
        offset = fine - middle
        before, at, after = (self._of_rate[:, middle + n] for n in (-1, 0, 1))
        return np.asarray(at + offset / 2 * (after - before + offset * (after - 2 * at + before)))


def rate_at(centre: IntArray, place: FloatArray) -> FloatArray:
    """Return the rate (1/min) between the nodes: ``place`` in steps from the node ``centre``."""
    return np.asarray(np.exp(_LOG_LOW + _STEP * (centre + place)))


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
