"""From a start to the minimum: damped least squares within bounds, for many voxels at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.types import BoolArray, FloatArray, IntArray

MOST_STEPS, MOST_STEPS_OF_DELAYED_TOFTS = 150, 25
"""The exchange model's valleys are long. What a delayed Tofts model has not found in a few steps is the bottom of a
kink, where there is nothing more to be gained."""
SMALLEST_STEP = 1e-8
"""A voxel is done when no parameter moves by more than this share of its size ..."""
SMALLEST_CHANGE, SMALLEST_CHANGE_WITH_DELAY = 1e-13, 1e-9
"""... or when the sum of squares changes by no more than this share: rounding, or going to and fro over a kink."""
FIRST_DAMPING, LARGEST_DAMPING = 1e-3, 1e12
EASED, DAMPED = 0.1, 8.0
"""Factors of the damping after a plain step that helped, and after one that did not."""


@dataclass
class _Search:
    """Where the search stands: parameters (P, N), residuals (T, N), sums of squares (N,), damping (N,)."""

    parameters: FloatArray
    residuals: FloatArray
    squares: FloatArray
    damping: FloatArray


@dataclass(frozen=True)
class _Attempt:
    """A way to take a step: with how much more damping, and whether the delay stays.

    The curve of an input that is linear between its samples has a kink where the delay passes one: there no step of all
    parameters helps, but one of the others may.
    """

    more_damping: float
    holds_delay: bool


PLAIN, DELAY_HELD, STIFF = _Attempt(1.0, False), _Attempt(10.0, True), _Attempt(1000.0, False)


@dataclass(frozen=True)
class _Surroundings:
    """Round the parameters of some voxels: downhill direction (P, N), curvature (N, P, P), and what is held (P, N)."""

    downhill: FloatArray
    curvature: FloatArray
    held: BoolArray

    def step(self, chosen: IntArray, damping: FloatArray, hold_last: bool) -> FloatArray:
        """Solve (H + damping diag H) step = downhill for the parameters that are not held; (P, N)."""
        free = ~self.held[:, chosen].T
        if hold_last:
            free[:, -1] = False
        matrix = self.curvature[chosen] * (free[:, :, None] & free[:, None, :])
        rows = np.arange(matrix.shape[1])
        diagonal = matrix[:, rows, rows]
        floor = 1e-12 * diagonal.max(axis=1, keepdims=True)
        damped = np.where(free, diagonal * (1 + damping[:, None]) + floor, 1.0)
        matrix[:, rows, rows] = damped + np.finfo(float).tiny
        right = np.where(free, self.downhill[:, chosen].T, 0.0)
        return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0].T)


def polish(problem: FitProblem, measured: FloatArray, start: FloatArray) -> FloatArray:
    """Return the parameters (P, N) of the minimum next to a start, within the problem's bounds.

    Parameters
    ----------
    problem
        Model, input and bounds.
    measured
        (T, N) curves.
    start
        (P, N); what lies outside the bounds is moved to them.

    References
    ----------
    Marquardt 1963, J. Soc. Ind. Appl. Math. 11:431; a parameter at its bound stays out of a step that would leave it
    (active set).
    """
    found = np.clip(start, problem.lower, problem.upper)
    residuals = measured - problem.curves(found)
    squares = np.einsum("tn,tn->n", residuals, residuals)
    search = _Search(found, residuals, squares, np.full(measured.shape[1], FIRST_DAMPING))
    moving = np.arange(measured.shape[1])
    delayed_tofts = problem.fits_delay and "ktrans_per_min" in problem.names
    for _ in range(MOST_STEPS_OF_DELAYED_TOFTS if delayed_tofts else MOST_STEPS):
        if not len(moving):
            break
        moving = moving[_step(problem, measured, search, moving)]
    return search.parameters


def _step(problem: FitProblem, measured: FloatArray, search: _Search, moving: IntArray) -> BoolArray:
    """Take a step with the voxels that still move, in one way or another; returns which go on."""
    around = _look_round(problem, search, moving)

    def attempt(chosen: IntArray, way: _Attempt) -> tuple[BoolArray, BoolArray]:
        damping = way.more_damping * search.damping[moving[chosen]]
        step = around.step(chosen, damping, way.holds_delay and problem.fits_delay)
        return _try(problem, measured, search, moving[chosen], step)

    better, done = attempt(np.arange(len(moving)), PLAIN)
    search.damping[moving[better]] *= EASED
    left = np.flatnonzero(~better & ~done)
    if not len(left):
        return ~done
    held_better, held_done = attempt(left, DELAY_HELD)
    again = np.flatnonzero(~held_better | held_done)
    stiff_better, _ = attempt(left[again], STIFF)
    done[left[again]] = held_done[again] & ~stiff_better
    search.damping[moving[left]] *= DAMPED
    helpless = left[again[~held_better[again] & ~stiff_better]]
    search.damping[moving[helpless]] *= STIFF.more_damping
    return ~done & (search.damping[moving] < LARGEST_DAMPING)


def _look_round(problem: FitProblem, search: _Search, moving: IntArray) -> _Surroundings:
    now = search.parameters[:, moving]
    changes = problem.jacobian(now)
    downhill = np.einsum("ptn,tn->pn", changes, search.residuals[:, moving])
    curvature = np.einsum("ptn,qtn->npq", changes, changes, optimize=True)
    held = ((now <= problem.lower) & (downhill <= 0)) | ((now >= problem.upper) & (downhill >= 0))
    return _Surroundings(downhill, curvature, held)


def _try(
    problem: FitProblem, measured: FloatArray, search: _Search, voxels: IntArray, step: FloatArray
) -> tuple[BoolArray, BoolArray]:
    """Take a step (P, N) of some voxels where it helps; returns where it does, and where it changes next to nothing."""
    now, before = search.parameters[:, voxels], search.squares[voxels]
    tried = np.clip(now + step, problem.lower, problem.upper)
    residuals = measured[:, voxels] - problem.curves(tried)
    squares = np.einsum("tn,tn->n", residuals, residuals)
    better: BoolArray = squares < before
    taken = voxels[better]
    search.parameters[:, taken] = tried[:, better]
    search.residuals[:, taken] = residuals[:, better]
    search.squares[taken] = squares[better]
    size = np.abs(now) + 1e-3 * (problem.upper - problem.lower)
    small = (np.abs(tried - now) <= SMALLEST_STEP * size).all(axis=0)
    change = SMALLEST_CHANGE_WITH_DELAY if problem.fits_delay else SMALLEST_CHANGE
    return better, np.asarray(small | (np.abs(squares - before) <= change * before))
