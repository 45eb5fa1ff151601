"""A whole study: from a dynamic series and its lesions to maps, curves, ratios and their record."""

from brachyresponse.perfusion.study.map_names import Code, MapFacts, MapName, map_facts
from brachyresponse.perfusion.study.measure import measure_perfusion
from brachyresponse.perfusion.study.request import AifChoice, AifSource, MaskRole, PerfusionRequest, StudyDates
from brachyresponse.perfusion.study.settings import PerfusionSettings, SettingFacts, SettingRow, setting_facts
from brachyresponse.perfusion.study.study import (
    WHITE_MATTER,
    CurveRole,
    ExclusionRow,
    PerfusionStudy,
    RatioRow,
    StudyCurve,
    UsedValue,
)
from brachyresponse.perfusion.study.t1_source import FlipAngleSeries, T1Source

__all__ = [
    "WHITE_MATTER",
    "AifChoice",
    "AifSource",
    "Code",
    "CurveRole",
    "ExclusionRow",
    "FlipAngleSeries",
    "MapFacts",
    "MapName",
    "MaskRole",
    "PerfusionRequest",
    "PerfusionSettings",
    "PerfusionStudy",
    "RatioRow",
    "SettingFacts",
    "SettingRow",
    "StudyCurve",
    "StudyDates",
    "T1Source",
    "UsedValue",
    "map_facts",
    "measure_perfusion",
    "setting_facts",
]
