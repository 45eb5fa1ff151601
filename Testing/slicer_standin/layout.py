"""A layout manager for tests that need views: real view nodes and logics behind the few widgets modules ask for."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import slicer

from slicer_standin import qt
from slicer_standin.qmrml.plots import qMRMLPlotView
from slicer_standin.qmrml.tables import qMRMLTableView
from slicer_standin.views import SliceView, ThreeDView

ORIENTATIONS = {"Red": "Axial", "Yellow": "Sagittal", "Green": "Coronal"}


class SliceWidget:
    """``layoutManager().sliceWidget("Red")``."""

    def __init__(self, view: SliceView) -> None:
        self.view = view

    def sliceLogic(self) -> Any:
        """The slice logic."""
        return self.view.logic

    def mrmlSliceNode(self) -> Any:
        """The slice node."""
        return self.view.node

    def sliceView(self) -> SliceView:
        """The view."""
        return self.view


class ThreeDWidget:
    """``layoutManager().threeDWidget(0)``."""

    def __init__(self, view: ThreeDView) -> None:
        self.view = view

    def mrmlViewNode(self) -> Any:
        """The view node."""
        return self.view.node

    def threeDView(self) -> ThreeDView:
        """The view."""
        return self.view


class PlotWidget:
    """``layoutManager().plotWidget(0)``."""

    def __init__(self) -> None:
        self._view = qMRMLPlotView()
        self._view.setMRMLScene(slicer.mrmlScene)
        node = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLPlotViewNode")
        self._view.setMRMLPlotViewNode(node or slicer.mrmlScene.AddNewNodeByClass("vtkMRMLPlotViewNode"))

    def mrmlPlotViewNode(self) -> Any:
        """The plot view node."""
        return self._view.mrmlPlotViewNode()

    def plotView(self) -> qMRMLPlotView:
        """The view."""
        return self._view


class TableWidget:
    """``layoutManager().tableWidget(0)``."""

    def __init__(self) -> None:
        self._view = qMRMLTableView()

    def tableView(self) -> qMRMLTableView:
        """The view."""
        return self._view


class LayoutManager(qt.QObject):
    """``slicer.app.layoutManager()`` with three slice views, one 3D view, a plot and a table; a context manager.

    The layout node is real and keeps what a module sets; all the views are there in every layout.
    """

    layoutChanged = qt.Signal(int)

    def __init__(self, view_size: tuple[int, int] = (400, 320)) -> None:
        super().__init__()
        self._slices = {name: SliceWidget(SliceView(name, way, view_size)) for name, way in ORIENTATIONS.items()}
        self._three_d = ThreeDWidget(ThreeDView("1", view_size))
        self._layout_logic = slicer.vtkMRMLLayoutLogic()  # after the views, whose nodes it then takes for its own
        self._layout_logic.SetMRMLScene(slicer.mrmlScene)
        self._plot, self._table = PlotWidget(), TableWidget()

    threeDViewCount = qt.Property(int, lambda self: 1)
    plotViewCount = qt.Property(int, lambda self: 1)
    tableViewCount = qt.Property(int, lambda self: 1)
    layout = qt.Property(
        int,
        lambda self: self.layoutLogic().GetLayoutNode().GetViewArrangement(),
        lambda self, layout: self.setLayout(layout),
    )

    def __enter__(self) -> LayoutManager:
        slicer.app.setLayoutManager(self)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        slicer.app.setLayoutManager(None)
        self._layout_logic.SetMRMLScene(None)
        for widget in (*self._slices.values(), self._three_d):
            widget.view.close()
        self._plot.plotView().setMRMLPlotViewNode(None)

    def setLayout(self, layout: int) -> None:
        """Keep the layout in the layout node."""
        self.layoutLogic().GetLayoutNode().SetViewArrangement(layout)
        self.layoutChanged.emit(layout)

    def layoutLogic(self) -> Any:
        """The layout logic."""
        return self._layout_logic

    def sliceViewNames(self) -> tuple[str, ...]:
        """Red, Yellow and Green."""
        return tuple(self._slices)

    def sliceWidget(self, name: str) -> SliceWidget | None:
        """One of the three, or None."""
        return self._slices.get(name)

    def threeDWidget(self, index: int) -> ThreeDWidget | None:
        """The one 3D view."""
        return self._three_d if index == 0 else None

    def plotWidget(self, index: int) -> PlotWidget | None:
        """The one plot."""
        return self._plot if index == 0 else None

    def tableWidget(self, index: int) -> TableWidget | None:
        """The one table."""
        return self._table if index == 0 else None

    def mrmlSliceLogics(self) -> Any:
        """Every slice logic."""
        return slicer.app.applicationLogic().GetSliceLogics()

    def resetSliceViews(self) -> None:
        """Fit every slice to its window."""
        for widget in self._slices.values():
            widget.view.fit()

    def resetThreeDViews(self) -> None:
        """Show everything in the 3D view."""
        self._three_d.view.look_from()
