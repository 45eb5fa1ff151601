"""The time line of an assessment as a chart: the sum, the nadir, thresholds, treatments, perfusion ratios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import slicer
import vtk

from brachyresponse.response.study import ResponseStudy
from brachyresponse.response.timeline import Timeline, TimelineLevel, TimelineSeries, TimelineVisit, timeline_of
from brachyresponse.scene.nodes import get_attribute, modify, set_attribute
from brachyresponse.scene.perfusion_plots import LEGEND_POINTS, fill_columns
from brachyresponse.scene.response_parts import (
    ResponseRole,
    own_response_node,
    response_parts,
    set_response_parts,
)

DAY, CURVE = "days", "Curve"
LINE_WIDTH, MARKER_SIZE = 2.5, 11.0
MARGIN = 0.04
"""Of the ranges of the axes, so that what lies on their ends is drawn as a whole."""
HEADROOM = 0.09
"""Of the height of the curves, for each line of the legend, which lies above them and covers none."""
SHOWN_BEFORE_DAYS = 60
BEFORE = timedelta(days=SHOWN_BEFORE_DAYS)
LABELS = "label"
CURVE_ROLES = (ResponseRole.CHART_TABLE, ResponseRole.CHART_SERIES)
SUM_COLOUR = (0.11, 0.15, 0.20)
LEVEL_COLOURS = ((0.48, 0.53, 0.60), (0.00, 0.45, 0.70), (0.75, 0.31, 0.00))
"""Of the nadir, of partial response and of progression."""
TREATMENT_COLOURS = ((0.80, 0.20, 0.45), (0.55, 0.35, 0.20), (0.20, 0.55, 0.60), (0.55, 0.20, 0.65))
OTHER_COLOURS = ((0.00, 0.62, 0.45), (0.48, 0.31, 0.64), (0.84, 0.60, 0.00), (0.34, 0.71, 0.91))
"""As in the report's charts."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve of the chart: days since the baseline, and values; marks alone, on the line of 0, of treatments."""

    name: str
    unit: str
    days: tuple[float, ...]
    values: tuple[float, ...]
    colour: tuple[float, float, float]
    has_points: bool = False
    mark: int | None = None
    """Of a kind of treatment its number, by which its marks are told from others'; None of what is measured."""
    labels: tuple[str, ...] = ()
    """What is said at a point under the mouse."""


def write_timeline(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, study: ResponseStudy
) -> slicer.vtkMRMLPlotChartNode:
    """Write the time line of a result, and return the chart; nodes that are there are updated in place."""
    timeline = timeline_of(study)
    start = study.case.baseline.date
    curves = [curve for curve in _curves(timeline, start) if curve.days]
    tables, series = (response_parts(assessment_node, role) for role in CURVE_ROLES)
    names = [get_attribute(table, CURVE) for table in tables]
    if names != [curve.name for curve in curves] or len(series) != len(curves):  # nodes may have been deleted
        _make_nodes(assessment_node, curves)
        tables, series = (response_parts(assessment_node, role) for role in CURVE_ROLES)
    for curve, table, shown in zip(curves, tables, series, strict=True):
        copies = 1 if len(curve.days) > 1 else 2  # VTK paints no line of one point, and says so each time
        columns = {DAY: np.tile(curve.days, copies), curve.name: np.tile(curve.values, copies)}
        fill_columns(table, columns, {DAY: "d", curve.name: curve.unit})
        _fill_labels(table, curve.labels * copies)
        _look(shown, table, curve)
    chart = _chart(assessment_node, timeline, study)
    _show(chart, curves, series)
    return chart


def _curves(timeline: Timeline, start: date) -> Iterator[Curve]:
    size, levels = timeline.size, (timeline.nadir, timeline.response, timeline.progression)
    said = {visit.date: f"{visit.date}: {_said(visit)}" for visit in timeline.visits}
    labels = tuple(said.get(point.date, str(point.date)) for point in size.points if point.value is not None)
    yield replace(_values(size, start, size.name, SUM_COLOUR), labels=labels)
    for level, colour in zip(levels, LEVEL_COLOURS, strict=True):
        yield _steps(level, size.unit, start, colour)
    for number, kind in enumerate(dict.fromkeys(mark.kind for mark in timeline.marks)):
        yield _marks(timeline, start, kind, number)
    for place, ratios in enumerate((*timeline.perfusion, *timeline.serum)):
        factor = _factor(timeline, ratios.values)
        name = ratios.name if factor == 1 else f"{ratios.name} (x {factor:g})"
        yield _values(ratios, start, name, OTHER_COLOURS[place % len(OTHER_COLOURS)], factor)


def _values(
    series: TimelineSeries, start: date, name: str, colour: tuple[float, float, float], factor: float = 1.0
) -> Curve:
    """The values that are known; a visit without one leaves its point out."""
    known = [(point.date, factor * point.value) for point in series.points if point.value is not None]
    days, values = _days([day for day, _ in known], start), tuple(value for _, value in known)
    return Curve(name, series.unit, days, values, colour, has_points=True)


