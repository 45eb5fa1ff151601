"""Stand-in for ``slicer.ScriptedLoadableModule``: the base classes of every scripted module.

Same names and same behaviour towards a module and its scene as Slicer's own file; where that is at hand, tests run on
it instead (``SLICER_PYTHON``).
"""

from __future__ import annotations

import sys
import unittest
from pathlib import Path
from typing import Any

import ctk
import qt
import slicer

__all__ = [
    "ScriptedLoadableModule",
    "ScriptedLoadableModuleLogic",
    "ScriptedLoadableModuleTest",
    "ScriptedLoadableModuleWidget",
]


def _module_name(obj: Any, suffix: str) -> str:
    return type(obj).__name__.removesuffix(suffix)


class ScriptedLoadableModule:
    """The module itself: title, category, help; sets its icon and registers its self-test."""

    def __init__(self, parent: Any) -> None:
        self.parent = parent
        self.moduleName = type(self).__name__
        parent.title, parent.helpText, parent.acknowledgementText = "", "", ""
        parent.categories, parent.dependencies, parent.contributors = [], [], []
        icon = Path(self.resourcePath(f"Icons/{self.moduleName}.png"))
        if icon.is_file():
            parent.icon = qt.QIcon(str(icon))
        if not hasattr(slicer, "selfTests"):
            slicer.selfTests = {}
        slicer.selfTests[self.moduleName] = self.runTest

    def resourcePath(self, filename: str) -> str:
        """Absolute path of a file below the module's ``Resources``."""
        return str(Path(self.parent.path).parent / "Resources" / filename)

    def getDefaultModuleDocumentationLink(self, docPage: str | None = None) -> str:
        """A paragraph that links to the module's page."""
        base = slicer.app.documentationBaseUrl
        url = base + docPage if docPage else slicer.app.moduleDocumentationUrl(self.moduleName)
        return f'<p>For more information, see the <a href="{url}">online documentation</a>.</p>'

    def runTest(self, msec: int = 100, **options: Any) -> None:
        """Run ``<Module>Test``."""
        test_class = getattr(sys.modules[type(self).__module__], f"{self.moduleName}Test", None)
        if test_class is None:
            raise AssertionError(f"Test case class not found: {type(self).__module__}.{self.moduleName}Test")
        test = test_class()
        test.messageDelay = msec
        test.runTest(**options)


class ScriptedLoadableModuleWidget:
    """The panel: its layout, its resources, and Reload and Test in developer mode."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__()
        self.moduleName = _module_name(self, "Widget")
        self.developerMode = slicer.util.settingsValue("Developer/DeveloperMode", False, converter=slicer.util.toBool)
        self.parent = parent or self._own_parent()
        self.layout = self.parent.layout()
        if not parent:
            self.setup()
            self.parent.show()
        slicer.app.moduleManager().connect("moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded)

    @staticmethod
    def _own_parent() -> Any:
        parent = slicer.qMRMLWidget()
        parent.setLayout(qt.QVBoxLayout())
        parent.setMRMLScene(slicer.mrmlScene)
        return parent

    def resourcePath(self, filename: str) -> str:
        """Absolute path of a file below the module's ``Resources``."""
        return str(Path(slicer.util.modulePath(self.moduleName)).parent / "Resources" / filename)

    def setup(self) -> None:
        """For modules to extend; adds the developer's section."""
        self.setupDeveloperSection()

    def cleanup(self) -> None:
        """For modules to override."""

    def _onModuleAboutToBeUnloaded(self, moduleName: str) -> None:
        if moduleName == self.moduleName:
            self.cleanup()
            slicer.app.moduleManager().disconnect("moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded)

    def setupDeveloperSection(self) -> None:
        """Buttons Reload, Reload and Test, in developer mode only."""
        if not self.developerMode:
            return
        self.reloadCollapsibleButton = ctk.ctkCollapsibleButton()
        self.reloadCollapsibleButton.text = "Reload && Test"
        self.layout.addWidget(self.reloadCollapsibleButton)
        row = qt.QHBoxLayout(self.reloadCollapsibleButton)
        self.reloadButton, self.reloadAndTestButton = qt.QPushButton("Reload"), qt.QPushButton("Reload and Test")
        for button, action in ((self.reloadButton, self.onReload), (self.reloadAndTestButton, self.onReloadAndTest)):
            button.connect("clicked()", action)
            row.addWidget(button)

    def onReload(self) -> None:
        """Execute the module file again and make the panel anew."""
        slicer.util.reloadScriptedModule(self.moduleName)

    def onTest(self, **options: Any) -> None:
        """Run the module's self-test."""
        with slicer.util.tryWithErrorDisplay("Test failed."):
            self._run_self_test(options)

    def onReloadAndTest(self, **options: Any) -> None:
        """Reload, then run the self-test of the new code."""
        with slicer.util.tryWithErrorDisplay("Reload and Test failed."):
            self.onReload()
            self._run_self_test(options)

    def _run_self_test(self, options: dict[str, Any]) -> None:
        delay = int(slicer.app.userSettings().value("Developer/SelfTestDisplayMessageDelay"))
        slicer.selfTests[self.moduleName](msec=delay, **options)


class ScriptedLoadableModuleLogic:
    """The module's logic: finds or makes its parameter node."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__()
        self.moduleName = _module_name(self, "Logic")
        self.isSingletonParameterNode = True

    def getParameterNode(self) -> Any:
        """The module's vtkMRMLScriptedModuleNode: one a scene, made when there is none."""
        if self.isSingletonParameterNode:
            node = slicer.mrmlScene.GetSingletonNode(self.moduleName, "vtkMRMLScriptedModuleNode")
            if node is not None:
                if node.GetAttribute("ModuleName") != self.moduleName:  # closing the scene clears it
                    node.SetAttribute("ModuleName", self.moduleName)
                return node
        elif found := self.getAllParameterNodes():
            return found[0]
        return slicer.mrmlScene.AddNode(self.createParameterNode())

    def getAllParameterNodes(self) -> list[Any]:
        """Every parameter node of this module."""
        nodes = slicer.util.getNodesByClass("vtkMRMLScriptedModuleNode")
        return [node for node in nodes if node.GetAttribute("ModuleName") == self.moduleName]

    def createParameterNode(self) -> Any:
        """A new parameter node, not yet in the scene."""
        if slicer.mrmlScene is None:
            return None
        node = slicer.mrmlScene.CreateNodeByClass("vtkMRMLScriptedModuleNode")
        node.UnRegister(None)
        if self.isSingletonParameterNode:
            node.SetSingletonTag(self.moduleName)
        node.SetAttribute("ModuleName", self.moduleName)
        node.SetName(slicer.mrmlScene.GenerateUniqueName(self.moduleName))
        return node


class ScriptedLoadableModuleTest(unittest.TestCase):
    """A module's self-test; ``runTest`` calls every method whose name holds "test"."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.moduleTestNames = [name for name in dir(self) if "test" in name and callable(getattr(self, name))]

    def delayDisplay(self, message: str, requestedDelay: int | None = None, msec: int | None = None) -> None:
        """Show a message for a moment; here only the event loop gets its turn."""
        chosen = getattr(self, "messageDelay", msec if msec is not None else requestedDelay)
        slicer.util.delayDisplay(message, 100 if chosen is None else chosen)

    def runTest(self) -> None:
        """Run the tests one by one, each between setUp and tearDown."""
        self.setUpClass()
        for name in self.moduleTestNames:
            self.setUp()
            getattr(self, name)()
            self.tearDown()
        self.tearDownClass()
