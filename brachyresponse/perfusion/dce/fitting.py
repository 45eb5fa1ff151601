"""Fit of a tissue model to the curves of any number of voxels, block by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dce.dce_fit import DceFit
from brachyresponse.perfusion.dce.models import DELAY, KEP_RANGE_PER_MIN, DceModel
from brachyresponse.perfusion.dce.plasma_input import PlasmaInput
from brachyresponse.perfusion.dce.polish import polish
from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.perfusion.dce.starts import find_start
from brachyresponse.perfusion.dce.uncertainty import covariance, derived, standard_errors
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray

BLOCK_VOXELS = 4096
AT_BOUND = 1e-6
"""A parameter this near to a bound, as a share of its range, is at it."""


def fit_dce(  # noqa: PLR0913 - keyword by keyword what a user may want to set
    concentration_mmol_l: AnyArray,
    time_s: ArrayLike,
    plasma_aif_mmol_l: ArrayLike,
    *,
    model: str = DceModel.EXTENDED_TOFTS,
    fit_delay: bool = False,
    delay_bounds_s: tuple[float, float] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    standard_errors: bool = True,
    report: Report = ignore_progress,
) -> DceFit:
    """Fit a tissue model to every curve: least squares within bounds, from the best point of a table, with no guess.

    The input is taken as linear between its samples and convolved exactly, uneven frame times included.

    Parameters
    ----------
    concentration_mmol_l
        (..., T) tissue curves.
    time_s
        (T,) frame times, rising.
    plasma_aif_mmol_l
        (T,) concentration in arterial *plasma* (``blood_to_plasma``), at the same times.
    model
        One of :class:`DceModel`.
    fit_delay
        Whether the tissue may enhance later (or earlier) than the input.
    delay_bounds_s
        Bounds of that delay; the same as ``bounds={"delay_s": ...}``.
    bounds
        Lowest and highest value of a parameter, by name; ``DEFAULT_BOUNDS`` where not given.
    standard_errors
        Whether to compute them.
    report
        Told of the progress after each block.

    Raises
    ------
    PerfusionError
        An unknown model, lengths that differ, times that do not rise, an AIF without contrast agent, bounds that
        cannot be kept, or fewer frames than the model has parameters.
    """
    plasma = PlasmaInput(time_s, plasma_aif_mmol_l)
    if delay_bounds_s is not None:
        bounds = {**(bounds or {}), DELAY: delay_bounds_s}
    problem = FitProblem.of(DceModel.named(model), plasma, fit_delay, bounds)
    curves = _as_rows(np.asarray(concentration_mmol_l), problem)
    maps = _Maps(problem, len(curves), standard_errors)
    for first in range(0, len(curves), BLOCK_VOXELS):
        maps.fit(slice(first, first + BLOCK_VOXELS), curves[first : first + BLOCK_VOXELS])
        report(min(1.0, (first + BLOCK_VOXELS) / len(curves)), f"Fitting the {problem.model} model")
    return maps.as_fit(np.shape(concentration_mmol_l)[:-1])


def _as_rows(curves: AnyArray, problem: FitProblem) -> AnyArray:
    frames = len(problem.plasma.values)
    if curves.ndim == 0 or curves.shape[-1] != frames:
        raise PerfusionError(
            f"The tissue curves have {curves.shape[-1] if curves.ndim else 0} frames, the AIF has {frames}: "
            "the last axis must be the time of the AIF."
        )
    if frames <= len(problem.names) + 2:
        raise PerfusionError(
            f"{frames} frames are too few for the {len(problem.names)} parameters of model {problem.model}: "
            f"at least {len(problem.names) + 3} are needed."
        )
    return curves.reshape(-1, frames)


@dataclass(frozen=True)
class _BlockFit:
    """One block of valid curves: parameters (P, N), sums of squares, and the standard errors where asked for."""

    parameters: FloatArray
    squares: FloatArray
    errors: Mapping[str, FloatArray]


def _fit_block(problem: FitProblem, measured: FloatArray, with_errors: bool) -> _BlockFit:
    found = polish(problem, measured, find_start(problem, measured))
    curves = problem.curves(found)
    squares = ((measured - curves) ** 2).sum(axis=0)
    if not with_errors:
        return _BlockFit(found, squares, {})
    errors = covariance(problem.jacobian(found, curves), _held(problem, found), squares)
    return _BlockFit(found, squares, standard_errors(problem, found, errors))


def _held(problem: FitProblem, found: FloatArray) -> BoolArray:
    """Which parameters (P, N) are at a bound."""
    near = AT_BOUND * (problem.upper - problem.lower)
    return np.asarray((found <= problem.lower + near) | (found >= problem.upper - near))


class _Maps:
    """The maps of a fit while they are filled block by block."""

    def __init__(self, problem: FitProblem, count: int, with_errors: bool) -> None:
        self.problem = problem
        self.with_errors = with_errors
        nothing = problem.by_name(np.zeros((len(problem.names), 0)))
        self.names = (*problem.names, *derived(problem.model, nothing))
        self.values = {name: _nan_map(count) for name in self.names}
        self.errors = {name: _nan_map(count) for name in self.names if with_errors}
        self.flags = {name: np.zeros(count, bool) for name in self.names}
        self.valid: BoolArray = np.zeros(count, bool)
        self.residual, self.r_squared, self.aicc = (_nan_map(count) for _ in range(3))

    def fit(self, voxels: slice, curves: AnyArray) -> None:
        """Fit a block (N, T) and keep what comes out."""
        valid: BoolArray = np.asarray(np.isfinite(curves).all(axis=1))
        valid[valid] = np.ptp(curves[valid], axis=1) > 0
        self.valid[voxels] = valid
        if not valid.any():
            return
        measured = np.ascontiguousarray(curves[valid].T, np.float64)
        where = np.arange(len(self.valid))[voxels][valid]
        fitted = _fit_block(self.problem, measured, self.with_errors)
        self._keep_parameters(where, fitted)
        self._keep_quality(where, measured, fitted.squares)

    def _keep_parameters(self, where: AnyArray, fitted: _BlockFit) -> None:
        found = self.problem.by_name(fitted.parameters)
        more = derived(self.problem.model, found)
        for name, values in (found | more).items():
            self.values[name][where] = values
        for name, errors in fitted.errors.items():
            self.errors[name][where] = errors
        for name, flags in zip(self.problem.names, _held(self.problem, fitted.parameters), strict=True):
            self.flags[name][where] = flags
        if "kep_per_min" in more:
            low, high = KEP_RANGE_PER_MIN
            self.flags["kep_per_min"][where] = np.asarray((more["kep_per_min"] <= low) | (more["kep_per_min"] >= high))

    def _keep_quality(self, where: AnyArray, measured: FloatArray, squares: FloatArray) -> None:
        frames = len(measured)
        self.residual[where] = np.sqrt(squares / frames)
        self.r_squared[where] = 1 - squares / ((measured - measured.mean(axis=0)) ** 2).sum(axis=0)
        self.aicc[where] = corrected_akaike(squares, frames, len(self.problem.names))

    def as_fit(self, shape: tuple[int, ...]) -> DceFit:
        """Return the maps in the voxels' shape."""
        bounds = dict(self.problem.bounds)
        if "kep_per_min" in self.names:
            bounds["kep_per_min"] = KEP_RANGE_PER_MIN
        return DceFit(
            self.problem.model,
            self.problem.plasma,
            bounds,
            {name: values.reshape(shape) for name, values in self.values.items()},
            {name: values.reshape(shape) for name, values in self.errors.items()} if self.with_errors else None,
            {name: values.reshape(shape) for name, values in self.flags.items()},
            self.valid.reshape(shape),
            self.residual.reshape(shape),
            self.r_squared.reshape(shape),
            self.aicc.reshape(shape),
        )


def corrected_akaike(squares: FloatArray, frames: int, parameters: int) -> FloatArray:
    """Return the AICc of least squares; the noise counts as one more parameter.

    References
    ----------
    Hurvich and Tsai 1989, Biometrika 76:297.
    """
    count = parameters + 1
    fit = frames * np.log(np.maximum(squares, np.finfo(float).tiny) / frames)
    return np.asarray(fit + 2 * count + 2 * count * (count + 1) / (frames - count - 1))


def _nan_map(count: int) -> Float32Array:
    return np.full(count, np.nan, np.float32)
