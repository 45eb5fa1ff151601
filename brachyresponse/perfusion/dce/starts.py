"""Where the models other than Tofts start: tables of the convolved input, searched without any guess."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from brachyresponse.perfusion.dce.bounded_pair import PairProducts, fit_pair
from brachyresponse.perfusion.dce.delay_scan import delays_of
from brachyresponse.perfusion.dce.models import KEP_RANGE_PER_MIN, DceModel
from brachyresponse.perfusion.dce.plasma_input import Places
from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.types import FloatArray, IntArray

RATES = 40
"""Nodes of the table of one rate."""
PAIR_RATES = 24
"""Nodes of the table of two rates: every pair of them is tried."""
PAIR_RANGE_PER_MIN = (5e-3, 100.0)
ANY_AMPLITUDE = (0.0, 1e6)
"""Amplitudes are not negative; their upper bounds follow from the parameters', which are kept afterwards."""

Found = tuple[FloatArray, FloatArray]
"""Parameters (P, N) without the delay, and how much of the sum of squares they explain (N,)."""


def find_start(problem: FitProblem, measured: FloatArray) -> FloatArray:
    """Return the best parameters (P, N) of the tables for curves (T, N)."""
    search = _SEARCHES[problem.model]
    if not problem.fits_delay:
        return search(problem, measured, None)[0]
    best, explained = np.zeros((len(problem.names), measured.shape[1])), np.full(measured.shape[1], -np.inf)
    for delay_s in delays_of(problem):
        found, now = search(problem, measured, problem.plasma.places(np.array([delay_s])))
        better = now > explained
        best[:-1, better], best[-1, better] = found[:, better], delay_s
        explained = np.maximum(explained, now)
    return best


def _search_patlak(problem: FitProblem, measured: FloatArray, places: Places | None) -> Found:
    """The two amplitudes, which are the parameters."""
    uptake, plasma = problem.plasma.integral(places), problem.plasma.plasma(places)
    products = _products(measured, uptake, plasma)
    ktrans, vp, explained = fit_pair(products, problem.bounds["ktrans_per_min"], problem.bounds["vp"])
    return np.stack([ktrans[:, 0], vp[:, 0]]), explained[:, 0]


def _search_uptake(problem: FitProblem, measured: FloatArray, places: Places | None) -> Found:
    """Amplitudes of the exponential and of the uptake for each rate of the table."""
    rates = np.geomspace(*KEP_RANGE_PER_MIN, RATES)
    columns = problem.plasma.convolved(rates, _spread(places, RATES))
    products = _products(measured, columns, problem.plasma.integral(places))
    washed, kept, explained = fit_pair(products, ANY_AMPLITUDE, ANY_AMPLITUDE)
    best = explained.argmax(axis=1)
    flow = _pick(washed, best) + _pick(kept, best)
    exchange = flow * _pick(kept, best) / np.maximum(_pick(washed, best), 1e-3 * flow + np.finfo(float).tiny)
    return np.stack([100 * flow, exchange, (flow + exchange) / rates[best]]), _pick(explained, best)


def _search_exchange(problem: FitProblem, measured: FloatArray, places: Places | None) -> Found:
    """Amplitudes of two exponentials for each pair of rates, turned into flow, exchange and volumes."""
    rates = np.geomspace(*PAIR_RANGE_PER_MIN, PAIR_RATES)
    columns = problem.plasma.convolved(rates, _spread(places, PAIR_RATES))
    slow, fast = np.triu_indices(PAIR_RATES, 1)
    gram, correlations = columns.T @ columns, measured.T @ columns
    products = PairProducts(
        correlations[:, fast], correlations[:, slow], gram[fast, fast], gram[fast, slow], gram[slow, slow]
    )
    of_fast, of_slow, explained = fit_pair(products, ANY_AMPLITUDE, ANY_AMPLITUDE)
    best = explained.argmax(axis=1)
    found = exchange_parameters((_pick(of_fast, best), _pick(of_slow, best)), (rates[fast[best]], rates[slow[best]]))
    return found, _pick(explained, best)


def exchange_parameters(amplitudes: tuple[FloatArray, FloatArray], rates: tuple[FloatArray, FloatArray]) -> FloatArray:
    """Return Fp (mL/100 mL/min), PS, ve and vp (4, N) of two exponentials, the faster first (Sourbron 2012)."""
    tiny = np.finfo(float).tiny
    flow = np.maximum(amplitudes[0] + amplitudes[1], tiny)
    through = (amplitudes[0] * rates[0] + amplitudes[1] * rates[1]) / flow
    through = np.maximum(through, rates[1])
    back = rates[0] * rates[1] / through
    plasma_volume = flow / through
    exchange = plasma_volume * np.maximum(rates[0] + rates[1] - back - through, 0)
    return np.stack([100 * flow, exchange, exchange / back, plasma_volume])


def _products(measured: FloatArray, columns: FloatArray, other: FloatArray | None) -> PairProducts:
    """Products of curves (T, N) with the columns of a table (T, K) and with one other column (T, 1)."""
    squares = np.einsum("tk,tk->k", columns, columns)
    if other is None:
        nothing = np.zeros(1)
        return PairProducts(measured.T @ columns, nothing, squares, nothing, np.ones(1))
    return PairProducts(
        measured.T @ columns, measured.T @ other, squares, (other.T @ columns)[0], np.einsum("tk,tk->k", other, other)
    )


def _spread(places: Places | None, count: int) -> Places | None:
    """The places of one delay, for each column of a table."""
    if places is None:
        return None
    shape = (len(places.segment), count)
    return Places(
        np.broadcast_to(places.segment, shape),
        np.broadcast_to(places.after_min, shape),
        np.broadcast_to(places.started, shape),
    )


def _pick(values: FloatArray, best: IntArray) -> FloatArray:
    return np.asarray(np.take_along_axis(values, best[:, None], axis=1)[:, 0])


_SEARCHES: dict[DceModel, Callable[[FitProblem, FloatArray, Places | None], Found]] = {
    DceModel.PATLAK: _search_patlak,
    DceModel.TWO_COMPARTMENT_UPTAKE: _search_uptake,
    DceModel.TWO_COMPARTMENT_EXCHANGE: _search_exchange,
}
