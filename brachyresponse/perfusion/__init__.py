"""Perfusion MRI, DCE and DSC: from the signal to maps and to a lesion ratio.

Concentration mmol/L, time s, rates 1/min, flow mL/100 mL/min; the last axis of an array of curves is time.
"""

from brachyresponse.perfusion.dce import DceModel, model_curve
from brachyresponse.perfusion.interpretation import Interpretation, TimingCheck, Verdict, check_timing, interpret
from brachyresponse.perfusion.series import Acquisition, DynamicSeries, SeriesKind
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
    "Acquisition",
    "AifChoice",
    "AifSource",
    "DceModel",
    "DynamicSeries",
    "FlipAngleSeries",
    "Interpretation",
    "MapName",
    "PerfusionRequest",
    "PerfusionSettings",
    "PerfusionStudy",
    "SeriesKind",
    "TimingCheck",
    "Verdict",
    "check_timing",
    "interpret",
    "map_facts",
    "measure_perfusion",
    "model_curve",
]
