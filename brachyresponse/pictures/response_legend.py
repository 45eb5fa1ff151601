"""The legend of a time line: what its lines, marks and words stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from brachyresponse.pictures.chart import CHARACTER_WIDTH
from brachyresponse.pictures.response_colours import (
    DEVIATES,
    DUE_COLOUR,
    INK,
    NADIR_COLOUR,
    OPEN_DASH,
    PROGRESSION_COLOUR,
    READER,
    RESPONSE_COLOUR,
    SUM_COLOUR,
    WINDOW_COLOUR,
)
from brachyresponse.pictures.response_plot import LEFT, label, segment
from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.response.timeline import Timeline
from brachyresponse.response.vocabulary import Category

WIDTH = 760.0
LEGEND_ROW, SWATCH = 20.0, 26.0
LIMIT_LINE = {"stroke_width": "1.2", "stroke_dasharray": "1 3"}


@dataclass(frozen=True)
class Key:
    """A row of the legend: what its line or area stands for."""

    swatch: Markup
    name: str


def legend_keys(timeline: Timeline, colours: Mapping[str, str]) -> list[Key]:
    """Return what the chart's lines and marks stand for, those that are there; ``colours`` of series by their name."""
    keys = [*_size_keys(timeline), *_mark_keys(timeline), *_word_keys(timeline)]
    keys += [Key(_line(colour, 2.2), name) for name, colour in colours.items()]
    if timeline.perfusion_limit:
        keys.append(Key(segment((0, 0), (SWATCH, 0), NADIR_COLOUR, **LIMIT_LINE), timeline.perfusion_limit.name))
    return keys


def legend(keys: Iterable[Key], top: float) -> tuple[Markup, float]:
    """Return the legend under the chart in rows as wide as it, and its height."""
    x, y, drawn = LEFT, top + LEGEND_ROW / 2, []
    for key in keys:
        width = SWATCH + 8 + 0.92 * CHARACTER_WIDTH * len(key.name) + 16
        if x > LEFT and x + width > WIDTH:
            x, y = LEFT, y + LEGEND_ROW
        swatch = element("g", key.swatch, transform=f"translate({x:.1f} {y:.1f})")
        drawn.append(joined(swatch, label(key.name, (x + SWATCH + 6, y + 4.2), font_size="12")))
        x += width
    return joined(*drawn), y + LEGEND_ROW / 2 - top


def dot(at: tuple[float, float], colour: str, radius: float) -> Markup:
    """Return a point of a line."""
    return element("circle", cx=f"{at[0]:.1f}", cy=f"{at[1]:.1f}", r=f"{radius:g}", fill=colour)


def new_lesion(at: tuple[float, float]) -> Markup:
    """Return a triangle that stands on a place."""
    x, y = at
    points = f"{x - 6:.1f},{y:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{y - 11:.1f}"
    return element("polygon", points=points, fill=PROGRESSION_COLOUR, stroke="#ffffff")


def _size_keys(timeline: Timeline) -> Iterator[Key]:
    yield Key(joined(_line(SUM_COLOUR, 2.2), dot((SWATCH / 2, 0), SUM_COLOUR, 3.8)), timeline.size.name)
    levels = (
        (timeline.nadir, NADIR_COLOUR, "1.5 2.5"),
        (timeline.response, RESPONSE_COLOUR, "8 4"),
        (timeline.progression, PROGRESSION_COLOUR, "4 3"),
    )
    yield from (Key(_line(colour, 1.6, dash), level.name) for level, colour, dash in levels if level.steps)


def _mark_keys(timeline: Timeline) -> Iterator[Key]:
    if timeline.window:
        box = {"x": "0", "y": "-6", "width": f"{SWATCH:g}", "height": "12"}
        yield Key(element("rect", **box, fill=WINDOW_COLOUR, stroke="#e3d199"), timeline.window.name)
    if any(visit.has_new_lesion for visit in timeline.visits):
        yield Key(new_lesion((SWATCH / 2, 5)), "new lesion")
    if timeline.next_due:
        yield Key(_line(DUE_COLOUR, 1.6, "2 3"), f"next scan due {timeline.next_due.isoformat()}")
    if any(visit.is_imaging_only for visit in timeline.visits):
        box = {"x": "2", "y": "-6", "width": f"{SWATCH - 4:g}", "height": "12", "rx": "3"}
        yield Key(element("rect", **box, fill="none", stroke=INK, stroke_dasharray=OPEN_DASH), "from what is known")


def _word_keys(timeline: Timeline) -> Iterator[Key]:
    visits = timeline.visits
    words = (
        (f"SD{READER}", "the reader's word", any(visit.adjudicated for visit in visits)),
        (DEVIATES, "deviates from the criteria", any(visit.is_deviating for visit in visits)),
        (
            str(Category.PRELIMINARY_PD),
            "possible pseudoprogression",
            any(visit.category is Category.PRELIMINARY_PD for visit in visits),
        ),
    )
    for word, name, is_there in words:
        if is_there:
            yield Key(label(word, (SWATCH / 2, 4.5), anchor="middle", font_weight="bold"), name)


def _line(colour: str, width: float, dash: str | None = None) -> Markup:
    return segment((0, 0), (SWATCH, 0), colour, stroke_width=f"{width:g}", stroke_dasharray=dash)
