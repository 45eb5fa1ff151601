"""Blood volume, flow and transit time from tissue and arterial curves of DSC."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dsc.artery_curve import ArteryCurve
from brachyresponse.perfusion.dsc.integrals import trapezoid_weights
from brachyresponse.perfusion.dsc.residue import FINER, CircularDeconvolution, causal_inverse
from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray

VOXELS_AT_ONCE = 512
"""Of oSVD: their residues stay in the processor's cache."""
MOST_THREADS = 4
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
    artery = ArteryCurve.of(np.asarray(aif, float), np.asarray(time_s, float))
    tissue = np.asarray(tissue)
    artery.check_frames(tissue)
    volume, flow, tmax_s = _volume_flow_and_tmax(tissue.reshape(-1, len(artery.time_s)), artery, settings, report)
    volume *= 100 * kappa / density
    flow *= ML_PER_100_ML_PER_MIN * kappa / density
    space = tissue.shape[:-1]
    return _fit(volume.reshape(space), flow.reshape(space), tmax_s.reshape(space), Deconvolution(settings.method))


def _volume_flow_and_tmax(
    curves: AnyArray, artery: ArteryCurve, settings: DeconvolutionSettings, report: Report
) -> Float32Array:
    """Return the areas over that of the artery, the flows in 1/s and the delays in s of curves (N, T), (3, N)."""
    found = np.full((3, len(curves)), np.nan, np.float32)
    peak_of = _peak_finder(artery, settings)
    weights = (trapezoid_weights(artery.time_s) / artery.area).astype(np.float32)

    def fit_block(rows: slice) -> None:
        defined = np.isfinite(curves[rows]).all(axis=1)
        block = curves[rows][defined].astype(np.float32)
        found[:, rows][:, defined] = [block @ weights, *peak_of(artery.on_even_times(block))]

    is_osvd = settings.method == Deconvolution.OSVD
    blocks = row_blocks(len(curves), VOXELS_AT_ONCE) if is_osvd else row_blocks(len(curves))
    _in_threads(fit_block, list(blocks), report)
    return found


def _in_threads(fit_block: Callable[[slice], None], blocks: list[slice], report: Report) -> None:
    """Fit blocks side by side: numpy lets threads run, and each block has rows of its own."""
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        try:
            for done, _ in enumerate(pool.map(fit_block, blocks)):
                report(done / len(blocks), "Deconvolving by the artery")
        finally:
            pool.shutdown(cancel_futures=True)


def _peak_finder(artery: ArteryCurve, settings: DeconvolutionSettings) -> Callable[[Float32Array], Peak]:
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
