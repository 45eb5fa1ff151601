"""A patient's course as series and marks over time, for charts."""

from brachyresponse.response.timeline.build import ratio_name, timeline_of
from brachyresponse.response.timeline.perfusion_limit import hyperperfusion_limit
from brachyresponse.response.timeline.timeline import (
    LevelStep,
    Timeline,
    TimelineLevel,
    TimelineLimit,
    TimelineMark,
    TimelinePoint,
    TimelineSeries,
    TimelineVisit,
    TimelineWindow,
)
from brachyresponse.response.timeline.treatments import treatment_words

__all__ = [
    "LevelStep",
    "Timeline",
    "TimelineLevel",
    "TimelineLimit",
    "TimelineMark",
    "TimelinePoint",
    "TimelineSeries",
    "TimelineVisit",
    "TimelineWindow",
    "hyperperfusion_limit",
    "ratio_name",
    "timeline_of",
    "treatment_words",
]
