"""A patient's course as series and marks over time, for charts."""

from brachyresponse.response.timeline.build import timeline_of
from brachyresponse.response.timeline.timeline import (
    LevelStep,
    Timeline,
    TimelineLevel,
    TimelineMark,
    TimelinePoint,
    TimelineSeries,
    TimelineVisit,
    TimelineWindow,
)

__all__ = [
    "LevelStep",
    "Timeline",
    "TimelineLevel",
    "TimelineMark",
    "TimelinePoint",
    "TimelineSeries",
    "TimelineVisit",
    "TimelineWindow",
    "timeline_of",
]
