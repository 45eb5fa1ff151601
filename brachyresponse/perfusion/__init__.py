"""Perfusion MRI, DCE and DSC: from the signal to maps and to a lesion ratio.

Concentration mmol/L, time s, rates 1/min, flow mL/100 mL/min; the last axis of an array of curves is time.
"""

from brachyresponse.perfusion.dce import DceModel, model_curve
from brachyresponse.perfusion.series import Acquisition, DynamicSeries, SeriesKind

__all__ = [
    "Acquisition",
    "DceModel",
    "DynamicSeries",
    "SeriesKind",
    "model_curve",
]
