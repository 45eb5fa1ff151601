"""The arterial input of a study: of a population with its arrival fitted, of a segment, or found in the series."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif import (
    Aif,
    AifMethod,
    AifVerdict,
    blood_to_plasma,
    find_aif_in_samples,
    measured_aif,
    population_aif,
    rescale_to_vein,
    vessel_curve,
)
from brachyresponse.perfusion.dce import DceModel, fit_dce
from brachyresponse.perfusion.study.dce_signal import DceSignal, mean_of_valid
from brachyresponse.perfusion.study.on_grid import curves_at, mask_on_grid
from brachyresponse.perfusion.study.request import AifChoice, AifSource, PerfusionRequest
from brachyresponse.perfusion.study.study import CurveRole, StudyCurve, UsedValue
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

AIF_NAME = "AIF"
USUAL_DOSE_MMOL_PER_KG = 0.1
ARRIVAL_WITHIN_S = (-15.0, 15.0)
"""Round the arrival seen in the tissue, the arrival of a population's curve is fitted."""
TRY_OTHERS = "choose a segment of an artery, or a population AIF"


@dataclass(frozen=True, eq=False)
class ArterialInput:
    """The arterial input function in whole blood, and as plasma (T,) mmol/L where the model wants it."""

    aif: Aif
    plasma: FloatArray
    used: tuple[UsedValue, ...]
    warnings: tuple[str, ...] = ()

    @property
    def has_failed(self) -> bool:
        """Whether its checks say that nothing computed with it is to be trusted."""
        return self.aif.verdict is AifVerdict.FAILED

    @property
    def curve(self) -> StudyCurve:
        """As a curve for the chart."""
        return aif_curve(self.aif)


def dce_input(
    request: PerfusionRequest, signal: DceSignal, curves: AnyArray, mask: BoolArray, dark: BoolArray
) -> ArterialInput:
    """Return the arterial input of a DCE series.

    Parameters
    ----------
    curves
        (N, T) concentration of the voxels of ``mask`` [k, j, i], with the T1 of blood.
    dark
        (N,) which of them are too dark for blood.

    Raises
    ------
    PerfusionError
        No artery is found, or the segment has no usable voxel.
    """
    choice = request.aif
    if choice.source.is_population:
        aif, origin = _of_population(request, signal, curves)
    else:
        aif, origin = _measured(request, signal, curves, mask, dark)
    if choice.vein is not None:
        aif = rescale_to_vein(aif, _blood_curve(signal, _voxels(request, choice, "vein")))
    plasma = blood_to_plasma(aif.values, hematocrit=signal.blood.hematocrit)
    used = (UsedValue("aif", "Arterial input function", str(choice.source), origin),)
    return ArterialInput(aif, plasma, used, doubts_of(aif))


def aif_curve(aif: Aif) -> StudyCurve:
    """Return an arterial input function as a curve for the chart."""
    facts = (
        ("Peak", f"{aif.peak:.3g} {aif.unit}"),
        ("Width at half the peak", f"{aif.fwhm_s:.1f} s"),
        ("Arrival", f"{aif.arrival_s:.1f} s"),
        ("First-pass area", f"{aif.first_pass_area:.3g} {aif.unit} s"),
        ("Verdict", str(aif.verdict)),
    )
    return StudyCurve(AIF_NAME, CurveRole.AIF, aif.time_s, aif.values, None, aif.unit, facts)


def doubts_of(aif: Aif) -> tuple[str, ...]:
    """Return what a person should know of a measured AIF; a good one has nothing."""
    return () if aif.verdict is AifVerdict.GOOD else tuple(f"Arterial input function: {one}" for one in aif.reasons)


def artery_voxels(request: PerfusionRequest) -> IntArray:
    """Return the voxels (N, 3) kji of the artery's segment."""
    return _voxels(request, request.aif, "segment")


def _of_population(request: PerfusionRequest, signal: DceSignal, curves: AnyArray) -> tuple[Aif, str]:
    """Return a population's curve, shifted until the model fits the mean tissue curve best."""
    dose = request.series.acquisition.dose_mmol_per_kg
    said = "" if dose is not None else "; dose taken as published"
    mean, time_s, model = mean_of_valid(curves), request.series.time_s, str(request.aif.source)
    if mean is None:
        raise PerfusionError("No voxel has a concentration, so the arrival of the AIF cannot be fitted: check T1.")
    scaled = None if request.aif.source is AifSource.PRECLINICAL else dose
    aif = population_aif(model, time_s, arrival_s=signal.bolus.arrival_s, dose_mmol_per_kg=scaled)
    plasma = blood_to_plasma(aif.values, hematocrit=signal.blood.hematocrit)
    fit = fit_dce(
        mean[None], time_s, plasma, model=DceModel.EXTENDED_TOFTS, fit_delay=True, delay_bounds_s=ARRIVAL_WITHIN_S
    )
    delay_s = 0.0 if fit.delay_s is None else float(fit.delay_s[0])
    arrival_s = max(signal.bolus.arrival_s + delay_s, 0.0)
    shifted = population_aif(model, time_s, arrival_s=arrival_s, dose_mmol_per_kg=scaled)
    return shifted, f"arrival {arrival_s:.1f} s, fitted to the mean curve of all tissue{said}"


def _measured(
    request: PerfusionRequest, signal: DceSignal, curves: AnyArray, mask: BoolArray, dark: BoolArray
) -> tuple[Aif, str]:
    """Return the AIF of a segment, or found by rules, with the T1 of blood."""
    t1 = f"with T1 of blood, {signal.blood.t1_s:g} s"
    if request.aif.source is AifSource.SEGMENT:
        voxels = artery_voxels(request)
        samples = _blood_samples(signal, voxels)
        return measured_aif(samples, request.series.time_s, kind=request.kind, voxels=voxels), f"segment, {t1}"
    try:
        found = find_aif_in_samples(curves, mask, request.series.time_s, kind=request.kind, dark=dark)
    except PerfusionError as error:
        raise PerfusionError(f"No artery was found: {str(error).rstrip('.')}; {TRY_OTHERS}.") from error
    samples = _blood_samples(signal, found.voxels)
    again = measured_aif(samples, request.series.time_s, kind=request.kind, voxels=found.voxels)
    aif = replace(again, method=AifMethod.AUTOMATIC, rejections=(*found.rejections, *again.rejections))
    return aif, f"{aif.count} voxels found by rules, {t1}"


def _blood_curve(signal: DceSignal, voxels: IntArray) -> FloatArray:
    return vessel_curve(_blood_samples(signal, voxels), "vein")


def _blood_samples(signal: DceSignal, voxels: IntArray) -> AnyArray:
    return signal.concentration(curves_at(signal.series, voxels), signal.blood.t1_s)


def _voxels(request: PerfusionRequest, choice: AifChoice, role: str) -> IntArray:
    structure = choice.segment if role == "segment" else choice.vein
    if structure is None:
        raise PerfusionError(f"The {role} of the arterial input function is missing: choose it.")
    placed = mask_on_grid(structure, request.series, "artery" if role == "segment" else "vein")
    return np.argwhere(placed.mask)
