"""DSC: bolus, relaxation rate change, leakage correction, deconvolution, and the protocol a scan was made by."""

from brachyresponse.perfusion.dsc.bolus import Bolus, find_bolus
from brachyresponse.perfusion.dsc.deconvolution import Deconvolution, DscFit, deconvolve_dsc
from brachyresponse.perfusion.dsc.relaxation import baseline_signal, relaxation_rate_change, saturated_voxels

__all__ = [
    "Bolus",
    "Deconvolution",
    "DscFit",
    "baseline_signal",
    "deconvolve_dsc",
    "find_bolus",
    "relaxation_rate_change",
    "saturated_voxels",
]
