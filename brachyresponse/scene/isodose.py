"""Isodoses as closed surfaces, one model a level: lines in the slice views, translucent in 3D, with a legend."""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

from brachyresponse.geometry import Grid
from brachyresponse.pictures.colours import IsodoseLevel
from brachyresponse.scene.dose_volume import view_dose
from brachyresponse.scene.isodose_levels import read_isodose_levels, rgb
from brachyresponse.scene.nodes import batch, get_attribute, modify, set_attribute
from brachyresponse.scene.parts import DoseRole, need_part, parts, set_parts
from brachyresponse.scene.polydata import triangles_to_polydata
from brachyresponse.scene.slicerrt import ISODOSE_MODEL, LEVELS_ROLE
from brachyresponse.types import AnyArray

LEVEL = "IsodoseLevelGy"
OPACITY_3D, OPACITY_PRESCRIPTION_3D = 0.12, 0.3
LINE_PIXELS, PRESCRIPTION_PIXELS = 2, 3
LEGEND_WIDTH, LEGEND_LINE, LEGEND_HIGHEST = 0.12, 0.05, 0.5
"""In parts of the view; the text of a legend grows with it, and is to hide little of a view in a layout of four."""


def isodose_surface(dose_gy: AnyArray, grid: Grid, level_gy: float) -> vtk.vtkPolyData:
    """Return the closed surface in RAS where the dose is ``level_gy``; without points where it is nowhere reached.

    Outside the grid the dose counts as zero, so that a surface which reaches the border is closed there.
    """
    return _surface(_padded_image(dose_gy, level_gy), grid, level_gy)


def show_isodoses(owner: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLModelNode]:
    """Draw the isodoses of a dose at the levels of its colour table, and return the models.

    Models of levels that stay are updated in place. A level above the highest dose has a model without points.

    Raises
    ------
    SceneError, DoseError, GeometryError
        It has no dose, or the dose has no levels or cannot be read.
    """
    dose_node = need_part(owner, DoseRole.DOSE, "dose")
    levels = read_isodose_levels(dose_node)
    dose_gy, grid = view_dose(dose_node)
    image = _padded_image(dose_gy, levels[0].dose_gy)
    surfaces = [_surface(image, grid, level.dose_gy) for level in levels]
    models = parts(owner, DoseRole.ISODOSE)
    if [get_attribute(model, LEVEL) for model in models] != [_key(level) for level in levels]:
        models = _make_models(owner, levels)
    for model, surface, level in zip(models, surfaces, levels, strict=True):
        model.SetAndObserveMesh(surface)
        model.GetDisplayNode().SetColor(*rgb(level.colour))
    _show_legend(models, dose_node)
    return models


def _padded_image(dose_gy: AnyArray, lowest_gy: float) -> vtk.vtkImageData:
    """The part of the dose that reaches a level, as an image in voxel indices, with a border of zeros."""
    first_kji, end_kji = _box_above(dose_gy, lowest_gy)
    part = dose_gy[tuple(slice(first, end) for first, end in zip(first_kji, end_kji, strict=True))]
    padded = np.pad(np.asarray(part, np.float32), 1)
    image = vtk.vtkImageData()
    image.SetDimensions(*reversed(padded.shape))
    image.SetOrigin(*(first - 1.0 for first in reversed(first_kji)))
    image.GetPointData().SetScalars(numpy_to_vtk(padded.ravel(), deep=True))
    return image


