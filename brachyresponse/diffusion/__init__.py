"""Diffusion MRI: the apparent diffusion coefficient (ADC, 1e-6 mm2/s) of lesions against white matter."""

from brachyresponse.diffusion.adc import AdcFit, fit_adc
from brachyresponse.diffusion.map_codes import AdcFacts, adc_facts
from brachyresponse.diffusion.measure import measure_diffusion
from brachyresponse.diffusion.reading import read_adc, write_adc
from brachyresponse.diffusion.record import (
    DiffusionRecord,
    LeftOutEntry,
    PartEntry,
    PercentileEntry,
    RestrictionEntry,
    StatisticEntry,
    record_of,
)
from brachyresponse.diffusion.record_file import (
    diffusion_table,
    diffusion_text,
    read_diffusion_record,
    write_diffusion,
)
from brachyresponse.diffusion.request import DiffusionRequest, DiffusionSettings
from brachyresponse.diffusion.restriction import CentralRestriction, describe_restriction
from brachyresponse.diffusion.study import DiffusionRow, DiffusionStudy
from brachyresponse.diffusion.units import ADC_UNIT, adc_in_um2_per_s, check_magnitude, unit_factor
from brachyresponse.diffusion.vocabulary import LesionPart, Restriction
from brachyresponse.diffusion.weighted import adc_from_b_values

__all__ = [
    "ADC_UNIT",
    "AdcFacts",
    "AdcFit",
    "CentralRestriction",
    "DiffusionRecord",
    "DiffusionRequest",
    "DiffusionRow",
    "DiffusionSettings",
    "DiffusionStudy",
    "LeftOutEntry",
    "LesionPart",
    "PartEntry",
    "PercentileEntry",
    "Restriction",
    "RestrictionEntry",
    "StatisticEntry",
    "adc_facts",
    "adc_from_b_values",
    "adc_in_um2_per_s",
    "check_magnitude",
    "describe_restriction",
    "diffusion_table",
    "diffusion_text",
    "fit_adc",
    "measure_diffusion",
    "read_adc",
    "read_diffusion_record",
    "record_of",
    "unit_factor",
    "write_adc",
    "write_diffusion",
]
