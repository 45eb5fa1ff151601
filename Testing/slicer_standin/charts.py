"""Draws a plot chart node with VTK's charts, as Slicer's plot view does, to a PNG file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import vtk
from slicer import vtkMRMLPlotChartNode, vtkMRMLPlotSeriesNode

BOTTOM, LEFT = vtk.vtkAxis.BOTTOM, vtk.vtkAxis.LEFT


def render_chart(chart_node: vtkMRMLPlotChartNode, path: Path, size: tuple[int, int] = (500, 400)) -> Path:
    """The chart with title, axes, legend and every series of the node, written to ``path``."""
    view = vtk.vtkContextView()
    window = view.GetRenderWindow()
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(0)
    window.SetSize(*size)
    view.GetRenderer().SetBackground(1, 1, 1)
    view.GetScene().AddItem(chart_of(chart_node))
    write_png(window, path)
    window.Finalize()
    return path


def chart_of(chart_node: vtkMRMLPlotChartNode) -> vtk.vtkChartXY:
    """A VTK chart that shows what the node says."""
    chart = vtk.vtkChartXY()
    chart.SetTitle((chart_node.GetTitle() or "") if chart_node.GetTitleVisibility() else "")
    chart.SetShowLegend(bool(chart_node.GetLegendVisibility()))
    chart.GetLegend().GetLabelProperties().SetFontSize(chart_node.GetLegendFontSize())
    for index in range(chart_node.GetNumberOfPlotSeriesNodes()):
        _add_series(chart, chart_node.GetNthPlotSeriesNode(index))
    for axis, letter in ((BOTTOM, "X"), (LEFT, "Y")):
        _set_axis(chart.GetAxis(axis), chart_node, letter)
    chart.RecalculateBounds()
    return chart


def _set_axis(axis: vtk.vtkAxis, chart_node: vtkMRMLPlotChartNode, letter: str) -> None:
    def setting(name: str) -> Any:
        return getattr(chart_node, f"Get{letter}Axis{name}")()

    axis.SetTitle((setting("Title") or "") if setting("TitleVisibility") else "")
    axis.SetLogScale(bool(setting("LogScale")))
    axis.SetGridVisible(bool(chart_node.GetGridVisibility()))
    if not setting("RangeAuto"):
        axis.SetBehavior(vtk.vtkAxis.FIXED)
        axis.SetRange(*setting("Range"))


def _add_series(chart: vtk.vtkChartXY, series: vtkMRMLPlotSeriesNode) -> None:
    if series is None or series.GetTableNode() is None:
        return
    is_bar = series.GetPlotType() in (series.PlotTypeBar, series.PlotTypeScatterBar)
    plot = chart.AddPlot(vtk.vtkChart.BAR if is_bar else vtk.vtkChart.LINE)
    table = series.GetTableNode().GetTable()
    x_name, y_name = series.GetXColumnName(), series.GetYColumnName()
    if series.IsXColumnRequired():
        plot.SetInputData(table, x_name, y_name)
    else:
        plot.SetUseIndexForXSeries(True)
        plot.SetInputData(table, y_name, y_name)
    plot.SetLabel(series.GetName())
    plot.SetColorF(*series.GetColor())
    plot.SetOpacity(series.GetOpacity())
    plot.SetWidth(series.GetLineWidth())
    if not is_bar:
        plot.SetMarkerStyle(series.GetMarkerStyle())
        plot.SetMarkerSize(series.GetMarkerSize())
        plot.GetPen().SetLineType(series.GetLineStyle())


def write_png(window: vtk.vtkRenderWindow, path: Path) -> None:
    """Render the window off screen and write what it shows."""
    window.Render()
    picture = vtk.vtkWindowToImageFilter()
    picture.SetInput(window)
    picture.ReadFrontBufferOff()
    picture.SetInputBufferTypeToRGB()
    writer = vtk.vtkPNGWriter()
    writer.SetFileName(str(path))
    writer.SetInputConnection(picture.GetOutputPort())
    writer.Write()
