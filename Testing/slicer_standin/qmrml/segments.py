"""The selector and the table of segments."""

from __future__ import annotations

from typing import Any

from slicer import vtkMRMLNode, vtkSegmentation

from slicer_standin import qt
from slicer_standin.qmrml.node_combo_box import qMRMLNodeComboBox
from slicer_standin.qmrml.scene import qMRMLWidget
from slicer_standin.stand_in import forwarded, stand_in, stored

SEGMENT_EVENTS = (vtkSegmentation.SegmentAdded, vtkSegmentation.SegmentRemoved, vtkSegmentation.SegmentModified)
NONE = "None"


def segments_of(segmentation_node: Any) -> list[tuple[str, Any]]:
    """(segment ID, segment) in order; none for no node."""
    if segmentation_node is None:
        return []
    segmentation = segmentation_node.GetSegmentation()
    return [
        (segmentation.GetNthSegmentID(index), segmentation.GetNthSegment(index))
        for index in range(segmentation.GetNumberOfSegments())
    ]


@stand_in
class qMRMLSegmentSelectorWidget(qMRMLWidget):
    """A segmentation and one of its segments."""

    currentNodeChanged = qt.Signal((object,), (bool,))
    currentSegmentChanged = qt.Signal(str)
    cpp_signals = ("currentNodeChanged(vtkMRMLNode*)",)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        super().__init__(parent)
        self._segmentations, self._segments = qMRMLNodeComboBox(), qt.QComboBox()
        self._segmentations.nodeTypes = ["vtkMRMLSegmentationNode"]
        self._segmentations.addEnabled = self._segmentations.removeEnabled = False
        self._segment_id, self._observed = "", None
        column = qt.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._segmentations)
        column.addWidget(self._segments)
        self._segmentations.currentNodeChanged[object].connect(self._segmentation_changed)
        self._segments.currentIndexChanged.connect(self._segment_changed)

    def _none_enabled_changed(self) -> None:
        self._segmentations.noneEnabled = self.noneEnabled
        self._fill()

    noneEnabled = stored(bool, False, _none_enabled_changed)
    editEnabled = stored(bool, False)
    multiSelection = stored(bool, False)
    horizontalLayout = stored(bool, False)
    segmentationNodeSelectorVisible = forwarded(bool, "_segmentations", "visible")
    selectNodeUponCreation = forwarded(bool, "_segmentations", "selectNodeUponCreation")

    def currentNode(self) -> vtkMRMLNode | None:
        """The selected segmentation."""
        return self._segmentations.currentNode()

    def currentNodeID(self) -> str:
        """Its ID, or an empty text."""
        return self._segmentations.currentNodeID

    def setCurrentNode(self, node: vtkMRMLNode | None) -> None:
        """Select a segmentation."""
        self._segmentations.setCurrentNode(node)

    def setCurrentNodeID(self, node_id: str) -> None:
        """Select a segmentation by ID."""
        self._segmentations.setCurrentNodeID(node_id)

    def currentSegmentID(self) -> str:
        """The selected segment, or an empty text."""
        return self._segment_id

    def setCurrentSegmentID(self, segment_id: str) -> None:
        """Select a segment; an ID that is not there changes nothing, as in Slicer."""
        row = self._segments.findData(segment_id or NONE)
        if row >= 0:
            self._segments.setCurrentIndex(row)

    def segmentIDs(self) -> list[str]:
        """Every segment that can be selected."""
        return [segment_id for segment_id, _ in segments_of(self.currentNode())]

    def _scene_changed(self) -> None:
        self._segmentations.setMRMLScene(self.mrmlScene())

    def _segmentation_changed(self, node: vtkMRMLNode | None) -> None:
        if self._observed is not None:
            self._forget_observations(self._observed)
        self._observed = node.GetSegmentation() if node is not None else None
        if self._observed is not None:
            for event in SEGMENT_EVENTS:
                self._observe(self._observed, event, lambda: self._fill())
        self._fill()
        self.currentNodeChanged[object].emit(node)
        self.currentNodeChanged[bool].emit(node is not None)

    def _fill(self) -> None:
        """List the segments; keep the selected one, else select the first (or None where that is allowed)."""
        segments = segments_of(self.currentNode())
        self._segments.blockSignals(True)
        self._segments.clear()
        if segments and self.noneEnabled:
            self._segments.addItem(NONE, NONE)
        for segment_id, segment in segments:
            self._segments.addItem(segment.GetName(), segment_id)
        self._segments.setCurrentIndex(self._row_to_keep())
        self._segments.blockSignals(False)
        if segments and self._segments.currentIndex < 0:
            self._segments.setCurrentIndex(1 if self.noneEnabled else 0)

    def _row_to_keep(self) -> int:
        """The row of the selected segment or of None; -1 when there is no such row."""
        if not self._segment_id and not self.noneEnabled:
            return -1
        return self._segments.findData(self._segment_id or NONE)

    def _segment_changed(self, row: int) -> None:
        chosen = self._segments.itemData(row) if row >= 0 else ""
        self._segment_id = "" if chosen in (None, NONE) else chosen
        self.currentSegmentChanged.emit(self._segment_id)


