"""Showing a chart in a layout that has a plot."""

from __future__ import annotations

import slicer


def show_chart(chart_node: slicer.vtkMRMLPlotChartNode | None) -> None:
    """Show a chart; nothing without one."""
    if chart_node is not None:
        slicer.modules.plots.logic().ShowChartInLayout(chart_node)
