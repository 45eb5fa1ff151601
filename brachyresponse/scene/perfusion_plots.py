"""Charts of a study: tables of columns, a line or points for each, and a chart that shows them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk

from brachyresponse.scene.nodes import modify
from brachyresponse.scene.perfusion_parts import PerfusionRole, own_perfusion_node
from brachyresponse.types import AnyArray

LINE_WIDTH, MARKER_SIZE, LEGEND_POINTS = 2.0, 5.0, 10


def fill_columns(
    table_node: slicer.vtkMRMLTableNode, columns: Mapping[str, AnyArray], units: Mapping[str, str]
) -> None:
    """Give a table columns of numbers, (N,) each, with their units; it is locked."""
    table = vtk.vtkTable()
    for name, values in columns.items():
        column = numpy_to_vtk(np.ascontiguousarray(values, float), deep=True)
        column.SetName(name)
        table.AddColumn(column)
    with modify(table_node):
        table_node.SetAndObserveTable(table)
        for name in columns:
            table_node.SetColumnUnitLabel(name, units.get(name, ""))
        table_node.SetLocked(True)


def add_series(
    table_node: slicer.vtkMRMLTableNode, title: str, x_column: str, y_column: str
) -> slicer.vtkMRMLPlotSeriesNode:
    """Add the line of a column of a table over another."""
    series = table_node.GetScene().AddNewNodeByClass("vtkMRMLPlotSeriesNode", title)
    with modify(series):
        series.SetAndObserveTableNodeID(table_node.GetID())
        series.SetXColumnName(x_column)
        series.SetYColumnName(y_column)
        series.SetPlotType(series.PlotTypeScatter)
        series.SetMarkerStyle(series.MarkerStyleNone)
        series.SetMarkerSize(MARKER_SIZE)
        series.SetLineWidth(LINE_WIDTH)
    return series


def add_chart(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, role: PerfusionRole, what: str, title: str
) -> slicer.vtkMRMLPlotChartNode:
    """Add a chart to a study, without curves."""
    chart = own_perfusion_node(perfusion_node, role, "vtkMRMLPlotChartNode", what)
    chart.SetTitle(title)
    chart.SetLegendFontSize(LEGEND_POINTS)
    return chart
