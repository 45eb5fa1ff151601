"""The fit of one block of curves: by the table where it holds the minimum, else by damped least squares from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.perfusion.dce.delay_scan import DelayScan
from brachyresponse.perfusion.dce.even_delay import EVEN, EvenDelayTable
from brachyresponse.perfusion.dce.models import KEP_RANGE_PER_MIN, DceModel
from brachyresponse.perfusion.dce.plasma_input import SECONDS_PER_MINUTE
from brachyresponse.perfusion.dce.polish import polish
from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.perfusion.dce.starts import find_start
from brachyresponse.perfusion.dce.tofts_edges import edge_minima
from brachyresponse.perfusion.dce.tofts_table import ToftsMinima, ToftsTable
from brachyresponse.perfusion.dce.uncertainty import covariance, derived, standard_errors
from brachyresponse.types import BoolArray, FloatArray

AT_BOUND = 1e-6
"""A parameter this near to a bound, as a share of its range, is at it."""

NEAR_KINK_S, ACROSS_KINK_S = 0.3, 0.5
"""Where the fit ended so near to a kink of the delay, its other side is tried, from so far beyond."""

NEARLY_ALL = 1e-7
"""Where so small a share of a curve's squares is left, the difference of two large numbers is not taken for it."""


@dataclass(frozen=True)
class BlockFit:
    """What was found for N curves: by parameter name (N,), and the sums of squared residuals (N,)."""

    values: Mapping[str, FloatArray]
    errors: Mapping[str, FloatArray]
    at_bound: Mapping[str, BoolArray]
    squares: FloatArray

    def only(self, chosen: BoolArray) -> BlockFit:
        """Return the fits of some of the curves."""
        return BlockFit(
            {name: values[chosen] for name, values in self.values.items()},
            {name: values[chosen] for name, values in self.errors.items()},
            {name: flags[chosen] for name, flags in self.at_bound.items()},
            self.squares[chosen],
        )


