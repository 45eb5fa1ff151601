"""From a start to the minimum: damped least squares within bounds, for many voxels at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.types import BoolArray, FloatArray, IntArray

MOST_STEPS = 100
SMALLEST_STEP = 1e-8
"""A voxel is done when no parameter moves by more than this share of its size."""
SMALLEST_CHANGE = 1e-13
"""... or when the sum of squares changes by no more than this share, which is rounding."""
FIRST_DAMPING, LARGEST_DAMPING = 1e-3, 1e12
DELAY_HELD = 1e-2
"""Damping (after two steps that did not help) above which the delay stays: the curve of an input that is linear between
its samples has a kink where the delay passes one, and no step that crosses it helps."""
EASED, DAMPED = 0.1, 5.0
"""Factors of the damping after a step that helped, and after one that did not."""


@dataclass
class _Search:
    """Where the search stands: parameters (P, N), residuals (T, N), sums of squares (N,), damping (N,)."""

    parameters: FloatArray
    residuals: FloatArray
    squares: FloatArray
    damping: FloatArray


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
    for _ in range(MOST_STEPS):
        if not len(moving):
            break
        moving = moving[_step(problem, measured, search, moving)]
    return search.parameters


def _step(problem: FitProblem, measured: FloatArray, search: _Search, moving: IntArray) -> BoolArray:
    """Try one step of the voxels that still move; returns which go on."""
    now, residuals = search.parameters[:, moving], search.residuals[:, moving]
    changes = problem.jacobian(now)
    downhill = np.einsum("ptn,tn->pn", changes, residuals)
    curvature = np.einsum("ptn,qtn->npq", changes, changes, optimize=True)
    held = ((now <= problem.lower) & (downhill <= 0)) | ((now >= problem.upper) & (downhill >= 0))
    if problem.fits_delay:
        held[-1] |= search.damping[moving] > DELAY_HELD
    step = _damped_step(curvature, downhill, held, search.damping[moving])
    tried = np.clip(now + step, problem.lower, problem.upper)
    tried_residuals = measured[:, moving] - problem.curves(tried)
    squares = np.einsum("tn,tn->n", tried_residuals, tried_residuals)
    before = search.squares[moving]
    better = squares < before
    taken = moving[better]
    search.parameters[:, taken] = tried[:, better]
    search.residuals[:, taken] = tried_residuals[:, better]
    search.squares[taken] = squares[better]
    flat = np.abs(squares - before) <= SMALLEST_CHANGE * before
    search.damping[moving] *= np.where(better, EASED, DAMPED)
    size = np.abs(now) + 1e-3 * (problem.upper - problem.lower)
    still: BoolArray = (np.abs(tried - now) > SMALLEST_STEP * size).any(axis=0) & ~flat
    return still & (search.damping[moving] < LARGEST_DAMPING)


def _damped_step(curvature: FloatArray, downhill: FloatArray, held: BoolArray, damping: FloatArray) -> FloatArray:
    """Solve (H + damping diag H) step = downhill for the parameters that are not held; (P, N)."""
    free = ~held.T
    matrix = curvature * (free[:, :, None] & free[:, None, :])
    rows = np.arange(matrix.shape[1])
    diagonal = matrix[:, rows, rows]
    floor = 1e-12 * diagonal.max(axis=1, keepdims=True)
    matrix[:, rows, rows] = np.where(free, diagonal * (1 + damping[:, None]) + floor, 1.0) + np.finfo(float).tiny
    right = np.where(free, downhill.T, 0.0)
    return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0].T)
