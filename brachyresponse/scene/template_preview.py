"""Needles that are not made yet as thin tubes, to be looked at: those of a template, or all that a planner may use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk

from brachyresponse.planning import Needle
from brachyresponse.scene.nodes import SceneError, get_attribute, modify, set_attribute
from brachyresponse.scene.plan_parts import PlanRole, place_in_plan, remove_part, require_plan
from brachyresponse.types import FloatArray

PREVIEW_ROLE, PREVIEW = "templatePreviewRef", "Preview"
TUBE_DIAMETER_MM, SIDES = 1.2, 8
COLOUR, OPACITY = (1.0, 0.85, 0.3), 0.6


def show_template(needles: Sequence[Needle], plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLModelNode:
    """Show needles that are not made yet, and return the model; it is not saved with the scene.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    model = preview_model(plan_node, PREVIEW_ROLE, "template preview", COLOUR)
    model.SetAndObserveMesh(needle_tubes(needles))
    return model


def hide_template(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Take the preview away; without effect when there is none."""
    hide_preview(plan_node, PREVIEW_ROLE)


def hide_preview(plan_node: slicer.vtkMRMLScriptedModuleNode, role: str) -> None:
    """Take a model made by :func:`preview_model` away; without effect when there is none."""
    model = shown_preview(plan_node, role)
    plan_node.SetNodeReferenceID(role, None)
    if model is not None:
        remove_part(model)


def shown_preview(plan_node: slicer.vtkMRMLScriptedModuleNode, role: str) -> slicer.vtkMRMLModelNode | None:
    """Return the model in a role while it is shown; None also where a loaded scene uses its ID for another node."""
    model = plan_node.GetNodeReference(role)
    return model if model is not None and get_attribute(model, PREVIEW) == role else None


def preview_model(
    plan_node: slicer.vtkMRMLScriptedModuleNode, role: str, what: str, colour: tuple[float, float, float]
) -> slicer.vtkMRMLModelNode:
    """Return a model that only shows something for a while; it is made when absent, and not saved with the scene.

    Parameters
    ----------
    role
        Of the plan's reference to it.
    what
        The rest of its name.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    require_plan(plan_node)
    model = shown_preview(plan_node, role)
    if model is not None:
        return model
    model = plan_node.GetScene().AddNewNodeByClass("vtkMRMLModelNode", f"{plan_node.GetName()} {what}")
    model.SetSaveWithScene(False)
    model.SetSelectable(False)
    set_attribute(model, PREVIEW, role)
    model.CreateDefaultDisplayNodes()
    display = model.GetDisplayNode()
    display.SetSaveWithScene(False)
    with modify(display):
        display.SetColor(*colour)
        display.SetOpacity(OPACITY)
        display.SetVisibility2D(True)
    plan_node.SetNodeReferenceID(role, model.GetID())
    place_in_plan(plan_node, model, PlanRole.SEED_MODEL)
    return model


def needle_tubes(needles: Sequence[Needle]) -> vtk.vtkPolyData:
    """Return needles as one surface of thin tubes, RAS."""
    ends = np.array([(needle.entry_mm, needle.tip_mm) for needle in needles]).reshape(-1, 3)
    points, lines = vtk.vtkPoints(), vtk.vtkCellArray()
    points.SetData(numpy_to_vtk(ends, deep=True))
    for number in range(len(needles)):
        lines.InsertNextCell(2, (2 * number, 2 * number + 1))
    tracks = vtk.vtkPolyData()
    tracks.SetPoints(points)
    tracks.SetLines(lines)
    tubes = vtk.vtkTubeFilter()
    tubes.SetInputData(tracks)
    tubes.SetRadius(TUBE_DIAMETER_MM / 2)
    tubes.SetNumberOfSides(SIDES)
    tubes.CappingOn()
    tubes.Update()
    return tubes.GetOutput()


def view_direction(scene: slicer.vtkMRMLScene) -> FloatArray:
    """Return the unit vector along which the first 3D view looks, (3,) RAS.

    Raises
    ------
    SceneError
        The scene has no 3D view.
    """
    camera = scene.GetFirstNodeByClass("vtkMRMLCameraNode")
    if camera is None:
        raise SceneError("There is no 3D view to take the needles' direction from: choose another direction.")
    direction = np.array(camera.GetFocalPoint()) - np.array(camera.GetPosition())
    return np.asarray(direction / np.linalg.norm(direction), float)
