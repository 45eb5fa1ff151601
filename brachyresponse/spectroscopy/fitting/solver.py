"""Least squares over the amplitudes and the parameters, the amplitudes solved for at every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.spectroscopy.basis import expected_ratios
from brachyresponse.spectroscopy.fitting.baseline import HEIGHTS, stacked
from brachyresponse.spectroscopy.fitting.model import SpectrumModel
from brachyresponse.types import AnyArray, FloatArray


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
SMALLEST_GAIN = 0.01
"""Of the sum of squares in units of the noise: a step that gains less moves no parameter by a tenth of its error."""
TINY = 1e-10
"""Of the largest: less is rounding."""


def solve(problem: Problem, start: FloatArray, smallest_gain: float = SMALLEST_GAIN) -> Solution:
    """Return the best parameters within the bounds, the amplitudes projected out (Kaufman 1975)."""
    from scipy.optimize import least_squares

    own, asked = problem.model.parameters, _Asked(problem)
    found = least_squares(
        asked.residual,
        np.clip(start, own.low, own.high),
        asked.slopes,
        bounds=(own.low, own.high),
        x_scale="jac",
        ftol=smallest_gain / (2 * len(problem.spectrum)),  # SciPy's is a share of half the sum, here some B
        xtol=None,
        gtol=None,
        max_nfev=STEPS,
    )
    return asked.at(found.x)


class _Asked:
    """A problem as SciPy asks for it: first its residual, then the slopes at the same parameters."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.own = problem.model.parameters
        self._last: Solution | None = None

    def at(self, values: FloatArray) -> Solution:
        """Return the solution at these parameters."""
        if self._last is None or not np.array_equal(self._last.values, values):
            self._last = self.problem.at(values.copy())
        return self._last

    def residual(self, values: FloatArray) -> FloatArray:
        """Return (2 B + n + p,): the last p are what is expected of the parameters."""
        return np.concatenate([self.at(values).residual, (values - self.own.mean) / self.own.sd])

    def slopes(self, values: FloatArray) -> FloatArray:
        """Return (2 B + n + p, p), across the columns whose amplitudes are free."""
        at = self.at(values)
        free, _ = np.linalg.qr(at.of_amplitudes[:, at.amplitudes > 0])
        across = at.of_parameters - free @ (free.T @ at.of_parameters)
        return np.vstack([across, np.diag(1 / self.own.sd)])


def expectations(model: SpectrumModel, at: Solution) -> FloatArray:
    """Return rows (n, K), in units of the noise, that say what ratios of amplitudes are expected.

    Their spread is a share of the amplitude as it was found before; of one that was not found, of its noise.
    """
    expected = expected_ratios()
    rows = np.zeros((len(expected), len(at.amplitudes)))
    smallest = 1 / np.linalg.norm(at.of_amplitudes, axis=0)
    for row, each in zip(rows, expected, strict=True):
        to = list(each.to)
        spread = each.sd * max(at.amplitudes[to].sum(), smallest[to].min())
        row[each.column], row[to] = 1 / spread, -each.ratio / spread
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

    SciPy gets the triangle of the normal equations, as small as the amplitudes are few; a trace on their diagonal
    keeps columns apart that are nearly alike.
    """
    from scipy.optimize import nnls

    size = np.linalg.norm(columns, axis=0)
    scaled = columns / size
    triangle = np.linalg.cholesky(scaled.T @ scaled + TINY * np.eye(len(size)))
    return np.asarray(nnls(triangle.T, np.linalg.solve(triangle, scaled.T @ seen))[0] / size)
