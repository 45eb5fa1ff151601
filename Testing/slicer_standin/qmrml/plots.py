"""The view of a plot chart node."""

from __future__ import annotations

import tempfile
from pathlib import Path

import vtk
from slicer import vtkMRMLNode, vtkMRMLPlotChartNode, vtkMRMLPlotViewNode

from slicer_standin import qt
from slicer_standin.charts import render_chart
from slicer_standin.qmrml.scene import SceneHolder
from slicer_standin.stand_in import stand_in


@stand_in
class qMRMLPlotView(SceneHolder, qt.QWidget):
    """The chart that a vtkMRMLPlotViewNode points at, as a picture that follows the chart, its series and tables."""

    mrmlSceneChanged = qt.Signal(object)
    dataSelected = qt.Signal(object, object)
    cpp_signals = ("mrmlSceneChanged(vtkMRMLScene*)", "dataSelected(vtkStringArray*,vtkCollection*)")

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        qt.QWidget.__init__(self, parent)
        self.setMinimumSize(120, 80)
        self._view_node: vtkMRMLPlotViewNode | None = None
        self._picture: qt.QPixmap | None = None

    def mrmlPlotViewNode(self) -> vtkMRMLNode | None:
        """The view node."""
        return self._view_node

    def setMRMLPlotViewNode(self, node: vtkMRMLPlotViewNode | None) -> None:
        """Follow another view node."""
        self._forget_observations()
        self._view_node = node
        if node is not None:
            self._observe(node, vtk.vtkCommand.ModifiedEvent, lambda: self._redraw())
            self._observe(node, vtkMRMLNode.ReferencedNodeModifiedEvent, lambda: self._redraw())
            self._observe(node, vtkMRMLPlotViewNode.PlotChartNodeChangedEvent, lambda: self._redraw())
        self._redraw()

    def fitToContent(self) -> None:
        """The picture always fits."""
        self._redraw()

    def sizeHint(self) -> qt.QSize:
        """As in Slicer."""
        return qt.QSize(300, 200)

    def _chart_node(self) -> vtkMRMLPlotChartNode | None:
        return self._view_node.GetPlotChartNode() if self._view_node is not None else None

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    def resizeEvent(self, event: qt.QResizeEvent) -> None:
        """Another size, another picture."""
        self._picture = None
        super().resizeEvent(event)

    def paintEvent(self, event: qt.QPaintEvent) -> None:
        """The chart, or a blank where there is none."""
        painter = qt.QPainter(self)
        chart_node = self._chart_node()
        if chart_node is None:
            painter.fillRect(self.rect, qt.QColor("white"))
        else:
            if self._picture is None:
                self._picture = self._rendered(chart_node)
            painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def _rendered(self, chart_node: vtkMRMLPlotChartNode) -> qt.QPixmap:
        with tempfile.TemporaryDirectory() as folder:
            path = render_chart(chart_node, Path(folder) / "chart.png", (self.width, self.height))
            return qt.QPixmap(str(path))
