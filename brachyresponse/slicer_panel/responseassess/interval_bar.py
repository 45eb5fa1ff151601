"""The interval of the answer as a bar from 0 to 100 %, in the colours of the theme."""

from __future__ import annotations

import qt
from slicer.i18n import tr as _

from brachyresponse.response.evidence.weighing.combine import Interval

WIDTH, HEIGHT = 1000, 16
LINE = 6
"""Width of the lines at the middle of the interval and at 50 %, of 1000."""


def draw_interval(label: qt.QLabel, interval: Interval | None) -> None:
    """Show an interval (low, middle, high) of a probability as a bar; without one the label takes no room."""
    label.visible = interval is not None
    if interval is None:
        return
    picture, colour = qt.QPixmap(WIDTH, HEIGHT), label.palette.color
    picture.fill(colour(qt.QPalette.Mid))
    low, middle, high = (round(WIDTH * value) for value in interval)
    painter = qt.QPainter()
    painter.begin(picture)
    painter.fillRect(qt.QRect(low, 0, max(high - low, LINE), HEIGHT), qt.QBrush(colour(qt.QPalette.Highlight)))
    painter.fillRect(qt.QRect(middle - LINE // 2, 0, LINE, HEIGHT), qt.QBrush(colour(qt.QPalette.HighlightedText)))
    half = qt.QBrush(colour(qt.QPalette.WindowText))
    for top in range(0, HEIGHT, HEIGHT // 2):
        painter.fillRect(qt.QRect((WIDTH - LINE) // 2, top, LINE, HEIGHT // 4), half)
    painter.end()
    label.setPixmap(picture)


def scale_below() -> str:
    """Return what stands below the bar: its ends and its middle, as HTML."""
    parts = {"left": _("necrosis"), "center": _("50 %"), "right": _("recurrence")}
    cells = "".join(f"<td width='33%' align='{side}'>{text}</td>" for side, text in parts.items())
    return f"<table width='100%'><tr>{cells}</tr></table>"
