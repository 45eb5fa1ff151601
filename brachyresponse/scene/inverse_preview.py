"""What the planner may use and has found so far, drawn beside the plan: tracks, cone of directions, best plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import slicer
import vtk

from brachyresponse.planning import ImplantPlan, Needle
from brachyresponse.planning.inverse import ParallelTracks
from brachyresponse.scene.needles import COLOUR as NEEDLE_COLOUR
from brachyresponse.scene.plan_parts import require_plan
from brachyresponse.scene.polydata import triangles_to_polydata
from brachyresponse.scene.seed_axes import frames_of_axes
from brachyresponse.scene.seed_model import seeds_polydata
from brachyresponse.scene.seeds import COLOUR as SEED_COLOUR
from brachyresponse.scene.template_preview import hide_preview, needle_tubes, preview_model
from brachyresponse.types import FloatArray

TRACKS_ROLE, CONE_ROLE = "plannerTracksRef", "plannerConeRef"
BEST_NEEDLES_ROLE, BEST_SEEDS_ROLE = "plannerNeedlesRef", "plannerSeedsRef"
TRACKS_COLOUR, CONE_COLOUR, CONE_OPACITY = (1.0, 0.85, 0.3), (1.0, 0.85, 0.3), 0.12
CONE_SIDES = 48
LEAST_CONE_DEG, WIDEST_SHOWN_DEG = 0.5, 80.0
"""A narrower cone is a line, and a wider one hides everything behind it."""


def show_tracks(plan_node: slicer.vtkMRMLScriptedModuleNode, needles: Sequence[Needle]) -> slicer.vtkMRMLModelNode:
    """Show the tracks that a planner may use, and return the model; nothing of the plan is changed.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    model = preview_model(plan_node, TRACKS_ROLE, "needle tracks", TRACKS_COLOUR)
    model.SetAndObserveMesh(needle_tubes(needles))
    return model


def show_cone(plan_node: slicer.vtkMRMLScriptedModuleNode, tracks: ParallelTracks, apex_mm: FloatArray) -> None:
    """Show the cone from which needles may come, its tip at a point, RAS (3,); without effect when it has no width."""
    if tracks.cone_deg < LEAST_CONE_DEG:
        hide_preview(plan_node, CONE_ROLE)
        return
    model = preview_model(plan_node, CONE_ROLE, "cone of directions", CONE_COLOUR)
    model.GetDisplayNode().SetOpacity(CONE_OPACITY)
    model.GetDisplayNode().SetBackfaceCulling(False)
    model.SetAndObserveMesh(cone_polydata(tracks, apex_mm))


def hide_tracks(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Take tracks and cone away; without effect when they are not shown."""
    require_plan(plan_node)
    for role in (TRACKS_ROLE, CONE_ROLE):
        hide_preview(plan_node, role)


def show_best(plan_node: slicer.vtkMRMLScriptedModuleNode, best: ImplantPlan) -> None:
    """Draw the best plan so far; the needles and seeds of the plan itself stay as they are."""
    needles = preview_model(plan_node, BEST_NEEDLES_ROLE, "best needles so far", NEEDLE_COLOUR)
    needles.SetAndObserveMesh(needle_tubes(best.needles))
    seeds = preview_model(plan_node, BEST_SEEDS_ROLE, "best seeds so far", SEED_COLOUR)
    seeds.SetAndObserveMesh(seeds_polydata(best.seeds))


def hide_best(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Take the drawing of the best plan so far away."""
    for role in (BEST_NEEDLES_ROLE, BEST_SEEDS_ROLE):
        hide_preview(plan_node, role)


def hide_planner_previews(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Take away everything that the planner shows for a while."""
    hide_tracks(plan_node)
    hide_best(plan_node)


def cone_polydata(tracks: ParallelTracks, apex_mm: FloatArray) -> vtk.vtkPolyData:
    """Return the mantle of the cone of directions, RAS: its tip where the tips point to, open where needles enter."""
    angle = np.deg2rad(min(tracks.cone_deg, WIDEST_SHOWN_DEG))
    turns = np.linspace(0.0, 2 * np.pi, CONE_SIDES, endpoint=False)
    length_mm = 2 * tracks.entry_distance_mm
    rim = np.stack([np.sin(angle) * np.cos(turns), np.sin(angle) * np.sin(turns), np.full(CONE_SIDES, -np.cos(angle))])
    turned = length_mm * rim.T @ frames_of_axes(np.asarray(tracks.direction)[None])[0].T
    points = np.concatenate([np.zeros((1, 3)), turned]) + apex_mm
    sides = np.arange(CONE_SIDES)
    triangles = np.stack([np.zeros(CONE_SIDES, int), sides + 1, (sides + 1) % CONE_SIDES + 1], axis=1)
    return triangles_to_polydata(points, triangles)
