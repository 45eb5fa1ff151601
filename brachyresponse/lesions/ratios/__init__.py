"""Ratios of a lesion to normal-appearing white matter, with their interval, or the reason why there is none."""

from brachyresponse.lesions.ratios.blocks import Blocks, blocks_of
from brachyresponse.lesions.ratios.hot_spot import hot_spot
from brachyresponse.lesions.ratios.lesion_ratio import LesionRatio, RatioSettings, lesion_ratio, lesion_ratios
from brachyresponse.lesions.ratios.statistic import HIGH_STATISTICS, LOW_STATISTICS, RatioStatistic

__all__ = [
    "HIGH_STATISTICS",
    "LOW_STATISTICS",
    "Blocks",
    "LesionRatio",
    "RatioSettings",
    "RatioStatistic",
    "blocks_of",
    "hot_spot",
    "lesion_ratio",
    "lesion_ratios",
]
