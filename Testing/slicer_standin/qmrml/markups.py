"""The small list of control points with its place button."""

from __future__ import annotations

import vtk
from slicer import vtkMRMLNode

from slicer_standin import qt
from slicer_standin.qmrml.node_combo_box import qMRMLNodeComboBox
from slicer_standin.qmrml.scene import qSlicerWidget
from slicer_standin.stand_in import forwarded, stand_in, stored


@stand_in
class qSlicerSimpleMarkupsWidget(qSlicerWidget):
    """A markups node and a table of its control points."""

    markupsNodeChanged = qt.Signal()
    updateFinished = qt.Signal()
    currentMarkupsControlPointSelectionChanged = qt.Signal(int)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        super().__init__(parent)
        self._selector, self._table = qMRMLNodeComboBox(), qt.QTableWidget(0, 4)
        self._selector.nodeTypes = ["vtkMRMLMarkupsFiducialNode"]
        self._selector.noneEnabled = True
        self._table.setHorizontalHeaderLabels(["Label", "R", "A", "S"])
        self._observed = None
        column = qt.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._selector)
        column.addWidget(self._table)
        self._selector.currentNodeChanged[object].connect(self._node_changed)
        self._table.currentCellChanged.connect(
            lambda row, *_: self.currentMarkupsControlPointSelectionChanged.emit(row)
        )

    enterPlaceModeOnNodeChange = stored(bool, True)
    jumpToSliceEnabled = stored(bool, False)
    optionsVisible = stored(bool, True)
    positionStatusColumnVisible = stored(bool, True)
    nodeSelectorVisible = forwarded(bool, "_selector", "visible")
    defaultNodeColor = stored(qt.QColor, qt.QColor(0, 255, 0))

    def currentNode(self) -> vtkMRMLNode | None:
        """The markups node shown."""
        return self._selector.currentNode()

    def setCurrentNode(self, node: vtkMRMLNode | None) -> None:
        """Show another markups node."""
        self._selector.setCurrentNode(node)

    def tableWidget(self) -> qt.QTableWidget:
        """The table of control points."""
        return self._table

    def markupsSelectorComboBox(self) -> qMRMLNodeComboBox:
        """The node selector."""
        return self._selector

    def highlightNthControlPoint(self, index: int) -> None:
        """Select the row of a control point."""
        self._table.selectRow(index)

    def _scene_changed(self) -> None:
        self._selector.setMRMLScene(self.mrmlScene())

    def _node_changed(self, node: vtkMRMLNode | None) -> None:
        if self._observed is not None:
            self._forget_observations(self._observed)
        self._observed = node
        if node is not None:
            self._observe(node, vtk.vtkCommand.ModifiedEvent, lambda: self._fill())
            self._observe(node, node.PointModifiedEvent, lambda: self._fill())
        self._fill()
        self.markupsNodeChanged.emit()

    def _fill(self) -> None:
        node = self.currentNode()
        self._table.setRowCount(node.GetNumberOfControlPoints() if node is not None else 0)
        for row in range(self._table.rowCount):
            position = node.GetNthControlPointPositionWorld(row)
            texts = [node.GetNthControlPointLabel(row), *(f"{coordinate:.2f}" for coordinate in position)]
            for column, text in enumerate(texts):
                self._table.setItem(row, column, qt.QTableWidgetItem(text))
        self.updateFinished.emit()
