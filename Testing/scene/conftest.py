"""The real MRML scene for tests of the adapters, booted without Qt where the Slicer stand-in has not started."""

from __future__ import annotations

import types
from collections.abc import Iterator

import pytest

pytest.importorskip("slicer", reason="the slicer-core wheel is not installed")

import slicer
import slicer.util
import vtk

from scene.building import linear_transform, rotation

LOGICS = {
    "Volumes": "vtkSlicerVolumesLogic",
    "Segmentations": "vtkSlicerSegmentationsModuleLogic",
    "SubjectHierarchy": "vtkSlicerSubjectHierarchyModuleLogic",
    "Markups": "vtkSlicerMarkupsLogic",
    "Models": "vtkSlicerModelsLogic",
    "Transforms": "vtkSlicerTransformLogic",
    "Tables": "vtkSlicerTablesLogic",
    "Plots": "vtkSlicerPlotsLogic",
}


@pytest.fixture(scope="session")
def booted(tmp_path_factory: pytest.TempPathFactory) -> slicer.vtkSlicerApplicationLogic:
    """The application logic with its scene, as Slicer's own start-up makes them."""
    scene = slicer.vtkMRMLScene()
    application = slicer.vtkSlicerApplicationLogic()
    application.SetMRMLScene(scene)
    colours = application.GetColorLogic()
    colours.SetMRMLScene(scene)
    colours.AddDefaultColorNodes()
    application.SetModuleLogic("Colors", colours)
    modules = types.SimpleNamespace()
    for name, class_name in LOGICS.items():
        logic = getattr(slicer, class_name)()
        logic.SetMRMLScene(scene)
        logic.SetMRMLApplicationLogic(application)
        application.SetModuleLogic(name, logic)
        setattr(modules, name.lower(), types.SimpleNamespace(logic=lambda logic=logic: logic))
    slicer.mrmlScene, slicer.modules = scene, modules
    slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(scene, True)
    cache, io_manager = slicer.vtkCacheManager(), slicer.vtkDataIOManager()
    cache.SetRemoteCacheDirectory(str(tmp_path_factory.mktemp("cache")))
    io_manager.SetCacheManager(cache)
    scene.SetDataIOManager(io_manager)
    return application


@pytest.fixture
def scene(booted: slicer.vtkSlicerApplicationLogic) -> Iterator[slicer.vtkMRMLScene]:
    """An empty scene; what VTK or MRML report as an error during the test fails it."""
    scene = booted.GetMRMLScene()
    scene.Clear(False)
    window, before = vtk.vtkStringOutputWindow(), vtk.vtkOutputWindow.GetInstance()
    vtk.vtkOutputWindow.SetInstance(window)
    yield scene
    scene.Clear(False)
    vtk.vtkOutputWindow.SetInstance(before)
    assert "ERROR" not in window.GetOutput(), window.GetOutput()


@pytest.fixture
def turned(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLTransformNode:
    """A transform node that turns by 30 degrees about an oblique axis and moves by a few centimetres."""
    return linear_transform(scene, rotation(30.0, [1, 2, 3]), [12.0, -30.0, 45.0])
