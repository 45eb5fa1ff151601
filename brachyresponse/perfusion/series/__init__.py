"""A dynamic series: its frames, their times, and how it was acquired."""

from brachyresponse.perfusion.series.acquisition import Acquisition
from brachyresponse.perfusion.series.attributes import acquisition_from_attributes, acquisition_from_bids
from brachyresponse.perfusion.series.dynamic_series import DynamicSeries, SeriesKind
from brachyresponse.perfusion.series.frame_times import (
    FrameTimes,
    checked_times,
    frame_times_from_index,
    frame_times_from_interval,
    frame_times_from_labels,
)
from brachyresponse.perfusion.series.reading import read_series

__all__ = [
    "Acquisition",
    "DynamicSeries",
    "FrameTimes",
    "SeriesKind",
    "acquisition_from_attributes",
    "acquisition_from_bids",
    "checked_times",
    "frame_times_from_index",
    "frame_times_from_interval",
    "frame_times_from_labels",
    "read_series",
]
