"""The scene with its module logics, ``slicer.modules``, and the loading of a scripted module."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import slicer
import vtk

from slicer_standin import qt
from slicer_standin.qmrml.scene import qMRMLWidget
from slicer_standin.subject_hierarchy import keep_hierarchy

LOGICS = {
    "Terminologies": "vtkSlicerTerminologiesModuleLogic",
    "Units": "vtkSlicerUnitsLogic",
    "SubjectHierarchy": "vtkSlicerSubjectHierarchyModuleLogic",
    "Volumes": "vtkSlicerVolumesLogic",
    "Segmentations": "vtkSlicerSegmentationsModuleLogic",
    "Models": "vtkSlicerModelsLogic",
    "Markups": "vtkSlicerMarkupsLogic",
    "Transforms": "vtkSlicerTransformLogic",
    "Tables": "vtkSlicerTablesLogic",
    "Plots": "vtkSlicerPlotsLogic",
    "Sequences": "vtkSlicerSequencesLogic",
    "VolumeRendering": "vtkSlicerVolumeRenderingLogic",
}


class LoadableModule:
    """``slicer.modules.<name>`` of a module that is written in C++: its logic, and no panel."""

    def __init__(self, name: str, logic: Any) -> None:
        self.name, self._logic = name, logic

    def logic(self) -> Any:
        """The module's logic."""
        return self._logic


class qSlicerScriptedLoadableModule:
    """``slicer.modules.<name>`` of a scripted module; also the ``parent`` that its module class fills in."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = str(path), path.stem
        self.title, self.helpText, self.acknowledgementText = "", "", ""
        self.categories: list[str] = []
        self.dependencies: list[str] = []
        self.contributors: list[str] = []
        self.icon, self.hidden, self.defaultDocumentationLink = None, False, ""
        self._representation: qSlicerScriptedLoadableModuleWidget | None = None

    def logic(self) -> None:
        """A scripted module's logic belongs to its widget."""

    def widgetRepresentation(self) -> qSlicerScriptedLoadableModuleWidget:
        """The module's one panel, made when first asked for."""
        if self._representation is None:
            self._representation = self.createNewWidgetRepresentation()
        return self._representation

    def createNewWidgetRepresentation(self) -> qSlicerScriptedLoadableModuleWidget:
        """Another panel, set up."""
        panel = qSlicerScriptedLoadableModuleWidget(self)
        self._representation = self._representation or panel
        panel.reload()
        return panel


class qSlicerScriptedLoadableModuleWidget(qMRMLWidget):
    """The panel of a scripted module: makes ``<Name>Widget``, and passes on entering and leaving."""

    def __init__(self, module: qSlicerScriptedLoadableModule) -> None:
        super().__init__()
        self._module, self._self = module, None
        self.isEntered = False
        qt.QVBoxLayout(self)
        self.setMRMLScene(slicer.mrmlScene)
        self.setObjectName(f"{module.name}ModuleWidget")

    def self(self) -> Any:
        """The Python widget."""
        return self._self

    def reload(self) -> None:
        """Make the Python widget anew from the module file as it is now, and set it up."""
        widget_class = getattr(sys.modules[self._module.name], f"{self._module.name}Widget")
        self._self = widget_class(self)
        setattr(slicer.modules, widget_class.__name__, self._self)
        self._self.setup()

    def enter(self) -> None:
        """The user opens the module."""
        self.isEntered = True
        if hasattr(self._self, "enter"):
            self._self.enter()

    def exit(self) -> None:
        """The user leaves the module."""
        self.isEntered = False
        if hasattr(self._self, "exit"):
            self._self.exit()


class qSlicerModuleManager(qt.QObject):
    """``slicer.app.moduleManager()``."""

    moduleLoaded = qt.Signal(str)
    moduleAboutToBeUnloaded = qt.Signal(str)

    def module(self, name: str) -> Any:
        """A loaded module, or None."""
        return getattr(slicer.modules, name.lower(), None)

    def loadedModulesNames(self) -> list[str]:
        """Names of the loaded modules."""
        return [module.name for module in vars(slicer.modules).values() if hasattr(module, "name")]

    def factoryManager(self) -> SimpleNamespace:
        """What ``slicer.util.moduleNames`` asks."""
        return SimpleNamespace(loadedModuleNames=self.loadedModulesNames)


