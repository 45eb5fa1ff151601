"""Seeds as they look: one model of cylinders along their axes, and balls where the axis is not known."""

from __future__ import annotations

import numpy as np
import slicer
import vtk

from brachyresponse.planning.overlap import SEED_DIAMETER_MM, SEED_LENGTH_MM
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.plan_parts import PlanRole, plan_part, set_plan_part
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.polydata import ball, cylinder, triangles_to_polydata
from brachyresponse.scene.seed_axes import frames_of_axes
from brachyresponse.scene.seeds import COLOUR, read_seeds
from brachyresponse.seeds import Seeds
from brachyresponse.types import AnyArray

BALL_DIAMETER_MM = 2.0
SIDES = 12


def seeds_polydata(seeds: Seeds) -> vtk.vtkPolyData:
    """Return seeds as one surface in RAS: 4.5 x 0.8 mm cylinders, and balls of 2 mm for those of unknown axis."""
    shapes = [
        _placed(cylinder(SEED_LENGTH_MM, SEED_DIAMETER_MM, SIDES), seeds.select(seeds.axis_known)),
        _placed(ball(BALL_DIAMETER_MM), seeds.select(~seeds.axis_known)),
    ]
    first_point = len(shapes[0][0])
    points = np.concatenate([points for points, _ in shapes])
    return triangles_to_polydata(points, np.concatenate([shapes[0][1], shapes[1][1] + first_point]))


def show_seeds(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLModelNode:
    """Draw the seeds of a plan as they are now, and return the model; it is made when absent.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        There is no such plan, or its seeds cannot be read.
    """
    polydata = seeds_polydata(read_seeds(seeds_node_of(plan_node)))
    model = plan_part(plan_node, PlanRole.SEED_MODEL)
    if model is None:
        model = _create_model(plan_node)
    model.SetAndObserveMesh(polydata)
    return model


def _placed(shape: tuple[AnyArray, AnyArray], seeds: Seeds) -> tuple[AnyArray, AnyArray]:
    """Return points and triangles of a shape along z, turned to each seed's axis and moved to its centre."""
    points, triangles = shape
    placed = np.einsum("nij,pj->npi", frames_of_axes(seeds.directions), points) + seeds.positions_mm[:, None]
    offsets = len(points) * np.arange(seeds.count)[:, None, None]
    return placed.reshape(-1, 3), (triangles + offsets).reshape(-1, 3)


def _create_model(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLModelNode:
    model = plan_node.GetScene().AddNewNodeByClass("vtkMRMLModelNode", f"{plan_node.GetName()} seed models")
    model.CreateDefaultDisplayNodes()
    display = model.GetDisplayNode()
    with modify(display):
        display.SetColor(*COLOUR)
        display.SetVisibility2D(True)
        display.SetSliceIntersectionThickness(2)
    model.SetSelectable(False)  # clicks and drags go to the control points
    set_plan_part(plan_node, PlanRole.SEED_MODEL, model)
    return model
