"""Contrast agent in blood and tissue, by convolution in steps of a tenth of a second.

Written apart from the library's own models and fits, so that these can be held against it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.digital_patient.perfusion.tables import Tissue, hematocrit, table
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import FloatArray

STEP_S = 0.1


@dataclass(frozen=True, eq=False)
class TissueCurve:
    """Contrast agent per volume of tissue, mmol/L, (T,): in the vessels, and what has leaked out of them."""

    vascular: FloatArray
    interstitial: FloatArray


def blood_curve(time_s: FloatArray, arrival_s: float, dose_mmol_per_kg: float) -> FloatArray:
    """Return whole-blood concentration in the arteries, mmol/L, (T,).

    A gamma variate, a second and lower one for the recirculation, and a plateau that rises and washes out: our own
    curve, of the height and width that is usual after a fast injection.
    """
    figures = table("bolus")
    first, again, washout = figures["first_pass"], figures["recirculation"], figures["washout"]
    t = np.maximum(np.asarray(time_s, float) - arrival_s, 0.0)
    late = np.maximum(t - again["after_s"], 0.0)
    plateau = 1 - np.exp(-((t / washout["rise_s"]) ** 2))
    concentration = (
        _gamma_variate(t, first["peak_mmol_l"], first["shape"], first["scale_s"])
        + _gamma_variate(late, again["peak_mmol_l"], again["shape"], again["scale_s"])
        + washout["level_mmol_l"] * plateau * np.exp(-washout["rate_per_min"] * t / 60)
    )
    result: FloatArray = concentration * (dose_mmol_per_kg / 0.1)
    return result


def tissue_curve(tissue: Tissue, kind: SeriesKind, time_s: FloatArray, arrival_s: float, dose: float) -> TissueCurve:
    """Return a tissue's contrast agent at some times.

    In a DSC series blood passes the capillaries with exponentially distributed transit times; in a DCE series it is
    in the tissue's vessels as it is in the artery (the extended Tofts model), but for the sinus. In both, Ktrans and
    kep rule what leaks.
    """
    fine_s = np.arange(0.0, time_s[-1] + STEP_S, STEP_S)
    blood = blood_curve(fine_s - tissue.delay_s, arrival_s, dose)
    vascular = blood
    if tissue.mtt_s is not None and (kind is SeriesKind.DSC or tissue.cbv_ml_per_100ml == 100):
        vascular = _after_exponential(blood, 1 / tissue.mtt_s) / tissue.mtt_s
    plasma = blood / (1 - hematocrit())
    leaked = tissue.ktrans_per_min / 60 * _after_exponential(plasma, tissue.kep_per_min / 60)
    return TissueCurve(
        np.interp(time_s, fine_s, tissue.cbv_ml_per_100ml / 100 * vascular), np.interp(time_s, fine_s, leaked)
    )


def _gamma_variate(t: FloatArray, peak: float, shape: float, scale: float) -> FloatArray:
    """Return A t^shape exp(-t / scale) with its height given."""
    result: FloatArray = peak * (t / (shape * scale)) ** shape * np.exp(shape - t / scale)
    return result


def _after_exponential(curve: FloatArray, rate_per_s: float) -> FloatArray:
    """Return the integral of curve(u) exp(-rate (t - u)) du, by the trapezium rule in every step."""
    decay = np.exp(-rate_per_s * STEP_S)
    result = np.zeros_like(curve)
    for n in range(1, len(curve)):
        result[n] = decay * result[n - 1] + STEP_S / 2 * (decay * curve[n - 1] + curve[n])
    return result
