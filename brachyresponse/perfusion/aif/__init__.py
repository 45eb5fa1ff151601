"""The arterial input function (AIF): of a population, of a segment, or found in the series by explained rules."""

from brachyresponse.perfusion.aif.aif import Aif, AifMethod, AifShape, AifVerdict, Rejection
from brachyresponse.perfusion.aif.measured import measured_aif, vessel_curve
from brachyresponse.perfusion.aif.of_population import population_aif
from brachyresponse.perfusion.aif.population import (
    PopulationModel,
    blood_to_plasma,
    georgiou_aif,
    parker_aif,
    population_blood,
    population_facts,
    preclinical_aif,
)
from brachyresponse.perfusion.aif.selection import find_aif, find_aif_in_samples
from brachyresponse.perfusion.aif.selection_rules import SelectionRules, default_rules
from brachyresponse.perfusion.aif.vein import rescale_to_vein

__all__ = [
    "Aif",
    "AifMethod",
    "AifShape",
    "AifVerdict",
    "PopulationModel",
    "Rejection",
    "SelectionRules",
    "blood_to_plasma",
    "default_rules",
    "find_aif",
    "find_aif_in_samples",
    "georgiou_aif",
    "measured_aif",
    "parker_aif",
    "population_aif",
    "population_blood",
    "population_facts",
    "preclinical_aif",
    "rescale_to_vein",
    "vessel_curve",
]
