"""The selector of a MRML node."""

from __future__ import annotations

from typing import Any

import shiboken6
import vtk
from slicer import vtkMRMLNode, vtkMRMLScene

from slicer_standin import qt
from slicer_standin.ctk.numbers import borderless_row
from slicer_standin.qmrml.scene import SceneHolder
from slicer_standin.stand_in import stand_in, stored

ACTION_ROLE = qt.Qt.ItemDataRole.UserRole + 1


def refill(self: qMRMLNodeComboBox) -> None:
    """A property that decides what is listed was set."""
    self._fill()


@stand_in
class qMRMLNodeComboBox(SceneHolder, qt.QWidget):
    """Nodes of the scene by class and attribute, after them the actions to create, rename or delete one.

    A new node is selected by itself only where the box was empty and has no actions, as Qt's own combo box does; when
    the selected node is removed its neighbour is selected.
    """

    currentNodeChanged = qt.Signal((object,), (bool,))
    currentNodeIDChanged = qt.Signal(str)
    nodeActivated = qt.Signal(object)
    nodeAdded = qt.Signal(object)
    nodeAddedByUser = qt.Signal(object)
    nodeAddedByUserAction = qt.Signal(object)
    nodeAboutToBeRemoved = qt.Signal(object)
    cpp_signals = (
        "currentNodeChanged(vtkMRMLNode*)",
        "nodeActivated(vtkMRMLNode*)",
        "nodeAdded(vtkMRMLNode*)",
        "nodeAddedByUser(vtkMRMLNode*)",
        "nodeAddedByUserAction(vtkMRMLNode*)",
        "nodeAboutToBeRemoved(vtkMRMLNode*)",
    )

    nodeTypes = stored("QStringList", [], refill)
    hideChildNodeTypes = stored("QStringList", [], refill)
    showHidden = stored(bool, False, refill)
    showChildNodeTypes = stored(bool, True, refill)
    noneEnabled = stored(bool, False, refill)
    noneDisplay = stored(str, "None", refill)
    addEnabled = stored(bool, True, refill)
    removeEnabled = stored(bool, True, refill)
    renameEnabled = stored(bool, False, refill)
    editEnabled = stored(bool, False, refill)
    baseName = stored(str, "")
    selectNodeUponCreation = stored(bool, True)
    interactionNodeSingletonTag = stored(str, "")
    sizeAdjustPolicy = stored(int, 0)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        qt.QWidget.__init__(self, parent)
        self._box = qt.QComboBox()
        self._box.setSizePolicy(qt.QSizePolicy.Policy.Expanding, qt.QSizePolicy.Policy.Fixed)
        self._box.setMinimumContentsLength(4)
        self._box.setSizeAdjustPolicy(qt.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._attributes: list[tuple[str, str, str | None]] = []
        self._current_id = ""
        self._filling = False
        borderless_row(self, self._box)
        self.setEnabled(False)
        self._box.currentIndexChanged.connect(self._select_row)
        self._box.activated.connect(self._activate_row)

    def addAttribute(self, nodeType: str, name: str, value: Any = None) -> None:
        """List only nodes with this attribute (and this value, if given)."""
        self._attributes.append((nodeType, name, None if value is None else str(value)))
        self._fill()

    def nodes(self) -> list[vtkMRMLNode]:
        """The nodes that are listed."""
        scene = self.mrmlScene()
        if scene is None:
            return []
        everything = (scene.GetNthNode(index) for index in range(scene.GetNumberOfNodes()))
        return [node for node in everything if self._lists(node)]

    def nodeCount(self) -> int:
        """Number of nodes listed, without "None" and the actions."""
        return len(self.nodes())

    def nodeFromIndex(self, index: int) -> vtkMRMLNode | None:
        """The node in this row, "None" not counted; None beyond the end."""
        nodes = self.nodes()
        return nodes[index] if 0 <= index < len(nodes) else None

    def currentNode(self) -> vtkMRMLNode | None:
        """The selected node."""
        scene = self.mrmlScene()
        return scene.GetNodeByID(self._current_id) if scene is not None and self._current_id else None

    def setCurrentNode(self, node: vtkMRMLNode | None) -> None:
        """Select this node; None, or a node that is not listed, selects nothing."""
        self.setCurrentNodeID(node.GetID() if node is not None else "")

    def setCurrentNodeID(self, node_id: str | None) -> None:
        """Select the node of this ID, now or as soon as there is a scene."""
        if self.mrmlScene() is None:
            self._current_id = node_id or ""
            return
        row = self._box.findData(node_id) if node_id else -1
        self._box.setCurrentIndex(row if row >= 0 else self._empty_row())

    def setCurrentNodeIndex(self, index: int) -> None:
        """Select by row, "None" not counted."""
        self.setCurrentNode(self.nodeFromIndex(index))

    currentNodeID = qt.Property(str, lambda self: self._current_id, setCurrentNodeID)

    def addNode(self, nodeType: str | None = None) -> vtkMRMLNode:
        """Create a node of the first (or given) class, as the action in the list does."""
        class_name = nodeType or self.nodeTypes[0]
        name = self.mrmlScene().GenerateUniqueName(self.baseName or self.nodeTypeLabel(class_name))
        node = self.mrmlScene().AddNewNodeByClass(class_name, name)
        if self.selectNodeUponCreation:
            self.setCurrentNode(node)
        self.nodeAddedByUser.emit(node)
        return node

    def removeCurrentNode(self) -> None:
        """Delete the selected node from the scene."""
        self.mrmlScene().RemoveNode(self.currentNode())

    def renameCurrentNode(self) -> None:
        """Ask for a new name; tests replace ``qt.QInputDialog.getText``."""
        name, accepted = qt.QInputDialog.getText(self, "Rename", "New name:", text=self.currentNode().GetName())
        if accepted and name:
            self.currentNode().SetName(name)

    def nodeTypeLabel(self, nodeType: str) -> str:
        """How Slicer calls nodes of this class; an unknown class is an error here."""
        scene = self.mrmlScene()
        label = scene.GetTypeDisplayNameByClassName(nodeType) if scene is not None else "node"
        if not label:
            raise RuntimeError(f"{self.objectName or 'A node selector'} lists {nodeType}, which is no MRML class.")
        return label

    def _lists(self, node: vtkMRMLNode) -> bool:
        if node.GetHideFromEditors() and not self.showHidden:
            return False
        if any(node.IsA(hidden) for hidden in self.hideChildNodeTypes):
            return False
        is_of = node.IsA if self.showChildNodeTypes else (lambda class_name: node.GetClassName() == class_name)
        return any(is_of(class_name) for class_name in self.nodeTypes) and all(
            self._has_attribute(node, name, value)
            for class_name, name, value in self._attributes
            if node.IsA(class_name)
        )

    @staticmethod
    def _has_attribute(node: vtkMRMLNode, name: str, value: str | None) -> bool:
        found = node.GetAttribute(name)
        return found is not None and value in (None, found)

    def _empty_row(self) -> int:
        return 0 if self.noneEnabled else -1

    def _scene_changed(self) -> None:
        scene = self.mrmlScene()
        self.setEnabled(scene is not None)
        if scene is not None:
            self._observe(scene, vtkMRMLScene.NodeAddedEvent, self._node_added)
            self._observe(scene, vtkMRMLScene.NodeAboutToBeRemovedEvent, self._node_about_to_go)
            self._observe(scene, vtkMRMLScene.NodeRemovedEvent, lambda: self._fill())
            self._observe(scene, vtkMRMLScene.EndBatchProcessEvent, lambda: self._fill())
            for index in range(scene.GetNumberOfNodes()):
                self._observe_name(scene.GetNthNode(index))
        self._fill()

    def _observe_name(self, node: vtkMRMLNode) -> None:
        self._observe(node, vtk.vtkCommand.ModifiedEvent, lambda: self._rename_row(node))

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _node_added(self, node: vtkMRMLNode) -> None:
        self._observe_name(node)
        was_empty = self._box.count == 0
        self._fill()
        if self._lists(node):
            if was_empty and self._box.count == 1:
                self.setCurrentNode(node)
            self.nodeAdded.emit(node)

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _node_about_to_go(self, node: vtkMRMLNode) -> None:
        self._forget_observations(node)
        if self._lists(node):
            self.nodeAboutToBeRemoved.emit(node)

    def _rename_row(self, node: vtkMRMLNode) -> None:
        row = self._box.findData(node.GetID())
        if (row >= 0) != self._lists(node):
            self._fill()
        elif row >= 0:
            self._box.setItemText(row, node.GetName())

    def _fill(self) -> None:
        scene = self.mrmlScene()
        if "_box" not in self.__dict__ or self._filling or (scene is not None and scene.IsBatchProcessing()):
            return
        old_row = self._box.currentIndex
        self._filling = True
        self._box.clear()
        if self.noneEnabled:
            self._box.addItem(self.noneDisplay, "")
        for node in self.nodes():
            self._box.addItem(node.GetName(), node.GetID())
        if scene is not None:
            self._add_actions()
        row = self._row_to_keep(old_row)
        self._box.setCurrentIndex(row)
        self._filling = False
        if scene is not None:
            self._select_row(row)

    def _row_to_keep(self, old_row: int) -> int:
        """The row of the selected node; of its neighbour when it is gone."""
        if not self._current_id:
            return self._empty_row()
        row = self._box.findData(self._current_id)
        if row >= 0:
            return row
        nodes = len(self.nodes())
        first = 1 if self.noneEnabled else 0
        return min(max(old_row, first), first + nodes - 1) if nodes and old_row >= 0 else self._empty_row()

    def _add_actions(self) -> None:
        label = self.nodeTypeLabel(self.nodeTypes[0]) if len(self.nodeTypes) == 1 else "node"
        actions = []
        if self.renameEnabled:
            actions.append((f"Rename current {label}", self.renameCurrentNode))
        if self.addEnabled:
            for class_name in self.nodeTypes:
                actions.append(
                    (f"Create new {self.nodeTypeLabel(class_name)}", lambda name=class_name: self.addNode(name))
                )
        if self.removeEnabled:
            actions.append((f"Delete current {label}", self.removeCurrentNode))
        for text, action in actions:
            self._box.addItem(text)
            self._box.setItemData(self._box.count - 1, action, ACTION_ROLE)

    def _select_row(self, row: int) -> None:
        if self._filling:
            return
        node_id = (self._box.itemData(row) or "") if row >= 0 else ""
        if node_id == self._current_id:
            return
        self._current_id = node_id
        node = self.currentNode()
        self._tell(self.currentNodeChanged[object], node)
        self._tell(self.currentNodeChanged[bool], node is not None)
        self._tell(self.currentNodeIDChanged, node_id)

    def _tell(self, signal: Any, value: Any) -> None:
        """Emit, unless what was told before has made an end of this widget."""
        if shiboken6.isValid(self):
            signal.emit(value)

    def _activate_row(self, row: int) -> None:
        action = self._box.itemData(row, ACTION_ROLE)
        if action is None:
            self.nodeActivated.emit(self.currentNode())
        else:
            action()
