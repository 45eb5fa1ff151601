"""Lesions on MRI and what they are compared with: grown from a click, carried, with the voxels that do not count."""

from brachyresponse.lesions.statistics import Histogram, SegmentStatistics, segment_statistics

__all__ = [
    "Histogram",
    "SegmentStatistics",
    "segment_statistics",
]
