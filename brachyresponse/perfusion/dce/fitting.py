"""Fit of a tissue model to the curves of any number of voxels, block by block."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dce.block_fit import BlockFit, BlockFitter
from brachyresponse.perfusion.dce.dce_fit import DceFit
from brachyresponse.perfusion.dce.models import DELAY, KEP_RANGE_PER_MIN, DceModel
from brachyresponse.perfusion.dce.plasma_input import PlasmaInput
from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.perfusion.dce.uncertainty import derived
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray, IntArray

BLOCK_VOXELS = 4096
SMALLEST_VARIANCE = 1e-12
"""A curve whose variance is a smaller share of its mean square is constant."""
IN_DOUBT = 1.0
"""By so much AICc may fall from what the tables show to the minimum between their delays and rates."""


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
    rival: DceFit | None = None,
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
    rival
        A simpler model's fit of the same curves. Where the tables show already that AICc will prefer it, this model is
        not fitted: these voxels are not valid, and their ``aicc`` is the lowest that can be expected.
    report
        Told of the progress after each block.

    Raises
    ------
    PerfusionError
        An unknown model, lengths that differ, times that do not rise, an AIF without contrast agent, bounds that
        cannot be kept, fewer frames than the model has parameters, or a rival with other voxels.
    """
    plasma = PlasmaInput(time_s, plasma_aif_mmol_l)
    if delay_bounds_s is not None:
        bounds = {**(bounds or {}), DELAY: delay_bounds_s}
    problem = FitProblem.of(DceModel.named(model), plasma, fit_delay, bounds)
    curves = _as_rows(np.asarray(concentration_mmol_l), problem)
    maps = _Maps(problem, len(curves), standard_errors, _aicc_of(rival, np.shape(concentration_mmol_l)[:-1]))
    maps.fit(curves, report)
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


def _aicc_of(rival: DceFit | None, shape: tuple[int, ...]) -> FloatArray | None:
    if rival is None:
        return None
    if rival.aicc.shape != shape:
        raise PerfusionError(f"The rival fit has voxels {rival.aicc.shape}, the curves {shape}: fit the same curves.")
    return rival.aicc.ravel().astype(np.float64)


class _Maps:
    """The maps of a fit while they are filled block by block."""

    def __init__(
        self, problem: FitProblem, count: int, with_errors: bool, rival_aicc: FloatArray | None = None
    ) -> None:
        self.problem = problem
        self.rival_aicc = rival_aicc
        self.with_errors = with_errors
        self.fitter = BlockFitter(problem, with_errors)
        nothing = problem.by_name(np.zeros((len(problem.names), 0)))
        self.names = (*problem.names, *derived(problem.model, nothing))
        self.values = {name: _nan_map(count) for name in self.names}
        self.errors = {name: _nan_map(count) for name in self.names if with_errors}
        self.flags = {name: np.zeros(count, bool) for name in self.names}
        self.valid: BoolArray = np.zeros(count, bool)
        self.variation = np.full(count, np.nan)
        self.residual, self.r_squared, self.aicc = (_nan_map(count) for _ in range(3))

    def fit(self, curves: AnyArray, report: Report) -> None:
        """Fit curves (N, T): first what can be had at once, then the rest together, as few blocks cost less."""
        message, left = f"Fitting the {self.problem.model} model", []
        starts = range(0, len(curves), BLOCK_VOXELS)
        for first in starts:
            left.append(first + self._fit_at_once(slice(first, first + BLOCK_VOXELS), curves))
            report(0.5 * (first + BLOCK_VOXELS) / (starts[-1] + BLOCK_VOXELS), message)
        remaining = np.concatenate([np.zeros(0, np.int64), *left])
        if self.rival_aicc is not None:
            remaining = self._worth_fitting(remaining, curves, self.rival_aicc)
        for first in range(0, len(remaining), BLOCK_VOXELS):
            where = remaining[first : first + BLOCK_VOXELS]
            self._keep(where, self.fitter.by_steps(np.asarray(curves[where], np.float64)))
            report(0.5 + 0.5 * (first + len(where)) / len(remaining), message)

    def _worth_fitting(self, where: IntArray, curves: AnyArray, rival_aicc: FloatArray) -> IntArray:
        """Return the voxels whose AICc may become lower than that of the rival; the others are let go."""
        frames, parameters = len(self.problem.plasma.values), len(self.problem.names)
        kept = []
        for first in range(0, len(where), BLOCK_VOXELS):
            some = where[first : first + BLOCK_VOXELS]
            squares = self.fitter.least_squares(np.asarray(curves[some], np.float64))
            lowest = corrected_akaike(squares, frames, parameters) - IN_DOUBT
            hopeless = lowest >= rival_aicc[some]
            self.aicc[some[hopeless]] = lowest[hopeless]
            self.valid[some[hopeless]] = False
            kept.append(some[~hopeless])
        return np.concatenate([np.zeros(0, np.int64), *kept])

    def _fit_at_once(self, block: slice, curves: AnyArray) -> IntArray:
        """Judge the curves of a block, and fit what can be at once; returns which are left, counted from its start."""
        measured = np.asarray(curves[block], np.float64)
        with np.errstate(over="ignore", invalid="ignore"):  # what is not a number makes the squares no number
            means, squares = measured.mean(axis=1), np.einsum("nt,nt->n", measured, measured)
            variation = squares - measured.shape[1] * means**2
        valid: BoolArray = np.isfinite(squares) & (variation > SMALLEST_VARIANCE * squares)
        self.valid[block] = valid
        self.variation[block] = np.where(valid, variation, np.nan)
        numbers = np.flatnonzero(valid)
        if not numbers.size:
            return numbers
        fitted, done = self.fitter.at_once(measured if valid.all() else measured[valid])
        if fitted is not None:
            self._keep(block.start + numbers[done], fitted)
        return numbers[~done]

    def _keep(self, where: IntArray, fitted: BlockFit) -> None:
        for name in self.names:
            self.values[name][where] = fitted.values[name]
            self.flags[name][where] = fitted.at_bound[name]
            if self.with_errors:
                self.errors[name][where] = fitted.errors[name]
        frames = len(self.problem.plasma.values)
        self.residual[where] = np.sqrt(fitted.squares / frames)
        self.r_squared[where] = 1 - fitted.squares / self.variation[where]
        self.aicc[where] = corrected_akaike(fitted.squares, frames, len(self.problem.names))

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
