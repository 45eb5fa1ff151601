"""The life of every module's widget: it builds the panel, binds the parameters, and lets go when the scene closes."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import qt
import slicer
import vtk
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleWidget
from slicer.util import VTKObservationMixin

from brachyresponse.slicer_panel.panel import ModulePanel
from brachyresponse.slicer_panel.reloading import forget_library
from brachyresponse.slicer_panel.selectors import let_go


class ModuleWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):  # type: ignore[misc]  # Slicer's Python has no types
    """Base of the modules' widgets; what a module does is in its panel, what it computes in its Logic.

    A module file has a subclass whose name ends with ``Widget``, as Slicer asks, and its ``.ui`` file has the module's
    name.
    """

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic: Any = None
        self.panel: Any = None
        self._parameterNode: Any = None
        self._parameterNodeGuiTag: Any = None

    @abstractmethod
    def makeLogic(self) -> Any:
        """Return the module's Logic."""

    @abstractmethod
    def makePanel(self, ui: Any, logic: Any, window: qt.QWidget) -> ModulePanel:
        """Return the module's panel."""

    def setup(self) -> None:
        """Build the panel; Slicer calls it when the module is opened first, and after Reload."""
        ScriptedLoadableModuleWidget.setup(self)
        uiWidget = slicer.util.loadUI(self.resourcePath(f"UI/{self.moduleName}.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        self.logic = self.makeLogic()
        self.panel = self.makePanel(self.ui, self.logic, uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, self.onSceneEndClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.NodeAboutToBeRemovedEvent, self.onNodeAboutToBeRemoved)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndImportEvent, self.onSceneEndImport)
        self.initializeParameterNode()

    def cleanup(self) -> None:
        """Let go of the scene; Slicer calls it before the widget is deleted."""
        self.setParameterNode(None)
        self.removeObservers()
        self.panel.close()

    def enter(self) -> None:
        """The user opens the module."""
        self.initializeParameterNode()
        self.panel.enter()

    def exit(self) -> None:
        """The user opens another module."""
        self.setParameterNode(None)

    def onReload(self) -> None:
        """Reload the library with the module file."""
        forget_library()
        ScriptedLoadableModuleWidget.onReload(self)

    @vtk.calldata_type(vtk.VTK_OBJECT)  # type: ignore[untyped-decorator]
    def onNodeAboutToBeRemoved(self, caller: Any, event: Any, node: Any) -> None:
        """A node that the panel may show is removed by somebody else."""
        let_go(self.panel.node_selectors(), node)

    def onSceneStartClose(self, caller: Any, event: Any) -> None:
        """The scene is about to be emptied."""
        self.setParameterNode(None)

    def onSceneEndClose(self, caller: Any, event: Any) -> None:
        """The scene is empty."""
        if self.parent.isEntered:
            self.initializeParameterNode()

    def onSceneEndImport(self, caller: Any, event: Any) -> None:
        """A scene was loaded: what is drawn but not saved is made again."""
        self.panel.redraw_seeds()
        if self.parent.isEntered:
            self.initializeParameterNode()
            self.panel.request_refresh()  # the selectors learn of the loaded nodes after this event

    def initializeParameterNode(self) -> None:
        """Show the module's parameter node."""
        self.setParameterNode(self.logic.getParameterNode())

    def setParameterNode(self, parameterNode: Any) -> None:
        """Bind another parameter node to the widgets, or with None none."""
        if self._parameterNode:
            self._parameterNode.disconnectGui(self._parameterNodeGuiTag)
            self.removeObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self.onParametersModified)
        self._parameterNode = parameterNode
        if self._parameterNode:
            self._parameterNodeGuiTag = self._parameterNode.connectGui(self.ui)
            self.addObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self.onParametersModified)
        self.panel.show(self._parameterNode)

    def onParametersModified(self, caller: Any, event: Any) -> None:
        """Another node, or another number, was chosen."""
        self.panel.on_parameters_modified()
