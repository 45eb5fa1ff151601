"""Coils and averages brought together, eddy currents taken away."""

from brachyresponse.spectroscopy.combining.averages import AlignedAverages, align_averages
from brachyresponse.spectroscopy.combining.coils import CoilWeights
from brachyresponse.spectroscopy.combining.combine import combine
from brachyresponse.spectroscopy.combining.eddy_currents import correct_eddy_currents

__all__ = ["AlignedAverages", "CoilWeights", "align_averages", "combine", "correct_eddy_currents"]
