"""The category strip: one box a visit, the reader's own word under it where there is one."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.pictures.annotation import FONT_FAMILY
from brachyresponse.pictures.response_colours import INK, QUIET, READER, category_box, hatching
from brachyresponse.pictures.response_plot import label
from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.response.timeline import Timeline, TimelineVisit

WIDTH, GAP = 760.0, 6.0
MOST_IN_A_ROW, WIDEST = 8, 120.0
BOX_HEIGHT, LINE = 30.0, 15.0


def category_strip(timeline: Timeline) -> Markup:
    """Return the visits as an SVG element, in order, eight in a row."""
    visits = timeline.visits
    width = min(WIDEST, (WIDTH + GAP) / MOST_IN_A_ROW - GAP)
    has_reader = any(visit.adjudicated for visit in visits)
    row_height = LINE + BOX_HEIGHT + LINE + (BOX_HEIGHT if has_reader else 0) + 8
    rows = [visits[n : n + MOST_IN_A_ROW] for n in range(0, len(visits), MOST_IN_A_ROW)]
    drawn = [element("g", _row(row, width), transform=f"translate(0 {n * row_height:g})") for n, row in enumerate(rows)]
    return element(
        "svg",
        element("title", "Category at each visit"),
        hatching(),
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {len(rows) * row_height:g}",
        class_="chart strip",
        role="img",
        font_family=FONT_FAMILY,
        font_size="12",
        fill=INK,
    )


def _row(visits: Sequence[TimelineVisit], width: float) -> Markup:
    return joined(*(_visit(visit, n * (width + GAP), width) for n, visit in enumerate(visits)))


def _visit(visit: TimelineVisit, left: float, width: float) -> Markup:
    middle, under = left + width / 2, LINE + BOX_HEIGHT
    parts = [
        label(visit.date.isoformat(), (middle, 11), anchor="middle", font_size="11.5"),
        category_box(visit.category, (left, LINE, width, BOX_HEIGHT), font_size=_font_size(visit, width)),
        label(_note(visit), (middle, under + 12), anchor="middle", font_size="10.5", fill=QUIET),
    ]
    if visit.adjudicated:
        box = (left, under + LINE + 2, width, BOX_HEIGHT - 8)
        parts.append(category_box(visit.adjudicated, box, word=f"{visit.adjudicated}{READER}", font_size=12))
    return joined(*parts)


def _font_size(visit: TimelineVisit, width: float) -> float:
    return 14.0 if len(visit.category or "") < 9 else min(14.0, 1.6 * width / len(visit.category or ""))


def _note(visit: TimelineVisit) -> str:
    """Return what else is to be known of a category, in a word or two."""
    notes = [
        "images only" if visit.is_imaging_only else "",
        "confirmed" if visit.is_confirmed else "",
        "new lesion" if visit.has_new_lesion else "",
        "deviates" if visit.is_deviating else "",
    ]
    return ", ".join(note for note in notes if note)
