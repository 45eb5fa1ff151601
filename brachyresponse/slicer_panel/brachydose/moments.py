"""Points in time between Python and Qt."""

from __future__ import annotations

from datetime import datetime

import qt


def as_qdatetime(moment: datetime) -> qt.QDateTime:
    """Return a point in time for a widget, to the minute."""
    day, time = qt.QDate(moment.year, moment.month, moment.day), qt.QTime(moment.hour, moment.minute)
    return qt.QDateTime(day, time)


def as_datetime(moment: qt.QDateTime) -> datetime:
    """Return the point in time of a widget."""
    day, time = moment.date(), moment.time()
    return datetime(day.year(), day.month(), day.day(), time.hour(), time.minute())
