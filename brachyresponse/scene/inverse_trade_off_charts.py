"""Trade-offs as charts: a scatter of two figures, and parallel coordinates, a line a plan; the front stands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk

from brachyresponse.errors import PlanError
from brachyresponse.planning.inverse.trade_offs import Criterion, TradeOffs
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.perfusion_plots import LEGEND_POINTS, add_series
from brachyresponse.scene.plan_parts import PARTS, PlanRole, need_plan_part, plan_parts
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

X_COLUMN, Y_COLUMN = "V150 %", "D90 %"
LABEL, PLACE = "plan", "axis"
FRONT, BEATEN = "not beaten", "beaten by another plan"
FRONT_COLOUR, BEATEN_COLOUR = (0.75, 0.31, 0.00), (0.70, 0.74, 0.79)
FRONT_WIDTH, BEATEN_WIDTH = 2.0, 1.0
POINT_SIZE = 9.0
Groups = tuple[slicer.vtkMRMLPlotSeriesNode, ...]


def write_charts(plan_node: slicer.vtkMRMLScriptedModuleNode, found: TradeOffs) -> None:
    """Draw all plans: as points, V150 across and D90 up, and as lines over the criteria, the better the higher.

    Tables, points and lines of before are replaced; the charts stay.
    """
    front = np.isin(np.arange(len(found.plans)), found.front)
    names = ("beaten trade-offs", "trade-offs not beaten", "trade-offs over criteria")
    scene, owner = plan_node.GetScene(), plan_node.GetName()
    tables = [scene.AddNewNodeByClass("vtkMRMLTableNode", f"{owner} {name}") for name in names]
    PARTS.put_every(plan_node, PlanRole.TRADE_OFF_TABLE, tables)
    for table, shown in ((tables[0], ~front), (tables[1], front)):
        places = _drawable(np.flatnonzero(shown))
        figures = {name: values[places] for name, values in _figures(found).items()}
        _fill(table, figures, [str(found.plans[place].number) for place in places])
    criteria, ranges = [each.name for each in found.criteria], _ranges(found)
    _fill(tables[2], _lines(found), criteria)
    points, lines = _points(tables[:2]), _line_series(tables[2], found, front)
    PARTS.put_every(plan_node, PlanRole.TRADE_OFF_SERIES, [*points, *lines])
    _chart(plan_node, PlanRole.TRADE_OFF_CHART, "Trade-offs", points)
    chart = _chart(plan_node, PlanRole.TRADE_OFF_AXES, "Trade-offs over criteria", lines)
    with modify(chart):
        chart.SetTitle(" · ".join(f"{place} {name}" for place, name in enumerate(criteria, start=1)))
        chart.SetXAxisTitle(" · ".join(f"{place}: {text}" for place, text in enumerate(ranges, start=1)))
        chart.SetYAxisTitle("worst to best")
        chart.SetLegendVisibility(False)
        chart.SetYAxisRangeAuto(False)
        chart.SetYAxisRange(-0.05, 1.05)
    show_figures(plan_node, X_COLUMN, Y_COLUMN)


def show_figures(plan_node: slicer.vtkMRMLScriptedModuleNode, across: str, up: str) -> slicer.vtkMRMLPlotChartNode:
    """Let the scatter show two figures by their columns' names, and return the chart.

    Raises
    ------
    SceneError, PlanError
        There are no trade-offs, or there is no such figure.
    """
    chart = need_plan_part(plan_node, PlanRole.TRADE_OFF_CHART, "chart of trade-offs", "make them first")
    table = plan_parts(plan_node, PlanRole.TRADE_OFF_TABLE)[0].GetTable()
    columns = [table.GetColumnName(place) for place in range(table.GetNumberOfColumns())]
    figures = [name for name in columns if name != LABEL]
    for name in (across, up):
        if name not in figures:
            raise PlanError(f"The trade-offs have no figure {name!r}: choose from {', '.join(figures)}.")
    for series in plan_parts(plan_node, PlanRole.TRADE_OFF_SERIES)[:2]:
        with modify(series):
            series.SetXColumnName(across)
            series.SetYColumnName(up)
    with modify(chart):
        chart.SetXAxisTitle(across)
        chart.SetYAxisTitle(up)
    return chart


def _figures(found: TradeOffs) -> dict[str, FloatArray]:
    """Every figure of all plans, (plans,) each, by its name with the unit."""
    of_target = {f"{name} %": name.lower() for name in ("D90", "V100", "V150", "V200")}
    columns = {label: [getattr(plan.figures, name) for plan in found.plans] for label, name in of_target.items()}
    for organ in found.plans[0].figures.organs:
        columns[f"{organ} %"] = [plan.figures.organs[organ] for plan in found.plans]
    columns["needles"] = [len(plan.needles) for plan in found.plans]
    columns["seeds"] = [plan.seeds.count for plan in found.plans]
    return {name: np.array(values, float) for name, values in columns.items()}


def _drawable(places: IntArray) -> IntArray:
    """The places; one alone twice, as VTK's plots complain of a single point."""
    return np.repeat(places, 2) if len(places) == 1 else places


