"""The selector of several MRML nodes."""

from __future__ import annotations

from slicer import vtkMRMLNode

from slicer_standin import qt
from slicer_standin.qmrml.node_combo_box import qMRMLNodeComboBox
from slicer_standin.stand_in import stand_in


@stand_in
class qMRMLCheckableNodeComboBox(qMRMLNodeComboBox):
    """A node selector whose nodes have check boxes."""

    checkedNodesChanged = qt.Signal()

    def checkState(self, node: vtkMRMLNode) -> qt.Qt.CheckState:
        """Checked or Unchecked."""
        checked = self.__dict__.setdefault("_checked", set())
        return qt.Qt.CheckState.Checked if node.GetID() in checked else qt.Qt.CheckState.Unchecked

    def setCheckState(self, node: vtkMRMLNode, state: qt.Qt.CheckState) -> None:
        """Check or uncheck a node."""
        if qt.Qt.CheckState(state) == self.checkState(node):
            return
        self._checked.symmetric_difference_update({node.GetID()})
        self.checkedNodesChanged.emit()

    def check(self, node: vtkMRMLNode) -> None:
        """Check a node."""
        self.setCheckState(node, qt.Qt.CheckState.Checked)

    def uncheck(self, node: vtkMRMLNode) -> None:
        """Uncheck a node."""
        self.setCheckState(node, qt.Qt.CheckState.Unchecked)

    def checkedNodes(self) -> list[vtkMRMLNode]:
        """The checked nodes, in the order of the list."""
        return [node for node in self.nodes() if self.checkState(node) == qt.Qt.CheckState.Checked]

    def uncheckedNodes(self) -> list[vtkMRMLNode]:
        """The others."""
        return [node for node in self.nodes() if self.checkState(node) != qt.Qt.CheckState.Checked]

    def allChecked(self) -> bool:
        """Whether none is unchecked."""
        return not self.uncheckedNodes()

    def noneChecked(self) -> bool:
        """Whether none is checked."""
        return not self.checkedNodes()
