"""The Tofts models as a table of rates: Ct = Ktrans g + vp Cp, with g = Cp convolved with exp(-kep t)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.perfusion.dce.bounded_pair import PairProducts
from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.perfusion.dce.rate_table import FINE, LOG_RATES, RateTable
from brachyresponse.types import BoolArray, FloatArray


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
    """The table of one input, for both Tofts models."""

    kep = np.exp(LOG_RATES[::FINE])
    """(NODES,) the rates of the table, 1/min."""

    def __init__(self, problem: FitProblem) -> None:
        has_plasma = "vp" in problem.bounds
        self._plasma = problem.plasma.values if has_plasma else np.zeros_like(problem.plasma.values)
        self._plasma_square = max(float(self._plasma @ self._plasma), np.finfo(float).tiny)
        convolved = problem.plasma.convolved(np.exp(LOG_RATES))
        columns = self._plasma[:, None] if has_plasma else np.zeros((len(self._plasma), 0))
        self._rates = RateTable(convolved, columns, _log_spreads(convolved, columns))

    def minima(self, curves: FloatArray) -> ToftsMinima:
        """Return the minima of curves (N, T)."""
        peaks = self._rates.peaks(curves)
        ktrans, kep = peaks.amplitude, peaks.rate_per_min
        vp = peaks.others[0] if len(peaks.others) else np.zeros_like(ktrans)
        spread = np.exp(peaks.of_rate)
        spread[1] /= kep**2
        spread[3] *= (kep / np.where(ktrans > 0, ktrans, np.inf)) ** 2
        return ToftsMinima(ktrans, kep, vp, peaks.explained, spread, peaks.reached)

    def products(self, curves: FloatArray) -> PairProducts:
        """Return the inner products of curves (N, T) with g (N, NODES) and with Cp (N, 1), and of these."""
        with_plasma = (curves @ self._plasma)[:, None]
        length, square = self._rates.length, self._plasma_square
        along = self._rates.along[0] if len(self._rates.along) else np.zeros_like(length)
        return PairProducts(
            self._rates.products(curves) * length + along * with_plasma,
            with_plasma,
            length**2 + along**2 * square,
            along * square,
            np.array([square]),
        )


def _log_spreads(convolved: FloatArray, columns: FloatArray) -> FloatArray:
    """Return the logarithms of variances at each rate, (4, K), for Ktrans 1: of Ktrans, kep ve, vp and log kep."""
    changes = [convolved, np.gradient(convolved, LOG_RATES, axis=1)]
    changes += [np.broadcast_to(column[:, None], convolved.shape) for column in columns.T]
    stacked = np.stack(changes)
    lengths = np.linalg.norm(stacked, axis=1).T
    scale = lengths[:, :, None] * lengths[:, None, :]
    curvature = np.einsum("ptk,qtk->kpq", stacked, stacked, optimize=True) / scale
    variance = np.linalg.pinv(curvature, hermitian=True) / scale
    of_ktrans, of_both, of_log_kep = variance[:, 0, 0], variance[:, 0, 1], variance[:, 1, 1]
    spreads = np.stack([of_ktrans, of_ktrans - 2 * of_both + of_log_kep, variance[:, -1, -1], of_log_kep])
    return np.asarray(np.log(np.maximum(spreads, np.finfo(float).tiny)))
