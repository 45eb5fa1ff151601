"""Blood volume, flow and transit time from tissue and arterial curves of DSC."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dsc.integrals import trapezoid_weights
from brachyresponse.perfusion.dsc.residue import FINER, CircularDeconvolution, causal_inverse
from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray

VOXELS_AT_ONCE = 192
"""A block whose residues stay in the processor's cache, and whose products are too small for threads of their own."""
MOST_THREADS = 4
EVEN = 0.01
"""Time steps that differ by less than this share are even."""
ML_PER_100_ML_PER_MIN = 6000.0
"""Of a flow of 1/s."""

Peak = tuple[Float32Array, Float32Array]
"""Height, 1/s, and time, s, of the peak of each voxel's residue, (N,) each."""


class Deconvolution(StrEnum):
    """How the residue function is found."""

    OSVD = "osvd"
    """Block-circulant, cut off voxel by voxel where the residue oscillates."""
    CSVD = "csvd"
    """Block-circulant, one cut-off for all."""
    SSVD = "ssvd"
    """From the artery's time on, one cut-off for all: depends on the delay."""


@dataclass(frozen=True)
class DeconvolutionSettings:
    """How to deconvolve, and what turns areas into volumes; see :func:`deconvolve_dsc`.

    Raises
    ------
    PerfusionError
        An unknown method, or a number out of its range.
    """

    method: str = Deconvolution.OSVD
    oscillation_limit: float = 0.035
    cutoff: float = 0.2
    kappa: float = 1.0
    density: float = 1.0

    def __post_init__(self) -> None:
        if self.method not in list(Deconvolution):
            raise PerfusionError(
                f"There is no deconvolution {self.method!r}: choose one of {', '.join(Deconvolution)}."
            )
        if not self.oscillation_limit > 0:
            raise PerfusionError(f"The oscillation limit is {self.oscillation_limit:g}: give one above 0, as 0.035.")
        if not 0 < self.cutoff < 1:
            raise PerfusionError(f"The cut-off is {self.cutoff:g}: give a share between 0 and 1, as 0.2.")
        if not (self.kappa > 0 and self.density > 0):
            raise PerfusionError(
                f"kappa is {self.kappa:g} and the density {self.density:g} g/mL: give both above 0, as 0.73 and 1.04."
            )


@dataclass(frozen=True, eq=False)
class DscFit:
    """Perfusion of each voxel; arrays of the tissue's shape without time, float32, NaN where not valid.

    Parameters
    ----------
    cbv_ml_per_100ml
        Area of the tissue curve over that of the artery; may be below 0 where there is only noise. The same with
        every method.
    cbf_ml_per_100ml_per_min
        Highest value of the residue function.
    mtt_s
        CBV over CBF; NaN where either is not above 0.
    tmax_s
        When the residue function is highest: the delay of the tissue against the artery, below 0 where it is earlier.
    valid
        Where the curve is defined at every frame.
    method
        How.
    """

    cbv_ml_per_100ml: Float32Array
    cbf_ml_per_100ml_per_min: Float32Array
    mtt_s: Float32Array
    tmax_s: Float32Array
    valid: BoolArray
    method: Deconvolution


def deconvolve_dsc(  # noqa: PLR0913 - what a user may set, each by its name
    tissue: AnyArray,
    aif: FloatArray,
    time_s: FloatArray,
    *,
    method: str = Deconvolution.OSVD,
    oscillation_limit: float = 0.035,
    cutoff: float = 0.2,
    kappa: float = 1.0,
    density: float = 1.0,
    report: Report = ignore_progress,
) -> DscFit:
    """Return CBV, CBF, MTT and Tmax of tissue curves.

    Parameters
    ----------
    tissue
        (..., T) dR2*, or a concentration, in the unit of ``aif``. A voxel with NaN is not valid.
    aif
        (T,) of the artery.
    time_s
        (T,) s. Uneven times are interpolated to an even step, the median of theirs.
    method
        :class:`Deconvolution`.
    oscillation_limit
        For oSVD, of the oscillation index of Wu 2003 at frames of 1 s; at other frame times the same roughness.
    cutoff
        For cSVD and sSVD: singular values below this share of the largest are left out.
    kappa, density
        CBV and CBF are multiplied by kappa / density; kappa = (1 - Hct_large) / (1 - Hct_small), density in g/mL.
        With 1 and 1 they are per volume of tissue and for equal hematocrits.

    Raises
    ------
    PerfusionError
        Shapes or times that do not fit, an arterial curve that is not finite or has no area above 0, or a setting
        out of its range.

    References
    ----------
    Wu et al. 2003, Magn Reson Med 50:164, doi:10.1002/mrm.10522 (oSVD, cSVD); Ostergaard et al. 1996, Magn Reson Med
    36:715 (sSVD).
    """
    settings = DeconvolutionSettings(method, oscillation_limit, cutoff, kappa, density)
    artery = _Artery.of(np.asarray(aif, float), np.asarray(time_s, float))
    tissue = np.asarray(tissue)
    artery.check_frames(tissue)
    curves = tissue.reshape(-1, len(artery.time_s))
    volume, flow, tmax_s = np.full((3, len(curves)), np.nan, np.float32)
    peak_of = _peak_finder(artery, settings)
    weights = (trapezoid_weights(artery.time_s) / artery.area).astype(np.float32)

    def fit_block(rows: slice) -> None:
        defined = np.isfinite(curves[rows]).all(axis=1)
        block = curves[rows][defined].astype(np.float32)
        volume[rows][defined] = block @ weights
        flow[rows][defined], tmax_s[rows][defined] = peak_of(artery.on_even_times(block))

    _in_threads(fit_block, list(row_blocks(len(curves), VOXELS_AT_ONCE)), report)
    volume *= 100 * kappa / density
    flow *= ML_PER_100_ML_PER_MIN * kappa / density
    shape = tissue.shape[:-1]
    return _fit(volume.reshape(shape), flow.reshape(shape), tmax_s.reshape(shape), Deconvolution(settings.method))


