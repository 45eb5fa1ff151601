"""A dynamic series: its frames, their times, and how it was acquired."""

from brachyresponse.perfusion.series.acquisition import Acquisition
from brachyresponse.perfusion.series.dynamic_series import DynamicSeries, SeriesKind

__all__ = ["Acquisition", "DynamicSeries", "SeriesKind"]
