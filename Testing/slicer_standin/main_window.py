"""A main window for tests that need one: modules are selected in it, messages appear in its status bar."""

from __future__ import annotations

from types import TracebackType

import slicer

from slicer_standin import qt


class ModuleSelector:
    """``mainWindow().moduleSelector()``: enters the panel of a scripted module, leaves the one before."""

    def __init__(self) -> None:
        self.selectedModule = ""

    def selectModule(self, name: str) -> None:
        """Select a module by name; of one that the stand-in does not have only the name is kept."""
        for module_name, act in ((self.selectedModule, "exit"), (name, "enter")):
            module = slicer.app.moduleManager().module(module_name)
            if isinstance(module, slicer.qSlicerScriptedLoadableModule):
                getattr(module.widgetRepresentation(), act)()
        self.selectedModule = name


class MainWindow(qt.QMainWindow):
    """What ``slicer.util.mainWindow()`` finds while it is open; a context manager."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("qSlicerMainWindow")
        self._selector = ModuleSelector()

    def moduleSelector(self) -> ModuleSelector:
        """The list of modules."""
        return self._selector

    def __enter__(self) -> MainWindow:
        self.show()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
        self.setObjectName("")
        self.deleteLater()
