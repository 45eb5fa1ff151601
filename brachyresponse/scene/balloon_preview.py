"""A spherical balloon drawn in the views; one that is a segment is drawn by its segmentation."""

from __future__ import annotations

import slicer
import vtk

from brachyresponse.errors import BrachyResponseError
from brachyresponse.planning.balloon import BalloonSphere
from brachyresponse.scene.balloon_plan import CENTRE_COLOUR, balloon_sphere
from brachyresponse.scene.balloon_settings import BalloonShapeKind, read_balloon_settings
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.plan_parts import PARTS, PlanRole, plan_part, set_plan_part
from brachyresponse.scene.source_kind import is_balloon

OPACITY, SIDES = 0.35, 48


def show_balloon(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLModelNode | None:
    """Draw the sphere of a balloon plan where it is now, in 3D and in slices, and return the model.

    None, and nothing is drawn, where the balloon is a segment, the plan of seeds, or no place is known yet.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or what it keeps of its balloon is damaged.
    """
    sphere = _sphere(plan_node)
    if sphere is None:
        set_plan_part(plan_node, PlanRole.BALLOON_MODEL, None)
        return None
    is_new = plan_part(plan_node, PlanRole.BALLOON_MODEL) is None
    model = PARTS.made(plan_node, PlanRole.BALLOON_MODEL, "vtkMRMLModelNode", "balloon")
    model.SetAndObserveMesh(sphere_polydata(sphere))
    if is_new:
        model.SetSelectable(False)
        model.CreateDefaultDisplayNodes()
        with modify(model.GetDisplayNode()):
            model.GetDisplayNode().SetColor(*CENTRE_COLOUR)
            model.GetDisplayNode().SetOpacity(OPACITY)
            model.GetDisplayNode().SetVisibility2D(True)
            model.GetDisplayNode().SetSliceIntersectionThickness(2)
    return model


def sphere_polydata(sphere: BalloonSphere) -> vtk.vtkPolyData:
    """Return the surface of a sphere, RAS."""
    source = vtk.vtkSphereSource()
    source.SetCenter(*sphere.centre_mm)
    source.SetRadius(sphere.diameter_mm / 2)
    source.SetThetaResolution(SIDES)
    source.SetPhiResolution(SIDES)
    source.Update()
    return source.GetOutput()


def _sphere(plan_node: slicer.vtkMRMLScriptedModuleNode) -> BalloonSphere | None:
    if not is_balloon(plan_node) or read_balloon_settings(plan_node).shape is BalloonShapeKind.SEGMENT:
        return None
    try:
        return balloon_sphere(plan_node)
    except BrachyResponseError:
        return None  # no place yet: said when it is computed