@stand_in
class qMRMLSegmentsTableView(qMRMLWidget):
    """The segments of one segmentation as a table, with selection."""

    selectionChanged = qt.Signal("QItemSelection", "QItemSelection")

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        super().__init__(parent)
        self._node = None
        self._table = qt.QTableWidget(0, 2)
        self._table.setHorizontalHeaderLabels(["Color", "Name"])
        self._table.horizontalHeader().setStretchLastSection(True)
        self._table.verticalHeader().hide()
        self._table.setSelectionBehavior(qt.QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.selectionModel().selectionChanged.connect(self.selectionChanged)
        column = qt.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._table)

    selectionMode = qt.Property(
        int, lambda self: self._table.selectionMode, lambda self, value: setattr(self._table, "selectionMode", value)
    )
    headerVisible = qt.Property(
        bool,
        lambda self: not self._table.horizontalHeader().isHidden(),
        lambda self, value: self._table.horizontalHeader().setVisible(value),
    )
    segmentCount = qt.Property(int, lambda self: self._table.rowCount)
    visibilityColumnVisible = stored(bool, True)
    colorColumnVisible = stored(bool, True)
    opacityColumnVisible = stored(bool, True)
    statusColumnVisible = stored(bool, False)
    layerColumnVisible = stored(bool, False)
    readOnly = stored(bool, False)
    filterBarVisible = stored(bool, False)
    textFilter = stored(str, "")
    jumpToSelectedSegmentEnabled = stored(bool, False)

    def segmentationNode(self) -> vtkMRMLNode | None:
        """The segmentation shown."""
        return self._node

    def setSegmentationNode(self, node: vtkMRMLNode | None) -> None:
        """Show another segmentation."""
        self._forget_observations()
        self._node = node
        if node is not None:
            for event in SEGMENT_EVENTS:
                self._observe(node.GetSegmentation(), event, lambda: self._fill())
        self._fill()

    def segmentIDForRow(self, row: int) -> str:
        """The segment in this row."""
        return self._table.item(row, 1).data(qt.Qt.ItemDataRole.UserRole)

    def rowForSegmentID(self, segment_id: str) -> int:
        """The row of this segment, -1 if it is not there."""
        rows = [row for row in range(self._table.rowCount) if self.segmentIDForRow(row) == segment_id]
        return rows[0] if rows else -1

    def selectedSegmentIDs(self) -> list[str]:
        """The selected rows' segments."""
        rows = sorted({index.row() for index in self._table.selectionModel().selectedRows()})
        return [self.segmentIDForRow(row) for row in rows]

    def setSelectedSegmentIDs(self, segment_ids: list[str]) -> None:
        """Select these rows and no others."""
        self._table.clearSelection()
        flags = qt.QItemSelectionModel.SelectionFlag
        for segment_id in segment_ids:
            index = self._table.model().index(self.rowForSegmentID(segment_id), 0)
            self._table.selectionModel().select(index, flags.Select | flags.Rows)

    def clearSelection(self) -> None:
        """Select nothing."""
        self._table.clearSelection()

    def _fill(self) -> None:
        segments = segments_of(self._node)
        selected = self.selectedSegmentIDs()
        self._table.setRowCount(len(segments))
        for row, (segment_id, segment) in enumerate(segments):
            swatch, name = qt.QTableWidgetItem(), qt.QTableWidgetItem(segment.GetName())
            swatch.setBackground(qt.QColor.fromRgbF(*segment.GetColor()))
            name.setData(qt.Qt.ItemDataRole.UserRole, segment_id)
            self._table.setItem(row, 0, swatch)
            self._table.setItem(row, 1, name)
        present = [segment_id for segment_id, _ in segments]
        self.setSelectedSegmentIDs([segment_id for segment_id in selected if segment_id in present])