def start_scene(temporary_folder: str) -> tuple[Any, Any]:
    """A scene and the application logic, as the application makes them."""
    scene, logic = slicer.vtkMRMLScene(), slicer.vtkSlicerApplicationLogic()
    scene.SetRootDirectory(temporary_folder)
    cache, transfers = slicer.vtkCacheManager(), slicer.vtkDataIOManager()
    (Path(temporary_folder) / ".slicer-cache").touch()  # VTK wants it in a folder that it may empty
    cache.SetRemoteCacheDirectory(temporary_folder)  # reading an .mrb unpacks it there
    transfers.SetCacheManager(cache)
    scene.SetCacheManager(cache)
    scene.SetDataIOManager(transfers)
    logic.SetMRMLScene(scene)
    scene.RegisterNodeClass(slicer.vtkMRMLColorLegendDisplayNode())  # as the Colors module does; its logic needs files
    colours = logic.GetColorLogic()
    colours.SetMRMLScene(scene)
    colours.AddDefaultColorNodes()
    logic.SetModuleLogic("Colors", colours)  # display nodes look it up by this name
    logic.SetSliceLogics(vtk.vtkCollection())
    logic.SetViewLogics(vtk.vtkCollection())
    slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(scene, True)
    crosshair = slicer.vtkMRMLCrosshairNode()
    crosshair.SetCrosshairName("default")
    scene.AddNode(crosshair)
    keep_hierarchy(scene)
    return scene, logic


def start_modules(application_logic: Any, share_folder: str) -> qSlicerModuleManager:
    """Make every module logic of the wheel and ``slicer.modules``; return the module manager."""
    slicer.modules = SimpleNamespace()
    slicer.qSlicerScriptedLoadableModule = qSlicerScriptedLoadableModule
    slicer.qSlicerScriptedLoadableModuleWidget = qSlicerScriptedLoadableModuleWidget
    scene = application_logic.GetMRMLScene()
    colours = application_logic.GetColorLogic()
    slicer.modules.colors = LoadableModule("Colors", colours)
    for name, class_name in LOGICS.items():
        logic = getattr(slicer, class_name)()
        logic.SetMRMLApplicationLogic(application_logic)
        with quiet_vtk():  # the wheel has no terminology files, which this logic reports as errors
            if hasattr(logic, "SetModuleShareDirectory"):
                logic.SetModuleShareDirectory(share_folder)
            logic.SetMRMLScene(scene)
        application_logic.SetModuleLogic(name, logic)
        setattr(slicer.modules, name.lower(), LoadableModule(name, logic))
    return qSlicerModuleManager()


@contextmanager
def quiet_vtk() -> Iterator[None]:
    """No VTK messages for a while."""
    vtk.vtkObject.GlobalWarningDisplayOff()
    try:
        yield
    finally:
        vtk.vtkObject.GlobalWarningDisplayOn()


def load_module(path: str | Path) -> qSlicerScriptedLoadableModule:
    """Load a scripted module file as the application does; its panel is made when it is first asked for.

    The file's folder is appended to ``sys.path``, the file is executed under its own name, the class of that name is
    made with a ``parent``, and ``slicer.modules.<name in lower case>`` is set. Loading twice executes the file twice.
    """
    path = Path(path).resolve()
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    module = _execute(path)
    if not hasattr(module, path.stem):
        raise RuntimeError(f"{path.name} has no class {path.stem}: Slicer would not load it as a module.")
    loaded = qSlicerScriptedLoadableModule(path)
    setattr(slicer.modules, path.stem.lower(), loaded)
    setattr(slicer.modules, f"{path.stem}Instance", getattr(module, path.stem)(loaded))
    slicer.app.moduleManager().moduleLoaded.emit(path.stem)
    return loaded


def unload_module(name: str) -> None:
    """Unload a scripted module: clean up and delete its panel, and forget it."""
    slicer.app.moduleManager().moduleAboutToBeUnloaded.emit(name)
    loaded = getattr(slicer.modules, name.lower())
    if loaded._representation is not None:
        loaded._representation.deleteLater()
        # Without a running event loop nothing else delivers the deletion, and dead panels would go on observing.
        qt.QCoreApplication.sendPostedEvents(loaded._representation, qt.QEvent.Type.DeferredDelete)
    for attribute in (name.lower(), f"{name}Instance", f"{name}Widget"):
        vars(slicer.modules).pop(attribute, None)
    sys.modules.pop(name, None)


def _execute(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    if specification is None or specification.loader is None:
        raise FileNotFoundError(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(specification)
    sys.modules[path.stem] = module
    specification.loader.exec_module(module)
    return module
