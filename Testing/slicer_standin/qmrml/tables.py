"""The view of a table node."""

from __future__ import annotations

import vtk
from slicer import vtkMRMLNode

from slicer_standin import qt
from slicer_standin.qmrml.scene import SceneHolder
from slicer_standin.stand_in import stand_in, stored


@stand_in
class qMRMLTableView(SceneHolder, qt.QTableView):
    """Rows and columns of a vtkMRMLTableNode; a cell edited here is written to the node unless that is locked."""

    mrmlSceneChanged = qt.Signal(object)
    selectionChanged = qt.Signal()
    cpp_signals = ("mrmlSceneChanged(vtkMRMLScene*)",)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        qt.QTableView.__init__(self, parent)
        self._node = None

    firstRowLocked = stored(bool, False)
    firstColumnLocked = stored(bool, False)
    transposed = stored(bool, False)

    def mrmlTableNode(self) -> vtkMRMLNode | None:
        """The node shown."""
        return self._node

    def setMRMLTableNode(self, node: vtkMRMLNode | None) -> None:
        """Show another node."""
        if self._node is not None:
            self._forget_observations(self._node)
        self._node = node
        if node is not None:
            self._observe(node, vtk.vtkCommand.ModifiedEvent, lambda: self._fill())
        self._fill()

    def tableModel(self) -> qt.QAbstractItemModel:
        """The item model behind the view."""
        return self.model()

    def _fill(self) -> None:
        items = qt.QStandardItemModel(self)
        if self._node is not None:
            table = self._node.GetTable()
            columns = range(table.GetNumberOfColumns())
            items.setHorizontalHeaderLabels([table.GetColumnName(column) or "" for column in columns])
            for row in range(table.GetNumberOfRows()):
                items.appendRow([self._item(table.GetValue(row, column).ToString()) for column in columns])
        items.itemChanged.connect(self._write_cell)
        self.setModel(items)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selectionChanged.emit())

    def _item(self, text: str) -> qt.QStandardItem:
        item = qt.QStandardItem(text)
        item.setEditable(not self._node.GetLocked())
        return item

    def _write_cell(self, item: qt.QStandardItem) -> None:
        self._node.SetCellText(item.row(), item.column(), item.text())
