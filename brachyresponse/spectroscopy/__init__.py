"""MR spectroscopy: from the free induction decay to metabolite ratios with their intervals.

Chemical shift in ppm, time in s, echo time in ms; the last axis of an array of decays is time.
"""

from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.vocabulary import Metabolite, RatioName, SpectraKind

__all__ = ["Metabolite", "RatioName", "Spectra", "SpectraKind"]
