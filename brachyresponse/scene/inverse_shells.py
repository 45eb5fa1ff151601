"""What needles must not cross, in 3D: the structures with a translucent shell at the margin that is kept from them."""

from __future__ import annotations

import numpy as np
import slicer
import vtk

from brachyresponse.geometry import Grid, Structure
from brachyresponse.scene.inverse_settings import read_placement
from brachyresponse.scene.isodose import isodose_surface
from brachyresponse.scene.nodes import batch, modify
from brachyresponse.scene.plan_choices import read_plan_choices
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_parts, set_plan_parts
from brachyresponse.scene.plan_structures import read_plan_structure
from brachyresponse.scene.segments import segment_colour
from brachyresponse.types import BoolArray

SHELL_OPACITY, STRUCTURE_OPACITY = 0.25, 0.8
BEYOND_VOXELS = 2
"""How far the distance is known beyond the shell, so that the surface is smooth there."""


def show_obstacles(plan_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLModelNode]:
    """Show the structures that are to be avoided, and round each the margin that needles keep; return the models.

    They are made anew, as structures and margin are now.

    Raises
    ------
    SceneError, StructureError, GeometryError, PlanError
        There is no such plan, it has no segmentation, or a structure cannot be read.
    """
    margin_mm = read_placement(plan_node).avoid_margin_mm
    avoided = read_plan_choices(plan_node).avoid
    found = {segment: read_plan_structure(plan_node, segment) for segment in avoided}
    with batch(plan_node.GetScene()):
        models = []
        for segment, structure in found.items():
            colour = segment_colour(need_plan_part(plan_node, PlanRole.SEGMENTATION, "segmentation"), segment)
            looks = [(0.0, STRUCTURE_OPACITY), *([(margin_mm, SHELL_OPACITY)] if margin_mm > 0 else [])]
            models += [_model(plan_node, structure, distance_mm, (colour, look)) for distance_mm, look in looks]
        set_plan_parts(plan_node, PlanRole.OBSTACLE, models)
    return models


def hide_obstacles(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Take the structures to be avoided away; without effect when they are not shown."""
    set_plan_parts(plan_node, PlanRole.OBSTACLE, [])


def obstacles_shown(plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether the structures to be avoided are shown."""
    return bool(plan_parts(plan_node, PlanRole.OBSTACLE))


def shell_polydata(structure: Structure, distance_mm: float) -> vtk.vtkPolyData:
    """Return the surface in RAS that lies so far outside a structure; at 0 its own surface."""
    from scipy.ndimage import distance_transform_edt

    mask, grid = _padded(structure, distance_mm)
    spacing_kji = grid.spacing_ijk_mm[::-1]
    voxel_mm = float(spacing_kji.max())
    outside = distance_transform_edt(~mask, sampling=spacing_kji)
    inside = distance_transform_edt(mask, sampling=spacing_kji)
    half_mm = float(spacing_kji.mean()) / 2  # the surface runs half a voxel before the first voxel outside
    signed_mm = np.where(mask, half_mm - inside, outside - half_mm)
    reach_mm = distance_mm + BEYOND_VOXELS * voxel_mm
    return isodose_surface(np.maximum(reach_mm - signed_mm, 0.0), grid, BEYOND_VOXELS * voxel_mm)


def _padded(structure: Structure, distance_mm: float) -> tuple[BoolArray, Grid]:
    """The structure's box with room for the shell, and its grid."""
    lower, upper = structure.index_box()
    box = tuple(slice(first, last + 1) for first, last in zip(lower, upper, strict=True))
    room = np.ceil(distance_mm / structure.grid.spacing_ijk_mm[::-1]).astype(int) + BEYOND_VOXELS + 1
    mask = np.pad(structure.mask[box], [(count, count) for count in room])
    matrix = structure.grid.ijk_to_ras.copy()
    matrix[:3, 3] = structure.grid.to_ras((np.asarray(lower) - room)[::-1])
    return mask, Grid(mask.shape, matrix)


def _model(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    structure: Structure,
    distance_mm: float,
    look: tuple[tuple[float, float, float], float],
) -> slicer.vtkMRMLModelNode:
    what = f"{structure.name} + {distance_mm:g} mm" if distance_mm > 0 else structure.name
    model = plan_node.GetScene().AddNewNodeByClass("vtkMRMLModelNode", f"{plan_node.GetName()} avoid {what}")
    model.SetSelectable(False)
    model.SetAndObserveMesh(shell_polydata(structure, distance_mm))
    model.CreateDefaultDisplayNodes()
    display = model.GetDisplayNode()
    colour, opacity = look
    with modify(display):
        display.SetColor(*colour)
        display.SetOpacity(opacity)
        display.SetVisibility2D(True)
    return model
