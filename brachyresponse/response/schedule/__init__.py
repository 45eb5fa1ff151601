"""When the next scan is due, and whether a visit has the series that its protocol asks for."""

from brachyresponse.response.schedule.ambiguity import ambiguity
from brachyresponse.response.schedule.anchors import anchors_of
from brachyresponse.response.schedule.protocol import (
    ImagingProtocol,
    ProtocolCheck,
    ProtocolRow,
    SequenceRule,
    check_protocol,
    load_protocol,
)
from brachyresponse.response.schedule.reading import available_schedules, load_schedule
from brachyresponse.response.schedule.rows import ScheduleRow
from brachyresponse.response.schedule.schedule import Schedule, ScheduledVisit
from brachyresponse.response.schedule.series import SeriesFacts, plane_of, series_facts
from brachyresponse.response.schedule.series_kind import SeriesKindProposal, series_kind_of
from brachyresponse.response.schedule.state import ScheduleState, schedule_state
from brachyresponse.response.schedule.vocabulary import Anchor, ProtocolVerdict, RowStatus, SeriesKind, SlicePlane

__all__ = [
    "Anchor",
    "ImagingProtocol",
    "ProtocolCheck",
    "ProtocolRow",
    "ProtocolVerdict",
    "RowStatus",
    "Schedule",
    "ScheduleRow",
    "ScheduleState",
    "ScheduledVisit",
    "SequenceRule",
    "SeriesFacts",
    "SeriesKind",
    "SeriesKindProposal",
    "SlicePlane",
    "ambiguity",
    "anchors_of",
    "available_schedules",
    "check_protocol",
    "load_protocol",
    "load_schedule",
    "plane_of",
    "schedule_state",
    "series_facts",
    "series_kind_of",
]
