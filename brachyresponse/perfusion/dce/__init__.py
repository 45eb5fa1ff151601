"""Tissue models of a DCE series: the curves they predict, and their parameters from measured curves."""

from brachyresponse.perfusion.dce.comparison import ModelChoice, compare_models
from brachyresponse.perfusion.dce.curves import model_curve
from brachyresponse.perfusion.dce.dce_fit import DceFit
from brachyresponse.perfusion.dce.fitting import fit_dce
from brachyresponse.perfusion.dce.models import DEFAULT_BOUNDS, KEP_RANGE_PER_MIN, DceModel

__all__ = [
    "DEFAULT_BOUNDS",
    "KEP_RANGE_PER_MIN",
    "DceFit",
    "DceModel",
    "ModelChoice",
    "compare_models",
    "fit_dce",
    "model_curve",
]
