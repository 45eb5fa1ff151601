"""The time-line chart: treatments, categories, sum with nadir and thresholds, perfusion ratios, serum markers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from brachyresponse.pictures.annotation import FONT_FAMILY
from brachyresponse.pictures.chart import CHARACTER_WIDTH, FONT_SIZE, Axis
from brachyresponse.pictures.response_colours import (
    DEVIATES,
    DUE_COLOUR,
    INK,
    NADIR_COLOUR,
    PROGRESSION_COLOUR,
    READER,
    RESPONSE_COLOUR,
    SERIES_COLOURS,
    SUM_COLOUR,
    WINDOW_COLOUR,
    category_box,
    hatching,
    word_of,
)
from brachyresponse.pictures.response_lanes import lanes
from brachyresponse.pictures.response_legend import LIMIT_LINE, WIDTH, dot, legend, legend_keys, new_lesion
from brachyresponse.pictures.response_plot import (
    LEFT,
    RIGHT_SPARE,
    Panel,
    TimeAxis,
    path,
    segment,
    time_labels,
)
from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.response.timeline import Timeline, TimelineLevel, TimelineSeries, TimelineVisit

SUM_HEIGHT, SERIES_HEIGHT, SPACE = 160.0, 52.0, 12.0
PILL_HEIGHT, PILL_GAP = 18.0, 3.0
HEAD_ROOM = 1.12
BEFORE_SHARE, BEFORE_DAYS, SPARE_DAYS = 0.4, 120, 14
"""How far before the first visit the axis reaches for treatments; what is earlier stands at its edge with its date."""

CHART = {
    "xmlns": "http://www.w3.org/2000/svg",
    "class_": "chart timeline",
    "role": "img",
    "font_family": FONT_FAMILY,
    "font_size": f"{FONT_SIZE:g}",
    "fill": INK,
}


def response_timeline(timeline: Timeline) -> Markup:
    """Return the chart as an SVG element."""
    time = time_axis(timeline)
    marks, marks_height = lanes(timeline.marks, time, 4.0)
    pills, pills_height = _pills(timeline.visits, time, 10.0 + marks_height)
    top = 16.0 + marks_height + pills_height
    panels = [Panel(_sum_range(timeline), top, SUM_HEIGHT), *_series_panels(timeline, top + SUM_HEIGHT + SPACE)]
    bottom = panels[-1].bottom
    keys, keys_height = legend(legend_keys(timeline, _series_colours(timeline)), bottom + 30)
    return element(
        "svg",
        element("title", timeline.title),
        hatching(),
        _window(timeline, time, top, bottom),
        marks,
        _drawn(timeline, time, panels),
        _due(timeline, time, top, bottom),
        pills,
        time_labels(time, bottom + 17),
        keys,
        viewBox=f"0 0 {WIDTH:g} {bottom + 34 + keys_height:g}",
        **CHART,
    )


def _drawn(timeline: Timeline, time: TimeAxis, panels: Sequence[Panel]) -> Markup:
    """Return the panels with what is in them."""
    first, *others = panels
    groups = zip(_groups(timeline), others, strict=True)
    series = (_series(group, time, panel, _series_colours(timeline)) for group, panel in groups)
    limit = _limit(timeline, time, others)
    return joined(*(panel.frame(time) for panel in panels), _sum(timeline, time, first), limit, *series)


def _limit(timeline: Timeline, time: TimeAxis, panels: Sequence[Panel]) -> Markup:
    """Return the line of the published limit in the panel of perfusion, which is the first of its kind."""
    if timeline.perfusion_limit is None:
        return Markup()
    at = panels[0].py(timeline.perfusion_limit.value)
    return segment((time.left, at), (time.right, at), NADIR_COLOUR, **LIMIT_LINE)


def time_axis(timeline: Timeline) -> TimeAxis:
    """Return the days that the chart shows: the visits, with what lies near them."""
    visits = [visit.date for visit in timeline.visits]
    reach = timedelta(days=max(BEFORE_DAYS, round(BEFORE_SHARE * (visits[-1] - visits[0]).days)))
    shown = [day for day in timeline.days if visits[0] - reach <= day <= visits[-1] + reach]
    spare = timedelta(days=max(SPARE_DAYS, (shown[-1] - shown[0]).days // 25))
    return TimeAxis(shown[0] - spare, shown[-1] + spare, WIDTH - LEFT - RIGHT_SPARE)


def _pills(visits: Sequence[TimelineVisit], time: TimeAxis, top: float) -> tuple[Markup, float]:
    """Return each visit's category over its day, in as many rows as they need, and the height of the rows."""
    rows: list[float] = []
    drawn = []
    for visit in visits:
        word = f"{word_of(visit.category)}{DEVIATES if visit.is_deviating else ''}"
        words = [word] + ([f"{visit.adjudicated}{READER}"] if visit.adjudicated else [])
        widths = [len(word) * CHARACTER_WIDTH + 8 for word in words]
        left = time.px(visit.date) - widths[0] / 2
        left = min(max(left, 0.0), WIDTH - sum(widths))
        row = next((n for n, end in enumerate(rows) if end + PILL_GAP <= left), len(rows))
        rows[row : row + 1] = [left + sum(widths)]
        y = top + row * (PILL_HEIGHT + PILL_GAP)
        place = (left, y, widths[0], PILL_HEIGHT)
        drawn.append(category_box(visit.category, place, word=word, is_open=visit.is_imaging_only))
        if visit.adjudicated:
            place = (left + widths[0] + 1, y, widths[1], PILL_HEIGHT)
            drawn.append(category_box(visit.adjudicated, place, word=words[1]))
    return joined(*drawn), len(rows) * (PILL_HEIGHT + PILL_GAP)


