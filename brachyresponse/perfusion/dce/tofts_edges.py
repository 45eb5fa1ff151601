"""Tofts models at their bounds: the minimum within bounds, found by the same table as the minimum without them.

At each kep of the table the two amplitudes are a bounded linear problem, so the best node tells which bounds hold. With
those held, the sum of squares is a smooth function of kep again, and a polynomial round the node finds its minimum.
"""

from __future__ import annotations

import numpy as np

from brachyresponse.perfusion.dce.bounded_pair import PairProducts, fit_pair
from brachyresponse.perfusion.dce.problem import Bounds, FitProblem
from brachyresponse.perfusion.dce.rate_table import (
    AROUND,
    highest_place,
    neighbourhood,
    polynomial,
    polynomials,
    rate_at,
)
from brachyresponse.perfusion.dce.tofts_table import ToftsTable
from brachyresponse.types import BoolArray, FloatArray, IntArray

FREE, LOW, HIGH = 0, -1, 1
NEIGHBOURS = (0, -1, 1)
"""The bounds that hold at the best node are tried, then those of the nodes beside it."""


def edge_minima(problem: FitProblem, table: ToftsTable, curves: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return parameters (P, N) of the least squares of curves (N, T) within bounds, and where they are the minimum.

    Elsewhere (several bounds change next to the best node, or it is at the table's end) they are a start for it.
    """
    products = table.products(curves)
    ktrans_range, vp_range = _ktrans_range(problem.bounds, table.kep), problem.bounds.get("vp", (0.0, 0.0))
    ktrans, vp, explained = fit_pair(products, ktrans_range, vp_range)
    node, rows = explained.argmax(axis=1), np.arange(len(curves))
    found = _parameters(problem, ktrans[rows, node], np.broadcast_to(vp, ktrans.shape)[rows, node], table.kep[node])
    ktrans_side, vp_side = _side(ktrans, *ktrans_range), _side(vp, *vp_range)
    settled = np.zeros(len(curves), bool)
    for shift in NEIGHBOURS:
        left = np.flatnonzero(~settled)
        beside = np.clip(node[left] + shift, 0, len(table.kep) - 1)
        sides = ktrans_side[left, beside], np.broadcast_to(vp_side, ktrans.shape)[left, beside]
        tried, reached = _on_edges(problem, table, _near(products, left, node[left]), (node[left], sides))
        found[:, left[reached]] = tried[:, reached]
        settled[left[reached]] = True
    return np.clip(found, problem.lower, problem.upper), settled


def _on_edges(
    problem: FitProblem, table: ToftsTable, near: PairProducts, at: tuple[IntArray, tuple[IntArray, IntArray]]
) -> tuple[FloatArray, BoolArray]:
    """Return the parameters (P, N) of the minimum next to nodes while bounds are held, and where there is one."""
    node, sides = at
    centre = neighbourhood(node)
    held_ktrans = _held_ktrans(problem.bounds, sides[0], table.kep[node], table.kep[centre[:, None] + AROUND])
    vp_range = problem.bounds.get("vp", (0.0, 0.0))
    held = held_ktrans, np.where(sides[1] == LOW, *vp_range)[:, None]
    place, reached = highest_place(polynomials(near.explained(*_held_pair(near, sides, held))))
    kep = rate_at(centre, place)
    ktrans_range = _ktrans_range(problem.bounds, kep)
    ktrans, vp, _ = fit_pair(_between(near, place), ktrans_range, vp_range)
    as_held = (_side(ktrans, *ktrans_range) == sides[0]) & (_side(vp, *vp_range) == sides[1])
    without_uptake = (held_ktrans == 0).all(axis=1) & (sides[0] == LOW)  # any kep is as good
    return _parameters(problem, ktrans, vp, kep), as_held & (centre == node) & (reached | without_uptake)


def _parameters(problem: FitProblem, ktrans: FloatArray, vp: FloatArray, kep: FloatArray) -> FloatArray:
    found = {"ktrans_per_min": ktrans, "ve": ktrans / kep, "vp": vp}
    return np.stack([found[name] for name in problem.names])


def _ktrans_range(bounds: Bounds, kep: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ktrans within its own bounds, and within those of ve = Ktrans/kep."""
    (low, high), (ve_low, ve_high) = bounds["ktrans_per_min"], bounds["ve"]
    return np.maximum(low, ve_low * kep), np.minimum(high, ve_high * kep)


def _side(value: FloatArray, low: FloatArray | float, high: FloatArray | float) -> IntArray:
    return np.where(value <= low, LOW, np.where(value >= high, HIGH, FREE))


def _held_ktrans(bounds: Bounds, side: IntArray, kep: FloatArray, kep_around: FloatArray) -> FloatArray:
    """Ktrans (N, 2 REACH + 1) along the bound that holds at a node: its own, or that of ve."""
    own = np.where(side == LOW, *bounds["ktrans_per_min"])[:, None]
    ve = np.where(side == LOW, *bounds["ve"])[:, None]
    by_ve = (ve * kep[:, None] > own) == (side == LOW)[:, None]
    return np.where(by_ve, ve * kep_around, own)


def _near(products: PairProducts, rows: IntArray, node: IntArray) -> PairProducts:
    """The products of some curves at the nodes round the best one of each."""
    around = neighbourhood(node)[:, None] + AROUND
    return PairProducts(
        products.with_first[rows[:, None], around],
        products.with_second[rows],
        products.first_first[around],
        np.broadcast_to(products.first_second, products.first_first.shape)[around],
        products.second_second,
    )


def _between(near: PairProducts, place: FloatArray) -> PairProducts:
    """The products (N,) at places between the nodes."""

    def at_place(around: FloatArray) -> FloatArray:
        return polynomial(polynomials(around), place)

    return PairProducts(
        at_place(near.with_first),
        near.with_second[:, 0],
        at_place(near.first_first),
        at_place(near.first_second),
        near.second_second,
    )


def _held_pair(
    near: PairProducts, sides: tuple[IntArray, IntArray], held: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Return both amplitudes of the least squares while those at a bound are held there."""
    first_held, second_held = (side[:, None] != FREE for side in sides)
    determinant = np.maximum(near.first_first * near.second_second - near.first_second**2, np.finfo(float).tiny)
    both_free = (near.with_first * near.second_second - near.with_second * near.first_second) / determinant
    first_free = np.where(second_held, (near.with_first - near.first_second * held[1]) / near.first_first, both_free)
    first = np.where(first_held, held[0], first_free)
    second = np.where(second_held, held[1], (near.with_second - near.first_second * first) / near.second_second)
    return first, second
