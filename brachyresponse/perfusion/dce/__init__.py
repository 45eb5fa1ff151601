"""Tissue models of a DCE series: the curves they predict, and their parameters from measured curves."""

from brachyresponse.perfusion.dce.curves import model_curve
from brachyresponse.perfusion.dce.models import DceModel

__all__ = ["DceModel", "model_curve"]
