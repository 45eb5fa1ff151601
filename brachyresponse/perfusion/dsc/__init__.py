"""DSC: bolus, relaxation rate change, leakage correction, deconvolution, and the protocol a scan was made by."""

from brachyresponse.perfusion.dsc.bolus import Bolus, find_bolus
from brachyresponse.perfusion.dsc.deconvolution import Deconvolution, DscFit, deconvolve_dsc
from brachyresponse.perfusion.dsc.leakage import LeakageFit, correct_leakage, reference_curve
from brachyresponse.perfusion.dsc.protocol import ProtocolMatch, ProtocolRow, match_dsc_protocol, protocol_rows
from brachyresponse.perfusion.dsc.recovery import relative_peak_height, signal_recovery
from brachyresponse.perfusion.dsc.relaxation import baseline_signal, relaxation_rate_change, saturated_voxels

__all__ = [
    "Bolus",
    "Deconvolution",
    "DscFit",
    "LeakageFit",
    "ProtocolMatch",
    "ProtocolRow",
    "baseline_signal",
    "correct_leakage",
    "deconvolve_dsc",
    "find_bolus",
    "match_dsc_protocol",
    "protocol_rows",
    "reference_curve",
    "relative_peak_height",
    "relaxation_rate_change",
    "saturated_voxels",
    "signal_recovery",
]
