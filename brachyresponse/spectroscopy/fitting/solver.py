"""Least squares over the amplitudes and the parameters, the amplitudes solved for at every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.spectroscopy.fitting.baseline import HEIGHTS, stacked
from brachyresponse.spectroscopy.fitting.model import SpectrumModel
from brachyresponse.spectroscopy.fitting.parameters import DELAY, GAUSS, LORENTZ, PHASE, SHIFT
from brachyresponse.types import AnyArray, FloatArray


@dataclass(frozen=True, eq=False)
class Solution:
    """Where the fit ended: parameters (p,), amplitudes (K,), height of the baseline, Jacobians with it taken out.

    ``of_amplitudes`` (2 B, K) and ``of_parameters`` (2 B, p) are slopes of the model in units of the noise.
    """

    values: FloatArray
    amplitudes: FloatArray
    height: float
    cost: float
    residual: FloatArray
    of_amplitudes: FloatArray
    of_parameters: FloatArray


@dataclass(frozen=True, eq=False)
class Problem:
    """One spectrum (B,) to be fitted, its noise (SD of the real part) and how high the baseline may rise."""

    model: SpectrumModel
    spectrum: AnyArray
    noise: float
    height: float

    def at(self, values: FloatArray) -> Solution:
        """Return the best amplitudes at these parameters (variable projection, Golub and Pereyra 1973)."""
        from scipy.optimize import nnls

        lines, *slopes = self.model.lines_and_slopes(values)
        turned = self.model.turned(self.spectrum, values)
        columns, seen = self._whitened(lines.T), self._whitened(turned)
        triangle, projected = _reduced(columns, seen)
        size = np.linalg.norm(triangle, axis=0)
        amplitudes = nnls(triangle / size, projected)[0] / size
        of_parameters = self._whitened(self._slopes(turned, slopes, amplitudes))
        residual = columns @ amplitudes - seen
        prior = (values - self.model.parameters.mean) / self.model.parameters.sd
        cost = float(residual @ residual + prior @ prior)
        return Solution(values, amplitudes, self.height, cost, residual, columns, of_parameters)

    def _whitened(self, spectra: AnyArray) -> FloatArray:
        return self.model.baseline.whiten(stacked(spectra), self.height) / self.noise

    def _slopes(self, turned: AnyArray, slopes: list[AnyArray], amplitudes: FloatArray) -> AnyArray:
        """Return the slopes (B, p) of model less spectrum along each parameter."""
        own = self.model.parameters
        along = np.zeros((len(turned), len(own.mean)), complex)
        shift, lorentz, gauss = (each * amplitudes[:, None] for each in slopes)
        along[:, PHASE] = 1j * turned
        along[:, DELAY] = 2j * np.pi * self.model.hz * turned
        along[:, SHIFT], along[:, LORENTZ], along[:, GAUSS] = (each.sum(axis=0) for each in (shift, lorentz, gauss))
        along[:, own.own_shifts()] = shift[own.movers].T
        along[:, own.own_widths()] = lorentz[own.movers].T
        return along


STEPS = 30
SMALLEST_GAIN = 1e-3
"""Of the sum of squares in units of the noise: steps that gain less are the last ones."""


def solve(problem: Problem, start: FloatArray) -> Solution:
    """Levenberg-Marquardt steps within the bounds, the amplitudes projected out (Kaufman 1975)."""
    own = problem.model.parameters
    best, damping = problem.at(np.clip(start, own.low, own.high)), 1e-2
    for _ in range(STEPS):
        step = _step(problem, best, damping)
        tried = problem.at(np.clip(best.values + step, own.low, own.high))
        gain = best.cost - tried.cost
        if gain > 0:
            best, damping = tried, max(damping / 10, 1e-6)
            if gain < SMALLEST_GAIN:
                break
        else:
            damping *= 10
            if damping > 1e4:
                break
    return best


def _step(problem: Problem, at: Solution, damping: float) -> FloatArray:
    """Return the next step; a parameter that would leave its bounds stays."""
    own = problem.model.parameters
    active = at.of_amplitudes[:, at.amplitudes > 0]
    basis, _ = np.linalg.qr(active)
    slopes = at.of_parameters - basis @ (basis.T @ at.of_parameters)
    precision = own.sd**-2.0
    gradient = slopes.T @ at.residual + (at.values - own.mean) * precision
    curvature = slopes.T @ slopes + np.diag(precision)
    stuck = ((at.values <= own.low) & (gradient > 0)) | ((at.values >= own.high) & (gradient < 0))
    free = np.flatnonzero(~stuck)
    damped = curvature[np.ix_(free, free)]
    damped = damped + damping * np.diag(np.diag(damped))
    step = np.zeros_like(gradient)
    step[free] = -np.linalg.solve(damped, gradient[free])
    return step


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


def _reduced(columns: FloatArray, seen: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a small problem with the same solution."""
    orthonormal, triangle = np.linalg.qr(columns)
    return triangle, orthonormal.T @ seen
