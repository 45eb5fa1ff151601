"""A whole study: from a dynamic series and its lesions to maps, curves, ratios and their record."""

from brachyresponse.lesions.exclusions_on_grid import MaskRole
from brachyresponse.perfusion.study.files import write_study
from brachyresponse.perfusion.study.judge import PRE_TREATMENT, JudgedStudy, VisitRatios, judge_study
from brachyresponse.perfusion.study.map_names import Code, MapFacts, MapName, map_facts
from brachyresponse.perfusion.study.measure import measure_perfusion
from brachyresponse.perfusion.study.record import PerfusionRecord, RatioEntry
from brachyresponse.perfusion.study.record_file import read_study_record
from brachyresponse.perfusion.study.request import AifChoice, AifSource, PerfusionRequest, StudyDates
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
    "PRE_TREATMENT",
    "WHITE_MATTER",
    "AifChoice",
    "AifSource",
    "Code",
    "CurveRole",
    "ExclusionRow",
    "FlipAngleSeries",
    "JudgedStudy",
    "MapFacts",
    "MapName",
    "MaskRole",
    "PerfusionRecord",
    "PerfusionRequest",
    "PerfusionSettings",
    "PerfusionStudy",
    "RatioEntry",
    "RatioRow",
    "SettingFacts",
    "SettingRow",
    "StudyCurve",
    "StudyDates",
    "T1Source",
    "UsedValue",
    "VisitRatios",
    "judge_study",
    "map_facts",
    "measure_perfusion",
    "read_study_record",
    "setting_facts",
    "write_study",
]
