"""The maps of a DCE series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dce import DceFit, DceModel, compare_models, fit_dce
from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.perfusion.study.arterial_input import dce_input
from brachyresponse.perfusion.study.computed import Computed
from brachyresponse.perfusion.study.dark_voxels import dark_voxels
from brachyresponse.perfusion.study.dce_signal import DceSignal, dce_signal, mean_of_valid
from brachyresponse.perfusion.study.map_names import MapName, map_facts
from brachyresponse.perfusion.study.on_grid import curves_at
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.perfusion.study.settings import PerfusionSettings
from brachyresponse.perfusion.study.study import CurveRole, StudyCurve, UsedValue
from brachyresponse.perfusion.study.t1_values import t1_values
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray, IntArray

PARAMETERS = {
    MapName.KTRANS: "ktrans_per_min",
    MapName.KEP: "kep_per_min",
    MapName.VE: "ve",
    MapName.VP: "vp",
    MapName.FP: "fp_ml_per_100ml_per_min",
    MapName.PS: "ps_per_min",
    MapName.DELAY: "delay_s",
}
ERRORS = {MapName.KTRANS_ERROR: "ktrans_per_min", MapName.VP_ERROR: "vp"}
RATIOS = (MapName.VP, MapName.KTRANS, MapName.FP)
MANY_UNDEFINED = 0.02
"""Share of the voxels from which it is a warning."""
AIF_FAILED = "The arterial input function failed: {sentence}"


def measure_dce(request: PerfusionRequest, mask: BoolArray, report: Report) -> Computed:
    """Return the maps of the voxels of a mask [k, j, i]: T1, concentration, arterial input, model.

    Raises
    ------
    PerfusionError
        Something that is needed is not known, or the series has no bolus.
    """
    series, settings = request.series, request.settings
    curves = series.samples(mask, share_of(report, 0.0, 0.15))
    t1 = t1_values(request, mask, share_of(report, 0.15, 0.3))
    signal = dce_signal(request, curves.mean(axis=0, dtype=np.float64), t1)
    kji = np.argwhere(mask)
    t1_s = t1.at(kji)
    dark = dark_voxels(curves, signal.baseline)
    _to_concentration(curves, signal, signal.blood.t1_s)  # an artery is looked for as blood
    _undefined(curves)
    artery = dce_input(request, signal, curves, mask, dark)
    curves = series.samples(mask)  # again, so that a whole series is held once
    _to_concentration(curves, signal, t1_s)
    undefined, lost = _undefined(curves)
    report(0.35, "Arterial input function")
    fitting = DceFitting(settings, series.time_s, artery.plasma)
    maps = fitting.maps(curves, share_of(report, 0.35, 0.95))
    maps[MapName.T1] = np.broadcast_to(np.asarray(t1_s, np.float32) * np.float32(1000), len(kji))
    failed = (AIF_FAILED.format(sentence=artery.aif.sentence),) if artery.has_failed else ()
    ratios = tuple(name for name in RATIOS if name in maps)
    return Computed(
        maps=maps,
        ratios=ratios,
        aif=artery.aif,
        aif_curve=artery.curve,
        fitter=DceFitter(signal, fitting),
        refusals=dict.fromkeys(ratios, failed),
        used=(*signal.used, undefined, *artery.used),
        warnings=(*signal.bolus.warnings, *t1.warnings, *lost, *artery.warnings),
    )


@dataclass(frozen=True, eq=False)
class DceFitting:
    """How concentration becomes parameters: model, times and the arterial plasma, mmol/L (T,)."""

    settings: PerfusionSettings
    time_s: FloatArray
    plasma: FloatArray

    def fit(self, curves: AnyArray, model: str, report: Report, rival: DceFit | None = None) -> DceFit:
        """Fit a model to curves (N, T), where it may be better than a rival."""
        delay = self.settings.fit_delay
        return fit_dce(curves, self.time_s, self.plasma, model=model, fit_delay=delay, rival=rival, report=report)

    def best_fit(self, curve: FloatArray) -> DceFit:
        """Fit one curve (T,) with the chosen model, or with Patlak where AICc prefers it and that is wanted."""
        chosen = self.fit(curve[None], self.settings.model, ignore_progress)
        if not self.settings.patlak_by_aicc or chosen.model is DceModel.PATLAK:
            return chosen
        patlak = self.fit(curve[None], DceModel.PATLAK, ignore_progress)
        return patlak if compare_models([chosen, patlak]).chosen(DceModel.PATLAK)[0] else chosen

    def maps(self, curves: AnyArray, report: Report) -> dict[MapName, AnyArray]:
        """Return the values (N,) of every map; with ``patlak_by_aicc`` those of Patlak where it is preferred."""
        chosen = DceModel.named(self.settings.model)
        if not self.settings.patlak_by_aicc or chosen is DceModel.PATLAK:
            return maps_of(self.fit(curves, chosen, report))
        patlak = self.fit(curves, DceModel.PATLAK, share_of(report, 0.0, 0.3))
        fit = self.fit(curves, chosen, share_of(report, 0.3, 1.0), rival=patlak)
        choice = compare_models([fit, patlak])
        preferred = choice.chosen(DceModel.PATLAK)
        maps, other = maps_of(fit), maps_of(patlak)
        for name in maps:
            maps[name] = np.where(preferred, other.get(name, np.float32(np.nan)), maps[name])
        maps[MapName.PATLAK_WEIGHT] = choice.weights[1]
        return maps


def maps_of(fit: DceFit) -> dict[MapName, AnyArray]:
    """Return the values of the maps that a fit has."""
    maps: dict[MapName, AnyArray] = {
        name: fit.values[parameter] for name, parameter in PARAMETERS.items() if parameter in fit.values
    }
    maps |= {name: fit.standard_error(parameter) for name, parameter in ERRORS.items() if parameter in fit.values}
    maps[MapName.RESIDUAL], maps[MapName.R_SQUARED] = fit.residual, fit.r_squared
    maps[MapName.AT_BOUND] = np.where(fit.valid, fit.any_at_bound, np.float32(np.nan)).astype(np.float32)
    return maps


@dataclass(frozen=True, eq=False)
class DceFitter:
    """Mean curves of some voxels with their fit."""

    signal: DceSignal
    fitting: DceFitting

    def __call__(self, kji: IntArray, name: str, role: CurveRole) -> StudyCurve:
        """Return the mean concentration of voxels (N, 3) and the model fitted to it."""
        series = self.signal.series
        curves = self.signal.concentration(curves_at(series, kji), self.signal.t1.at(kji))
        mean = mean_of_valid(curves)
        if mean is None:
            nothing = np.full(series.frame_count, np.nan)
            why = "The concentration is not defined: no T1, or a signal beyond what the flip angle allows."
            return StudyCurve(name, role, series.time_s, nothing, None, "mmol/L", missing=why)
        fit = self.fitting.best_fit(mean)
        return StudyCurve(name, role, series.time_s, mean, fit.curve(0), "mmol/L", facts_of(fit))


def facts_of(fit: DceFit) -> tuple[tuple[str, str], ...]:
    """Return the parameters of the first curve of a fit in words, those at a bound said so."""
    facts = [("Model", fit.model.replace("_", " "))]
    for name, parameter in PARAMETERS.items():
        if parameter in fit.values:
            shown, bound = map_facts(name), " (at a bound)" if fit.at_bound(parameter)[0] else ""
            facts.append((shown.label, f"{fit.values[parameter][0]:.{shown.decimals}f} {shown.unit}".strip() + bound))
    return tuple(facts)


def _to_concentration(curves: Float32Array, signal: DceSignal, t1_s: float | AnyArray) -> None:
    """Turn signal into concentration in place, block by block: a whole series is held once."""
    for block in row_blocks(len(curves)):
        curves[block] = signal.concentration(curves[block], t1_s if isinstance(t1_s, float) else t1_s[block])


def _undefined(curves: AnyArray) -> tuple[UsedValue, tuple[str, ...]]:
    """Return how many curves (N, T) are not defined, and a warning where they are many."""
    undefined = ~np.isfinite(curves[:, -1])
    for frame in curves.T[:-1]:
        undefined |= ~np.isfinite(frame)
    count = int(np.count_nonzero(undefined))
    if count == len(curves):
        raise PerfusionError(
            "The concentration is defined in no voxel: check repetition time, flip angle and T1 before contrast."
        )
    said = f"{count} of {len(curves)}"
    used = UsedValue("undefined", "Voxels without concentration", said, "no T1, or beyond what the flip angle allows")
    if count < MANY_UNDEFINED * len(curves):
        return used, ()
    return used, (f"The concentration is not defined in {said} voxels ({count / len(curves):.0%}): not computed.",)
