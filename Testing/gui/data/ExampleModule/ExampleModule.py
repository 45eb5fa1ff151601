"""A small module with what a real one has: panel from a .ui file, parameter node, logic, self-test."""

# ruff: noqa: ANN001, ANN201, ANN204 - written as module files are

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import slicer
import vtk
from slicer import vtkMRMLScalarVolumeNode, vtkMRMLTableNode
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import Choice, Default, Minimum, WithinRange, parameterNodeWrapper
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin


class Side(Enum):
    """An enumeration, stored by name."""

    ABOVE = "above the threshold"
    BELOW = "below the threshold"

    def label(self):
        return self.value


class ExampleModule(ScriptedLoadableModule):
    """The module."""

    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("Example")
        self.parent.categories = ["Examples"]


@parameterNodeWrapper
class ExampleModuleParameterNode:
    """One parameter of each kind that our modules use."""

    inputVolume: vtkMRMLScalarVolumeNode
    threshold: Annotated[float, WithinRange(-1000, 3000)] = 100
    margin: Annotated[float, Minimum(0)] = 2.5
    count: Annotated[int, WithinRange(0, 20), Default(3)]
    side: Side = Side.ABOVE
    model: Annotated[str, Choice(["6711", "2301"])] = "2301"
    patient: str
    invert: bool = False
    live: bool = True
    report: Path
    outputTable: vtkMRMLTableNode


class ExampleModuleWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel."""

    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic = None
        self.parameterNode = None
        self.guiTag = None

    def setup(self):
        ScriptedLoadableModuleWidget.setup(self)
        panel = slicer.util.loadUI(self.resourcePath("UI/ExampleModule.ui"))
        self.layout.addWidget(panel)
        self.ui = slicer.util.childWidgetVariables(panel)
        panel.setMRMLScene(slicer.mrmlScene)
        self.logic = ExampleModuleLogic()
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, lambda *_: self.follow(None))
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, lambda *_: self.enter())
        self.ui.applyButton.connect("clicked(bool)", self.apply)
        self.ui.segmentSelector.connect("currentSegmentChanged(QString)", self.enableApply)

    def enter(self):
        self.follow(self.logic.getParameterNode())

    def cleanup(self):
        self.follow(None)
        self.removeObservers()

    def follow(self, parameterNode):
        if self.parameterNode is not None:
            self.parameterNode.disconnectGui(self.guiTag)
            self.removeObserver(self.parameterNode, vtk.vtkCommand.ModifiedEvent, self.enableApply)
        self.parameterNode = parameterNode
        if parameterNode is not None:
            self.guiTag = parameterNode.connectGui(self.ui)
            self.addObserver(parameterNode, vtk.vtkCommand.ModifiedEvent, self.enableApply)
            self.enableApply()

    def enableApply(self, caller=None, event=None):
        node = self.parameterNode
        self.ui.applyButton.enabled = bool(node and node.inputVolume and node.outputTable)

    def apply(self):
        with slicer.util.tryWithErrorDisplay(_("Failed to count."), waitCursor=True):
            node = self.parameterNode
            self.logic.count(node.inputVolume, node.threshold, node.outputTable)
            self.ui.tableView.setMRMLTableNode(node.outputTable)


class ExampleModuleLogic(ScriptedLoadableModuleLogic):
    """The logic."""

    def getParameterNode(self):
        return ExampleModuleParameterNode(super().getParameterNode())

    def count(self, volume, threshold, table):
        """Count voxels at or above the threshold into a table of one cell."""
        voxels = slicer.util.arrayFromVolume(volume)
        if threshold > voxels.max():
            raise ValueError(f"Threshold {threshold} is above every voxel of {volume.GetName()}.")
        slicer.util.updateTableFromArray(table, (voxels >= threshold).sum(keepdims=True).ravel(), ["voxels"])


class ExampleModuleTest(ScriptedLoadableModuleTest):
    """The self-test."""

    def test_logic_has_one_parameter_node(self):
        self.delayDisplay("Looking for the parameter node")
        first, again = ExampleModuleLogic().getParameterNode(), ExampleModuleLogic().getParameterNode()
        assert first.parameterNode is again.parameterNode