class BlockFitter:
    """Fits block after block of one problem: ``at_once`` what can be, ``by_steps`` the rest."""

    def __init__(self, problem: FitProblem, with_errors: bool) -> None:
        self._problem = problem
        self._with_errors = with_errors
        tofts = problem.model in (DceModel.TOFTS, DceModel.EXTENDED_TOFTS)
        self._table = ToftsTable(problem) if tofts and not problem.fits_delay else None
        self._delayed = EvenDelayTable.of(problem)
        self._scans_delay = tofts and problem.fits_delay

    def at_once(self, measured: FloatArray) -> tuple[BlockFit | None, BoolArray]:
        """Return the fits of those curves (N, T) whose minimum a table holds, and which curves they are."""
        if self._delayed is not None:
            found, inside = self._delayed.minima(measured)
            return self._described(np.ascontiguousarray(measured[inside].T), found[:, inside]), inside
        if self._table is None:
            return None, np.zeros(len(measured), bool)
        minima = self._table.minima(measured)
        inside = self._inside(minima)
        return self._from_table(measured, minima).only(inside), inside

    def by_steps(self, measured: FloatArray) -> BlockFit:
        """Fit curves (N, T) from the best start of a table."""
        by_time = np.ascontiguousarray(measured.T)
        return self._described(by_time, self._minimum(measured, by_time))

    def least_squares(self, measured: FloatArray) -> FloatArray:
        """Return sums of squares (N,) below which no fit of curves (N, T) can be expected; 0 where no table tells."""
        return self._scan.least_squares(measured) if self._scans_delay else np.zeros(len(measured))

    def _described(self, by_time: FloatArray, found: FloatArray) -> BlockFit:
        """Return the fit of curves (T, N) with the parameters (P, N) of their minima."""
        problem = self._problem
        squares = ((by_time - problem.curves(found)) ** 2).sum(axis=0)
        near = AT_BOUND * (problem.upper - problem.lower)
        held: BoolArray = np.asarray((found <= problem.lower + near) | (found >= problem.upper - near))
        values = problem.by_name(found)
        values |= derived(problem.model, values)
        errors: dict[str, FloatArray] = {}
        if self._with_errors:
            errors = standard_errors(problem, found, covariance(problem.jacobian(found), held, squares))
        return BlockFit(values, errors, _flags(problem, held, values), squares)

    def _minimum(self, measured: FloatArray, by_time: FloatArray) -> FloatArray:
        """Return the parameters (P, N) of the minimum within bounds."""
        if self._table is None:
            if self._scans_delay:
                return self._lowest(by_time, self._scan.starts(measured))
            found = polish(self._problem, by_time, find_start(self._problem, by_time))
            return self._beyond_kinks(by_time, found) if self._problem.fits_delay else found
        found, settled = edge_minima(self._problem, self._table, measured)
        if not settled.all():
            found[:, ~settled] = polish(self._problem, by_time[:, ~settled], found[:, ~settled])
        return found

    @cached_property
    def _scan(self) -> DelayScan:
        """Made when first needed: the tables of even frames leave few curves, or none, to it."""
        return DelayScan(self._problem)

    def _beyond_kinks(self, by_time: FloatArray, found: FloatArray) -> FloatArray:
        """Fit anew, from the other side, what ended beside a delay of whole even frames: curves have a kink there."""
        steps_s = np.diff(self._problem.plasma.time_min) * SECONDS_PER_MINUTE
        if np.ptp(steps_s) > EVEN * steps_s.mean():
            return found
        kink_s = np.rint(found[-1] / steps_s.mean()) * steps_s.mean()
        near = np.abs(found[-1] - kink_s) < NEAR_KINK_S
        there, curves = found[:, near], by_time[:, near]
        across = there.copy()
        across[-1] = kink_s[near] + np.where(there[-1] > kink_s[near], -ACROSS_KINK_S, ACROSS_KINK_S)
        across = polish(self._problem, curves, across)
        before, after = (((curves - self._problem.curves(each)) ** 2).sum(axis=0) for each in (there, across))
        found[:, near] = np.where(after < before, across, there)
        return found

    def _lowest(self, by_time: FloatArray, starts: Sequence[FloatArray]) -> FloatArray:
        """Return for each curve the lowest of the minima next to its starts."""
        count, repeated = by_time.shape[1], np.tile(by_time, len(starts))
        found = polish(self._problem, repeated, np.concatenate(starts, axis=1))
        if len(starts) == 1:
            return found
        squares = ((repeated - self._problem.curves(found)) ** 2).sum(axis=0).reshape(-1, count)
        return np.asarray(found[:, squares.argmin(axis=0) * count + np.arange(count)])

    def _inside(self, minima: ToftsMinima) -> BoolArray:
        """Where the table's minimum is within all bounds, which makes it the minimum within them too."""
        found, inside = minima.by_name, minima.reached.copy()
        for name, (low, high) in {**self._problem.bounds, "kep_per_min": KEP_RANGE_PER_MIN}.items():
            near = AT_BOUND * (high - low)
            inside &= (found[name] > low + near) & (found[name] < high - near)
        return inside

    def _from_table(self, measured: FloatArray, minima: ToftsMinima) -> BlockFit:
        names = (*self._problem.names, "kep_per_min")
        found = {name: values for name, values in minima.by_name.items() if name in names}
        total = np.einsum("nt,nt->n", measured, measured)
        squares = total - minima.explained
        exact = squares < NEARLY_ALL * total
        if exact.any():
            some = np.stack([found[name][exact] for name in self._problem.names])
            squares[exact] = ((measured[exact].T - self._problem.curves(some)) ** 2).sum(axis=0)
        nowhere = np.zeros(len(measured), bool)
        errors: dict[str, FloatArray] = {}
        if self._with_errors:
            noise = np.sqrt(squares / (measured.shape[1] - len(self._problem.names)))
            spreads = dict(zip(minima.by_name, np.sqrt(minima.spread), strict=True))
            errors = {name: noise * spreads[name] for name in found}
        return BlockFit(found, errors, dict.fromkeys(names, nowhere), squares)


def _flags(problem: FitProblem, held: BoolArray, values: Mapping[str, FloatArray]) -> dict[str, BoolArray]:
    """At a bound by name; a derived parameter is where one is that it follows from, kep at its ends too."""
    flags = {name: np.asarray(held[n]) for n, name in enumerate(problem.names)}
    if "kep_per_min" in values:
        low, high = KEP_RANGE_PER_MIN
        beyond = (values["kep_per_min"] <= low) | (values["kep_per_min"] >= high)
        flags["kep_per_min"] = beyond | flags["ktrans_per_min"] | flags["ve"]
    elif "ktrans_per_min" in flags:
        flags["ps_per_min"] = flags["ktrans_per_min"]
    else:
        flags["ktrans_per_min"] = flags["fp_ml_per_100ml_per_min"] | flags["ps_per_min"]
    return flags
