"""Perfusion MRI, DCE and DSC: from the signal to maps and to a lesion ratio.

Concentration mmol/L, time s, rates 1/min, flow mL/100 mL/min; the last axis of an array of curves is time.
"""

from brachyresponse.perfusion.dce import DceFit, DceModel, ModelChoice, compare_models, fit_dce, model_curve
from brachyresponse.perfusion.interpretation import Interpretation, TimingCheck, Verdict, check_timing, interpret
from brachyresponse.perfusion.ratios import LesionRatio, RatioSettings, RatioStatistic, lesion_ratio
from brachyresponse.perfusion.series import Acquisition, DynamicSeries, SeriesKind
from brachyresponse.perfusion.signal import (
    DEFAULT_HEMATOCRIT,
    BloodT1,
    Concentration,
    Medium,
    Relaxivity,
    T1Fit,
    available_agents,
    blood_t1,
    concentration_to_signal,
    convert_signal,
    fit_t1_vfa,
    relaxivity,
    signal_to_concentration,
    steady_state_signal,
)
from brachyresponse.perfusion.study import (
    AifChoice,
    AifSource,
    FlipAngleSeries,
    MapName,
    PerfusionRequest,
    PerfusionSettings,
    PerfusionStudy,
    map_facts,
    measure_perfusion,
)

__all__ = [
    "DEFAULT_HEMATOCRIT",
    "Acquisition",
    "AifChoice",
    "AifSource",
    "BloodT1",
    "Concentration",
    "DceFit",
    "DceModel",
    "DynamicSeries",
    "FlipAngleSeries",
    "Interpretation",
    "LesionRatio",
    "MapName",
    "Medium",
    "ModelChoice",
    "PerfusionRequest",
    "PerfusionSettings",
    "PerfusionStudy",
    "RatioSettings",
    "RatioStatistic",
    "Relaxivity",
    "SeriesKind",
    "T1Fit",
    "TimingCheck",
    "Verdict",
    "available_agents",
    "blood_t1",
    "check_timing",
    "compare_models",
    "concentration_to_signal",
    "convert_signal",
    "fit_dce",
    "fit_t1_vfa",
    "interpret",
    "lesion_ratio",
    "map_facts",
    "measure_perfusion",
    "model_curve",
    "relaxivity",
    "signal_to_concentration",
    "steady_state_signal",
]