def _box_above(dose_gy: AnyArray, lowest_gy: float) -> tuple[list[int], list[int]]:
    """First and end index along each axis of the voxels that reach a dose, with their neighbours."""
    above = dose_gy >= lowest_gy
    found = [np.flatnonzero(above.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    if not found[0].size:
        return [0, 0, 0], [1, 1, 1]
    first = [max(int(index[0]) - 1, 0) for index in found]
    end = [min(int(index[-1]) + 2, count) for index, count in zip(found, dose_gy.shape, strict=True)]
    return first, end


def _surface(image: vtk.vtkImageData, grid: Grid, level_gy: float) -> vtk.vtkPolyData:
    edges = vtk.vtkFlyingEdges3D()
    edges.SetInputData(image)
    edges.SetValue(0, level_gy)
    edges.ComputeNormalsOff()
    edges.ComputeGradientsOff()
    edges.ComputeScalarsOff()
    edges.Update()
    found = edges.GetOutput()
    if found.GetNumberOfPoints() == 0:
        return vtk.vtkPolyData()
    points = grid.to_ras(vtk_to_numpy(found.GetPoints().GetData()))
    triangles = vtk_to_numpy(found.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    if np.linalg.det(grid.ijk_to_ras[:3, :3]) < 0:
        triangles = triangles[:, ::-1]  # a left-handed grid turns the surface inside out
    return triangles_to_polydata(points, triangles)


def _key(level: IsodoseLevel) -> str:
    return f"{level.dose_gy:.6g}"


def _make_models(
    owner: slicer.vtkMRMLScriptedModuleNode, levels: tuple[IsodoseLevel, ...]
) -> list[slicer.vtkMRMLModelNode]:
    scene, old = owner.GetScene(), parts(owner, DoseRole.ISODOSE)
    lines = not old or old[0].GetDisplayNode().GetVisibility2D()
    surfaces = not old or old[0].GetDisplayNode().GetVisibility3D()
    with batch(scene):
        models = []
        for level in levels:
            model = scene.AddNewNodeByClass("vtkMRMLModelNode", f"{owner.GetName()} isodose {level.label}")
            set_attribute(model, LEVEL, _key(level))
            model.SetAttribute(ISODOSE_MODEL, "1")
            model.SetSelectable(False)
            model.CreateDefaultDisplayNodes()
            _style(model.GetDisplayNode(), level)
            model.GetDisplayNode().SetVisibility2D(bool(lines))
            model.GetDisplayNode().SetVisibility3D(bool(surfaces))
            models.append(model)
        set_parts(owner, DoseRole.ISODOSE, models)
    return models


def _style(display: slicer.vtkMRMLModelDisplayNode, level: IsodoseLevel) -> None:
    with modify(display):
        display.SetOpacity(OPACITY_PRESCRIPTION_3D if level.is_prescription else OPACITY_3D)
        display.SetSliceIntersectionThickness(PRESCRIPTION_PIXELS if level.is_prescription else LINE_PIXELS)
        display.SetSliceIntersectionOpacity(1.0)
        display.SetBackfaceCulling(False)
        display.SetScalarVisibility(False)


def _show_legend(models: list[slicer.vtkMRMLModelNode], dose_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Show the levels and their colours beside the views: a legend hangs on one display node, the first level's."""
    display = models[0].GetDisplayNode()
    table = dose_node.GetNodeReference(LEVELS_ROLE)
    if display.GetColorNodeID() != table.GetID():
        display.SetAndObserveColorNodeID(table.GetID())
        display.SetScalarRangeFlag(display.UseManualScalarRange)  # the model has no scalars to take a range from
        display.SetScalarRange(0.0, float(table.GetNumberOfColors()))
    logic = slicer.vtkSlicerColorLogic
    if logic.GetColorLegendDisplayNode(display) is not None:
        return
    legend = logic.AddDefaultColorLegendDisplayNode(display)
    if legend is None:
        return
    with modify(legend):
        legend.SetTitleText("Isodose (Gy)")
        legend.SetUseColorNamesForLabels(True)
        legend.SetMaxNumberOfColors(table.GetNumberOfColors())
        legend.SetNumberOfLabels(table.GetNumberOfColors())
        lines = table.GetNumberOfColors() + 1
        legend.SetSize(LEGEND_WIDTH, min(lines * LEGEND_LINE, LEGEND_HIGHEST))
        legend.SetPosition(0.98, 0.5)
