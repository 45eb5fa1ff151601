"""Derived parameters, and standard errors from the curvature at the minimum."""

from __future__ import annotations

import numpy as np

from brachyresponse.perfusion.dce.models import SMALLEST_VOLUME, DceModel
from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.types import BoolArray, FloatArray

UNDETERMINED = 1e-12
"""Where the others leave a parameter a smaller share of its own information, the curves do not determine it."""


def derived(model: DceModel, parameters: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return what follows from the fitted parameters: kep of the Tofts models, Ktrans of those with flow, PS of Patlak.

    kep = Ktrans/ve; Ktrans = Fp PS/(Fp + PS); the Patlak model takes the flow as unlimited, so that PS is its Ktrans.
    """
    if model in (DceModel.TOFTS, DceModel.EXTENDED_TOFTS):
        return {"kep_per_min": parameters["ktrans_per_min"] / np.maximum(parameters["ve"], SMALLEST_VOLUME)}
    if model is DceModel.PATLAK:
        return {"ps_per_min": parameters["ktrans_per_min"]}
    flow, exchange = parameters["fp_ml_per_100ml_per_min"] / 100, parameters["ps_per_min"]
    return {"ktrans_per_min": flow * exchange / np.maximum(flow + exchange, np.finfo(float).tiny)}


def covariance(changes: FloatArray, held: BoolArray, squares: FloatArray) -> FloatArray:
    """Return the covariance (N, P, P) of least squares with equal noise in all frames.

    Parameters
    ----------
    changes
        (P, T, N) derivatives of the curves.
    held
        (P, N) parameters at a bound: they are taken as known, and their rows are NaN.
    squares
        (N,) sums of squared residuals.
    """
    curvature = np.einsum("ptn,qtn->npq", changes, changes, optimize=True)
    free = ~held.T
    both = free[:, :, None] & free[:, None, :]
    rows = np.arange(curvature.shape[1])
    scale = np.sqrt(np.where(free, curvature[:, rows, rows], 1.0))
    scale = np.where(scale > 0, scale, 1.0)
    scaled = np.where(both, curvature / (scale[:, :, None] * scale[:, None, :]), 0.0)
    scaled[:, rows, rows] = np.where(free & (curvature[:, rows, rows] == 0), 0.0, 1.0) + UNDETERMINED / 10
    inverse = np.linalg.inv(scaled)
    inflation = inverse[:, rows, rows]
    determined: BoolArray = np.asarray(((inflation > 0) & (inflation < 1 / UNDETERMINED)).all(axis=1))
    inverse /= scale[:, :, None] * scale[:, None, :]
    noise = squares / np.maximum(changes.shape[1] - free.sum(axis=1), 1)
    known = both & determined[:, None, None]
    return np.where(known, inverse * noise[:, None, None], np.nan)


def standard_errors(problem: FitProblem, parameters: FloatArray, errors: FloatArray) -> dict[str, FloatArray]:
    """Return the standard errors (N,) of fitted and derived parameters from the covariance (N, P, P)."""
    rows = np.arange(len(parameters))
    found = dict(zip(problem.names, np.sqrt(errors[:, rows, rows]).T, strict=True))
    for name, value in derived(problem.model, problem.by_name(parameters)).items():
        gradient = np.empty_like(parameters)
        for n, step in enumerate(1e-6 * (np.abs(parameters) + 1e-6)):
            moved = parameters.copy()
            moved[n] += step
            gradient[n] = (derived(problem.model, problem.by_name(moved))[name] - value) / step
        needed = (gradient != 0).any(axis=1)
        some = np.ix_(np.arange(len(errors)), needed, needed)
        variance = np.einsum("pn,npq,qn->n", gradient[needed], errors[some], gradient[needed])
        found[name] = np.sqrt(np.maximum(variance, 0))
    return found
