"""The maps of a DSC series."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif import Aif, AifVerdict, find_aif_in_samples, measured_aif
from brachyresponse.perfusion.dsc import (
    Bolus,
    LeakageFit,
    correct_leakage,
    deconvolve_dsc,
    match_dsc_protocol,
    reference_curve,
    relative_peak_height,
    relaxation_rate_change,
    saturated_voxels,
    signal_recovery,
)
from brachyresponse.perfusion.series import DynamicSeries
from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.perfusion.study.arterial_input import TRY_OTHERS, aif_curve, artery_voxels, doubts_of
from brachyresponse.perfusion.study.computed import Computed
from brachyresponse.perfusion.study.dark_voxels import dark_voxels
from brachyresponse.perfusion.study.dce_signal import bolus_of, frame_words, mean_of_valid
from brachyresponse.perfusion.study.map_names import MapName
from brachyresponse.perfusion.study.on_grid import curves_at, mask_on_grid
from brachyresponse.perfusion.study.request import AifSource, PerfusionRequest
from brachyresponse.perfusion.study.study import CurveRole, StudyCurve, UsedValue
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray, IntArray

VOXELS_OF_NOISE = 50_000
"""So many tell the noise of all."""
UNIT = "1/s"
RATIOS = (MapName.RCBV, MapName.RCBV_UNCORRECTED, MapName.CBF)
NO_FLOW = "CBV, CBF, MTT and Tmax are left out: {reason} rCBV needs no artery."
ABSOLUTE = "at an echo time made for tissue the artery saturates; rCBV against white matter is the figure to be used"
NO_POPULATION = "There is no population AIF for DSC, so the artery was looked for in the series."
NO_VEIN = "The vein was not used: it rescales the AIF of DCE, and in DSC leaves rCBV as it is."
NOT_CORRECTED = "rCBV was not corrected for leakage: a leaking lesion's blood volume is wrong, in either direction."


def measure_dsc(request: PerfusionRequest, mask: BoolArray, report: Report) -> Computed:
    """Return the maps of the voxels of a mask [k, j, i]: dR2*, leakage, blood volume, flow.

    Raises
    ------
    PerfusionError
        The echo time is not known, or the series has no bolus.
    """
    series = request.series
    te_s = series.acquisition.needed("te_s", "the relaxation rate")
    curves = series.samples(mask, share_of(report, 0.0, 0.15))
    bolus = bolus_of(request, curves.mean(axis=0, dtype=np.float64))
    maps = _signal_maps(request, curves, bolus)
    saturated, dark = _saturated(curves, bolus), dark_voxels(curves, bolus.baseline)
    _to_relaxation(curves, te_s, bolus.baseline)
    report(0.2, "Leakage correction")
    volume = DscVolume.of(request, curves, bolus)
    leakage = volume.fit(curves, share_of(report, 0.2, 0.4))
    maps |= volume.maps(curves, leakage)
    aif, reason = _artery(request, curves, mask, (saturated, dark))
    if aif is not None:
        _take_out_leakage(curves, leakage)
        maps |= _flow_maps(request, curves, aif, share_of(report, 0.4, 1.0))
    settings = request.settings
    lead = (*_not_taken(request), *(() if settings.correct_leakage else (NOT_CORRECTED,)))
    flow = doubts_of(aif) if aif is not None else (NO_FLOW.format(reason=reason),)
    return Computed(
        maps=maps,
        ratios=tuple(name for name in RATIOS if name in maps),
        aif=aif,
        aif_curve=None if aif is None else aif_curve(aif),
        fitter=DscFitter(series, te_s, bolus, volume),
        refusals={},
        used=_used(request, bolus, aif),
        warnings=(*bolus.warnings, *lead, *flow),
        protocol=match_dsc_protocol(
            series.acquisition, series.frame_count, series.time_s, baseline_frames=bolus.baseline_frames
        ),
    )


@dataclass(frozen=True, eq=False)
class DscVolume:
    """How dR2* becomes blood volume: with the mean curve of brain that does not leak, or without a correction."""

    time_s: FloatArray
    reference: FloatArray | None

    @classmethod
    def of(cls, request: PerfusionRequest, curves: AnyArray, bolus: Bolus) -> DscVolume:
        """Return it for the dR2* curves (N, T) of all tissue."""
        time_s = request.series.time_s
        wanted = request.settings.correct_leakage
        return cls(time_s, reference_curve(curves, time_s, bolus) if wanted else None)

    def fit(self, curves: AnyArray, report: Report = ignore_progress) -> LeakageFit | None:
        """Return the leakage of curves (N, T); None where it is not to be corrected."""
        return None if self.reference is None else correct_leakage(curves, self.time_s, self.reference, report=report)

    def maps(self, curves: AnyArray, leakage: LeakageFit | None) -> dict[MapName, AnyArray]:
        """Return relative blood volume and leakage of curves (N, T)."""
        if leakage is None:
            return {MapName.RCBV_UNCORRECTED: np.trapezoid(curves, self.time_s.astype(np.float32), axis=1)}
        return {
            MapName.RCBV: leakage.rcbv_corrected,
            MapName.RCBV_UNCORRECTED: leakage.rcbv_uncorrected,
            MapName.K1: leakage.k1,
            MapName.K2: leakage.k2_per_s,
        }

    def fitted(self, mean: FloatArray) -> tuple[FloatArray | None, tuple[tuple[str, str], ...]]:
        """Return the fitted curve of a mean curve (T,), and its figures in words."""
        fit = self.fit(mean[None])
        if fit is None:
            return None, (("Area", f"{np.trapezoid(mean, self.time_s):.3g}"),)
        facts = (
            ("rCBV, corrected", f"{fit.rcbv_corrected[0]:.3g}"),
            ("not corrected", f"{fit.rcbv_uncorrected[0]:.3g}"),
            ("K2", f"{fit.k2_per_s[0]:.4f} /s"),
        )
        return fit.fitted_curve((0,)), facts


@dataclass(frozen=True, eq=False)
class DscFitter:
    """Mean curves of dR2* of some voxels, with the fit of the leakage correction."""

    series: DynamicSeries
    te_s: float
    bolus: Bolus
    volume: DscVolume

    def __call__(self, kji: IntArray, name: str, role: CurveRole) -> StudyCurve:
        """Return the mean dR2* of voxels (N, 3) and its fit."""
        mean = mean_of_valid(relaxation_rate_change(curves_at(self.series, kji), self.te_s, self.bolus.baseline))
        if mean is None:
            nothing = np.full(self.series.frame_count, np.nan)
            why = "The change of the relaxation rate is not defined: there is no signal."
            return StudyCurve(name, role, self.series.time_s, nothing, None, UNIT, missing=why)
        fitted, facts = self.volume.fitted(mean)
        return StudyCurve(name, role, self.series.time_s, mean, fitted, UNIT, facts)


def _signal_maps(request: PerfusionRequest, curves: AnyArray, bolus: Bolus) -> dict[MapName, AnyArray]:
    """Return the maps that come from the signal itself."""
    maps: dict[MapName, AnyArray] = {}
    if bolus.end_frame < request.series.frame_count - 1:
        maps[MapName.PSR] = signal_recovery(curves, bolus.baseline, bolus)
    if request.white_matter is not None:
        white = np.argwhere(mask_on_grid(request.white_matter, request.series, "white matter").mask)
        reference = curves_at(request.series, white)
        maps[MapName.RPH] = relative_peak_height(curves, bolus.baseline, bolus, reference=reference)
    return maps


def _flow_maps(request: PerfusionRequest, curves: AnyArray, aif: Aif, report: Report) -> dict[MapName, AnyArray]:
    settings = request.settings
    fit = deconvolve_dsc(
        curves,
        aif.values,
        request.series.time_s,
        method=settings.deconvolution,
        oscillation_limit=settings.oscillation_limit,
        cutoff=settings.svd_cutoff,
        kappa=settings.kappa,
        report=report,
    )
    return {
        MapName.CBV: fit.cbv_ml_per_100ml,
        MapName.CBF: fit.cbf_ml_per_100ml_per_min,
        MapName.MTT: fit.mtt_s,
        MapName.TMAX: fit.tmax_s,
    }


def _artery(
    request: PerfusionRequest, curves: AnyArray, mask: BoolArray, left_out: tuple[BoolArray, BoolArray]
) -> tuple[Aif | None, str]:
    """Return the arterial curve; None and the reason where there is none that can be used.

    Left out are the voxels that are saturated, and those too dark for blood.
    """
    time_s, kind = request.series.time_s, request.kind
    saturated, dark = left_out
    try:
        if request.aif.source is AifSource.SEGMENT:
            index = np.full(mask.shape, -1)
            index[mask] = np.arange(len(curves))
            voxels = artery_voxels(request)
            rows = index[tuple(voxels.T)]
            inside = rows >= 0
            chosen = rows[inside]
            aif = measured_aif(curves[chosen], time_s, kind=kind, voxels=voxels[inside], saturated=saturated[chosen])
        else:
            aif = find_aif_in_samples(curves, mask, time_s, kind=kind, saturated=saturated, dark=dark)
    except PerfusionError as error:
        return None, f"{str(error).rstrip('.')}; {TRY_OTHERS.split(',')[0]}."
    if aif.verdict is AifVerdict.FAILED:
        return None, aif.sentence
    return aif, ""


def _not_taken(request: PerfusionRequest) -> tuple[str, ...]:
    """Return what was chosen of the arterial input that DSC has not."""
    population = (NO_POPULATION,) if request.aif.source.is_population else ()
    return (*population, *(() if request.aif.vein is None else (NO_VEIN,)))


def _used(request: PerfusionRequest, bolus: Bolus, aif: Aif | None) -> tuple[UsedValue, ...]:
    source = AifSource.SEGMENT if request.aif.source is AifSource.SEGMENT else AifSource.AUTOMATIC
    origin = "none that can be used" if aif is None else f"{aif.count} voxels"
    return (
        UsedValue("baseline", "Baseline", frame_words(bolus.baseline), bolus.sentence),
        UsedValue("aif", "Arterial input function", str(source), origin),
        UsedValue("absolute", "Absolute CBV and CBF", "uncertain", ABSOLUTE),
    )


def _saturated(curves: Float32Array, bolus: Bolus) -> BoolArray:
    """Return which voxels fall to the noise, that of the median voxel over the baseline."""
    some = curves[:: max(len(curves) // VOXELS_OF_NOISE, 1), bolus.baseline]
    noise = float(np.median(some.std(axis=1)))
    return np.concatenate([saturated_voxels(curves[block], noise) for block in row_blocks(len(curves))])


def _take_out_leakage(curves: Float32Array, leakage: LeakageFit | None) -> None:
    """Correct the curves in place, block by block."""
    if leakage is None:
        return
    for block in row_blocks(len(curves)):
        part = replace(leakage, coefficients=leakage.coefficients[block])
        curves[block] = part.corrected_curves(curves[block])


def _to_relaxation(curves: Float32Array, te_s: float, baseline: slice) -> None:
    """Turn signal into dR2* in place, block by block: a whole series is held once."""
    for block in row_blocks(len(curves)):
        curves[block] = relaxation_rate_change(curves[block], te_s, baseline)
