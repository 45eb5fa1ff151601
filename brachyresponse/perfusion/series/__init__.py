"""A dynamic series: its frames, their times, and how it was acquired."""

from brachyresponse.perfusion.series.acquisition import Acquisition
from brachyresponse.perfusion.series.attributes import acquisition_from_attributes, acquisition_from_bids
from brachyresponse.perfusion.series.checks import SeriesCheck, VoxelCounts, acquisition_warnings, check_series
from brachyresponse.perfusion.series.dynamic_series import DynamicSeries, SeriesKind
from brachyresponse.perfusion.series.flip_angles import FlipAngleSeries, read_flip_angle_series
from brachyresponse.perfusion.series.frame_times import (
    FrameTimes,
    checked_times,
    frame_times_from_index,
    frame_times_from_interval,
    frame_times_from_labels,
)
from brachyresponse.perfusion.series.kind import kind_of_echo_time, proposed_kind
from brachyresponse.perfusion.series.reading import read_series

__all__ = [
    "Acquisition",
    "DynamicSeries",
    "FlipAngleSeries",
    "FrameTimes",
    "SeriesCheck",
    "SeriesKind",
    "VoxelCounts",
    "acquisition_from_attributes",
    "acquisition_from_bids",
    "acquisition_warnings",
    "check_series",
    "checked_times",
    "frame_times_from_index",
    "frame_times_from_interval",
    "frame_times_from_labels",
    "kind_of_echo_time",
    "proposed_kind",
    "read_flip_angle_series",
    "read_series",
]
