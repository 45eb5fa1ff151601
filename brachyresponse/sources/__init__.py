"""Seed models and their TG-43 data, strength and activity, decay."""

from brachyresponse.sources.decay import decay_factor, decayed_strength_u, fraction_delivered, integrated_hours
from brachyresponse.sources.library import available_sources, load_source
from brachyresponse.sources.liquid import LiquidSource, contained_mbq_to_u, mci_to_mbq
from brachyresponse.sources.liquid_library import DEFAULT_LIQUID, available_liquids, load_liquid
from brachyresponse.sources.source import Source
from brachyresponse.sources.strength import StrengthUnit, convert_strength, mbq_to_u, mci_to_u, u_to_mbq, u_to_mci

__all__ = [
    "DEFAULT_LIQUID",
    "LiquidSource",
    "Source",
    "StrengthUnit",
    "available_liquids",
    "available_sources",
    "contained_mbq_to_u",
    "convert_strength",
    "decay_factor",
    "decayed_strength_u",
    "fraction_delivered",
    "integrated_hours",
    "load_liquid",
    "load_source",
    "mbq_to_u",
    "mci_to_mbq",
    "mci_to_u",
    "u_to_mbq",
    "u_to_mci",
]
