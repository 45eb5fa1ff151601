"""Trade-offs as charts: a scatter of two figures, and parallel coordinates; the plans that no other beats in colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk

from brachyresponse.errors import PlanError
from brachyresponse.planning.inverse.trade_off.plans import TradeOffs
from brachyresponse.scene.inverse_trade_off_groups import Group, groups_of, plan_label
from brachyresponse.scene.inverse_trade_off_lines import AXIS, HEIGHT, axes_title, lines_of
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.perfusion_plots import LEGEND_POINTS, add_series
from brachyresponse.scene.plan_parts import PARTS, PlanRole, need_plan_part, plan_part, plan_parts
from brachyresponse.types import AnyArray, FloatArray, IntArray

X_COLUMN, Y_COLUMN = "V150 %", "D90 %"
LABEL = "plan"
POINT_SIZE, LOADED_SIZE = 9.0, 15.0
TITLE_POINTS = 11
SHOWN_HEIGHTS = (-0.05, 1.45)
"""With room for the legend above the lines."""
Columns = tuple[Mapping[str, AnyArray], Sequence[str]]
"""Numbers by the columns' names, and a label a row."""


def write_charts(plan_node: slicer.vtkMRMLScriptedModuleNode, found: TradeOffs, chosen: int | None = None) -> None:
    """Draw all plans: as points of two figures, and as lines over the criteria, the better the higher.

    Tables, points and lines of before are replaced; the charts stay, with the figures that the user had chosen.

    Parameters
    ----------
    chosen
        Number of the plan that was loaded, to stand out.
    """
    axes = _shown_figures(plan_node)
    groups = groups_of(found, chosen)
    points = [_points(plan_node, found, group) for group in groups]
    lines = [_line(plan_node, found, group) for group in groups]
    PARTS.put_every(plan_node, PlanRole.TRADE_OFF_TABLE, [series.GetTableNode() for series in (*points, *lines)])
    PARTS.put_every(plan_node, PlanRole.TRADE_OFF_SERIES, [*points, *lines])
    _chart(plan_node, PlanRole.TRADE_OFF_CHART, "trade-offs", points)
    chart = _chart(plan_node, PlanRole.TRADE_OFF_AXES, "trade-offs over criteria", lines)
    with modify(chart):
        chart.SetXAxisTitle(axes_title(found))
        chart.SetAxisTitleFontSize(TITLE_POINTS)
        chart.SetYAxisTitle(HEIGHT)
        chart.SetYAxisRangeAuto(False)
        chart.SetYAxisRange(*SHOWN_HEIGHTS)
    show_figures(plan_node, *axes)


def show_figures(plan_node: slicer.vtkMRMLScriptedModuleNode, across: str, up: str) -> slicer.vtkMRMLPlotChartNode:
    """Let the scatter show two figures by their columns' names, and return the chart.

    Raises
    ------
    SceneError, PlanError
        There are no trade-offs, or there is no such figure.
    """
    chart = need_plan_part(plan_node, PlanRole.TRADE_OFF_CHART, "chart of trade-offs", "make them first")
    groups = [chart.GetNthPlotSeriesNode(place) for place in range(chart.GetNumberOfPlotSeriesNodes())]
    table = groups[0].GetTableNode().GetTable()
    columns = [table.GetColumnName(place) for place in range(table.GetNumberOfColumns())]
    figures = [name for name in columns if name != LABEL]
    for name in (across, up):
        if name not in figures:
            raise PlanError(f"The trade-offs have no figure {name!r}: choose from {', '.join(figures)}.")
    for series in groups:
        with modify(series):
            series.SetXColumnName(across)
            series.SetYColumnName(up)
    with modify(chart):
        chart.SetXAxisTitle(across)
        chart.SetYAxisTitle(up)
    return chart


def number_of_point(plan_node: slicer.vtkMRMLScriptedModuleNode, series_id: str, row: int) -> int | None:
    """Return the number of the plan that a point of either chart stands for; None for a point of another chart."""
    for series in plan_parts(plan_node, PlanRole.TRADE_OFF_SERIES):
        if series.GetID() == series_id:
            table = series.GetTableNode().GetTable()
            label = table.GetColumnByName(LABEL).GetValue(row)
            return int(label.removeprefix(f"{LABEL} ").split(",")[0])
    return None


def _shown_figures(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, str]:
    chart = plan_part(plan_node, PlanRole.TRADE_OFF_CHART)
    return (X_COLUMN, Y_COLUMN) if chart is None else (chart.GetXAxisTitle(), chart.GetYAxisTitle())


def _points(
    plan_node: slicer.vtkMRMLScriptedModuleNode, found: TradeOffs, group: Group
) -> slicer.vtkMRMLPlotSeriesNode:
    places = _drawable(group.places)
    figures = {name: values[places] for name, values in _figures(found).items()}
    labels = [plan_label(found, place) for place in places]
    series = _series(plan_node, group, (figures, labels), (X_COLUMN, Y_COLUMN))
    with modify(series):
        series.SetLineStyle(series.LineStyleNone)
        series.SetMarkerStyle(series.MarkerStyleDiamond if group.stands_out else series.MarkerStyleCircle)
        series.SetMarkerSize(LOADED_SIZE if group.stands_out else POINT_SIZE)
    return series


def _line(plan_node: slicer.vtkMRMLScriptedModuleNode, found: TradeOffs, group: Group) -> slicer.vtkMRMLPlotSeriesNode:
    series = _series(plan_node, group, lines_of(found, group.places), (AXIS, HEIGHT))
    with modify(series):
        series.SetLineWidth(group.width)
    return series


def _series(
    plan_node: slicer.vtkMRMLScriptedModuleNode, group: Group, columns: Columns, shown: tuple[str, str]
) -> slicer.vtkMRMLPlotSeriesNode:
    name = f"{plan_node.GetName()} trade-offs, {group.name}"
    table_node = plan_node.GetScene().AddNewNodeByClass("vtkMRMLTableNode", name)
    _fill(table_node, *columns)
    series = add_series(table_node, group.name, *shown)
    with modify(series):
        series.SetLabelColumnName(LABEL)
        series.SetColor(*group.colour)
    return series


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


def _chart(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    role: PlanRole,
    what: str,
    series: Sequence[slicer.vtkMRMLPlotSeriesNode],
) -> slicer.vtkMRMLPlotChartNode:
    chart = PARTS.made(plan_node, role, "vtkMRMLPlotChartNode", what)
    with modify(chart):
        chart.SetTitle(f"Trade-offs of {plan_node.GetName()}: in colour what no other beats")
        chart.SetTitleFontSize(TITLE_POINTS)
        chart.SetLegendFontSize(LEGEND_POINTS)
        chart.RemoveAllPlotSeriesNodeIDs()
        for each in series:
            chart.AddAndObservePlotSeriesNodeID(each.GetID())
    return chart