def _lines(found: TradeOffs) -> dict[str, FloatArray]:
    """Each plan's place between the worst, 0, and the best, 1, on every criterion, (criteria,)."""
    values = np.array([[_better_higher(plan.value(each), each) for each in found.criteria] for plan in found.plans])
    lowest, span = values.min(axis=0), np.ptp(values, axis=0)
    shares = np.where(span > 0, (values - lowest) / np.where(span > 0, span, 1.0), 1.0)
    lines = {f"plan {plan.number}": share for plan, share in zip(found.plans, shares, strict=True)}
    return {PLACE: np.arange(1.0, len(found.criteria) + 1), **lines}


def _better_higher(value: float, criterion: Criterion) -> float:
    return value if criterion.more_is_better else -value


def _ranges(found: TradeOffs) -> list[str]:
    """The values of each criterion, from worst to best."""
    ranges = []
    for criterion in found.criteria:
        values = [plan.value(criterion) for plan in found.plans]
        worst, best = (min(values), max(values)) if criterion.more_is_better else (max(values), min(values))
        ranges.append(f"{worst:.0f} to {best:.0f} {criterion.unit[:1]}".strip())
    return ranges


def _fill(table_node: slicer.vtkMRMLTableNode, columns: Mapping[str, AnyArray], labels: Sequence[str]) -> None:
    """Give a table columns of numbers and one of text, which the chart shows beside a point."""
    table = vtk.vtkTable()
    named = vtk.vtkStringArray()
    named.SetName(LABEL)
    for label in labels:
        named.InsertNextValue(label)
    table.AddColumn(named)
    for name, values in columns.items():
        column = numpy_to_vtk(np.ascontiguousarray(values, float), deep=True)
        column.SetName(name)
        table.AddColumn(column)
    with modify(table_node):
        table_node.SetAndObserveTable(table)
        table_node.SetLocked(True)


def _points(tables: Sequence[slicer.vtkMRMLTableNode]) -> Groups:
    looks = ((BEATEN, BEATEN_COLOUR), (FRONT, FRONT_COLOUR))
    made = tuple(add_series(table, name, X_COLUMN, Y_COLUMN) for table, (name, _) in zip(tables, looks, strict=True))
    for series, (_, colour) in zip(made, looks, strict=True):
        with modify(series):
            series.SetLabelColumnName(LABEL)
            series.SetLineStyle(series.LineStyleNone)
            series.SetMarkerStyle(series.MarkerStyleCircle)
            series.SetMarkerSize(POINT_SIZE)
            series.SetColor(*colour)
    return made


def _line_series(table: slicer.vtkMRMLTableNode, found: TradeOffs, front: BoolArray) -> Groups:
    """A line a plan, those of the front last, so that they lie on top."""
    order = np.argsort(front, kind="stable")
    lines = []
    for place in order:
        name = f"plan {found.plans[place].number}"
        series = add_series(table, name, PLACE, name)
        with modify(series):
            series.SetLabelColumnName(LABEL)
            series.SetColor(*(FRONT_COLOUR if front[place] else BEATEN_COLOUR))
            series.SetLineWidth(FRONT_WIDTH if front[place] else BEATEN_WIDTH)
        lines.append(series)
    return tuple(lines)


def _chart(
    plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole, title: str, series: Groups
) -> slicer.vtkMRMLPlotChartNode:
    chart = PARTS.made(plan_node, role, "vtkMRMLPlotChartNode", title.lower())
    with modify(chart):
        chart.SetTitle(f"{title} of {plan_node.GetName()}")
        chart.SetLegendFontSize(LEGEND_POINTS)
        chart.RemoveAllPlotSeriesNodeIDs()
        for each in series:
            chart.AddAndObservePlotSeriesNodeID(each.GetID())
    return chart
