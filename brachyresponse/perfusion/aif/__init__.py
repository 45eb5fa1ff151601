"""The arterial input function (AIF): of a population, of a segment, or found in the series by explained rules."""

from brachyresponse.perfusion.aif.population import (
    PopulationModel,
    blood_to_plasma,
    georgiou_aif,
    parker_aif,
    population_blood,
    population_facts,
    preclinical_aif,
)

__all__ = [
    "PopulationModel",
    "blood_to_plasma",
    "georgiou_aif",
    "parker_aif",
    "population_blood",
    "population_facts",
    "preclinical_aif",
]
