"""Weighing markers: validity first, one of a group, in odds, with its uncertainty; an interval and a word."""

from brachyresponse.response.evidence.weighing.change import missing_markers, what_would_change
from brachyresponse.response.evidence.weighing.combine import Interval
from brachyresponse.response.evidence.weighing.evidence import Evidence, LeftOut, UsedMarker
from brachyresponse.response.evidence.weighing.inputs import QUANTITY, REFERENCE_REGION
from brachyresponse.response.evidence.weighing.sensitivity import SensitivityGrid, sensitivity
from brachyresponse.response.evidence.weighing.settings import WeighingSettings
from brachyresponse.response.evidence.weighing.weigh import weigh_evidence

__all__ = [
    "QUANTITY",
    "REFERENCE_REGION",
    "Evidence",
    "Interval",
    "LeftOut",
    "SensitivityGrid",
    "UsedMarker",
    "WeighingSettings",
    "missing_markers",
    "sensitivity",
    "weigh_evidence",
    "what_would_change",
]
