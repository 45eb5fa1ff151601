"""Biological dose of an implant: BED and EQD2 with the ranges that the tissues' parameters leave."""

from brachyresponse.dose.bed import bed_gy, bed_until_gy, effective_time_days, eqd2_gy, is_ineffective
from brachyresponse.dose.biology.bounds import Bracket, Extent, bed_bounds, eqd2_bounds
from brachyresponse.dose.biology.earlier_beam import (
    CombinedDose,
    EarlierBeam,
    check_frames,
    combined_dose,
    combined_eqd2,
)
from brachyresponse.dose.biology.evaluation import BiologyEvaluation, evaluate_biology, with_earlier_beam
from brachyresponse.dose.biology.exposure import Exposure
from brachyresponse.dose.biology.structure import BiologicalDose, BiologicalFigure
from brachyresponse.dose.biology.tissue import ParameterRange, ParameterStatus, TissueBiology
from brachyresponse.dose.biology.tissue_library import available_tissues, load_tissue, write_tissue
from brachyresponse.dose.biology.uniform import equivalent_uniform_bed, generalised_eud
from brachyresponse.dose.biology.volume import bed_volume, eqd2_volume

__all__ = [
    "BiologicalDose",
    "BiologicalFigure",
    "BiologyEvaluation",
    "Bracket",
    "CombinedDose",
    "EarlierBeam",
    "Exposure",
    "Extent",
    "ParameterRange",
    "ParameterStatus",
    "TissueBiology",
    "available_tissues",
    "bed_bounds",
    "bed_gy",
    "bed_until_gy",
    "bed_volume",
    "check_frames",
    "combined_dose",
    "combined_eqd2",
    "effective_time_days",
    "eqd2_bounds",
    "eqd2_gy",
    "eqd2_volume",
    "equivalent_uniform_bed",
    "evaluate_biology",
    "generalised_eud",
    "is_ineffective",
    "load_tissue",
    "with_earlier_beam",
    "write_tissue",
]
