"""Inverse planning: from a problem to needles and seeds."""

from brachyresponse.planning.inverse.problem import ImplantProblem, Loading, Locked, PlanDetails, SeedPlacement
from brachyresponse.planning.inverse.tracks import FanTracks, NeedleTracks, ParallelTracks, TemplateTracks
from brachyresponse.planning.inverse.weights import ObjectiveWeights, available_presets, load_weights

__all__ = [
    "FanTracks",
    "ImplantProblem",
    "Loading",
    "Locked",
    "NeedleTracks",
    "ObjectiveWeights",
    "ParallelTracks",
    "PlanDetails",
    "SeedPlacement",
    "TemplateTracks",
    "available_presets",
    "load_weights",
]
