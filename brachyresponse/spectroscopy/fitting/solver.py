"""Least squares over the amplitudes and the parameters, the amplitudes solved for at every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.spectroscopy.basis import expected_ratios
from brachyresponse.spectroscopy.fitting.baseline import HEIGHTS, stacked
from brachyresponse.spectroscopy.fitting.model import SpectrumModel
from brachyresponse.types import AnyArray, BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class Solution:
    """Where a fit is: parameters (p,), amplitudes (K,), sum of squares, residual and slopes in units of the noise.

    Residual (2 B + n,) and slopes, ``of_amplitudes`` (2 B + n, K) and ``of_parameters`` (2 B + n, p), have the
    baseline taken out; the last n rows are what is expected of the amplitudes.
    """

    values: FloatArray
    amplitudes: FloatArray
    cost: float
    residual: FloatArray
    of_amplitudes: FloatArray
    of_parameters: FloatArray


@dataclass(frozen=True, eq=False)
class Problem:
    """One spectrum (B,) to be fitted, its noise (SD of the real part) and how high the baseline may rise.

    ``expected`` (n, K) are rows in units of the noise, of which each says that a sum of amplitudes is near 0.
    """

    model: SpectrumModel
    spectrum: AnyArray
    noise: float
    height: float
    expected: FloatArray

    def at(self, values: FloatArray) -> Solution:
        """Return the best amplitudes at these parameters (variable projection, Golub and Pereyra 1973)."""
        decays = self.model.broadened(values)
        turned = self.model.turned(self.spectrum, values)
        columns = np.vstack([self._whitened(self.model.spectrum(decays).T), self.expected])
        seen = np.concatenate([self._whitened(turned), np.zeros(len(self.expected))])
        amplitudes = _not_negative(columns, seen)
        slopes = self._whitened(self.model.slopes(values, decays, amplitudes, turned))
        residual = columns @ amplitudes - seen
        prior = (values - self.model.parameters.mean) / self.model.parameters.sd
        cost = float(residual @ residual + prior @ prior)
        of_parameters = np.vstack([slopes, np.zeros((len(self.expected), len(values)))])
        return Solution(values, amplitudes, cost, residual, columns, of_parameters)

    def _whitened(self, spectra: AnyArray) -> FloatArray:
        return self.model.baseline.whiten(stacked(spectra), self.height) / self.noise


STEPS = 30
FIRST_DAMPING, LARGEST_DAMPING = 1e-2, 1e4
SMALLEST_GAIN = 0.01
"""Of the sum of squares in units of the noise: a step that gains less moves no parameter by a tenth of its error."""


TINY = 1e-10
"""Of the largest: less is rounding."""


def solve(problem: Problem, start: FloatArray, smallest_gain: float = SMALLEST_GAIN) -> Solution:
    """Levenberg-Marquardt steps within the bounds, the amplitudes projected out (Kaufman 1975)."""
    own = problem.model.parameters
    best, damping = problem.at(np.clip(start, own.low, own.high)), FIRST_DAMPING
    for _ in range(STEPS):
        step = _step(problem, best, damping)
        tried = problem.at(np.clip(best.values + step, own.low, own.high))
        gain = best.cost - tried.cost
        if gain > 0:
            best, damping = tried, max(damping / 10, 1e-6)
        else:
            damping *= 10
        if 0 <= gain < smallest_gain or damping > LARGEST_DAMPING:
            break
    return best


def _step(problem: Problem, at: Solution, damping: float) -> FloatArray:
    """Return the next step; a parameter that would leave its bounds stays, and one that changes nothing."""
    own = problem.model.parameters
    active = at.of_amplitudes[:, at.amplitudes > 0]
    across = active.T @ at.of_parameters
    precision = own.sd**-2.0
    gradient = at.of_parameters.T @ at.residual + (at.values - own.mean) * precision
    curvature = at.of_parameters.T @ at.of_parameters - across.T @ np.linalg.lstsq(active.T @ active, across)[0]
    curvature += np.diag(precision)
    stuck = ((at.values <= own.low) & (gradient > 0)) | ((at.values >= own.high) & (gradient < 0))
    free = np.flatnonzero(~stuck & (np.diag(curvature) > 0))
    damped = curvature[np.ix_(free, free)]
    damped = damped + damping * np.diag(np.diag(damped))
    step = np.zeros_like(gradient)
    step[free] = -np.linalg.solve(damped, gradient[free])
    return step


def expectations(model: SpectrumModel, at: Solution) -> FloatArray:
    """Return rows (n, K), in units of the noise, that say what ratios of amplitudes are expected.

    Their spread is a share of the amplitude as it was found before; of one that was not found, of its noise.
    """
    expected = expected_ratios()
    rows = np.zeros((len(expected), len(at.amplitudes)))
    smallest = 1 / np.linalg.norm(at.of_amplitudes, axis=0)
    for row, each in zip(rows, expected, strict=True):
        spread = each.sd * max(at.amplitudes[each.to], smallest[each.to])
        row[each.column], row[each.to] = 1 / spread, -each.ratio / spread
    return rows


def best_height(problem: Problem, at: Solution) -> float:
    """Return the height of the baseline that restricted maximum likelihood finds at these parameters."""
    model = problem.model
    lines = stacked(model.lines(at.values).T)[:, at.amplitudes > 0] / problem.noise
    seen = stacked(model.turned(problem.spectrum, at.values)) / problem.noise
    lines = lines / np.linalg.norm(lines, axis=0)
    lines_along, seen_along = model.baseline.directions.T @ lines, model.baseline.directions.T @ seen
    within, between, square = lines.T @ lines, lines.T @ seen, seen @ seen
    likelihood = []
    for height in HEIGHTS:
        share = model.baseline.share(height)
        gram = within - lines_along.T @ (share[:, None] * lines_along)
        moment = between - lines_along.T @ (share * seen_along)
        left = square - seen_along @ (share * seen_along) - moment @ np.linalg.solve(gram, moment)
        likelihood.append(left - np.log(1 - share).sum() + np.linalg.slogdet(gram)[1])
    return float(HEIGHTS[int(np.argmin(likelihood))])


def _not_negative(columns: FloatArray, seen: FloatArray) -> FloatArray:
    """Return the amplitudes (K,) of least squares, none below 0.

    Active sets of the normal equations (Bro and de Jong 1997, J. Chemometrics 11:393): SciPy's own differs from
    version to version, in time and in what it does with columns that are nearly alike.
    """
    size = np.linalg.norm(columns, axis=0)
    scaled = columns / size
    gram, moment = scaled.T @ scaled + TINY * np.eye(len(size)), scaled.T @ seen
    found, free = np.zeros(len(size)), np.zeros(len(size), bool)
    for _ in range(3 * len(size)):
        gain = np.where(free, 0, moment - gram @ found)
        if gain.max() <= TINY * np.abs(moment).max():
            break
        free[np.argmax(gain)] = True
        found, free = _within(gram, moment, found, free)
    return np.asarray(found / size)


def _within(gram: FloatArray, moment: FloatArray, found: FloatArray, free: BoolArray) -> tuple[FloatArray, BoolArray]:
    """Return the least squares of the free columns, those given up that would go below 0."""
    while free.any():
        tried = np.zeros_like(found)
        tried[free] = np.linalg.solve(gram[np.ix_(free, free)], moment[free])
        below = free & (tried < 0)
        if not below.any():
            return tried, free
        step = np.min(found[below] / (found[below] - tried[below]))
        found = found + step * (tried - found)
        free = free & ~(below & (found <= TINY * np.abs(found).max()))
        found = np.where(free, found, 0.0)
    return np.zeros_like(found), free
