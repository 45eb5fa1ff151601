"""Ratios of a lesion to normal-appearing white matter, with their interval, or the reason why there is none."""

from brachyresponse.perfusion.ratios.blocks import Blocks, blocks_of
from brachyresponse.perfusion.ratios.hot_spot import hot_spot
from brachyresponse.perfusion.ratios.lesion_ratio import LesionRatio, RatioSettings, lesion_ratio
from brachyresponse.perfusion.ratios.statistic import RatioStatistic

__all__ = [
    "Blocks",
    "LesionRatio",
    "RatioSettings",
    "RatioStatistic",
    "blocks_of",
    "hot_spot",
    "lesion_ratio",
]
