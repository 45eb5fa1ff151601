"""Curves with their fits of a study that was measured before: from its maps, without computing them again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Volume
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study.regions import regions_of
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.perfusion.study.study import CurveFitter
from brachyresponse.types import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class MeasuredBefore:
    """What the fits of a DCE need of the last run.

    Parameters
    ----------
    aif
        (T,) the arterial input in whole blood, mmol/L.
    t1
        T1 before contrast on the grid of the series, ms, NaN where it is not known.
    """

    aif: FloatArray
    t1: Volume


def curve_fitter(request: PerfusionRequest, before: MeasuredBefore | None) -> CurveFitter:
    """Return what gives the curves of places with their fits, as :func:`measure_perfusion` would.

    Parameters
    ----------
    before
        Of a DCE; a DSC needs none.

    Raises
    ------
    PerfusionError
        The series is not as it was, or a DCE without what it needs of the last run.
    """
    from brachyresponse.perfusion.series.checks import check_series

    computed = regions_of(request).computed
    mask = computed & check_series(request.series, computed).usable
    if request.kind is SeriesKind.DSC:
        return _of_dsc(request, mask)
    if before is None or len(before.aif) != request.series.frame_count:
        raise PerfusionError("The arterial input of the last run is not there: measure the study again.")
    return _of_dce(request, mask, before)


def _of_dce(request: PerfusionRequest, mask: BoolArray, before: MeasuredBefore) -> CurveFitter:
    from brachyresponse.perfusion.aif import blood_to_plasma
    from brachyresponse.perfusion.study.dce_run import DceFitter, DceFitting
    from brachyresponse.perfusion.study.dce_signal import dce_signal
    from brachyresponse.perfusion.study.t1_values import T1Values

    series = request.series
    mean = np.array([frame[mask].mean(dtype=np.float64) for frame in series.frames])
    t1 = T1Values(np.asarray(before.t1.values, np.float32) / np.float32(1000), "the map of the last run")
    signal = dce_signal(request, mean, t1)
    plasma = blood_to_plasma(before.aif, hematocrit=signal.blood.hematocrit)
    return DceFitter(signal, DceFitting(request.settings, series.time_s, plasma))


def _of_dsc(request: PerfusionRequest, mask: BoolArray) -> CurveFitter:
    from brachyresponse.perfusion.dsc import relaxation_rate_change
    from brachyresponse.perfusion.study.dce_signal import bolus_of
    from brachyresponse.perfusion.study.dsc_run import DscFitter, DscVolume

    te_s = request.series.acquisition.needed("te_s", "the relaxation rate")
    curves = request.series.samples(mask)
    bolus = bolus_of(request, curves.mean(axis=0, dtype=np.float64))
    volume = DscVolume.of(request, relaxation_rate_change(curves, te_s, bolus.baseline), bolus)
    return DscFitter(request.series, te_s, bolus, volume)
