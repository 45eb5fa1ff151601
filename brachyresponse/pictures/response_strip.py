"""The category strip: one box a visit, the reader's own word under it where there is one."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.pictures.annotation import FONT_FAMILY
from brachyresponse.pictures.response_colours import INK, QUIET, READER, category_box, hatching
from brachyresponse.pictures.response_plot import label
from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.response.timeline import Timeline, TimelineVisit

WIDTH, GAP = 760.0, 6.0
MOST_IN_A_ROW = 8
BOX_WIDTH, BOX_HEIGHT, READER_HEIGHT = (WIDTH + GAP) / MOST_IN_A_ROW - GAP, 30.0, 22.0
DATE_LINE, NOTE_LINE, SPACE = 15.0, 12.5, 8.0
WORD_WIDTH = 1.6
"""Of a bold letter, in font sizes: the longest category has to fit into its box."""


def category_strip(timeline: Timeline) -> Markup:
    """Return the visits as an SVG element, in order, eight in a row."""
    visits, top, drawn = timeline.visits, 0.0, []
    for first in range(0, len(visits), MOST_IN_A_ROW):
        row = visits[first : first + MOST_IN_A_ROW]
        drawn.append(element("g", _row(row), transform=f"translate(0 {top:g})"))
        top += _height(row)
    return element(
        "svg",
        element("title", "Category at each visit"),
        hatching(),
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"-1 0 {WIDTH + 2:g} {top:g}",
        class_="chart strip",
        role="img",
        font_family=FONT_FAMILY,
        font_size="12",
        fill=INK,
    )


def _height(row: Sequence[TimelineVisit]) -> float:
    """Return the height of a row: date, box, the reader's word where one of them has it, and notes."""
    reader = READER_HEIGHT + 2 if any(visit.adjudicated for visit in row) else 0.0
    return DATE_LINE + BOX_HEIGHT + reader + NOTE_LINE * max(len(_notes(visit)) for visit in row) + SPACE


def _row(row: Sequence[TimelineVisit]) -> Markup:
    return joined(*(_visit(visit, number * (BOX_WIDTH + GAP)) for number, visit in enumerate(row)))


def _visit(visit: TimelineVisit, left: float) -> Markup:
    middle, bottom = left + BOX_WIDTH / 2, DATE_LINE + BOX_HEIGHT
    word_size = min(14.0, WORD_WIDTH * BOX_WIDTH / max(len(visit.category or ""), 1))
    parts = [
        label(visit.date.isoformat(), (middle, 11), anchor="middle", font_size="11.5"),
        category_box(
            visit.category,
            (left, DATE_LINE, BOX_WIDTH, BOX_HEIGHT),
            font_size=word_size,
            is_open=visit.is_imaging_only,
        ),
    ]
    if visit.adjudicated:
        box = (left, bottom + 2, BOX_WIDTH, READER_HEIGHT)
        parts.append(category_box(visit.adjudicated, box, word=f"{visit.adjudicated}{READER}"))
        bottom += READER_HEIGHT + 2
    for number, note in enumerate(_notes(visit), start=1):
        at = (middle, bottom + NOTE_LINE * number)
        parts.append(label(note, at, anchor="middle", font_size="10.5", fill=QUIET))
    return joined(*parts)


def _notes(visit: TimelineVisit) -> list[str]:
    """Return what else is to be known of a category, a word or two each."""
    notes = {
        "images only": visit.is_imaging_only,
        "confirmed": visit.is_confirmed,
        "new lesion": visit.has_new_lesion,
        "deviates": visit.is_deviating,
    }
    return [note for note, is_so in notes.items() if is_so]