def _sum_range(timeline: Timeline) -> Axis:
    levels = (timeline.nadir, timeline.response, timeline.progression)
    values = [*timeline.size.values, *(step.value for level in levels for step in level.steps)]
    return Axis(f"{timeline.size.name} ({timeline.size.unit})", 0.0, HEAD_ROOM * max(values, default=1.0) or 1.0)


def _sum(timeline: Timeline, time: TimeAxis, panel: Panel) -> Markup:
    """Return thresholds, nadir and sum; the sum's line has a gap where a visit has none."""
    parts = [
        _level(timeline.nadir, time, panel, NADIR_COLOUR, "1.5 2.5"),
        _level(timeline.response, time, panel, RESPONSE_COLOUR, "8 4"),
        _level(timeline.progression, time, panel, PROGRESSION_COLOUR, "4 3"),
    ]
    for run in _runs(timeline.size):
        places = [(time.px(day), panel.py(value)) for day, value in run]
        parts.append(path(places, SUM_COLOUR, stroke_width="2.2"))
        parts += [dot(place, SUM_COLOUR, 3.8) for place in places]
    parts += [new_lesion((time.px(v.date), panel.bottom)) for v in timeline.visits if v.has_new_lesion]
    return element("g", *parts)


def _level(level: TimelineLevel, time: TimeAxis, panel: Panel, colour: str, dash: str) -> Markup:
    places = [(time.px(day), panel.py(step.value)) for step in level.steps for day in (step.start, step.end)]
    line = path(places, colour, stroke_width="1.6", stroke_dasharray=dash)
    return element("g", element("title", level.name), line)


def _groups(timeline: Timeline) -> list[tuple[TimelineSeries, ...]]:
    """Return the series that share a panel: those of one unit, perfusion ratios first."""
    units = dict.fromkeys(series.unit for series in timeline.serum)
    serum = (tuple(series for series in timeline.serum if series.unit == unit) for unit in units)
    return [group for group in (timeline.perfusion, *serum) if group]


def _series_panels(timeline: Timeline, top: float) -> list[Panel]:
    panels = []
    for number, group in enumerate(_groups(timeline)):
        limit = timeline.perfusion_limit.value if timeline.perfusion_limit and number == 0 else 0.0
        highest = max((limit, *(value for series in group for value in series.values)), default=1.0)
        title = group[0].unit or "ratio"
        at = top + number * (SERIES_HEIGHT + SPACE)
        panels.append(Panel(Axis(title, 0.0, HEAD_ROOM * highest or 1.0), at, SERIES_HEIGHT, ticks=3))
    return panels


def _series_colours(timeline: Timeline) -> dict[str, str]:
    """Return the colour of each series by its name."""
    names = dict.fromkeys(series.name for group in _groups(timeline) for series in group)
    return {name: SERIES_COLOURS[number % len(SERIES_COLOURS)] for number, name in enumerate(names)}


def _series(group: Sequence[TimelineSeries], time: TimeAxis, panel: Panel, colours: Mapping[str, str]) -> Markup:
    parts = []
    for series in group:
        colour = colours[series.name]
        for point in series.points:
            if point.low is not None and point.high is not None:
                x = time.px(point.date)
                parts.append(segment((x, panel.py(point.low)), (x, panel.py(point.high)), colour, stroke_width="1.2"))
        for run in _runs(series):
            places = [(time.px(day), panel.py(value)) for day, value in run]
            parts.append(path(places, colour, stroke_width="1.8"))
            parts += [dot(place, colour, 3.2) for place in places]
    return element("g", *parts)


def _runs(series: TimelineSeries) -> list[list[tuple[date, float]]]:
    """Return the points between gaps."""
    runs: list[list[tuple[date, float]]] = [[]]
    for point in series.points:
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append((point.date, point.value))
    return [run for run in runs if run]


def _window(timeline: Timeline, time: TimeAxis, top: float, bottom: float) -> Markup:
    if timeline.window is None:
        return Markup()
    x1, x2 = time.px(timeline.window.start), time.px(timeline.window.end)
    box = {"x": f"{x1:.1f}", "y": f"{top:.1f}", "width": f"{x2 - x1:.1f}", "height": f"{bottom - top:.1f}"}
    return element("rect", element("title", timeline.window.name), **box, fill=WINDOW_COLOUR)


def _due(timeline: Timeline, time: TimeAxis, top: float, bottom: float) -> Markup:
    if timeline.next_due is None or timeline.next_due > time.last:
        return Markup()
    x = time.px(timeline.next_due)
    return segment((x, top), (x, bottom), DUE_COLOUR, stroke_width="1.6", stroke_dasharray="2 3")
