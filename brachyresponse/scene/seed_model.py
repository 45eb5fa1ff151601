"""Seeds as they look: one model of cylinders along their axes, and balls where the axis is not known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import slicer
import vtk

from brachyresponse.planning.overlap import SEED_DIAMETER_MM, SEED_LENGTH_MM
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.plan_parts import PlanRole, plan_part, set_plan_part
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.polydata import add_values, ball, cylinder, triangles_to_polydata
from brachyresponse.scene.seed_axes import frames_of_axes
from brachyresponse.scene.seed_looks import LOOK_ARRAY, SeedLook
from brachyresponse.scene.seeds import COLOUR, read_seeds
from brachyresponse.seeds import Seeds
from brachyresponse.types import AnyArray

BALL_DIAMETER_MM = 2.0
SIDES = 12


def seeds_polydata(seeds: Seeds) -> vtk.vtkPolyData:
    """Return seeds as one surface in RAS: 4.5 x 0.8 mm cylinders, and balls of 2 mm for those of unknown axis."""
    points, triangles, _ = _shapes(seeds)
    return triangles_to_polydata(points, triangles)


def looking_seeds_polydata(seeds: Seeds, looks: Sequence[SeedLook]) -> vtk.vtkPolyData:
    """Return seeds as :func:`seeds_polydata`, whose points say what each seed is, (N,)."""
    points, triangles, seed_of_point = _shapes(seeds)
    polydata = triangles_to_polydata(points, triangles)
    add_values(polydata, LOOK_ARRAY, np.asarray(looks, float)[seed_of_point])
    return polydata


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


def _shapes(seeds: Seeds) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Points, triangles, and the seed that each point belongs to."""
    groups = (
        (np.flatnonzero(seeds.axis_known), cylinder(SEED_LENGTH_MM, SEED_DIAMETER_MM, SIDES)),
        (np.flatnonzero(~seeds.axis_known), ball(BALL_DIAMETER_MM)),
    )
    (points, triangles), (more_points, more_triangles) = (_placed(shape, seeds.select(some)) for some, shape in groups)
    seed_of_point = np.concatenate([np.repeat(some, len(shape[0])) for some, shape in groups])
    return (
        np.concatenate([points, more_points]),
        np.concatenate([triangles, more_triangles + len(points)]),
        seed_of_point,
    )


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