def _in_threads(fit_block: Callable[[slice], None], blocks: list[slice], report: Report) -> None:
    """Fit blocks side by side: numpy lets threads run, and each block has rows of its own."""
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        try:
            for done, _ in enumerate(pool.map(fit_block, blocks)):
                report(done / len(blocks), "Deconvolving by the artery")
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, eq=False)
class _Artery:
    """The arterial curve, as measured and at even times."""

    time_s: FloatArray
    even_s: FloatArray
    even_values: FloatArray
    area: float

    @classmethod
    def of(cls, aif: FloatArray, time_s: FloatArray) -> _Artery:
        if aif.ndim != 1 or aif.shape != time_s.shape or len(aif) < 3:
            raise PerfusionError(
                f"The arterial curve has shape {aif.shape} and the times {time_s.shape}: give one value a frame."
            )
        if not (np.isfinite(time_s).all() and (np.diff(time_s) > 0).all()):
            raise PerfusionError("The times do not rise from frame to frame: put the frames in order.")
        if not np.isfinite(aif).all():
            raise PerfusionError(
                f"The arterial curve is not defined at {np.count_nonzero(~np.isfinite(aif))} of {len(aif)} frames: "
                "choose an artery that is not saturated."
            )
        area = float(np.trapezoid(aif, time_s))
        if not area > 0:
            raise PerfusionError(
                f"The area under the arterial curve is {area:.3g}, not above 0: it has no bolus, choose another artery."
            )
        even_s = even_times(time_s)
        return cls(time_s, even_s, np.interp(even_s, time_s, aif), area)

    @property
    def step_s(self) -> float:
        return float(self.even_s[1] - self.even_s[0])

    def check_frames(self, tissue: AnyArray) -> None:
        if tissue.ndim == 0 or tissue.shape[-1] != len(self.time_s):
            raise PerfusionError(
                f"The tissue curves have shape {tissue.shape}, the arterial curve {len(self.time_s)} frames: the last "
                "axis must be time."
            )

    def on_even_times(self, curves: Float32Array) -> Float32Array:
        """Return curves (N, T) at the even times, interpolated linearly where they were not even."""
        if self.even_s is self.time_s:
            return curves
        after = np.clip(np.searchsorted(self.time_s, self.even_s), 1, len(self.time_s) - 1)
        step_s = self.time_s[after] - self.time_s[after - 1]
        share = ((self.even_s - self.time_s[after - 1]) / step_s).astype(np.float32)
        return curves[:, after - 1] * (1 - share) + curves[:, after] * share


def even_times(time_s: FloatArray) -> FloatArray:
    """Return the times themselves where they are even, else times of their median step over the same span."""
    steps = np.diff(time_s)
    step_s = float(np.median(steps))
    if np.ptp(steps) <= EVEN * step_s:
        return time_s
    count = int((time_s[-1] - time_s[0]) / step_s + 1e-6) + 1
    even_s: FloatArray = time_s[0] + step_s * np.arange(count)
    return even_s


def _peak_finder(artery: _Artery, settings: DeconvolutionSettings) -> Callable[[Float32Array], Peak]:
    """Return what finds the peak of the residues of curves (N, T) at even times."""
    if settings.method == Deconvolution.SSVD:
        inverse = causal_inverse(artery.even_values, artery.step_s, settings.cutoff)
        return lambda curves: _peak(curves @ inverse.T, artery.step_s)
    circle = CircularDeconvolution.of(artery.even_values, artery.step_s)
    above = circle.count_above(settings.cutoff)

    def circular_peak(curves: Float32Array) -> Peak:
        spectra = circle.coefficients(curves)
        is_osvd = settings.method == Deconvolution.OSVD
        kept = circle.steadiest_count(spectra, settings.oscillation_limit) if is_osvd else above
        residues = circle.residues(spectra, kept)
        height, when_s = _peak(residues, artery.step_s / FINER)
        around_s = circle.length * artery.step_s
        return height, np.where(when_s > around_s / 2, when_s - np.float32(around_s), when_s)

    return circular_peak


def _peak(residues: Float32Array, step_s: float) -> Peak:
    return residues.max(axis=1), (residues.argmax(axis=1) * step_s).astype(np.float32)


def _fit(volume: Float32Array, flow: Float32Array, tmax_s: Float32Array, method: Deconvolution) -> DscFit:
    is_positive = (volume > 0) & (flow > 0)
    transit_s = np.divide(60 * volume, flow, out=np.full_like(volume, np.nan), where=is_positive)
    return DscFit(volume, flow, transit_s, tmax_s, np.isfinite(volume), method)