def _marks(timeline: Timeline, start: date, kind: str, number: int) -> Curve:
    """The treatments of a kind, on the line of 0; those long before the baseline are left out."""
    of_kind = [mark for mark in timeline.marks if mark.kind == kind]
    shown = [mark for mark in of_kind if (mark.last - start).days >= -SHOWN_BEFORE_DAYS]
    ends = [(day, mark) for mark in shown for day in sorted({max(mark.start, start - BEFORE), mark.last})]
    earlier = f" ({len(of_kind) - len(shown)} earlier)" if len(shown) < len(of_kind) else ""
    return Curve(
        name=f"{kind}{earlier}",
        unit=timeline.size.unit,
        days=_days([day for day, _ in ends], start),
        values=(0.0,) * len(ends),
        colour=TREATMENT_COLOURS[number % len(TREATMENT_COLOURS)],
        mark=number,
        labels=tuple(_mark_name(mark.name, mark.start) for _, mark in ends),
    )


def _steps(level: TimelineLevel, unit: str, start: date, colour: tuple[float, float, float]) -> Curve:
    days = [day for step in level.steps for day in (step.start, step.end)]
    values = tuple(step.value for step in level.steps for _ in range(2))
    return Curve(level.name, unit, _days(days, start), values, colour)


def _days(days: list[date], start: date) -> tuple[float, ...]:
    return tuple(float((day - start).days) for day in days)


def _factor(timeline: Timeline, values: tuple[float, ...]) -> float:
    """A power of ten that brings other units into the range of the sum; Slicer's charts have one axis."""
    highest, own = max(timeline.size.values, default=0.0), max(values, default=0.0)
    if highest <= 0 or own <= 0:
        return 1.0
    return float(10.0 ** np.floor(np.log10(highest / own)))


def _mark_name(name: str, day: date) -> str:
    return name if str(day) in name else f"{name}, {day}"


def _make_nodes(assessment_node: slicer.vtkMRMLScriptedModuleNode, curves: list[Curve]) -> None:
    scene, owner = assessment_node.GetScene(), assessment_node.GetName()
    tables, series = [], []
    for curve in curves:
        table = scene.AddNewNodeByClass("vtkMRMLTableNode", f"{owner} time line {curve.name}")
        set_attribute(table, CURVE, curve.name)
        tables.append(table)
        series.append(scene.AddNewNodeByClass("vtkMRMLPlotSeriesNode", curve.name))
    set_response_parts(assessment_node, ResponseRole.CHART_TABLE, tables)
    set_response_parts(assessment_node, ResponseRole.CHART_SERIES, series)


def _fill_labels(table_node: slicer.vtkMRMLTableNode, labels: tuple[str, ...]) -> None:
    if labels:
        column = vtk.vtkStringArray()
        column.SetName(LABELS)
        for label in labels:
            column.InsertNextValue(label)
        table_node.AddColumn(column)


def _look(series: slicer.vtkMRMLPlotSeriesNode, table: slicer.vtkMRMLTableNode, curve: Curve) -> None:
    with modify(series):
        series.SetAndObserveTableNodeID(table.GetID())
        series.SetXColumnName(DAY)
        series.SetYColumnName(curve.name)
        series.SetLabelColumnName(LABELS if curve.labels else "")
        series.SetPlotType(series.PlotTypeScatter)
        series.SetColor(*curve.colour)
        series.SetLineWidth(LINE_WIDTH)
        series.SetLineStyle(series.LineStyleSolid if curve.mark is None else series.LineStyleNone)
        series.SetMarkerStyle(_marker(series, curve))
        series.SetMarkerSize(MARKER_SIZE)


def _marker(series: slicer.vtkMRMLPlotSeriesNode, curve: Curve) -> int:
    if curve.mark is None:
        return int(series.MarkerStyleCircle if curve.has_points else series.MarkerStyleNone)
    styles = (series.MarkerStyleSquare, series.MarkerStyleDiamond, series.MarkerStyleCross, series.MarkerStylePlus)
    return int(styles[curve.mark % len(styles)])


def _chart(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, timeline: Timeline, study: ResponseStudy
) -> slicer.vtkMRMLPlotChartNode:
    chart = own_response_node(assessment_node, ResponseRole.CHART, "vtkMRMLPlotChartNode", "time line")
    last = timeline.visits[-1]
    with modify(chart):
        chart.SetTitle(f"{study.assessment.criteria.title}, {last.date}: {_said(last)}")
        chart.SetXAxisTitle(f"days since the baseline, {study.case.baseline.date}")
        chart.SetYAxisTitle(f"{timeline.size.name} ({timeline.size.unit})")
        chart.SetLegendFontSize(LEGEND_POINTS)
    return chart


def _show(chart: slicer.vtkMRMLPlotChartNode, curves: list[Curve], series: list[slicer.vtkMRMLPlotSeriesNode]) -> None:
    """Show all curves from a little before the first day, from 0 on, with the legend above them."""
    days = [day for curve in curves for day in curve.days] or [0.0]  # where nothing was measured
    highest = max((value for curve in curves for value in curve.values), default=0.0) or 1.0
    with modify(chart):
        chart.SetXAxisRangeAuto(False)
        chart.SetXAxisRange(*_with_margin(min(days), max(days)))
        chart.SetYAxisRangeAuto(False)
        chart.SetYAxisRange(*_with_margin(0.0, highest * (1 + HEADROOM * len(curves))))
        chart.RemoveAllPlotSeriesNodeIDs()
        for each in series:
            chart.AddAndObservePlotSeriesNodeID(each.GetID())


def _with_margin(low: float, high: float) -> tuple[float, float]:
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _said(visit: TimelineVisit) -> str:
    """The category of a visit, the reader's word beside it."""
    reader = f" (reader: {visit.adjudicated})" if visit.adjudicated else ""
    return f"{visit.category or 'before'}{reader}"
